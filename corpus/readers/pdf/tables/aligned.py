"""Tables without lines: columns that only stand in line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from corpus.readers.draft import is_value, is_year
from corpus.readers.pdf.seen.lines import Line, line_of
from corpus.readers.pdf.seen.rows import Row, Segment
from corpus.readers.pdf.tables.bands import PARTED, Band
from corpus.readers.pdf.tables.ruled import Table, apart, table_of
from corpus.readers.plain import ITEM

_FEWEST = 3  # rows
_GOES_ON = 1.35  # of the letters' size: lines of one cell stand closer
_GAP = 1.7  # of the usual step: what stands farther below may be another table
_WIDER = 1.5  # than all other gutters is the one between two tables
_IN_LINE = 2.0  # points


def column_of(segment: Segment, gutters: Sequence[float]) -> int:
    middle = (segment.left + segment.right) / 2
    return sum(middle > gutter for gutter in gutters)


def is_table(columns: Sequence[Sequence[str]], rows: int, full: int) -> bool:
    """Whether texts that stand in columns are a table: of so many rows, so many are full."""
    if full < _FEWEST or full < 0.6 * rows:
        return False
    lengths = [sum(map(len, texts)) / len(texts) for texts in columns]
    markers = sum(ITEM.match(f"{text} x") is not None for text in columns[0])
    if markers * 2 > len(columns[0]):
        return False
    values = [sum(map(is_value, texts)) / len(texts) for texts in columns]
    if len(columns) == 2:
        listing = values[1] > 0.9 and all(text.isdigit() and len(text) < 4 for text in columns[1])
        return max(lengths) < 60 and max(values) > 0.6 and full > 0.8 * rows and not listing
    return max(lengths) < 80 and sum(lengths) < 45 * len(columns)


def texts_of(rows: Sequence[Row], gutters: Sequence[float]) -> tuple[list[list[str]], int, int]:
    """The texts of each column, lines of one cell joined; how many rows these are, and how many
    of them have text in two columns."""
    columns: list[list[str]] = [[] for _ in range(len(gutters) + 1)]
    count = full = 0
    filled: set[int] = set()
    last = None
    for row in rows:
        within = _goes_on(row, last, gutters)
        last = row
        if not within:
            count += 1
            full += len(filled) > 1
            filled = set()
        for segment in row:
            at = column_of(segment, gutters)
            text = " ".join(word.text for word in segment.words)
            if at in filled:
                columns[at][-1] += " " + text
            else:
                columns[at].append(text)
            filled.add(at)
    return columns, count, full + (len(filled) > 1)


def _goes_on(row: Row, before: Row | None, gutters: Sequence[float]) -> bool:
    """Whether a line goes on in the cells of the row above it."""
    if before is None or row[0].base - before[0].base >= _GOES_ON * row[0].size:
        return False
    return column_of(row[0], gutters) > 0


def aligned_table(rows: Sequence[Row], band: Band) -> Table:
    """The rows of a band as a table; where a gap parts them, a blank row."""
    spans = _extents([row for at, row in enumerate(rows) if at >= band.above], band.gutters)
    written: list[_Written] = []
    for at, row in enumerate(rows):
        if band.start + at in band.lone or _is_line(row, at, band):
            placed = [list(row), *([] for _ in band.gutters)]
            written.append(_Written(placed, row[0].base, line=True))
            continue
        names = at < band.above and not any(map(_holds_value, row))
        placed = _over(row, spans) if names else _in_columns(row, band.gutters)
        last = written[-1] if written else None
        goes_on = last is not None and not last.line and at > band.above
        if goes_on and _goes_on(row, rows[at - 1], band.gutters):
            written[-1].add(placed, row[0].base)
        else:
            written.append(_Written(placed, row[0].base))
    return _laid(written, spans)


@dataclass(slots=True)
class _Written:
    """A row as it stands: the segments of each cell, line by line."""

    placed: list[list[Segment]]
    first: float
    line: bool = False
    last: float = 0.0
    cells: list[list[Line]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.cells = [[] for _ in self.placed]
        self.add(self.placed, self.first)

    def add(self, placed: list[list[Segment]], base: float) -> None:
        for cell, parts in zip(self.cells, placed, strict=True):
            if parts and (line := line_of(parts)):
                cell.append(line)
        self.last = base

    @property
    def size(self) -> float:
        return max((line.size for cell in self.cells for line in cell), default=1.0)


def _laid(rows: Sequence[_Written], spans: Sequence[tuple[float, float]]) -> Table:
    steps = [after.first - before.last for before, after in pairwise(rows)]
    usual = median(steps) if steps else 0.0
    table: list[list[list[Line]]] = []
    lines: set[int] = set()
    for at, row in enumerate(rows):
        if at and steps[at - 1] > max(_GAP * usual, PARTED * row.size):
            table.append([[] for _ in spans])
        if row.line:
            lines.add(len(table))
        table.append(row.cells)
    cells = [[tuple(cell) for cell in found] for found in table]
    return _with_gap(table_of(cells, [round(left) for left, _ in spans], lines), spans, lines)


def _with_gap(table: Table, spans: Sequence[tuple[float, float]], lines: set[int]) -> Table:
    """With an empty column at the widest gutter, if two tables stand side by side there."""
    gaps = [after[0] - before[1] for before, after in pairwise(spans)]
    if len(gaps) < 3:
        return table
    at = max(range(len(gaps)), key=gaps.__getitem__) + 1
    if gaps[at - 1] < _WIDER * max(gap for number, gap in enumerate(gaps, 1) if number != at):
        return table
    sides = [[any(row[:at]) for row in table.rows], [any(row[at:]) for row in table.rows]]
    if any(side != sorted(side, reverse=True) for side in sides):
        return table  # a table has no rows that are blank, but may be the shorter one
    cells = [[*row[:at], (), *row[at:]] for row in table.cells]
    edges = [*table.edges[:at], table.edges[at] - 1, *table.edges[at:]]
    parted = table_of(cells, edges, lines)
    return parted if len(apart(parted)) > 1 else table


def _is_line(row: Row, at: int, band: Band) -> bool:
    """Above the first whole row: a text that begins on the left is a title, not a name, and so is
    what says something of itself ("Date: 1 May")."""
    if at >= band.above:
        return False
    if any(":" in word.text or "：" in word.text for segment in row for word in segment.words):
        return True
    return len(row) == 1 and row[0].left < band.gutters[0]


def _holds_value(segment: Segment) -> bool:
    text = " ".join(word.text for word in segment.words)
    return is_value(text) and not is_year(text)


def _in_columns(row: Row, gutters: Sequence[float]) -> list[list[Segment]]:
    parts: list[list[Segment]] = [[] for _ in range(len(gutters) + 1)]
    for segment in row:
        parts[column_of(segment, gutters)].append(segment)
    return parts


def _extents(rows: Sequence[Row], gutters: Sequence[float]) -> list[tuple[float, float]]:
    """From where to where the text of each column goes."""
    found: list[tuple[float, float]] = [(10_000.0, -10_000.0)] * (len(gutters) + 1)
    for row in rows:
        for segment in row:
            at = column_of(segment, gutters)
            left, right = found[at]
            found[at] = min(left, segment.left), max(right, segment.right)
    return found


def _over(row: Row, spans: Sequence[tuple[float, float]]) -> list[list[Segment]]:
    """The names of a row in all columns that they stand over."""
    if len(row) == len(spans):
        return [[segment] for segment in row]
    parts: list[list[Segment]] = [[] for _ in spans]
    start = 0
    for number, segment in enumerate(row):
        left = len(row) - number - 1  # names that need a column too
        first, last = _span(segment, spans, start, max(len(spans) - left, start + 1))
        for column in range(first, last + 1):
            parts[column].append(segment)
        start = min(last + 1, len(spans) - 1)
    return parts


def _span(
    segment: Segment, spans: Sequence[tuple[float, float]], start: int, end: int
) -> tuple[int, int]:
    """The first and the last column that a name stands over: it reaches over all of them, and
    stands in line with them on the left, on the right or in the middle."""
    under = [at for at in range(start, end) if _overlap(segment, spans[at]) > _IN_LINE]
    firsts = range(start, (under[0] if under else end - 1) + 1)
    lasts = range(under[-1] if under else start, end)
    choices = [(first, last) for first in firsts for last in lasts if first <= last]

    def cost(choice: tuple[int, int]) -> tuple[float, int]:
        left, right = spans[choice[0]][0], spans[choice[1]][1]
        middle = abs(left + right - segment.left - segment.right) / 2
        off = min(abs(left - segment.left), abs(right - segment.right), middle)
        return off // _IN_LINE, choice[1] - choice[0]

    return min(choices, key=cost)


def _overlap(segment: Segment, span: tuple[float, float]) -> float:
    return min(segment.right, span[1]) - max(segment.left, span[0])
