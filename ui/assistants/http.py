"""The MCP server over streamable HTTP. Each request stands for itself: nothing is kept between."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from anyio.to_thread import run_sync
from starlette.requests import Request

if TYPE_CHECKING:
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
    from starlette.types import Receive, Scope, Send

    from ui.api.entrance import Entrance

Made = tuple["StreamableHTTPSessionManager", "Entrance"]


class OverHttp:
    """An ASGI application. What it needs is made, and imported, when it is first asked; it works
    while `open` is entered, as the SDK wants it: in one task, from the start to the end."""

    def __init__(self, make: Callable[[], Made]) -> None:
        self._make = make
        self._wanted = asyncio.Event()
        self._over = asyncio.Event()
        self._made: asyncio.Future[Made] | None = None

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        self._made = asyncio.get_running_loop().create_future()
        task = asyncio.create_task(self._work(self._made))
        try:
            yield
        finally:
            self._over.set()
            self._wanted.set()
            await task

    async def _work(self, made: asyncio.Future[Made]) -> None:
        await self._wanted.wait()
        if self._over.is_set():
            return
        try:
            manager, entrance = await run_sync(self._make)
        except Exception as error:
            made.set_exception(error)
            return
        async with manager.run():
            made.set_result((manager, entrance))
            await self._over.wait()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self._made is not None, "it is asked before it is open"
        self._wanted.set()
        manager, entrance = await asyncio.shield(self._made)
        from ui.api.problems import problem_response

        try:
            scope.setdefault("state", {})["caller"] = await entrance.admit(Request(scope))
        except Exception as error:
            await problem_response(error)(scope, receive, send)
            return
        await manager.handle_request(scope, receive, send)
