"""What a person said of a document beside its file, in place of what the file says or was found.

Such words are kept by whoever calls, never in the file. They win over the front matter, the sidecar
and everything found.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from corpus.document import DATES, Metadata
from corpus.metadata.filling import LISTS
from corpus.metadata.sidecar import checked

Value = str | tuple[str, ...] | None  # a day as YYYY-MM-DD; None: it is not known
FIELDS = (
    *("title", "kind", "payer", "other_payers", "line_of_business", "publisher", "written_by"),
    *("about", "number", "version", "part", "jurisdiction", "source_url"),
    *("effective", "retired", "standing", "issued", "revised", "reviewed", "next_review"),
    *("retrieved", "copy_of", "checked", "codes"),
)
# These tell of the text itself: what was said of one text does not hold for the next one.
OF_THE_TEXT = frozenset((*DATES, "standing", "version", "codes"))
_WRITER = "written_by"
SEVERAL = frozenset((*LISTS, "codes"))


class Told(Struct, frozen=True):
    """What a person said of one field. None as the value: it is not known, and what was found is no
    longer used or proposed. `sha256` is of the file of which it was said."""

    field: str
    value: Value
    sha256: str


def holding(told: Iterable[Told], sha256: str) -> dict[str, Value]:
    """Of all that was said of a document, what holds for the file with these bytes."""
    return {
        one.field: one.value for one in told if one.field not in OF_THE_TEXT or one.sha256 == sha256
    }


def over(written: Mapping[str, Any], told: Mapping[str, Value]) -> dict[str, Any]:
    """The fields of a file, with a person's words in their place.

    A day of the file that contradicts one a person gave is left out: the person knew better. Who
    wrote the words is told last, see `decided`: a file that names its writer is not searched for
    what it is, and a person who names one does not ask for that.
    """
    told = {name: value for name, value in told.items() if name != _WRITER}
    merged = {name: value for name, value in written.items() if name not in told}
    merged |= {name: value for name, value in told.items() if value is not None}
    for ours, theirs in (("effective", "retired"), ("retired", "effective")):
        if told.get(ours) and theirs not in told and merged.get(theirs) is not None:
            days = {name: checked(name, merged[name]) for name in (ours, theirs)}
            if is_over_first(days["effective"], days["retired"]):
                del merged[theirs]
    return merged


def is_over_first(effective: date | None, retired: date | None) -> bool:
    """Whether something would be retired before it takes effect."""
    return effective is not None and retired is not None and effective > retired


def decided(metadata: Metadata, told: Mapping[str, Value]) -> Metadata:
    """Nothing that was found speaks any more of what a person decided, but to confirm it."""
    if not told:
        return metadata
    unknown = {
        name: () if name in SEVERAL else None for name, value in told.items() if value is None
    }
    writer = {_WRITER: told[_WRITER]} if _WRITER in told else {}
    return replace(
        metadata,
        **unknown | writer,
        found=tuple(one for one in metadata.found if one.field not in told),
        stated=tuple(one for one in metadata.stated if one.field not in told or one.confirmed),
        doubtful=tuple(one for one in metadata.doubtful if one.field not in told),
        told=tuple(sorted(told)),
    )
