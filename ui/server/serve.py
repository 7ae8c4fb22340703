"""Starts the pages: a hardened Streamlit, from any folder, with the options in web/config.toml."""

from __future__ import annotations

import json
import os
import socket
import sys
import threading
import time
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from ui.state.settings import Settings

_UI = Path(__file__).resolve().parents[1]
_TRIES, _PAUSE = 500, 0.02  # seconds between them


def serve(port: int, settings: Settings) -> None:
    """Serve the pages on this machine until interrupted. Does not return."""
    os.environ["CODEDESK_HOME"] = str(settings.home)
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    threading.Thread(target=_prepare, args=(port, settings), name="opening", daemon=True).start()
    # Options on the command line win over any config.toml of the user or the current folder.
    sys.argv = ["streamlit", "run", str(_UI / "app.py"), *flags(port=port)]
    from streamlit.web.cli import main

    main(prog_name="codedesk ui")


def _prepare(port: int, settings: Settings) -> None:
    """Load what the first page needs while the browser loads Streamlit's scripts. It waits for the
    server first: both at once would only slow each other down."""
    _wait_for(port)
    from ui.server.open_desks import open_early

    open_early(settings)


def _wait_for(port: int) -> None:
    """Return when the server takes connections, or after a while without one."""
    for _ in range(_TRIES):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(_PAUSE)


def flags(*, port: int) -> list[str]:
    """Streamlit's options as it takes them on the command line."""
    options = tomllib.loads((_UI / "web" / "config.toml").read_text("utf-8"))
    options["server"]["port"] = port
    return [_flag(name, value) for name, value in _flat(options)]


def _flat(options: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in options.items():
        path = f"{above}.{name}" if above else name
        if isinstance(value, Mapping):
            yield from _flat(value, path)
        else:
            yield path, value


def _flag(name: str, value: Any) -> str:
    """One option. Streamlit takes a list as JSON; given piece by piece, the last one alone counts,
    and each visitor leaves a traceback in the log."""
    return f"--{name}={value if isinstance(value, str) else json.dumps(value)}"
