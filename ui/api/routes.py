"""The addresses of the API, one for each operation, and what it says of itself."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.json import encode
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ui.access.refused import Refused
from ui.access.roles import require
from ui.api.entrance import Entrance
from ui.api.openapi import document
from ui.api.problems import problem_response
from ui.api.requests import asked_of
from ui.operations.office import Office
from ui.operations.operation import Operation, perform
from ui.operations.table import OPERATIONS


def api(office: Office, entrance: Entrance) -> Starlette:
    """The application below /api/v1."""
    described = document()

    async def openapi(request: Request) -> Response:
        return Response(described, media_type="application/json")

    routes = [
        Route(
            f"/{operation.name}",
            _endpoint(operation, office, entrance),
            methods=["GET"] if operation.takes == "address" else ["POST"],
        )
        for operation in OPERATIONS
    ]
    routes.append(Route("/openapi.json", openapi))
    return Starlette(routes=routes, exception_handlers={HTTPException: _unknown})


def _endpoint(
    operation: Operation, office: Office, entrance: Entrance
) -> Callable[[Request], object]:
    async def answer(request: Request) -> Response:
        try:
            caller = await entrance.admit(request)
            require(caller, operation.act)  # before what is asked is even read
            asked, file = await asked_of(operation, request)
            told = await entrance.room.run(
                lambda: _told(perform(operation, office, caller, asked, *file))
            )
        except Exception as error:
            return problem_response(error)
        picture = operation.tells is bytes
        return Response(
            told, operation.status, media_type="image/png" if picture else "application/json"
        )

    return answer


def _told(value: object) -> bytes:
    return value if isinstance(value, bytes) else encode(value)


async def _unknown(request: Request, error: Exception) -> Response:
    """No such address, or not by this method."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status == 405:
        sentence = f"{request.method} is not answered here; /api/v1/openapi.json says what is."
        headers = getattr(error, "headers", None)
        return problem_response(Refused(status, sentence, headers))
    return problem_response(
        Refused(
            status, "There is nothing at this address; /api/v1/openapi.json says what there is."
        )
    )
