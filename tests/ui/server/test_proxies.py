"""A proxy that ends TLS is believed where the settings name it, and nobody else is."""

from __future__ import annotations

import urllib.request
from typing import Any

import pytest

from ui.server.hardened import Hardened

pytestmark = pytest.mark.trust(24)

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
