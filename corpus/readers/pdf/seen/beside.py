"""Two columns of text whose lines stand on heights of their own: each is read by itself."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Generic, TypeVar

from corpus.readers.pdf.tables.bands import Item, narrowed

_GUTTER = 0.8  # of the size: columns stand apart by at least as much
_BETWEEN = 0.85  # of the size: lines of one column stand apart by more
_CLOSE = 1.6  # of the size: what stands farther below begins a paragraph, or a row of a table
_FAR = 4.0  # of the size: what stands farther below belongs to no column above
_ABOVE = 3.0  # of the size: a page's head stands farther above its columns
_LEVEL = 0.3  # of the size: what differs by less is level
_FEWEST = 3  # lines of a column, and lines between those of the other
_AHEAD = 60  # rows of one column alone above the first line of the other
_MOST = 400  # rows: more are no columns of a page that people read
_LEADERS = re.compile(r"[.·_…]{4,}")

Piece = TypeVar("Piece", bound=Item)


@dataclass(frozen=True, slots=True)
class Beside(Generic[Piece]):
    """The rows up to `end`, end left out, as two columns, the one to read first in front."""

    sides: tuple[list[list[Piece]], list[list[Piece]]]
    end: int


@dataclass(frozen=True, slots=True)
class _Line:
    """What a row has on one side of the gutter."""

    row: int
    base: float
    size: float
    left: float
    right: float
    text: str


def between(rows: Sequence[Sequence[Item]]) -> list[int]:
    """Which rows stand beside the row below, nearer to it than lines of one column do."""
    return [
        at
        for at, (above, below) in enumerate(pairwise(rows))
        if below[0].base - above[0].base < _BETWEEN * above[0].size
        and (above[-1].right < below[0].left or below[-1].right < above[0].left)
    ]


def columns_beside(
    rows: Sequence[Sequence[Piece]], at: int, mixed: Sequence[int]
) -> Beside[Piece] | None:
    """The columns that begin here: lines of one stand `mixed` between those of the other, each has
    words, and they are not the cells of a table, which begin or have their middles level."""
    first = next((row for row in mixed if row >= at), None)
    if first is None or first - at > _AHEAD:
        return None
    for low, high, end in _gutters(rows, at, first):
        middle = (low + high) / 2
        if _have_own_heights(_lines(rows, at, end, middle), mixed):
            sides = _parted(rows[at:end], middle)
            if len(between(sides[0])) < max(_FEWEST, len(sides[0]) / 10):
                return Beside(sides, end)
    return None


def _parted(
    rows: Sequence[Sequence[Piece]], middle: float
) -> tuple[list[list[Piece]], list[list[Piece]]]:
    left = [[item for item in row if item.left < middle] for row in rows]
    right = [[item for item in row if item.left >= middle] for row in rows]
    return [row for row in left if row], [row for row in right if row]


def _gutters(rows: Sequence[Sequence[Item]], at: int, first: int) -> list[tuple[float, float, int]]:
    """The gaps that are free from `at` to the `first` of the mixed rows and below, each with the
    row that closes it; those that stay free longest in front."""
    found = []
    for gap in _gaps([item for row in rows[at : first + 2] for item in row]):
        low, high, end = _free(rows, at, gap)
        middle = (low + high) / 2
        if end > first + 1 and _leads(rows[at : first + 1], middle):
            closed = end < len(rows) and narrowed((low, high), rows[end]) is None
            end = _without_heading(rows, at, end, middle) if closed else end
            found.append((low, high, end))
    return sorted(found, key=lambda gutter: -gutter[2])


def _free(
    rows: Sequence[Sequence[Item]], at: int, gap: tuple[float, float]
) -> tuple[float, float, int]:
    """What the rows leave of a gap, and the first that leaves nothing or stands far below."""
    reach, size = rows[at][0].base, rows[at][0].size
    end = min(len(rows), at + _MOST)
    for number, row in enumerate(rows[at:end], start=at):
        left = narrowed(gap, row)
        if left is None or _top(row) - reach > _FAR * max(size, row[0].size):
            return *gap, number
        gap, reach = left, max(reach, row[0].base)
        size = max(item.size for item in row)
    return *gap, end


def _leads(rows: Sequence[Sequence[Item]], middle: float) -> bool:
    """Whether the rows above the first mixed one belong to the columns: those with lines on both
    sides go on closely, and where one column begins higher no head of the page is among them."""
    for above, below in pairwise(rows):
        both = above[0].left < middle < above[-1].left
        if below[0].base - above[0].base > (_CLOSE if both else _ABOVE) * above[0].size:
            return False
    return True


def _gaps(items: Sequence[Item]) -> list[tuple[float, float]]:
    spans = sorted((item.left, item.right) for item in items)
    found, reach = [], spans[0][1]
    for left, right in spans[1:]:
        if left - reach >= _GUTTER * items[0].size:
            found.append((reach, left))
        reach = max(reach, right)
    return found


def _top(row: Sequence[Item]) -> float:
    """Where a row begins; of what is placed among the rows as a whole its own top."""
    top = getattr(row[0], "top", row[0].base)
    return min(row[0].base, top + row[0].size)


def _without_heading(rows: Sequence[Sequence[Item]], at: int, end: int, middle: float) -> int:
    """Where the columns end above a line from side to side: what stands over it on one side alone
    below a gap is its own heading."""
    kept = end
    while kept > at + 1:
        sides = {item.left >= middle for row in rows[kept - 1 : end] for item in row}
        if len(sides) > 1:
            return end
        kept -= 1
        if rows[kept][0].base - rows[kept - 1][0].base > _CLOSE * rows[kept][0].size:
            end = kept
    return end


def _lines(
    rows: Sequence[Sequence[Item]], at: int, end: int, middle: float
) -> tuple[list[_Line], list[_Line]]:
    sides: tuple[list[_Line], list[_Line]] = ([], [])
    for number in range(at, end):
        for side, lines in enumerate(sides):
            items = [item for item in rows[number] if (item.left >= middle) == bool(side)]
            words = [word.text for item in items for word in getattr(item, "words", ())]
            if words and not hasattr(items[0], "parts"):
                base, size = items[0].base, items[0].size
                text = _LEADERS.sub(" ", " ".join(words))
                lines.append(_Line(number, base, size, items[0].left, items[-1].right, text))
    return sides


def _have_own_heights(sides: tuple[list[_Line], list[_Line]], mixed: Sequence[int]) -> bool:
    if not all(sides):
        return False
    first = max(lines[0].row for lines in sides)
    last = min(lines[-1].row for lines in sides)
    inner = [[line for line in lines if first - 1 <= line.row <= last + 1] for lines in sides]
    fewer = min(map(len, inner))
    if fewer < _FEWEST or not all(map(_has_words, inner)) or not any(map(_is_filled, inner)):
        return False
    close = all(map(_is_close, inner))
    prose = close and all(map(_is_filled, inner))
    count = sum(first - 1 <= row <= last for row in mixed)
    if count < (_FEWEST - 1 if prose else max(_FEWEST, fewer / 3)):
        return False
    return (close or _drifts(*inner)) and not _has_rows(*sides)


def _has_words(lines: Sequence[_Line]) -> bool:
    texts = [line.text for line in lines]
    total = sum(map(len, texts))
    letters = sum(sum(map(str.isalpha, text)) for text in texts)
    spaces = sum(text.count(" ") for text in texts)
    return total >= 11 * len(texts) and spaces >= len(texts) and letters >= 0.5 * total


def _is_filled(lines: Sequence[_Line]) -> bool:
    wide = max(line.right for line in lines) - min(line.left for line in lines)
    return median((line.right - line.left) / max(wide, 1) for line in lines) > 0.6


def _is_close(lines: Sequence[_Line]) -> bool:
    steps = [below.base - above.base < _CLOSE * above.size for above, below in pairwise(lines)]
    return sum(steps) >= 0.7 * len(steps)


def _drifts(left: Sequence[_Line], right: Sequence[_Line]) -> bool:
    """Whether the lines of the one stand now here, now there between those of the other: cells
    that stand in the middle of their row are level with a line or half-way between two."""
    few, many = sorted((left, right), key=len)
    leading = median(below.base - above.base for above, below in pairwise(many))
    places: Counter[int] = Counter()
    for line in few:
        above = [other.base for other in many if other.base <= line.base]
        if above:
            places[int((line.base - above[-1]) / max(leading, 1) % 0.5 * 6 + 0.5) % 3] += 1
    return max(places.values(), default=0) < 0.7 * places.total()


def _has_rows(left: Sequence[_Line], right: Sequence[_Line]) -> bool:
    """Whether gaps from side to side part rows of a table: what stands between two of them begins
    level on both sides, or has its middles level."""
    lines = sorted([*left, *right], key=lambda line: line.base)
    sections: list[list[_Line]] = [lines[:1]]
    for above, below in pairwise(lines):
        if below.base - above.base > _CLOSE * above.size:
            sections.append([])
        sections[-1].append(below)
    rows = level = 0
    starts = set(map(id, left))
    for section in sections:
        one = [line for line in section if id(line) in starts]
        two = [line for line in section if id(line) not in starts]
        if one and two:
            rows += 1
            near = _LEVEL * one[0].size
            begin = abs(one[0].base - two[0].base)
            middles = abs(one[0].base + one[-1].base - two[0].base - two[-1].base) / 2
            level += min(begin, middles) < near
    return rows > 1 and level * 2 > rows
