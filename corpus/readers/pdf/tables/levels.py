"""Tables whose rows are parted by lines and whose columns only stand in line."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from corpus.readers.draft import is_value
from corpus.readers.pdf.seen.ink import Box
from corpus.readers.pdf.seen.rows import Row, Segment, rows_of
from corpus.readers.pdf.seen.words import Word
from corpus.readers.pdf.tables.grids import Area, Grid, merged

_FEWEST = 4  # lines: three are those of a book, which part the names from the rows alone
_SHORTEST = 100.0  # points
_SAME = 3.0  # points: lines of one table begin and end alike
_GUTTER = 0.8  # of the letters' size
_LONGEST = 250  # characters of a cell


def level_grids(rules: Sequence[Box], words: Sequence[Word]) -> list[Grid]:
    """The grids of such tables: a cell wherever a row meets a column."""
    grids = []
    for left, right, levels in _stacks(rules):
        inside = [word for word in words if left - 1 <= (word.left + word.right) / 2 <= right + 1]
        grid = _grid(left, right, levels, inside)
        if grid is not None:
            grids.append(grid)
    return grids


def _stacks(rules: Sequence[Box]) -> list[tuple[float, float, list[float]]]:
    """Level lines that begin and end alike, one below the other: left, right, their heights."""
    found: list[tuple[float, float, list[float]]] = []
    upright = [box for box in rules if box[3] - box[1] > max(box[2] - box[0], 4)]
    flat = [
        ((top + bottom) / 2, left, right)
        for left, top, right, bottom in rules
        if right - left > 2 and bottom - top <= 3
    ]
    for level, left, right in merged(flat):
        if right - left < _SHORTEST:
            continue
        for known_left, known_right, levels in found:
            if abs(left - known_left) < _SAME and abs(right - known_right) < _SAME:
                if level - levels[-1] > _SAME:
                    levels.append(level)
                break
        else:
            found.append((left, right, [level]))
    return [
        (left, right, levels)
        for left, right, levels in found
        if len(levels) >= _FEWEST - 1
        and not any(
            left - 1 < box[0] < right + 1 and box[1] < levels[-1] and box[3] > levels[0]
            for box in upright
        )
    ]


def _grid(left: float, right: float, levels: list[float], words: Sequence[Word]) -> Grid | None:
    above = [word for word in words if word.base < levels[0] and word.base > levels[0] - 30]
    names = rows_of(above)[-1:]
    if names and len(names[0]) > 1 and levels[0] - names[0][0].base < 1.2 * names[0][0].size:
        levels = [min(segment.top for segment in names[0]) - 1, *levels]
    if len(levels) < _FEWEST:
        return None
    bands = [
        rows_of([word for word in words if top < word.base < bottom + 1])
        for top, bottom in pairwise(levels)
    ]
    gutters = _gutters([row for band in bands for row in band])
    if not gutters or not all(_is_row(band, gutters) for band in bands):
        return None
    if sum(any(len(row) > 1 for row in band) for band in bands) * 3 < 2 * len(bands):
        return None
    across = (left, *gutters, right)
    areas = tuple(area for row, band in enumerate(bands) for area in _areas(row, band, gutters))
    return Grid(across, tuple(levels), areas)


def _areas(row: int, band: Sequence[Row], gutters: Sequence[float]) -> list[Area]:
    width = len(gutters) + 1
    segments = [segment for each in band for segment in each]
    if any(one.left < gutter < one.right for one in segments for gutter in gutters):
        return [Area(row, row + 1, 0, width)]
    return [Area(row, row + 1, at, at + 1) for at in range(width)]


def _gutters(rows: Sequence[Row]) -> list[float]:
    """The middles of the gaps that all rows of several cells leave free."""
    several = [row for row in rows if len(row) > 1]
    if len(several) < 2:
        return []
    size = several[0][0].size
    spans = sorted(
        (segment.left, segment.right)
        for row in rows
        for segment in row
        if len(row) > 1 or segment.right - segment.left < 0.5 * _width(rows)
    )
    gutters, reach = [], spans[0][1]
    for start, end in spans[1:]:
        if start - reach >= _GUTTER * size:
            gutters.append((reach + start) / 2)
        reach = max(reach, end)
    return gutters


def _width(rows: Sequence[Row]) -> float:
    lefts = [segment.left for row in rows for segment in row]
    rights = [segment.right for row in rows for segment in row]
    return max(rights) - min(lefts)


def _is_row(band: Sequence[Row], gutters: Sequence[float]) -> bool:
    """Whether what stands between two lines is one row: no codes stand one below the other in its
    first column, and no cell is a page of text."""
    first: list[Segment] = [
        segment for row in band for segment in row if segment.right < gutters[0] + 1
    ]
    if sum(is_value(" ".join(word.text for word in segment.words)) for segment in first) > 1:
        return False
    if _several(band, gutters):
        return False
    steps = [after.base - before.base for before, after in pairwise(first)]
    if any(step > 1.6 * first[0].size for step in steps):
        return False
    length = sum(len(word.text) + 1 for row in band for segment in row for word in segment.words)
    return length < _LONGEST * (len(gutters) + 1)


def _several(band: Sequence[Row], gutters: Sequence[float]) -> bool:
    """Whether two lines have text in every column: rows of their own, unless a name goes on."""
    full = [row for row in band if len(row) == len(gutters) + 1]
    if len(full) < 2:
        return False
    return len(gutters) > 1 or not all(row[0].words[0].text[:1].islower() for row in full[1:])
