"""Checks changes of metadata before any is made; what is wrong is said with what to do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from msgspec import Struct

from corpus.errors import BadMetadata
from corpus.metadata.sidecar import checked
from corpus.metadata.told import FIELDS, SEVERAL, Value, is_over_first

_LONGEST = 500  # characters of a value


class Change(Struct, frozen=True):
    """A field of a document and what it is to say; None: it is not known."""

    document: str
    field: str
    value: Value


class Problem(Struct, frozen=True):
    """Why a change cannot be made."""

    document: str
    field: str
    sentence: str


def as_value(value: Any) -> Value:
    """A value of metadata as an edit holds it: a day as YYYY-MM-DD, a list as a tuple."""
    if value is None or value == () or value == []:
        return None
    if isinstance(value, date):
        return value.isoformat()[:10]
    if isinstance(value, list | tuple):
        return tuple(str(one) for one in value)
    return str(value)


def change(document: str, field: str, text: str | None) -> Change:
    """A change as a person types it: of fields that hold several values, each after a semicolon.
    Raises BadMetadata."""
    typed = (text or "").strip()
    if not typed:
        if field == "title":
            raise BadMetadata("A document has to have a title. Write one.")
        return Change(document, field, None)
    if len(typed) > _LONGEST and field != "codes":
        raise BadMetadata(f"`{field}` is longer than {_LONGEST} characters. Shorten it.")
    given: Any = typed
    if field in SEVERAL:
        given = [one.strip() for one in typed.split(";") if one.strip()]
    return Change(document, field, as_value(checked(field, given)))


def written(value: Value) -> str:
    """A value as a person reads and types it; the other way round is `change`."""
    if value is None:
        return ""
    return value if isinstance(value, str) else "; ".join(value)


def problems_of(
    changes: Sequence[Change], known: Mapping[str, Mapping[str, Value]]
) -> list[Problem]:
    """What is wrong with changes of documents of which this is `known`."""
    found = [problem for one in changes if (problem := _problem(one, known))]
    after: dict[str, dict[str, Value]] = defaultdict(dict)
    for one in changes:
        after[one.document][one.field] = one.value
    bad = {problem.document for problem in found}
    for document, fields in after.items():
        if document not in bad:
            found += _order(document, {**known[document], **fields}, fields)
    return found


def _problem(one: Change, known: Mapping[str, Mapping[str, Value]]) -> Problem | None:
    if one.document not in known:
        sentence = "No document of the library is called so. `codedesk status` lists them."
        return Problem(one.document, "id", sentence)
    if one.field not in FIELDS:
        sentence = f"`{one.field}` is no field that can be edited."
        return Problem(one.document, one.field, sentence)
    if one.value is None:
        if one.field != "title":
            return None
        return Problem(one.document, one.field, "A document has to have a title. Write one.")
    try:
        checked(one.field, one.value)
    except BadMetadata as error:
        return Problem(one.document, one.field, str(error))
    return None


def _order(document: str, after: Mapping[str, Value], edited: Iterable[str]) -> list[Problem]:
    effective, retired = _day(after.get("effective")), _day(after.get("retired"))
    touched = [name for name in ("retired", "effective") if name in edited]
    if not touched or not is_over_first(effective, retired):
        return []
    sentence = f"Retired ({retired}) is before in force since ({effective}). Correct one of them."
    return [Problem(document, touched[0], sentence)]


def _day(value: Value) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else None
