"""What every answer of the server has, and what is refused before anything looks at it."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

HERE = ("127.0.0.1", "localhost", "[::1]")
_SAFE = ("GET", "HEAD", "OPTIONS")
_YEAR = 31_536_000  # seconds
# Streamlit's own figures tell how many people are there; /metrics tells what is needed.
_CLOSED = ("/_stcore/metrics",)


class Hardened:
    """Answers only to the names that it is known by, takes changes only from its own pages and from
    programs, and says to browsers what pages may do. `hosts` are further names; "*" is any."""

    def __init__(self, app: ASGIApp, *, hosts: Iterable[str]) -> None:
        self._app = app
        self._hosts = frozenset(name.lower() for name in (*HERE, *hosts))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add(MutableHeaders(scope=message), is_secure=scope["scheme"] in ("https", "wss"))
            await send(message)

        if refusal := self._refusal(scope, headers):
            await _refuse(refusal, scope, receive, with_headers)
        else:
            await self._app(scope, receive, with_headers)

    def _refusal(self, scope: Scope, headers: Headers) -> tuple[int, str] | None:
        host = headers.get("host", "")
        if not self._is_known(host):
            return 421, (
                "This server does not know the name that it was asked by. If it is right, add it "
                "to `hosts` under [server] in settings.toml."
            )
        if scope["path"] in _CLOSED:
            return 404, "There is nothing at this address."
        origin = headers.get("origin")
        changes = scope["type"] == "websocket" or scope["method"] not in _SAFE
        if changes and origin is not None and urlsplit(origin).netloc != host:
            return 403, "A page of another server may not do this."
        return None

    def _is_known(self, host: str) -> bool:
        name = re.sub(r":\d+$", "", host).lower()
        return name in self._hosts or "*" in self._hosts


async def _refuse(refusal: tuple[int, str], scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})  # before it is accepted: 403
        return
    status, sentence = refusal
    await PlainTextResponse(f"{sentence}\n", status)(scope, receive, send)


def _add(headers: MutableHeaders, *, is_secure: bool) -> None:
    headers["Content-Security-Policy"] = _policy()
    headers["X-Content-Type-Options"] = "nosniff"
    headers["X-Frame-Options"] = "DENY"
    headers["Referrer-Policy"] = "no-referrer"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
    if is_secure:
        _close_cookies(headers)
        headers["Strict-Transport-Security"] = f"max-age={_YEAR}"
    headers.setdefault("Cache-Control", "no-store")


def _close_cookies(headers: MutableHeaders) -> None:
    """Cookies that were set over TLS never go over a connection without it."""
    cookies = headers.getlist("set-cookie")
    del headers["set-cookie"]
    for cookie in cookies:
        closed = cookie if "; secure" in cookie.lower() else f"{cookie}; Secure"
        headers.append("set-cookie", closed)


@cache
def _policy() -> str:
    """What the pages need and no more. Streamlit's styles are made in the page, its components come
    as blobs; the one script that stands in its page is allowed by its sum."""
    sums = " ".join(f"'sha256-{one}'" for one in _sums_of_inline_scripts())
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' blob: {sums}".rstrip(),
            "style-src 'self' 'unsafe-inline' blob:",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "manifest-src 'self'",
            "media-src 'self' blob:",
            "form-action 'self'",
            "base-uri 'self'",
            "frame-ancestors 'none'",
        )
    )


def _sums_of_inline_scripts() -> list[str]:
    import streamlit

    page = Path(streamlit.__file__).parent / "static" / "index.html"
    inline = re.findall(r"<script>(.*?)</script>", page.read_text("utf-8"), re.DOTALL)
    return [base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() for s in inline]
