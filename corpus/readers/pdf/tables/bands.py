"""Bands of a page: rows that leave the same gutters free, as columns of text or of a table do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Protocol

_GUTTER = 0.8  # of the letters' size: columns stand apart by at least as much
_FEWEST = 3  # rows of a band
_LONGEST_TITLE = 120  # characters: of a line from side to side between the rows of a table
PARTED = 2.2  # of the size: what stands farther below may be another table
_HEADER = 5  # rows: names above names stand above the first row that has all columns


class Item(Protocol):
    """What stands in a row: words with no wide gap between them, or a ruled table."""

    left: float
    right: float
    base: float
    size: float


Rows = Sequence[Sequence[Item]]


@dataclass(frozen=True, slots=True)
class Band:
    """Rows `start` to `end`, end left out. `lone` are lines from side to side between them, and
    `above` counts the rows at the top whose cells may stand over several columns; `cut`: it ends
    where other columns begin below a gap."""

    start: int
    end: int
    gutters: list[float]
    lone: frozenset[int] = field(default=frozenset())
    above: int = 0
    cut: bool = False


def text_band(rows: Rows, start: int) -> Band:
    """The rows from `start` on that leave gutters free; without gutters where they are too few."""
    return _band(rows, start, start, lone=False)


def table_bands(rows: Rows, start: int, strict: Band) -> list[Band]:
    """Other ways to see the rows, if they are a table, the most columns first: lines from side to
    side may stand between its rows, and above them names that stand over several columns."""
    found = []
    first = max(range(start, min(start + _HEADER, len(rows))), key=lambda at: len(rows[at]))
    if len(rows[first]) > max(len(rows[start]), 2) and _close(rows, start, first):
        found.append(_band(rows, start, first, lone=True))
    if len(rows[start]) > 2 or strict.gutters:
        found.append(_band(rows, start, start, lone=True))
    more = [
        band
        for band in found
        if len(band.gutters) > len(strict.gutters)
        or (len(band.gutters) == len(strict.gutters) > 0 and band.end > strict.end)
        or (band.cut and band.gutters)
    ]
    return sorted(more, key=lambda band: -len(band.gutters))


def _close(rows: Rows, start: int, end: int) -> bool:
    return all(
        rows[at + 1][0].base - rows[at][0].base < 2.5 * rows[at][0].size for at in range(start, end)
    )


def _band(rows: Rows, top: int, start: int, *, lone: bool) -> Band:
    free = [[before.right, after.left, 1] for before, after in pairwise(rows[start])]
    both, end, last = 1, start + 1, start
    between: set[int] = set()
    parted, collided, cut = start, 0, False
    for at in range(start + 1, len(rows)):
        row = rows[at]
        step = row[0].base - rows[at - 1][0].base
        if step > 6 * row[0].size and len(row) < 2:
            break
        if step > PARTED * row[0].size:
            parted, collided = at, 0
        left = [gap for gap in free if narrowed(gap, row) is not None]
        if lone and len(left) < len(free) and at - 1 not in between and _is_title(rows, at, free):
            between.add(at)
            continue
        if not left or _is_sure(free, left):
            break
        _narrow(left, row)
        free = left
        if lone and parted > start and _collides(row, free):
            collided += 1 + (at - parted < 3)
        if collided > 1 and both > _FEWEST:  # below the gap other columns begin
            end, last, cut = parted, min(last, parted - 1), True
            break
        end = at + 1
        if len(row) > 1 and any(row[0].left < gap[0] < row[-1].right for gap in free):
            both += 1
            last = at
    if both < _FEWEST:
        return Band(top, start, [])
    end = _without_tail(rows, last, end)
    gutters = [(gap[0] + gap[1]) / 2 for gap in free if gap[2] >= 2]
    return Band(top, end, gutters, frozenset(at for at in between if at < end), start - top, cut)


def _is_sure(free: Sequence[list[float]], left: Sequence[list[float]]) -> bool:
    """Whether a gap that is not left parted four rows: what closes it is no row of the band."""
    kept = set(map(id, left))
    return any(gap[2] >= 4 and id(gap) not in kept for gap in free)


def _narrow(gaps: Sequence[list[float]], row: Sequence[Item]) -> None:
    """Leave of each gap what the row leaves, and count the rows that it parts."""
    for gap in gaps:
        kept = narrowed(gap, row)
        assert kept is not None
        gap[0], gap[1] = kept
        gap[2] += row[0].left < gap[0] and row[-1].right > gap[1]


def _is_title(rows: Rows, at: int, free: Sequence[Sequence[float]]) -> bool:
    """Whether a row is one line between rows of a table: the next has its columns again."""
    if len(rows[at]) != 1 or at + 1 >= len(rows) or len(rows[at + 1]) < 2:
        return False
    item, after = rows[at][0], rows[at + 1]
    words = getattr(item, "words", None)
    if not words or sum(len(word.text) + 1 for word in words) > _LONGEST_TITLE:
        return False
    near = after[0].base - item.base < 3.5 * item.size
    return near and all(narrowed(gap, after) is not None for gap in free)


def _collides(row: Sequence[Item], free: Sequence[Sequence[float]]) -> bool:
    """Whether two items of a row stand in one column."""
    middles = [(before.right + after.left) / 2 for before, after in pairwise(row)]
    return any(not any(gap[0] - 1 <= at <= gap[1] + 1 for gap in free) for at in middles)


def narrowed(gap: Sequence[float], row: Sequence[Item]) -> tuple[float, float] | None:
    """What the row leaves of a gap; None where it is too narrow to part columns."""
    left, right = gap[0], gap[1]
    for item in row:
        if item.right <= left or item.left >= right:
            continue
        if item.left <= left:
            left = item.right
        elif item.right >= right:
            right = item.left
        else:  # it stands within the gap
            return None
    return (left, right) if right - left >= _GUTTER * row[0].size else None


def _without_tail(rows: Rows, last: int, end: int) -> int:
    """Rows after the last with text on both sides belong to the band while they follow closely."""
    at = last + 1
    while at < end and rows[at][0].base - rows[at - 1][0].base < 1.7 * rows[at][0].size:
        at += 1
    return at
