"""Where programs come in: who they are, how often they may come, and room to work."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from starlette.requests import Request

from ui.access.caller import Caller
from ui.api.pace import Pace, Room

Door = Callable[[Request], Caller]  # says who asks, or raises Refused


class Entrance:
    """One for the API and the MCP server together."""

    def __init__(self, door: Door, pace: Pace, room: Room) -> None:
        self._door = door
        self._pace = pace
        self.room = room

    async def admit(self, request: Request) -> Caller:
        """Who asks. Raises Refused where nobody may come in, or not so often."""
        caller = await self.room.run(partial(self._door, request))
        self._pace.take(caller.name)
        return caller
