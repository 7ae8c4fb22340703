"""Table rows as text: the cells joined by bars, the header carried along."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.document import BlockKind
from corpus.readers.draft import DraftBuilder

BAR = " | "
_YEAR = re.compile(r"(?:19|20)\d\d")
_FIGURE = re.compile(r"[\s$€£%()+\-.,:/\d]*\d[\s$€£%()+\-.,:/\d]*")
_CODE = re.compile(r"[A-Z]?\d{3,5}[A-Z]?(\.\w+)?")


def joined(cells: Sequence[str]) -> str:
    """The row as one line; empty cells between others keep their place, those at the end do not."""
    last = max((at for at, cell in enumerate(cells, start=1) if cell), default=0)
    return BAR.join(cells[:last])


def add_row(builder: DraftBuilder, cells: Sequence[str], *, header: Sequence[str] | None) -> None:
    """Add a row, unless all its cells are blank."""
    if any(cells):
        builder.add(BlockKind.ROW, joined(cells), header=joined(header or ()))


def add_table(
    builder: DraftBuilder, rows: Sequence[Sequence[str]], *, header_rows: int = 1
) -> None:
    """Add a table's rows; the first `header_rows` are its header and stand in the text once."""
    header = header_of(rows[:header_rows])
    for row in rows[:header_rows]:
        add_row(builder, row, header=None)
    for row in rows[header_rows:]:
        add_row(builder, row, header=header)


def header_of(rows: Sequence[Sequence[str]]) -> list[str]:
    """Column names from header rows: the words that stand above one another, once each."""
    names: list[str] = []
    for column in range(max(map(len, rows), default=0)):
        words = [row[column] for row in rows if column < len(row) and row[column]]
        names.append(" ".join(dict.fromkeys(words)))
    return names


def header_index(rows: Sequence[Sequence[str]]) -> int | None:
    """Which of a table's rows names the columns: the first, not counting titles of one cell."""
    for at, row in enumerate(rows):
        if sum(map(bool, row)) > 1:
            return at if looks_like_header(row, rows[at + 1 : at + 20]) else None
    return None


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
    return all(_YEAR.fullmatch(cells[at]) or _names_text(at, below) for at in values)


def _names_text(column: int, below: Sequence[Sequence[str]]) -> bool:
    """Whether the rows below hold text in the column, no figures and no codes."""
    found = [row[column] for row in below if column < len(row) and row[column]]
    return bool(found) and not any(map(is_value, found))


def is_value(cell: str) -> bool:
    """Whether a cell is a figure or a code, not words."""
    return bool(_FIGURE.fullmatch(cell) or _CODE.fullmatch(cell))


def is_year(cell: str) -> bool:
    return _YEAR.fullmatch(cell) is not None
