"""An operation: its name, what it asks, what it tells, who may have it done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from msgspec import to_builtins

from ui.access.caller import Caller
from ui.access.roles import Act, require
from ui.operations.office import Office
from ui.schema.asked import Nothing
from ui.schema.model import Model

Takes = Literal["address", "body", "file"]


@dataclass(frozen=True, slots=True)
class Operation:
    """`do` is called with the office, the caller and what was asked, and with the bytes of the file
    where it `takes` one. `takes` says where the API has the fields: in the address, in a JSON body,
    or in the address with a file as the body. What `changes` something is noted, and of who has
    signed in what they read, where it is to be `noted`. `tool` is its name
    among the tools of an assistant, where it is one; `status` is HTTP's of success."""

    name: str
    act: Act
    says: str
    do: Callable[..., Any]
    tells: Any  # a model, or bytes: a picture
    asks: type[Model] = Nothing
    takes: Takes = "address"
    changes: bool = False
    noted: bool = False
    status: int = 200
    tool: str | None = None


def perform(
    operation: Operation, office: Office, caller: Caller, asked: Model, *file: bytes
) -> Any:
    """Do it for a caller who may have it done; note what changed. Raises Forbidden, and
    CodedeskError as the operation does."""
    require(caller, operation.act)
    if operation.changes:
        office.records.reach()
    told = operation.do(office, caller, asked, *file)
    if operation.changes or (operation.noted and not caller.everything):
        given = {name: value for name, value in to_builtins(asked).items() if value is not None}
        office.records.audit(operation.name, who=caller.name, **given)
    return told
