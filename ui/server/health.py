"""What watches over a server asks: does it live, can it answer, how does it fare."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from anyio.to_thread import run_sync
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route

from corpus.errors import CodedeskError
from index.home import Home
from index.replicas.following import following
from ui.access.door import opened
from ui.access.refused import Refused
from ui.access.roles import Act, require
from ui.database.reached import are_reached
from ui.server.metrics import exposition
from ui.state.settings import Settings

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

_PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"


def health_routes(settings: Settings) -> list[Route]:
    async def ready(request: Request) -> Response:
        told, status = await run_sync(_readiness, settings)
        return JSONResponse(told, status)

    async def metrics(request: Request) -> Response:
        try:
            caller = await run_sync(opened().program, request.headers.get("authorization"))
            require(caller, Act.WATCH)
        except CodedeskError as problem:
            status = problem.status if isinstance(problem, Refused) else 403
            return PlainTextResponse(f"{problem}\n", status)
        return PlainTextResponse(await run_sync(exposition, settings), media_type=_PROMETHEUS)

    return [
        Route("/healthz", _alive),
        Route("/readyz", ready),
        Route("/metrics", metrics),
    ]


async def _alive(request: Request) -> Response:
    return JSONResponse({"alive": True})


def _readiness(settings: Settings) -> tuple[dict[str, Any], int]:
    """Whether questions are answered, and by which generation; else why not, and 503. Records that
    are away are told, and keep nobody from being answered."""
    from ui.server.open_desks import open_desk

    try:
        told = {"ready": True, "generation": open_desk(settings).library.generation}
    except CodedeskError as problem:
        return {"ready": False, "problem": str(problem), **_following(settings)}, 503
    return {**told, **_records(settings), **_following(settings)}, 200


def _following(settings: Settings) -> dict[str, Any]:
    """Of a home that follows another: how far behind it is. Where from and what went wrong stand in
    `codedesk status`: everybody may ask here."""
    known = following(Home(settings.home))
    if known is None:
        return {}
    signs = {"latest": known.latest, "behind": known.behind, "reached": known.reached}
    return {"following": {**signs, "well": not known.problem}}


def _records(settings: Settings) -> dict[str, str]:
    """Whether the database that several servers share can be reached; nothing where there is none.
    Anybody may ask: it is not said where it is."""
    reached = are_reached(settings)
    if reached is None:
        return {}
    away = "The records cannot be reached: questions are answered, but not noted."
    return {"records": "reached" if reached else away}
