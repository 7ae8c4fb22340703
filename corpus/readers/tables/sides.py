"""Tables that lie side by side on one grid."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.readers.draft import is_value, looks_like_header
from corpus.readers.tables.grid import Grid

_LOOK_AHEAD = 20  # rows by which the first row of a table is judged
Row = Sequence[str]


@dataclass(frozen=True, slots=True)
class Band:
    """Rows first..last (last excluded) of some columns."""

    first: int
    last: int
    left: int
    right: int


def bands(grid: Grid) -> Iterator[Band]:
    """The grid cut where two tables lie side by side; everything else in one piece."""
    start, width = 0, grid.columns
    for first, last in _blocks(grid.rows):
        sides = _sides(grid, first, last)
        if len(sides) > 1:
            if start < first:
                yield Band(start, first, 0, width)
            for left, right in sides:
                yield Band(first, last, left, right)
            start = last
    if start < len(grid.rows):
        yield Band(start, len(grid.rows), 0, width)


def _blocks(rows: Sequence[Row]) -> Iterator[tuple[int, int]]:
    """Stretches of rows with no blank row inside."""
    start: int | None = None
    for at, row in enumerate(rows):
        if any(row):
            start = at if start is None else start
        elif start is not None:
            yield start, at
            start = None
    if start is not None:
        yield start, len(rows)


def _sides(grid: Grid, first: int, last: int) -> list[tuple[int, int]]:
    """The columns of tables that lie side by side: with an empty column between them, or where
    the same names stand once more beside themselves."""
    rows = grid.rows[first:last]
    if last - first < 2:
        return []
    return _named_again(rows) or _apart(rows)


def _named_again(rows: Sequence[Row]) -> list[tuple[int, int]]:
    """Code, Rate, Code, Rate: a list that goes on beside itself."""
    at = next((at for at, row in enumerate(rows) if len(set(filter(None, row))) > 1), None)
    if at is None:
        return []
    names = [name.casefold() for name in rows[at]]
    step = names.index(names[0], 1) if names[0] in names[1:] else 0
    if step < 2 or len(names) % step or names != names[:step] * (len(names) // step):
        return []
    below = [row[:step] for row in rows[at + 1 : at + _LOOK_AHEAD]]
    if not all(names[:step]) or not looks_like_header(rows[at][:step], below):
        return []
    return [(left, left + step) for left in range(0, len(names), step)]


def _apart(rows: Sequence[Row]) -> list[tuple[int, int]]:
    empty = _empty_columns(rows)
    if not any(empty):
        return []
    sides: list[tuple[int, int]] = []
    for column, blank in enumerate(empty):
        if blank:
            continue
        if sides and sides[-1][1] == column:
            sides[-1] = (sides[-1][0], column + 1)
        else:
            sides.append((column, column + 1))
    if len(sides) < 2 or any(right - left < 2 for left, right in sides):
        return []
    tables = [[row[left:right] for row in rows] for left, right in sides]
    return sides if _stand_alone(tables) else []


def _empty_columns(rows: Sequence[Row]) -> list[bool]:
    empty = [True] * max(map(len, rows), default=0)
    for row in rows:
        for column, cell in enumerate(row):
            if cell:
                empty[column] = False
    return empty


def _stand_alone(tables: Sequence[Sequence[Row]]) -> bool:
    """Whether each of them has a header and begins with a column that says what its rows are about;
    what has only figures belongs to the names on its left."""
    names, keys = [], []
    for table in tables:
        filled = [row for row in table if any(row)]
        while filled and sum(map(bool, filled[0])) == 1:
            filled = filled[1:]
        if len(filled) < 2 or not looks_like_header(filled[0], filled[1:_LOOK_AHEAD]):
            return False
        names.append((filled[0] or ("",))[0].lower())
        keys.append([row[0] for row in filled[1:] if row and row[0]])
    same_name = len(set(names)) == 1
    return same_name or (_uneven(keys) and all(map(_name_rows, keys)))


def _name_rows(key: Sequence[str]) -> bool:
    """Whether these say what rows are about: words or codes, or short numbers in their order."""
    if not all(map(_is_amount, key)):
        return bool(key)
    return len(key) > 3 and all(map(str.isdigit, key)) and list(key) == sorted(set(key))


def _uneven(keys: Sequence[Sequence[str]]) -> bool:
    return len({len(key) for key in keys}) > 1 or any(set(keys[0]) & set(key) for key in keys[1:])


def _is_amount(cell: str) -> bool:
    return is_value(cell) and not (cell.isalnum() and len(cell) >= 4)
