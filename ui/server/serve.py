"""Starts the server: the pages, and what else is at their address, until it is stopped."""

from __future__ import annotations

import os
import socket
import sys
import threading
import time
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.errors import CodedeskError
from ui.state.serving import SignIn
from ui.state.settings import Settings

if TYPE_CHECKING:
    import uvicorn

HERE = "127.0.0.1"
_UI = Path(__file__).resolve().parents[1]
_PAUSE = 0.02  # seconds between two looks whether the server takes connections
_DAY = 86_400  # seconds
_LAST_WORDS = 30  # seconds for answers that are under way when the server is stopped


class CannotListen(CodedeskError):
    """The port is taken, or the address is none of this machine's."""


def serve(
    port: int, settings: Settings, *, address: str = HERE, sign_in: SignIn | None = None
) -> None:
    """Serve until stopped; with `sign_in`, who comes in has to sign in. Answers that are under way
    are finished then, and a sync goes on in its own process. Raises CannotListen."""
    os.environ["CODEDESK_HOME"] = str(settings.home)
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    with bound(address, port) as taken:
        import uvicorn
        from streamlit.runtime.runtime_util import get_max_message_size_bytes
        from streamlit.web.bootstrap import load_config_options

        # Given options win over any config.toml of the user or the current folder.
        load_config_options(options(port=port, address=address))
        from ui.server.application import application

        server = uvicorn.Server(
            uvicorn.Config(
                application(settings, address=address, sign_in=sign_in),
                host=address,
                port=port,
                ws="websockets-sansio",
                ws_max_size=get_max_message_size_bytes(),
                ws_per_message_deflate=False,
                access_log=False,  # an address may hold a question
                log_level="warning",
                proxy_headers=bool(settings.server.proxies),
                forwarded_allow_ips=list(settings.server.proxies),
                server_header=False,
                timeout_graceful_shutdown=_LAST_WORDS,
            )
        )
        threading.Thread(
            target=_prepare, args=(server, settings), name="opening", daemon=True
        ).start()
        with suppress(KeyboardInterrupt):  # uvicorn has stopped by then
            server.run(sockets=[taken])


def bound(address: str, port: int) -> socket.socket:
    """A socket of the address and port. Nobody can connect before it is served."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    # Named as TCP, without which asyncio leaves Nagle's algorithm on: 40 ms for some answers.
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name != "nt":  # on Windows two servers could then share a port
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((address, port))
    except OSError as error:
        bound.close()
        raise CannotListen(
            f"Codedesk cannot listen on {address}, port {port}: {error.strerror}. Is it running "
            "already? Stop it there, or choose another port with --port."
        ) from error
    return bound


def _prepare(server: uvicorn.Server, settings: Settings) -> None:
    """Load what the first page needs while the browser loads Streamlit's scripts. It waits for the
    server first: both at once would only slow each other down. Then keep the audit log short."""
    while not server.started:
        time.sleep(_PAUSE)
    host = f"[{server.config.host}]" if ":" in server.config.host else server.config.host
    sys.stderr.write(f"Codedesk is at http://{host}:{server.config.port}. Ctrl+C stops it.\n")
    from ui.server.open_desks import open_early

    open_early(settings)
    with suppress(CodedeskError):
        open_records_early(settings)
    if days := settings.server.audit_days:
        from ui.database.away import RecordsAway
        from ui.state.records import Records

        records = Records(settings.home)
        while True:
            with suppress(RecordsAway):
                records.log.prune(days)
            time.sleep(_DAY)


def open_records_early(settings: Settings) -> None:
    """Import what opens the records, and bring them to this version, before a page needs them."""
    from ui.state.records import Records

    records = Records(settings.home)
    records.recent("", most=1)
    records.close()


def options(*, port: int, address: str = HERE) -> dict[str, Any]:
    """Streamlit's options by their full names: `server.maxUploadSize`."""
    told = tomllib.loads((_UI / "web" / "config.toml").read_text("utf-8"))
    told["server"] |= {"port": port, "address": address}
    return dict(_flat(told))


def _flat(told: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in told.items():
        path = f"{above}.{name}" if above else name
        if isinstance(value, Mapping):
            yield from _flat(value, path)
        else:
            yield path, value
