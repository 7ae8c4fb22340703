"""All that is served at one address, as one ASGI application."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.middleware import Middleware
from starlette.routing import Mount, Route
from streamlit.starlette import App

from ui.access.door import GuardedDoor, OpenDoor, put_up
from ui.assistants.http import OverHttp
from ui.server.hardened import Hardened
from ui.server.health import health_routes
from ui.server.later import Later
from ui.server.programs import Programs
from ui.server.signing import pages_secrets
from ui.state.serving import SignIn
from ui.state.settings import Settings

_PAGES = Path(__file__).resolve().parents[1] / "app.py"


def application(settings: Settings, *, address: str, sign_in: SignIn | None) -> App:
    """The pages at `/`, the API at `/api/v1`, MCP at `/mcp`, and what watches over the server.
    Without `sign_in` everyone who can reach it may do everything."""
    put_up(GuardedDoor(sign_in, settings.home) if sign_in else OpenDoor())
    hosts = (*settings.server.hosts, *_names_of(address), *([sign_in.host] if sign_in else []))
    programs = Programs(settings)
    mcp = OverHttp(programs.mcp)

    @asynccontextmanager
    async def lifespan(app: App) -> AsyncIterator[None]:
        async with mcp.open():
            yield

    return App(
        _PAGES,
        routes=[
            *health_routes(settings),
            Mount("/api/v1", Later(programs.api)),
            Route("/mcp", mcp),
        ],
        middleware=[Middleware(Hardened, hosts=hosts)],
        secrets=pages_secrets(sign_in, settings.home) if sign_in else None,
        lifespan=lifespan,
    )


def _names_of(address: str) -> tuple[str, ...]:
    """By which names a server that listens there may be asked, besides those in the settings."""
    if address in ("0.0.0.0", "::"):
        return ()
    return (f"[{address}]",) if ":" in address else (address,)
