"""What a format's reader returns, and how it is built: blocks of text and rows of tables.

The builder keeps offsets right while the text grows. A table row is its cells joined by bars, and
carries the names of its columns.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from corpus.document import Block, BlockKind, Page, ScannedWord, Span
from corpus.readers.headings.nesting import Doubt, Heading
from corpus.readers.headings.refused import is_no_heading, without_revision
from corpus.readers.headings.settled import settled
from corpus.text.dates import YEAR

if TYPE_CHECKING:
    from corpus.readers.attached import Attached

BAR = " | "
_FIGURE = re.compile(r"[\s$€£%()+\-.,:/\d]*\d[\s$€£%()+\-.,:/\d]*")
_CODE = re.compile(r"[A-Z]?\d{3,5}[A-Z]?(\.\w+)?")


@dataclass(frozen=True, slots=True)
class Draft:
    """A file's content before it is named: text, structure, and the metadata found inside the file.

    `found` uses the field names of `Metadata`, and `author`, `subject` and the like for what else a
    file's properties hold. `running` are the lines that repeat from page to page, each once. Where
    attached files are part of the text, it is the file's own up to the letter `own`. `sheets` are
    the names of a workbook's sheets where it has several: each is the heading of one part.
    """

    text: str
    blocks: tuple[Block, ...]
    pages: tuple[Page, ...] = ()
    found: Mapping[str, Any] = field(default_factory=dict)
    running: tuple[str, ...] = ()
    own: int | None = None
    sheets: tuple[str, ...] = ()
    needs_ocr: tuple[int, ...] = ()
    warnings: tuple[str, ...] = ()
    places: bytes = b""  # see corpus.places
    attached: tuple[Attached, ...] = ()
    scanned: tuple[ScannedWord, ...] = ()


class DraftBuilder:
    """Appends blocks with a blank line between them, and records the span of each."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._blocks: list[Block] = []
        self._pages: list[Page] = []
        self._clues: dict[int, Heading] = {}
        self._others: dict[int, BlockKind] = {}

    @property
    def length(self) -> int:
        """How many characters the text has so far."""
        return self._length

    @property
    def count(self) -> int:
        """How many blocks the text has so far."""
        return len(self._blocks)

    @property
    def text(self) -> str:
        return "".join(self._parts)

    def since(self, count: int) -> list[tuple[str, int]]:
        """The texts of the blocks after the first `count`, and where each ends."""
        spans = [block.span for block in self._blocks[count:]]
        texts = self._parts[2 * count + 1 :: 2]  # between them stands what parts them
        return [(text, span.end) for text, span in zip(texts, spans, strict=True)]

    def page(self, number: int, label: str | None = None) -> None:
        """Begin a page: what is added next stands on it."""
        start = self._length + (2 if self._parts else 0)
        self._pages.append(Page(number, start, label))

    def add(self, kind: BlockKind, text: str, *, level: int = 0, header: str = "") -> None:
        """Add a block; blank text adds nothing. Leading and trailing white space is dropped.

        `level` is that of a heading as the file gives it.
        """
        if kind is BlockKind.HEADING:
            self.add_heading(text, level, told=True)
        else:
            self._add(kind, text, header)

    def add_heading(
        self,
        text: str,
        look: int,
        *,
        outline: int | None = None,
        told: bool = False,
        doubt: Doubt = Doubt.NONE,
        other: BlockKind = BlockKind.PARAGRAPH,
    ) -> None:
        """Add a heading, with what tells of its place among the others (see Heading); `other` is
        what it is if it proves to be none.

        What stands behind a title on its line and is no part of it is a paragraph.
        """
        title, rest = without_revision(text.strip())
        if title and (told or not is_no_heading(title)):
            follows = bool(self._blocks) and len(self._blocks) - 1 in self._clues
            if self._add(BlockKind.HEADING, title):
                at = len(self._blocks) - 1
                self._clues[at] = Heading(
                    title, look, outline, told=told, follows=follows, doubt=doubt
                )
                self._others[at] = other
        else:
            self._add(other, title)
        self._add(BlockKind.PARAGRAPH, rest)

    def _add(self, kind: BlockKind, text: str, header: str = "") -> bool:
        text = text.strip()
        if not text:
            return False
        between = ""
        if self._parts:
            rows = kind is BlockKind.ROW and self._blocks[-1].kind is BlockKind.ROW
            between = "\n" if rows and self._pages_unchanged() else "\n\n"
        start = self._length + len(between)
        self._parts += [between, text]
        self._length = start + len(text)
        self._blocks.append(Block(kind, Span(start, self._length), 0, header))
        return True

    def _pages_unchanged(self) -> bool:
        """Whether no page began since the last block: a page start assumes a blank line."""
        return not self._pages or self._pages[-1].start <= self._length

    def draft(self, **rest: Any) -> Draft:
        blocks = settled(self._blocks, self._clues, self._others)
        return Draft(self.text, tuple(blocks), tuple(self._pages), **rest)


def joined(cells: Sequence[str]) -> str:
    """The row as one line. Empty cells are kept between other cells and dropped at the end."""
    last = max((at for at, cell in enumerate(cells, start=1) if cell), default=0)
    return BAR.join(cells[:last])


def add_row(builder: DraftBuilder, cells: Sequence[str], *, header: Sequence[str] | None) -> None:
    """Add a row, unless all its cells are blank."""
    if any(cells):
        builder.add(BlockKind.ROW, joined(cells), header=joined(header or ()))


def add_table(
    builder: DraftBuilder, rows: Sequence[Sequence[str]], *, header_rows: int = 1
) -> None:
    """Add the rows of a table. The first `header_rows` are its header, once in the text."""
    header = header_of(rows[:header_rows])
    for row in rows[:header_rows]:
        add_row(builder, row, header=None)
    for row in rows[header_rows:]:
        add_row(builder, row, header=header)


def header_of(rows: Sequence[Sequence[str]]) -> list[str]:
    """Column names from header rows: for each column its words from top to bottom, each once."""
    names: list[str] = []
    for column in range(max(map(len, rows), default=0)):
        words = [row[column] for row in rows if column < len(row) and row[column]]
        names.append(" ".join(dict.fromkeys(words)))
    return names


def looks_like_header(cells: Sequence[str], below: Sequence[Sequence[str]] = ()) -> bool:
    """Whether a first row names columns: several short cells, none of them a figure or a code.

    A year may name a column, and so may a code where no row of `below` has one in that column.
    """
    filled = [cell for cell in cells if cell]
    if len(filled) < 2 or len(filled) * 2 < len(cells) or any(len(cell) > 120 for cell in filled):
        return False
    values = [at for at, cell in enumerate(cells) if is_value(cell)]
    if values and is_value(filled[0]):
        return False
    return all(re.fullmatch(YEAR, cells[at]) or _names_text(at, below) for at in values)


def _names_text(column: int, below: Sequence[Sequence[str]]) -> bool:
    """Whether the rows below hold text in the column, no figures and no codes."""
    found = [row[column] for row in below if column < len(row) and row[column]]
    return bool(found) and not any(map(is_value, found))


def is_value(cell: str) -> bool:
    """Whether a cell is a figure or a code, not words."""
    return bool(_FIGURE.fullmatch(cell) or _CODE.fullmatch(cell))


def is_year(cell: str) -> bool:
    return re.fullmatch(YEAR, cell) is not None
