"""Grids of a PDF page: where ruled lines meet, which cells they part, which cells are merged."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus.readers.pdf.seen.ink import Box

_SNAP = 3.0  # points: lines nearer than this are one
_OUT = 8.0  # points: by so much lines may stick out of a grid before they open a column
_MOST_CELLS = 20_000
_MOST_RULES = 5_000
Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Area:
    """A cell that covers rows `top` to `bottom` and columns `left` to `right`, ends left out."""

    top: int
    bottom: int
    left: int
    right: int


@dataclass(frozen=True, slots=True)
class Grid:
    """`across` and `down` are the places of its lines: from the left, and from the top."""

    across: tuple[float, ...]
    down: tuple[float, ...]
    areas: tuple[Area, ...]

    @property
    def box(self) -> Box:
        return self.across[0], self.down[0], self.across[-1], self.down[-1]

    def area_at(self) -> dict[tuple[int, int], int]:
        """For each row and column the number of the area that covers them."""
        return {
            (row, column): number
            for number, area in enumerate(self.areas)
            for row in range(area.top, area.bottom)
            for column in range(area.left, area.right)
        }


def grids_of(rules: Iterable[Box]) -> list[Grid]:
    """The grids that the lines draw, from the top; single boxes and stray lines are none."""
    flat: list[tuple[float, float, float]] = []  # place, from, to
    upright: list[tuple[float, float, float]] = []
    for left, top, right, bottom in rules:
        if right - left > bottom - top:
            if right - left > 2:
                flat.append(((top + bottom) / 2, left, right))
        elif bottom - top > 2:
            upright.append(((left + right) / 2, top, bottom))
    if len(upright) < 1 or len(flat) < 2 or len(flat) + len(upright) > _MOST_RULES:
        return []
    levels, sides = merged(flat), merged(upright)
    grids = [
        grid
        for members in _connected(levels, sides)
        if (grid := _grid([levels[at] for at in members[0]], [sides[at] for at in members[1]]))
    ]
    return sorted(grids, key=lambda grid: (grid.down[0], grid.across[0]))


def merged(lines: list[tuple[float, float, float]]) -> list[tuple[float, float, float]]:
    """Lines at one place that touch or nearly touch, as one line."""
    lines.sort()
    groups: list[list[tuple[float, float, float]]] = []
    for line in lines:
        if groups and line[0] - groups[-1][-1][0] <= 1.0 and line[0] - groups[-1][0][0] <= _SNAP:
            groups[-1].append(line)
        else:
            groups.append([line])
    merged: list[tuple[float, float, float]] = []
    for group in groups:
        place = sum(line[0] for line in group) / len(group)
        spans = sorted((start, end) for _, start, end in group)
        start, end = spans[0]
        for begin, finish in spans[1:]:
            if begin <= end + _SNAP:
                end = max(end, finish)
            else:
                merged.append((place, start, end))
                start, end = begin, finish
        merged.append((place, start, end))
    return [line for line in merged if line[2] - line[1] > 4]


def _connected(
    levels: Sequence[tuple[float, float, float]], sides: Sequence[tuple[float, float, float]]
) -> list[tuple[list[int], list[int]]]:
    """Which level and upright lines touch one another, directly or through others."""
    parent = list(range(len(levels) + len(sides)))

    def root(at: int) -> int:
        while parent[at] != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    for low, (y, left, right) in enumerate(levels):
        for side, (x, top, bottom) in enumerate(sides, start=len(levels)):
            if left - _SNAP <= x <= right + _SNAP and top - _SNAP <= y <= bottom + _SNAP:
                parent[root(low)] = root(side)
    groups: dict[int, tuple[list[int], list[int]]] = {}
    for at in range(len(levels)):
        groups.setdefault(root(at), ([], []))[0].append(at)
    for at in range(len(sides)):
        groups.setdefault(root(at + len(levels)), ([], []))[1].append(at)
    return [group for group in groups.values() if group[0] and group[1]]


def _grid(
    levels: Sequence[tuple[float, float, float]], sides: Sequence[tuple[float, float, float]]
) -> Grid | None:
    across = _places(
        [line[0] for line in sides], [line[1] for line in levels], [line[2] for line in levels]
    )
    down = _places(
        [line[0] for line in levels], [line[1] for line in sides], [line[2] for line in sides]
    )
    columns, rows = len(across) - 1, len(down) - 1
    if columns < 2 or rows < 1 or columns * rows > _MOST_CELLS:
        return None
    right_open = _open(across, down, sides)
    below_open = _open(down, across, levels)
    return Grid(across, down, tuple(_areas(rows, columns, right_open, below_open)))


def _places(lines: list[float], starts: list[float], ends: list[float]) -> tuple[float, ...]:
    """Where the lines stand, and where those that cross them end, if clearly outside."""
    lines = sorted(lines)
    places = [lines[0]]
    for place in lines[1:]:
        if place - places[-1] > _SNAP:
            places.append(place)
    if min(starts) < places[0] - _OUT:
        places.insert(0, min(starts))
    if max(ends) > places[-1] + _OUT:
        places.append(max(ends))
    return tuple(places)


def _open(
    places: tuple[float, ...],
    crossing: tuple[float, ...],
    lines: Sequence[tuple[float, float, float]],
) -> set[tuple[int, int]]:
    """Between which cells no line stands: (inner place, step along it) without one."""
    spans: dict[int, list[Interval]] = {}
    for place, start, end in lines:
        at = min(range(len(places)), key=lambda number: abs(places[number] - place))
        spans.setdefault(at, []).append((start, end))
    found: set[tuple[int, int]] = set()
    for at in range(1, len(places) - 1):
        for step, (start, end) in enumerate(pairwise(crossing)):
            covered = sum(
                max(0.0, min(end, finish) - max(start, begin))
                for begin, finish in spans.get(at, ())
            )
            if covered < 0.5 * (end - start):
                found.add((at, step))
    return found


def _areas(
    rows: int, columns: int, right_open: set[tuple[int, int]], below_open: set[tuple[int, int]]
) -> Iterable[Area]:
    """The cells, merged where no line parts them; what is no rectangle stays apart."""
    parent = {(row, column): (row, column) for row in range(rows) for column in range(columns)}

    def root(cell: tuple[int, int]) -> tuple[int, int]:
        while parent[cell] != cell:
            parent[cell] = parent[parent[cell]]
            cell = parent[cell]
        return cell

    for place, row in right_open:
        parent[root((row, place))] = root((row, place - 1))
    for place, column in below_open:
        parent[root((place, column))] = root((place - 1, column))
    groups: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for cell in parent:
        groups.setdefault(root(cell), []).append(cell)
    for cells in groups.values():
        top, bottom = min(row for row, _ in cells), max(row for row, _ in cells) + 1
        left, right = min(at for _, at in cells), max(at for _, at in cells) + 1
        if len(cells) == (bottom - top) * (right - left):
            yield Area(top, bottom, left, right)
        else:
            yield from (Area(row, row + 1, at, at + 1) for row, at in cells)


def step_of(places: Sequence[float], at: float) -> int:
    """Between which of `places` something stands, counted from 0."""
    return min(max(bisect_right(places, at) - 1, 0), len(places) - 2)
