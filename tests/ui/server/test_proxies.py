"""A proxy that ends TLS is believed where the settings name it, and nobody else is."""

from __future__ import annotations

import os
import socket
import ssl
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from needed import program

from ui.server.hardened import Hardened

pytestmark = pytest.mark.trust(24)

CADDYFILE = Path(__file__).parents[3] / "deploy" / "Caddyfile"
FORWARDED = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.7"}


def _hsts(address: str) -> str | None:
    asked = urllib.request.Request(f"{address}/healthz", headers=FORWARDED)
    with urllib.request.urlopen(asked, timeout=60) as answer:
        found: str | None = answer.headers["Strict-Transport-Security"]
    return found


def test_forwarded_headers_count_from_named_proxies_alone(home: Any, served: Any) -> None:
    settings = home / "settings.toml"
    assert _hsts(served(home).address) is None
    settings.write_text('[server]\nproxies = ["192.0.2.1"]\n', "utf-8")
    assert _hsts(served(home).address) is None
    settings.write_text('[server]\nproxies = ["127.0.0.1"]\n', "utf-8")
    assert _hsts(served(home).address) == "max-age=31536000"


@pytest.mark.parametrize(("scheme", "secure"), [("http", False), ("https", True)])
def test_a_cookie_that_is_set_over_tls_goes_over_nothing_else(scheme: str, secure: bool) -> None:
    cookies = [(b"set-cookie", b"a=1; HttpOnly"), (b"set-cookie", b"b=2; Secure; HttpOnly")]

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": cookies})

    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> dict[str, str]:
        return {"type": "http.disconnect"}

    scope = {
        "type": "http",
        "scheme": scheme,
        "method": "GET",
        "path": "/",
        "headers": [(b"host", b"localhost")],
    }

    asked = Hardened(app, hosts=())(scope, receive, send)
    with pytest.raises(StopIteration):  # nothing in it waits
        asked.send(None)
    told = [value.decode() for name, value in sent[0]["headers"] if name == b"set-cookie"]
    assert len(told) == 2
    assert ("Secure" in told[0]) is secure
    assert told[1].count("Secure") == 1


@pytest.fixture
def caddy(tmp_path: Path) -> Iterator[Callable[[int], tuple[str, ssl.SSLContext]]]:
    """Starts a real Caddy with the file that is shipped, before a server; with ports of its own."""
    server = program("caddy", package="caddy")
    running: list[subprocess.Popen[bytes]] = []

    def start(behind: int) -> tuple[str, ssl.SSLContext]:
        ports = [_free(), _free()]
        told = CADDYFILE.read_text("utf-8")
        assert told.count("admin off") == 1
        own = f"admin off\n\tskip_install_trust\n\thttp_port {ports[0]}\n"
        (tmp_path / "Caddyfile").write_text(told.replace("admin off", own), "utf-8")
        with (tmp_path / "caddy.log").open("wb") as log:
            running.append(
                subprocess.Popen(
                    [server, "run", "--adapter", "caddyfile", "--config", "Caddyfile"],
                    cwd=tmp_path,
                    env={
                        **os.environ,
                        "XDG_DATA_HOME": str(tmp_path / "data"),
                        "XDG_CONFIG_HOME": str(tmp_path / "config"),
                        "DESK_HOST": f"localhost:{ports[1]}",
                        "DESK_AT": f"127.0.0.1:{behind}",
                    },
                    stdout=log,
                    stderr=log,
                )
            )
        root = tmp_path / "data" / "caddy" / "pki" / "authorities" / "local" / "root.crt"
        for _ in range(600):
            if root.is_file():
                trusted = ssl.create_default_context(cafile=root)
                if _answers(ports[1], trusted):
                    return f"https://localhost:{ports[1]}", trusted
            time.sleep(0.1)
        raise AssertionError((tmp_path / "caddy.log").read_text("utf-8"))

    yield start
    for one in running:
        one.terminate()
        one.wait(20)


def _free() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _answers(port: int, trusted: ssl.SSLContext) -> bool:
    try:
        with (
            socket.create_connection(("127.0.0.1", port), timeout=5) as line,
            trusted.wrap_socket(line, server_hostname="localhost"),
        ):
            return True
    except OSError:  # its certificate comes a moment after the port
        return False


def test_a_real_proxy_ends_tls_before_pages_api_and_their_websocket(
    home: Path, served: Any, caddy: Callable[[int], tuple[str, ssl.SSLContext]]
) -> None:
    from websockets.sync.client import connect

    (home / "settings.toml").write_text('[server]\nproxies = ["127.0.0.1"]\n', "utf-8")
    address, trusted = caddy(served(home).port)
    with urllib.request.urlopen(f"{address}/", timeout=60, context=trusted) as answer:
        assert answer.status == 200
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    with urllib.request.urlopen(f"{address}/readyz", timeout=60, context=trusted) as answer:
        assert b'"ready":true' in answer.read()
    asked = urllib.request.Request(
        f"{address}/api/v1/ask",
        data=b'{"question": "How many units of 0581T per breast?"}',
        headers={"Content-Type": "application/json", "Origin": "https://elsewhere.example"},
    )
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(asked, timeout=60, context=trusted)
    asked.remove_header("Origin")
    with urllib.request.urlopen(asked, timeout=60, context=trusted) as answer:
        assert b'"verdict":"answered"' in answer.read()
    with connect(
        f"{address.replace('https', 'wss')}/_stcore/stream",
        ssl=trusted,
        origin=address,
        subprotocols=["streamlit"],
        open_timeout=60,
    ) as page:
        assert page.subprotocol == "streamlit"
