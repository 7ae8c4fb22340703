"""What is put on paper of an answer: plain values that are kept as they were shown.

A quote holds the words, so that a packet says tomorrow what was added to it today. Where its page
stands is kept beside it: the picture is drawn when the paper is made.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from msgspec import Struct

Piece = tuple[str, bool]  # a text, and whether it is marked


class Line(Struct, frozen=True):
    """A line of a passage: a heading, a paragraph or item of one cell, or a row of several."""

    kind: str  # heading, paragraph, item, row
    cells: tuple[tuple[Piece, ...], ...]
    columns: tuple[str, ...] = ()


class Quote(Struct, frozen=True):
    """A passage word for word with its citation. `whose` says it where the words are a summary.

    `document`, `version`, `start` and `end` name the passage, `marks` what is marked of it, in the
    document's text.
    """

    document: str
    version: int
    start: int
    end: int
    title: str
    whose: str
    lines: tuple[Line, ...]
    marks: tuple[tuple[int, int], ...]
    reference: str
    source: str  # the document alone, as the list of sources names it
    page: str  # `page 12 (printed 4-2)`, or ""
    verified: bool


class Sheet(Struct, frozen=True):
    """A question, the day of service it was asked for, and the passages that are shown for it.

    `address` opens the same answer; `generation` is the state of the library that answered.
    """

    question: str
    on: str  # ISO 8601
    address: str
    generation: int
    quotes: tuple[Quote, ...]


class Picture(Struct, frozen=True):
    """A page as PNG, its frame and marks drawn on it."""

    png: bytes
    width: int
    height: int
    caption: str


class Source(Struct, frozen=True):
    """A document of the cover list, with the pages that are quoted of it."""

    title: str
    document: str
    reference: str
    pages: tuple[str, ...]


def sources(sheets: Iterable[Sheet]) -> list[Source]:
    """Each quoted document once, in the order in which they are quoted."""
    found: dict[tuple[str, int], list[Quote]] = {}
    for sheet in sheets:
        for quote in sheet.quotes:
            found.setdefault((quote.document, quote.version), []).append(quote)
    return [
        Source(
            title=quotes[0].title,
            document=quotes[0].document,
            reference=quotes[0].source,
            pages=tuple(dict.fromkeys(quote.page for quote in quotes if quote.page)),
        )
        for quotes in found.values()
    ]


def facts(sheet: Sheet, printed: date, address: str) -> list[tuple[str, str]]:
    """What stands under the question. `address` is that of the pages, before the sheet's own."""
    return [
        ("Date of service", in_words(date.fromisoformat(sheet.on))),
        ("Printed", in_words(printed)),
        ("Address", f"{address}{sheet.address}"),
        ("Library", f"generation {sheet.generation}"),
    ]


def in_words(day: date) -> str:
    return f"{day:%B} {day.day}, {day.year}"


def runs_of(lines: Sequence[Line]) -> list[list[Line]]:
    """The lines in runs: rows that follow each other are one table."""
    runs: list[list[Line]] = []
    for line in lines:
        if line.kind == "row" and runs and runs[-1][0].kind == "row":
            runs[-1].append(line)
        else:
            runs.append([line])
    return runs
