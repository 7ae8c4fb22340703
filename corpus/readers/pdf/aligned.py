"""Tables without lines: columns that only stand in line."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from corpus.readers.draft import is_value
from corpus.readers.pdf.bands import Band
from corpus.readers.pdf.lines import Line, line_of
from corpus.readers.pdf.rows import Row, Segment
from corpus.readers.pdf.tables import Table, table_of
from corpus.readers.plain import ITEM

_FEWEST = 3  # rows
_GOES_ON = 1.35  # of the letters' size: lines of one cell stand closer
_GAP = 1.7  # of the usual step: what stands farther below may be another table
_FAR = 2.5  # of the usual gutter: so far apart stand two tables
_IN_LINE = 2.0  # points
Cells = list[list[Line]]


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
    """The rows of a band as a table."""
    gutters = band.gutters
    table: list[Cells] = []
    lines: set[int] = set()
    spans = _extents([row for at, row in enumerate(rows) if at >= band.above], gutters)
    usual = _usual_step(rows)
    before: Row | None = None
    for at, row in enumerate(rows):
        if before is not None and row[0].base - before[0].base > _GAP * usual:
            table.append([[] for _ in spans])
        if band.start + at in band.lone or _is_line(row, at, band):
            lines.add(len(table))
            table.append([[line for line in (line_of(row),) if line], *([] for _ in gutters)])
            before = None
            continue
        if not table or at < band.above or not _goes_on(row, before, gutters):
            table.append([[] for _ in spans])
        placed = _over(row, spans, gutters) if at < band.above else _in_columns(row, gutters)
        for column, parts in enumerate(placed):
            if parts and (line := line_of(parts)):
                table[-1][column].append(line)
        before = row
    edges = [round(left) for left, _ in spans]
    return table_of([[tuple(cell) for cell in cells] for cells in table], edges, lines)


def _usual_step(rows: Sequence[Row]) -> float:
    steps = [after[0].base - before[0].base for before, after in pairwise(rows)]
    return max(median(steps), 1.0) if steps else 1.0


def _is_line(row: Row, at: int, band: Band) -> bool:
    """Above the first whole row: a text that begins on the left is a title, not a name."""
    return at < band.above and len(row) == 1 and row[0].left < band.gutters[0]


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


def _over(
    row: Row, spans: Sequence[tuple[float, float]], gutters: Sequence[float]
) -> list[list[Segment]]:
    """Names that may stand over several columns: those that they reach over, and those in the
    middle of which they stand."""
    parts: list[list[Segment]] = [[] for _ in spans]
    reach = [
        (
            sum(segment.left > gutter for gutter in gutters),
            sum(segment.right > gutter for gutter in gutters),
        )
        for segment in row
    ]
    start = 0
    for number, segment in enumerate(row):
        first, last = reach[number]
        end = reach[number + 1][0] if number + 1 < len(row) else len(spans)
        if abs(segment.left - spans[first][0]) > _IN_LINE:
            first, last = _centred(segment, spans, (start, first), (last, end))
        for column in range(first, last + 1):
            parts[column].append(segment)
        start = last + 1
    return parts


def _centred(
    segment: Segment,
    spans: Sequence[tuple[float, float]],
    firsts: tuple[int, int],
    lasts: tuple[int, int],
) -> tuple[int, int]:
    """The columns whose middle is nearest to the segment's."""
    middle = (segment.left + segment.right) / 2
    choices = [
        (first, last)
        for first in range(min(firsts), firsts[1] + 1)
        for last in range(lasts[0], max(lasts[1], lasts[0] + 1))
    ]
    return min(
        choices,
        key=lambda range_: (
            abs((spans[range_[0]][0] + spans[range_[1]][1]) / 2 - middle) // 3,
            range_[1] - range_[0],
        ),
    )
