"""Finds the ruled tables of a PDF page with pdfplumber and puts them in place of their lines."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from corpus.readers.pdf.lines import Line
from corpus.text.clean import clean, one_line

Box = tuple[float, float, float, float]  # left, top, right, bottom, in points from the top left
_SHORT_LINE = 25  # characters: longer lines are a sentence that goes on below
_SLACK = 3.0  # points by which a line may begin outside the table's frame


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells; `edges` are the left edges of the columns in points, to know it again."""

    rows: tuple[tuple[str, ...], ...]
    edges: tuple[int, ...]

    @property
    def columns(self) -> int:
        return max(map(len, self.rows))


class TableFinder:
    """Opens the PDF for pdfplumber when the first page asks for tables; close it at the end."""

    def __init__(self, data: bytes, numbers: Sequence[int]) -> None:
        self._data = data
        self._numbers = list(numbers)
        self._pages: dict[int, Any] | None = None
        self._pdf: Any = None

    def parts(self, number: int, lines: Sequence[Line]) -> list[Line | Table]:
        """The page's lines, those inside ruled tables replaced by the tables, in reading order.

        A table that does not hold the letters of its lines, all and no more, is not believed.
        """
        parts: list[Line | Table] = list(lines)
        page = self._page(number)
        if page is None:
            return parts
        for found in page.find_tables():
            table = _table(found)
            if table is not None:
                parts = _replaced(parts, table, found.cells)
        page.close()
        return parts

    def close(self) -> None:
        if self._pdf is not None:
            self._pdf.close()

    def _page(self, number: int) -> Any:
        if self._pages is None:
            import pdfplumber

            self._pdf = pdfplumber.open(io.BytesIO(self._data), pages=self._numbers)
            self._pages = {page.page_number: page for page in self._pdf.pages}
        return self._pages.get(number)


def _table(found: Any) -> Table | None:
    extracted = found.extract()
    rows = [
        tuple(one_line(cell) for cell in row)
        for ruled in extracted
        for row in _unstacked([clean(cell or "") for cell in ruled])
    ]
    rows = [row for row in rows if any(row)]
    rows = _without_empty_columns(rows)
    filled = sum(bool(cell) for row in rows for cell in row)
    if len(rows) < 2 or max(map(len, rows), default=0) < 2 or filled < 4:
        return None
    edges = {round(cell[0]) for cell in found.cells}
    return Table(tuple(rows), tuple(sorted(edges)))


def _unstacked(cells: list[str]) -> list[list[str]]:
    """A ruled row as the rows that stand in it, where lines are drawn only around groups of rows:
    then every cell holds the same number of short lines.
    """
    stacks = [cell.split("\n") for cell in cells]
    heights = {len(stack) for stack, cell in zip(stacks, cells, strict=True) if cell}
    height = max(heights, default=1)
    filled = sum(bool(cell) for cell in cells)
    short = sum(map(len, cells)) < _SHORT_LINE * height * max(filled, 1)
    if len(heights) > 1 or height * filled < 8 or filled < 3 or height < 2 or not short:
        return [cells]
    return [[stack[at] if at < len(stack) else "" for stack in stacks] for at in range(height)]


def _without_empty_columns(rows: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Double rulings make columns that are empty in every row."""
    width = max(map(len, rows), default=0)
    used = [at for at in range(width) if any(at < len(row) and row[at] for row in rows)]
    return [tuple(row[at] if at < len(row) else "" for at in used) for row in rows]


def _replaced(parts: list[Line | Table], table: Table, cells: Sequence[Box]) -> list[Line | Table]:
    inside = [
        at
        for at, part in enumerate(parts)
        if isinstance(part, Line) and any(_begins_in(part, cell) for cell in cells)
    ]
    words = "".join(part.text for at in inside if isinstance(part := parts[at], Line))
    held = "".join(cell for row in table.rows for cell in row)
    if not inside or _letters(words) != _letters(held):
        return parts
    gone = set(inside)
    rest: list[Line | Table] = []
    for at, part in enumerate(parts):
        if at == inside[0]:
            rest.append(table)
        if at not in gone:
            rest.append(part)
    return rest


def _begins_in(line: Line, cell: Box) -> bool:
    left, top, right, bottom = cell
    return left - _SLACK <= line.x < right and top - _SLACK < line.y <= bottom + _SLACK


def _letters(text: str) -> Counter[str]:
    """How often each letter and figure occurs: signs are what extractors disagree about."""
    return Counter(character for character in text if character.isalnum())
