"""The MCP server over standard input and output, for an assistant on this machine."""

from __future__ import annotations

from collections.abc import Callable

import anyio
from mcp.server.stdio import stdio_server

from ui.access.caller import Caller
from ui.api.pace import Room
from ui.assistants.server import mcp_server
from ui.operations.office import Office
from ui.state.settings import Settings


def serve_over_stdio(settings: Settings, here: Callable[[], Caller]) -> None:
    """Serve until the other side closes. Nothing else may be printed meanwhile. `here` says, each
    time that something is asked, who started this."""
    anyio.run(_serve, settings, here)


async def _serve(settings: Settings, here: Callable[[], Caller]) -> None:
    room = Room(settings.server.at_once, waiting=256)
    server = mcp_server(Office(settings), room, here=here)
    async with stdio_server() as (read, write):
        await server.run(read, write, server.create_initialization_options())
