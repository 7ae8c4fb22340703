"""All that is served at one address, as one ASGI application."""

from __future__ import annotations

from pathlib import Path

from streamlit.starlette import App

from ui.server.health import health_routes
from ui.state.settings import Settings

_PAGES = Path(__file__).resolve().parents[1] / "app.py"


def application(settings: Settings) -> App:
    """The pages at `/` and what programs ask beside them."""
    return App(_PAGES, routes=health_routes(settings))
