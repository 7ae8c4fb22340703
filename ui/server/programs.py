"""What programs ask: the API and the MCP server. Imported and made when the first one asks."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from ui.state.settings import Settings

if TYPE_CHECKING:
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
    from starlette.types import ASGIApp

    from ui.api.entrance import Entrance
    from ui.operations.office import Office

_WAITING = 256  # requests that may wait for a thread
_LARGEST = 1_000_000  # bytes of a message


class Programs:
    """Both share one office and one entrance."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._shared: tuple[Office, Entrance] | None = None

    def api(self) -> ASGIApp:
        from ui.api.routes import api

        return api(*self._behind())

    def mcp(self) -> tuple[StreamableHTTPSessionManager, Entrance]:
        from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

        from ui.assistants.server import mcp_server

        office, entrance = self._behind()
        manager = StreamableHTTPSessionManager(
            mcp_server(office, entrance.room),
            json_response=True,
            stateless=True,
            max_request_body_size=_LARGEST,
        )
        return manager, entrance

    def _behind(self) -> tuple[Office, Entrance]:
        from ui.access.door import opened
        from ui.api.entrance import Entrance
        from ui.api.pace import Pace, Room
        from ui.operations.office import Office

        with self._lock:
            if self._shared is None:
                served = self._settings.server
                entrance = Entrance(
                    opened(),
                    Pace(served.requests_per_minute),
                    Room(served.at_once, waiting=_WAITING),
                )
                self._shared = Office(self._settings), entrance
            return self._shared
