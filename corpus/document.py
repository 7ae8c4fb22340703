"""A document as it is read from a file: its text, its structure, its pages and its metadata.

Offsets count characters of `Document.text`; pages count from 1. Documents travel between
processes and are kept as the JSON of these types' fields.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any, Generic, TypeVar

from msgspec import Struct, field


class Span(Struct, frozen=True, order=True):
    """A half-open range of characters, `text[start:end]`; never bytes, never empty."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"not a span: {self.start}..{self.end}")

    def of(self, text: str) -> str:
        return text[self.start : self.end]


class BlockKind(StrEnum):
    """The kind of a block. Splitting treats each kind in its own way."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"  # of a list
    ROW = "row"  # of a table


class Block(Struct, frozen=True):
    """A part of the text that belongs together. Blocks are in order and do not overlap, and
    every non-blank character of the text is in one of them.

    `level` is the depth of a heading, 1 the highest; 0 for every other kind. `header` holds the
    column names of a table row in one line, so that the row can be understood alone
    (`Payer | Policy | Position`).
    """

    kind: BlockKind
    span: Span
    level: int = 0
    header: str = ""


class Page(Struct, frozen=True, array_like=True):
    """Where a page's text begins. `number` counts from 1; `label` is what is printed ("iv").

    In JSON it is a list: a long document has thousands.
    """

    number: int
    start: int
    label: str | None = None


def page_at(pages: Sequence[Page], offset: int) -> Page | None:
    """The page on which the character at `offset` stands; None where there are no pages."""
    after = bisect_right(pages, offset, key=lambda page: page.start)
    return pages[after - 1] if after else None


KINDS = ("policy", "rule", "guide", "evidence", "faq", "glossary", "form", "gap")


LINES = ("commercial", "Medicare Advantage", "Medicare", "Medicaid")  # of business

Value = TypeVar("Value", str, date)


class Found(Struct, Generic[Value], frozen=True, omit_defaults=True):
    """A value found in the document itself, with its evidence: `sentence` is the sentence, header
    or property that says it, on `page` where it stands on one.

    `sure` is from 0 to 1. `confirmed` says that a person gave the same value.
    """

    field: str  # of Metadata
    value: Value
    sentence: str
    page: int | None
    sure: float = 1.0
    confirmed: bool = False


class FoundDate(Found[date], frozen=True, omit_defaults=True):
    """A date that was found. What is written for a month, a quarter or a year is its first day;
    `precision` says which. `last`: it is the last day in force, not the first on which it no
    longer is ("through 12/31/2026")."""

    precision: str = "day"  # or month, quarter, year
    last: bool = False


class FoundText(Found[str], frozen=True, omit_defaults=True):
    """Any other value that was found; a doubtful date as YYYY-MM-DD."""


NO_TITLE = ""  # until one is found
SURE = 0.75  # what is found with less stays out of the metadata until a person confirms it


DATES = (  # of Metadata
    *("effective", "retired", "reviewed", "retrieved", "copy_of", "checked"),
    *("issued", "revised", "next_review"),
)
STANDINGS = ("proposed", "prior", "retired")


class SectionDates(Struct, frozen=True):
    """A section with a date of its own: since when its words are in force."""

    span: Span
    effective: date


class Metadata(Struct, frozen=True):
    """What is known about a document. `None` means unknown, never "none".

    `written_by` wrote the words, `publisher` put them out, and `about` is the body whose policy or
    rule they tell (in a summary that is somebody else), or what a guide is about. `copy_of` is the
    day of the text of an old copy; a later text may exist, and `checked` is the day on which
    somebody looked for one in vain. `standing` says that the document is not in force, whatever its
    dates: it is a draft or a proposal, a prior version, or retired on a day that it does not tell.

    `found` holds the dates that were read from the text; a date not in `found` comes from a sidecar
    or front matter, that is, from a person. `stated` holds what else was read from the document,
    and of what a person gave whatever says the same. `doubtful` holds what was found and is not
    used, a date as YYYY-MM-DD: too little says so, or another value has more for it. `told` are the
    fields that a person decided beside the file; see corpus.metadata.told. `extra` keeps keys that
    Codedesk does not use.
    """

    title: str
    publisher: str | None = None
    written_by: str | None = None
    about: str | None = None
    payer: str | None = None
    kind: str | None = None  # one of KINDS
    number: str | None = None  # the policy's or rule's own number
    version: str | None = None  # as the document prints it
    part: str | None = None  # which chapter or part of the work that the title names
    other_payers: tuple[str, ...] = ()  # whose policy it is too
    line_of_business: tuple[str, ...] = ()  # of LINES
    jurisdiction: str | None = None  # the state, country or contractor's area
    source_url: str | None = None
    effective: date | None = None
    retired: date | None = None
    reviewed: date | None = None
    retrieved: date | None = None
    issued: date | None = None
    revised: date | None = None
    next_review: date | None = None
    standing: str | None = None  # one of STANDINGS
    copy_of: date | None = None
    checked: date | None = None
    codes: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()  # who may see it; empty: everybody
    found: tuple[FoundDate, ...] = ()
    stated: tuple[FoundText, ...] = ()
    doubtful: tuple[FoundText, ...] = ()
    sections: tuple[SectionDates, ...] = ()
    told: tuple[str, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def payers(self) -> tuple[str, ...]:
        """Every payer whose policy it is, the first one first."""
        return (*((self.payer,) if self.payer else ()), *self.other_payers)

    @property
    def begins_revised(self) -> bool:
        """Whether the words are in force since a revision: other words of it held before."""
        return self.revised is not None and self.revised == self.effective

    @property
    def is_retold(self) -> bool:
        """Whether the words are known to be another's than those of the payer or body told of."""
        told_of = {name.casefold() for name in (self.payer, self.about) if name}
        return self.written_by is not None and self.written_by.casefold() not in told_of


class ScannedWord(Struct, frozen=True, array_like=True):
    """A word that was recognised on the picture of a page: its place in the text, its box there in
    parts of the page's width and height, and how sure the least sure of its letters is, from 0 to
    1. In JSON it is a list: a page has hundreds."""

    start: int
    end: int
    box: tuple[float, float, float, float]  # left, top, right, bottom
    sure: float


class Document(Struct, frozen=True):
    """One file of the library at one time.

    `id` is the library folder's name and the path inside it, with slashes (`starter/faq/x.md`).
    `needs_ocr` lists the pages that hold an image and no text. `scanned` are the words that were
    recognised on such pages, in the order of the text; all else is as the file has it.
    """

    id: str
    sha256: str
    format: str  # md, txt, html, pdf, docx, xlsx, csv
    text: str
    blocks: tuple[Block, ...]
    pages: tuple[Page, ...]  # empty where the format has no pages
    metadata: Metadata
    needs_ocr: tuple[int, ...] = ()
    warnings: tuple[str, ...] = ()
    scanned: tuple[ScannedWord, ...] = ()
    places: bytes = b""  # where its words stand on the pages, packed: see corpus.places

    def page_at(self, offset: int) -> Page | None:
        """The page on which the character at `offset` stands; None where there are no pages."""
        return page_at(self.pages, offset)


class Passage(Struct, frozen=True):
    """The span of a document that is indexed, shown and cited: `document.text[start:end] == text`.

    `section` is the path of headings above it, outermost first. `header` is carried by table rows.
    `context` goes in front of the text when it is embedded: title, headings, column names.
    `effective` is since when its section is in force, where that has a date of its own.
    `sure` is how surely it was recognised from a scan, from 0 to 1; None where it was not.
    """

    span: Span
    text: str
    section: tuple[str, ...] = ()
    header: str = ""
    context: str = ""
    page: int | None = None
    page_label: str | None = None
    sure: float | None = None
    effective: date | None = None


def sureness(words: Sequence[ScannedWord], span: Span) -> float | None:
    """How surely the text of a span was recognised, letter by letter; None where none of it was.

    `words` are in the order of the text.
    """
    first = bisect_right(words, span.start, key=lambda word: word.end)
    total = letters = 0.0
    for word in words[first:]:
        if word.start >= span.end:
            break
        total += word.sure * (word.end - word.start)
        letters += word.end - word.start
    return round(total / letters, 2) if letters else None
