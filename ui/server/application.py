"""All that is served at one address, as one ASGI application."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from starlette.middleware import Middleware
from starlette.routing import Mount
from streamlit.starlette import App

from ui.server.hardened import Hardened
from ui.server.health import health_routes
from ui.server.later import Later
from ui.state.settings import Settings

if TYPE_CHECKING:
    from starlette.types import ASGIApp

_PAGES = Path(__file__).resolve().parents[1] / "app.py"
_WAITING = 64  # requests that may wait for a thread


def application(settings: Settings, *, address: str) -> App:
    """The pages at `/`, the API at `/api/v1`, and what watches over the server."""
    return App(
        _PAGES,
        routes=[*health_routes(settings), Mount("/api/v1", Later(lambda: _api(settings)))],
        middleware=[Middleware(Hardened, hosts=(*settings.server.hosts, *_names_of(address)))],
    )


def _names_of(address: str) -> tuple[str, ...]:
    """By which names a server that listens there may be asked. One that listens on every address
    has as many as the machine: the settings name them, or it answers to any."""
    if address in ("0.0.0.0", "::"):
        return ()
    return (f"[{address}]",) if ":" in address else (address,)


def _api(settings: Settings) -> ASGIApp:
    from ui.access.caller import ANYONE_HERE
    from ui.api.pace import Pace, Room
    from ui.api.routes import api
    from ui.operations.office import Office

    asked = settings.server
    return api(
        Office(settings),
        lambda request: ANYONE_HERE,
        Pace(asked.requests_per_minute),
        Room(asked.at_once, waiting=_WAITING),
    )
