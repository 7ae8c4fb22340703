"""The MCP server over standard input and output, for an assistant on this machine."""

from __future__ import annotations

import anyio
from mcp.server.stdio import stdio_server

from ui.api.pace import Room
from ui.assistants.server import mcp_server
from ui.operations.office import Office
from ui.state.settings import Settings


def serve_over_stdio(settings: Settings) -> None:
    """Serve until the other side closes. Nothing else may be printed meanwhile."""
    anyio.run(_serve, settings)


async def _serve(settings: Settings) -> None:
    room = Room(settings.server.at_once, waiting=256)
    server = mcp_server(Office(settings), room)
    async with stdio_server() as (read, write):
        await server.run(read, write, server.create_initialization_options())
