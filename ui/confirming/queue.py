"""What waits for a person: documents with values that were found and that nobody has confirmed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from corpus.document import Document, FoundText, Metadata
from corpus.metadata.told import Value
from index.library import Library
from index.versions import Version
from ui.confirming.book import Book, newest_of, values_of
from ui.confirming.checks import Change
from ui.confirming.table import FOUND, found_for

_WORD = re.compile(r"\S+")
_FIRST_WORDS = 40  # of a sentence: enough to find it by


class Open(Struct, frozen=True):
    """A field that nobody has confirmed. `value` is what is used, None where what was found says
    too little; then `perhaps` holds it. `found` is the evidence, for the value used or for all."""

    field: str
    value: Value
    perhaps: tuple[str, ...]
    found: tuple[FoundText, ...]


class Waiting(Struct, frozen=True):
    """A document and its open fields."""

    version: Version
    fields: tuple[Open, ...]

    @property
    def page(self) -> int | None:
        """The page on which the first evidence stands."""
        pages = (one.page for field in self.fields for one in field.found)
        return next((page for page in pages if page), None)


def waiting(library: Library, book: Book) -> list[Waiting]:
    """The documents with open fields; those of which a value is doubtful first, for they are found
    by it only once somebody has looked."""
    told = book.told()
    found = []
    for document, version in newest_of(library).items():
        own = book.is_own(document)
        said = book.said_of(version) if own or document in told else {}
        fields = tuple(open_fields(version.metadata, said))
        if fields:
            found.append(Waiting(version, fields))
    return sorted(found, key=lambda one: all(field.value is not None for field in one.fields))


def open_fields(metadata: Metadata, said: Mapping[str, Value]) -> Iterator[Open]:
    values = values_of(metadata)
    for field in FOUND:
        found = [one for one in found_for(metadata, field) if not one.confirmed]
        if field in said or not found:
            continue
        used = [one for one in found if one not in metadata.doubtful]
        doubted = [one for one in found if one in metadata.doubtful]
        # A document has to have a title: of doubtful ones, the best is used.
        value = values[field] if used or field == "title" else None
        if value is None and values[field] is not None:
            continue  # a person gave it; that something else was found with less is no news
        perhaps = () if value is not None else tuple(dict.fromkeys(one.value for one in doubted))
        yield Open(field, value, perhaps, tuple(used or doubted))


def accepted(one: Waiting, chosen: Mapping[str, Value]) -> list[Change]:
    """The changes by which a person accepts a document: what is used is confirmed, what is only
    perhaps so is not known, but where `chosen` says another value."""
    document = one.version.document
    return [
        Change(document, field.field, chosen.get(field.field, field.value)) for field in one.fields
    ]


def places_of(document: Document, found: Sequence[FoundText]) -> list[tuple[int, int]]:
    """Where in the text the evidence stands, in order, as far as it stands there: a file's name
    does not."""
    return sorted({place for one in found if (place := _place(document, one))})


def _place(document: Document, found: FoundText) -> tuple[int, int] | None:
    words = _WORD.findall(found.sentence)[:_FIRST_WORDS]
    if not words:
        return None
    start, end = _page(document, found.page)
    pattern = re.compile(r"\s+".join(map(re.escape, words)))
    met = pattern.search(document.text, start, end) or pattern.search(document.text)
    return met.span() if met else None


def _page(document: Document, number: int | None) -> tuple[int, int]:
    """Where a page begins and ends in the text; the whole text where there is none."""
    for at, page in enumerate(document.pages):
        if page.number == number:
            after = document.pages[at + 1 : at + 2]
            return page.start, after[0].start if after else len(document.text)
    return 0, len(document.text)
