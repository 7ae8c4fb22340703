"""Where programs come in: who they are, how often they may come, and room to work."""

from __future__ import annotations

from starlette.requests import Request

from ui.access.caller import Caller
from ui.access.door import Door
from ui.access.refused import NotSignedIn
from ui.api.pace import Pace, Room


class Entrance:
    """One for the API and the MCP server together."""

    def __init__(self, door: Door, pace: Pace, room: Room) -> None:
        self._door = door
        self._pace = pace
        self.room = room

    async def admit(self, request: Request) -> Caller:
        """Who asks. Raises Refused where nobody may come in, or not so often."""
        given = request.headers.get("authorization")
        try:
            caller = await self.room.run(lambda: self._door.program(given))
        except NotSignedIn:
            # Who tries tokens is slowed down, wherever they come from.
            self._pace.take(f"nobody at {request.client.host if request.client else ''}")
            raise
        self._pace.take(caller.subject or caller.name)
        return caller
