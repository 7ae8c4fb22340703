"""What the API says of itself: OpenAPI 3.1, made from the models and the table of operations.

`python -m ui.api.openapi docs/openapi.json` writes it; `make schema` does.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec.json import schema_components

from ui.access.roles import least
from ui.operations.operation import Operation
from ui.operations.table import OPERATIONS
from ui.schema.served import ProblemDetails

VERSION = "1"
_PROBLEMS = {
    "400": "What was asked cannot be answered so; `detail` says why.",
    "401": "Nobody is signed in.",
    "403": "The caller's role does not allow it.",
    "404": "There is no such thing.",
    "409": "Something else is under way.",
    "413": "The request is too large.",
    "415": "The request is not JSON.",
    "422": "A field is missing, unknown or of the wrong kind.",
    "429": "Too many requests; Retry-After says in how many seconds to ask again.",
    "500": "Codedesk met an error of its own.",
    "503": "Nothing can answer now.",
}


def document() -> bytes:
    """The OpenAPI document."""
    models: list[Any] = [ProblemDetails]
    for operation in OPERATIONS:
        models += [operation.asks, *([] if operation.tells is bytes else [operation.tells])]
    shapes, components = schema_components(models, ref_template="#/components/schemas/{name}")
    shape = dict(zip(map(repr, models), shapes, strict=True))
    told = {
        "openapi": "3.1.0",
        "info": {
            "title": "Codedesk",
            "version": VERSION,
            "description": "Cited answers from a hospital's own library. Only the quoted passages "
            "are evidence; a verdict of not_found says that the library does not answer.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/api/v1"}],
        "security": [{}, {"bearer": []}],
        "paths": {
            f"/{operation.name}": _path(operation, shape, components) for operation in OPERATIONS
        },
        "components": {
            "schemas": dict(sorted(components.items())),
            "responses": {code: _problem(says, shape) for code, says in _PROBLEMS.items()},
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        },
    }
    return (json.dumps(told, indent=1, ensure_ascii=False) + "\n").encode()


def _path(
    operation: Operation, shape: Mapping[str, Any], components: Mapping[str, Any]
) -> dict[str, Any]:
    told: dict[str, Any] = {
        "operationId": operation.name.replace("-", "_"),
        "summary": operation.says,
        "description": f"For the role {least(operation.act).value} and above.",
        "responses": {
            str(operation.status): {"description": "Done.", "content": _content(operation, shape)},
            **{code: {"$ref": f"#/components/responses/{code}"} for code in _PROBLEMS},
        },
    }
    if operation.takes == "body":
        asks = {"application/json": {"schema": shape[repr(operation.asks)]}}
        told["requestBody"] = {"required": True, "content": asks}
    else:
        told["parameters"] = _parameters(operation, components)
    if operation.takes == "file":
        told["requestBody"] = {"required": True, "content": {"application/octet-stream": {}}}
    return {"get" if operation.takes == "address" else "post": told}


def _content(operation: Operation, shape: Mapping[str, Any]) -> dict[str, Any]:
    if operation.tells is bytes:
        return {"image/png": {}}
    return {"application/json": {"schema": shape[repr(operation.tells)]}}


def _parameters(operation: Operation, components: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The fields of a model as they stand in an address: null is not written there."""
    asks = components[operation.asks.__name__]
    return [
        {
            "name": name,
            "in": "query",
            "required": name in asks.get("required", ()),
            "schema": _without_null(schema),
        }
        for name, schema in asks["properties"].items()
    ]


def _without_null(schema: Mapping[str, Any]) -> dict[str, Any]:
    told = {name: value for name, value in schema.items() if name != "default" or value is not None}
    choices = [choice for choice in told.pop("anyOf", ()) if choice != {"type": "null"}]
    return {**told, **choices[0]} if choices else told


def _problem(says: str, shape: Mapping[str, Any]) -> dict[str, Any]:
    schema = shape[repr(ProblemDetails)]
    return {"description": says, "content": {"application/problem+json": {"schema": schema}}}


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(document())
