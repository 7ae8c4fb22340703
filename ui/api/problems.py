"""Errors as problem documents (RFC 9457), with the sentences that every face says."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from msgspec import MsgspecError
from msgspec.json import encode
from starlette.responses import Response

from assistant.showing import NotInLibrary
from corpus.errors import BadMetadata, CodedeskError
from index.errors import IndexLocked, IndexProblem, ModelProblem
from ui.access.refused import Refused
from ui.access.roles import Forbidden
from ui.jobs.jobs import JobProblem
from ui.operations.keeping import CannotGoBack, NoDocument, NothingYet
from ui.paper.page_image import NoPicture
from ui.schema.problem import problem_of
from ui.schema.served import ProblemDetails
from ui.state.own_library import NotOurs

MEDIA_TYPE = "application/problem+json"


# The first that fits counts.
_STATUS: tuple[tuple[type[Exception], int], ...] = (
    (Forbidden, 403),
    (NotInLibrary, 404),
    (NoPicture, 404),
    (NothingYet, 404),
    (IndexLocked, 409),
    (JobProblem, 409),
    (NotOurs, 409),
    (CannotGoBack, 409),
    (BadMetadata, 422),
    (NoDocument, 422),
    (IndexProblem, 503),
    (ModelProblem, 503),
    (CodedeskError, 400),
)


def problem_response(error: Exception) -> Response:
    """What is answered instead. What nobody foresaw is logged, and told without its details."""
    if isinstance(error, Refused):
        return _response(error.status, str(error), error.headers)
    if isinstance(error, MsgspecError):
        return _response(422, f"The request cannot be read: {error}.", {})
    status = next((status for kind, status in _STATUS if isinstance(error, kind)), 500)
    return _response(status, problem_of(error).problem, {})


def _response(status: int, detail: str, headers: Mapping[str, str]) -> Response:
    told = ProblemDetails(title=HTTPStatus(status).phrase, status=status, detail=detail)
    return Response(encode(told), status, headers, media_type=MEDIA_TYPE)
