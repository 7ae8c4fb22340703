"""Of the rows of a table that differ by the day from which they hold, the one that holds on the day
asked about: "From | Rate" over "10/01/2025 | $61.40" and "10/01/2026 | $63.10"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from corpus.document import Span
from corpus.text.dates import YEAR, parse_date

_BAR = " | "
_FROM = re.compile(
    r"\W*(?:(?:date )?(?:from|effective|eff|starts?|starting|begins?|beginning|since|valid from"
    r"|as of)(?: (?:on|date|day))?|(?:(?:calendar|plan|benefit|fiscal|rate) )?year|CY)\W*",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"\W*\d[\d.,%/-]*\W*|\W*")  # an amount, a day, nothing
_A_YEAR = re.compile(rf"\W*(?:CY ?)?({YEAR})\W*", re.IGNORECASE)
_YEAR = re.compile(rf"(?<![\d/.-]){YEAR}(?![\d/.-])")


def day_meant(question: str, *, on: date) -> date:
    """The day that a question is about: of another year that it names, the last one."""
    years = {int(one) for one in _YEAR.findall(question)}
    return date(years.pop(), 12, 31) if len(years) == 1 and on.year not in years else on


def row_that_holds(text: str, header: str, marked: Span, *, day: date) -> Span:
    """The row that stands for the marked one on a day: of those that name the same, the one that
    began last. The marked one where it is no such row, or none of them had begun."""
    row, rows = marked.of(text).split(_BAR), _rows(text)
    names = header.rpartition("\n")[2].split(_BAR) if header else rows[0][1] if rows else []
    column = next((at for at, name in enumerate(names) if _FROM.fullmatch(name)), None)
    if column is None or column >= len(row):
        return marked
    begun = [
        (start, span)
        for span, cells in rows
        if len(cells) == len(row)
        and _names(cells, column) == _names(row, column)
        and (start := _day(cells[column])) is not None
        and start <= day
    ]
    return max(begun, key=lambda one: one[0])[1] if begun else marked


def _rows(text: str) -> list[tuple[Span, list[str]]]:
    found, start = [], 0
    for line in text.splitlines(keepends=True):
        row = line.strip()
        if _BAR in row:
            begin = start + line.index(row)
            found.append((Span(begin, begin + len(row)), row.split(_BAR)))
        start += len(line)
    return found


def _names(cells: Sequence[str], column: int) -> list[str]:
    """The cells that name what a row is of; a figure, and the day itself, say nothing of that."""
    return [
        "" if at == column or _FIGURE.fullmatch(cell) else cell.casefold().strip()
        for at, cell in enumerate(cells)
    ]


def _day(cell: str) -> date | None:
    year = _A_YEAR.fullmatch(cell)
    return date(int(year[1]), 1, 1) if year else parse_date(cell)
