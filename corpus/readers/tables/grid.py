"""A table as a grid, the same for all formats: cells with spans become rows that each can be
understood alone, with the names of their columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

MOST_SPAN = 200  # columns or rows; a page can claim a million
_MOST_COLUMNS = 20_000


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one cell, and how many columns and rows it covers. `names` is true where the
    format says that the cell names a column or a row."""

    text: str
    across: int = 1
    down: int = 1
    names: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows, each at most as long as the widest; the text of a cell stands in every place that the
    cell covers.

    `header_rows` are those at the top that the format itself says are header. `lines` are the
    rows that are one cell from side to side: a title, a sub-heading or a note. `marked` are rows
    that look like a header: all their cells name something.
    """

    rows: tuple[tuple[str, ...], ...]
    header_rows: int = 0
    lines: frozenset[int] = frozenset()
    marked: frozenset[int] = frozenset()

    @property
    def columns(self) -> int:
        return max(map(len, self.rows), default=0)

    def without_blank_rows(self) -> Grid:
        """For formats in which a blank row does not part two tables."""
        kept = [at for at, row in enumerate(self.rows) if any(row)]
        if len(kept) == len(self.rows):
            return self
        place = {before: after for after, before in enumerate(kept)}
        return Grid(
            tuple(self.rows[at] for at in kept),
            sum(at < self.header_rows for at in kept),
            frozenset(place[at] for at in self.lines if at in place),
            frozenset(place[at] for at in self.marked if at in place),
        )


def spread(rows: Sequence[Sequence[Cell]], *, header_rows: int = 0) -> Grid:
    """Lay cells out on a grid as a browser does: a cell takes the next free place of its row."""
    places: list[dict[int, str]] = [{} for _ in rows]
    lone = []
    for at, row in enumerate(rows):
        column = 0
        for cell in row:
            while column in places[at]:
                column += 1
            across, down = _within(cell.across), _within(cell.down)
            for below in range(at, min(at + down, len(rows))):
                for right in range(column, min(column + across, _MOST_COLUMNS)):
                    places[below].setdefault(right, cell.text)
            column += across
        if len(row) == 1 and _within(row[0].down) == 1:
            lone.append((at, _within(row[0].across)))
    width = max((max(taken, default=-1) + 1 for taken in places), default=0)
    lines = {at for at, across in lone if across >= width > 1 and len(places[at]) == width}
    top = _reach(rows, header_rows)
    grid = [tuple(taken.get(column, "") for column in range(width)) for taken in places]
    marked = {
        at
        for at, row in enumerate(rows)
        if len(row) > 1 and all(cell.names for cell in row if cell.text)
    }
    return Grid(tuple(grid), top, frozenset(lines), frozenset(marked))


def _within(span: int) -> int:
    return max(1, min(span, MOST_SPAN))


def _reach(rows: Sequence[Sequence[Cell]], header_rows: int) -> int:
    """The header goes as far down as its own cells do, where some of them group others."""
    top = header_rows
    for at, row in enumerate(rows[:header_rows]):
        if any(cell.across > 1 for cell in row) and len(row) > 1:
            top = max(top, *(at + _within(cell.down) for cell in row))
    return min(top, len(rows) - 1) if rows else 0


def column_names(rows: Sequence[Sequence[str]]) -> list[str]:
    """One name for each column out of several header rows: the words above one another, once each.

    A group's name that stands only over its first column counts for the others too where their
    own names would else be the same.
    """
    filled = [list(row) for row in rows]
    lowest = [
        next(filter(None, reversed(column)), "") for column in zip_longest(*rows, fillvalue="")
    ]
    again = {name for name, times in Counter(filter(None, lowest)).items() if times > 1}
    for level, upper in enumerate(filled[:-1] if again else ()):
        group = ""
        for column, name in enumerate(lowest[: len(upper)]):
            if any(_begins(row, column) for row in rows[:level]):
                group = ""  # a group ends with the one above it
            group = upper[column] or group
            if name in again:
                upper[column] = group
    return _stacked(filled)


def _begins(row: Sequence[str], column: int) -> bool:
    """Whether another text than on the left begins here."""
    return 0 < column < len(row) and bool(row[column]) and row[column] != row[column - 1]


def _stacked(rows: Sequence[Sequence[str]]) -> list[str]:
    columns = zip_longest(*rows, fillvalue="")
    return [" ".join(dict.fromkeys(filter(None, column))) for column in columns]
