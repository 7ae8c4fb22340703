"""What a request asks, as the model of its operation. No more of it is held than is allowed."""

from __future__ import annotations

from typing import Any, get_args, get_origin

from msgspec import convert
from msgspec.json import decode
from msgspec.structs import fields
from starlette.requests import Request

from corpus.files.limits import MEGABYTE
from ui.access.refused import Refused
from ui.operations.operation import Operation
from ui.schema.model import Model

_MOST_JSON, _MOST_FILE = MEGABYTE, 50 * MEGABYTE  # bytes; a file as the pages take it


async def asked_of(operation: Operation, request: Request) -> tuple[Model, tuple[bytes, ...]]:
    """The fields, and the file where there is one. Raises Refused and msgspec's errors."""
    if operation.takes == "body":
        if _media_type(request) != "application/json":
            raise Refused(415, "Send JSON, with the header Content-Type: application/json.")
        return decode(await _body(request, _MOST_JSON) or b"{}", type=operation.asks), ()
    given = convert(_in_address(operation.asks, request), operation.asks, strict=False)
    if operation.takes == "file":
        return given, (await _body(request, _MOST_FILE),)
    return given, ()


def several(annotation: Any) -> bool:
    """Whether a field may be given several times in an address."""
    if get_origin(annotation) is tuple:
        return True
    return any(several(inner) for inner in get_args(annotation)[:1])


def _in_address(asks: type[Model], request: Request) -> dict[str, Any]:
    lists = {field.encode_name for field in fields(asks) if several(field.type)}
    given = request.query_params
    return {name: given.getlist(name) if name in lists else given[name] for name in given}


def _media_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def _body(request: Request, most: int) -> bytes:
    """The whole body. Raises Refused where it is larger than `most`, as soon as that is known."""
    parts, size = [], 0
    declared = request.headers.get("content-length", "0")
    if declared.isdigit() and int(declared) > most:
        raise _too_large(most)
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise _too_large(most)
        parts.append(part)
    return b"".join(parts)


def _too_large(most: int) -> Refused:
    return Refused(413, f"The request is larger than {most / MEGABYTE:,.0f} MB. Send less at once.")
