"""The operations as tools, their fields and results described by the models of all faces."""

from __future__ import annotations

from typing import Any

from mcp_types import CallToolResult, TextContent, Tool, ToolAnnotations
from msgspec import MsgspecError, convert, to_builtins
from msgspec.json import encode, schema_components

from corpus.errors import CodedeskError
from ui.access.caller import Caller
from ui.access.roles import require
from ui.operations.office import Office
from ui.operations.operation import Operation, perform
from ui.operations.table import OPERATIONS
from ui.schema.problem import problem_of

TOOLS: dict[str, Operation] = {one.tool: one for one in OPERATIONS if one.tool is not None}


def tools_for(caller: Caller) -> list[Tool]:
    """Those that the caller's roles allow."""
    return [_tool(name, one) for name, one in TOOLS.items() if caller.may(one.act)]


def _tool(name: str, operation: Operation) -> Tool:
    return Tool(
        name=name,
        description=f"{operation.says} {operation.asks.__doc__ or ''}".strip(),
        input_schema=schema_of(operation.asks),
        output_schema=schema_of(operation.tells),
        annotations=ToolAnnotations(
            read_only_hint=True,
            destructive_hint=False,
            idempotent_hint=True,
            open_world_hint=False,
        ),
    )


def schema_of(model: Any) -> dict[str, Any]:
    """The JSON Schema of a model, an object at its top, as MCP wants it."""
    (top,), defined = schema_components([model])
    described: dict[str, Any] = defined.pop(top["$ref"].rsplit("/", 1)[1])
    return {**described, "$defs": defined} if defined else described


def call(office: Office, caller: Caller, name: str, arguments: dict[str, Any]) -> CallToolResult:
    """What the tool tells; where it cannot, the sentence that every face says."""
    operation = TOOLS[name]
    try:
        require(caller, operation.act)  # before what is asked is even read
        told = perform(operation, office, caller, convert(arguments, operation.asks))
    except MsgspecError as error:
        return _problem(f"The arguments cannot be read: {error}.")
    except CodedeskError as error:
        return _problem(str(error))
    except Exception as error:
        return _problem(problem_of(error).problem)
    return CallToolResult(
        content=[TextContent(type="text", text=encode(told).decode())],
        structured_content=to_builtins(told),
    )


def _problem(sentence: str) -> CallToolResult:
    return CallToolResult(content=[TextContent(type="text", text=sentence)], is_error=True)
