"""The settings of a server for several people: the tables [server] and [sign_in]."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, TypeVar

from msgspec import Meta, Struct, ValidationError, convert

from corpus.errors import CodedeskError

Positive = Annotated[int, Meta(ge=1)]
Names = tuple[Annotated[str, Meta(min_length=1)], ...]


class Serving(Struct, frozen=True, forbid_unknown_fields=True):
    """`hosts` are the names besides this machine's own by which browsers may reach the server.
    `requests_per_minute` is for each caller of the API and of the tools; so many requests
    are worked on `at_once`."""

    hosts: Names = ()
    requests_per_minute: Positive = 600
    at_once: Positive = 8


_T = TypeVar("_T", bound=Struct)


def read_table(raw: Any, kind: type[_T], name: str, path: Path) -> _T:
    """A table of the settings file. Raises CodedeskError that names the setting."""
    if not isinstance(raw, Mapping):
        raise CodedeskError(f"{path}: `{name}` is a table. Begin it with a line [{name}].")
    try:
        return convert(dict(raw), kind)
    except ValidationError as error:
        raise CodedeskError(f"{path}, table [{name}]: {error}.") from error
