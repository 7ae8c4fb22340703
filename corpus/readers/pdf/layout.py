"""The reading order of a page: rows from the top, columns of text one after the other, tables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from corpus.readers.draft import is_value
from corpus.readers.pdf.lines import Line, line_of
from corpus.readers.pdf.rows import Row, Segment
from corpus.readers.pdf.tables import Table, aligned_table, column_of
from corpus.readers.pdf.words import Word
from corpus.readers.plain import ITEM

Part = Line | Table
_FAR = 1.5  # of the size: running lines in one margin stand apart by more
MARGIN = 0.13  # of the page's height, at the top and at the bottom
_GUTTER = 0.8  # of the letters' size: columns stand apart by at least as much
_FEWEST = 3  # rows of a band
_DEEPEST = 4  # columns within columns
_LEADERS = re.compile(r"[.·_…]{4,}")


@dataclass(slots=True)
class Placed:
    """A ruled table where it stands among the rows."""

    table: Table
    left: float
    top: float
    right: float
    bottom: float
    base: float
    size: float
    words: tuple[Word, ...] = ()


class _Order:
    """Collects the parts of a page; counts its columns."""

    def __init__(self, height: float) -> None:
        self.height = height
        self.parts: list[Part] = []
        self.column = 0

    def row(self, row: Sequence[Segment | Placed]) -> None:
        text: list[Segment] = []
        for item in row:
            if isinstance(item, Placed):
                self.line(text)
                text = []
                self.parts.append(replace(item.table, column=self.column))
            else:
                text.append(item)
        self.line(text)

    def line(self, segments: Sequence[Segment]) -> None:
        """One line; in the page's margins what stands far apart is told apart: a running line."""
        runs: list[list[Segment]] = []
        for segment in segments:
            if runs and (
                segment.left - runs[-1][-1].right < _FAR * segment.size or not self._margin(segment)
            ):
                runs[-1].append(segment)
            else:
                runs.append([segment])
        for at, run in enumerate(runs):
            if line := line_of(run, column=self.column, same=at > 0):
                self.parts.append(line)

    def _margin(self, segment: Segment) -> bool:
        return not MARGIN * self.height <= segment.base <= (1 - MARGIN) * self.height


def in_order(rows: Sequence[Row], tables: Sequence[Placed], *, height: float) -> list[Part]:
    """Lines and tables as a person reads them."""
    placed: list[list[Segment | Placed]] = [list(row) for row in rows]
    placed += [[table] for table in tables]
    if tables:
        placed.sort(key=lambda row: row[0].base)
    order = _Order(height)
    _arrange(placed, order, depth=0)
    return order.parts


def _arrange(rows: list[list[Segment | Placed]], order: _Order, *, depth: int) -> None:
    at = 0
    while at < len(rows):
        if len(rows[at]) < 2 or depth > _DEEPEST:
            order.row(rows[at])
            at += 1
            continue
        end, gutters = _band(rows, at)
        if not gutters:
            order.row(rows[at])
            at += 1
            continue
        _take(rows[at:end], gutters, order, depth=depth)
        at = end


def _band(rows: list[list[Segment | Placed]], start: int) -> tuple[int, list[float]]:
    """How far rows go on that leave the same gutters free, and where these are."""
    free = [[before.right, after.left, 1] for before, after in pairwise(rows[start])]
    both, end, last = 1, start + 1, start
    for at in range(start + 1, len(rows)):
        row = rows[at]
        if row[0].base - rows[at - 1][0].base > 6 * row[0].size and len(row) < 2:
            break
        left = [gap for gap in free if _narrowed(gap, row) is not None]
        if not left or any(gap[2] >= 4 for gap in free if not any(gap is other for other in left)):
            break
        for gap in left:
            narrowed = _narrowed(gap, row)
            assert narrowed is not None
            gap[0], gap[1] = narrowed
            gap[2] += row[0].left < gap[0] and row[-1].right > gap[1]
        free = left
        end = at + 1
        if len(row) > 1 and any(row[0].left < gap[0] < row[-1].right for gap in free):
            both += 1
            last = at
    if both < _FEWEST:
        return start, []
    end = _without_tail(rows, last, end)
    return end, [(gap[0] + gap[1]) / 2 for gap in free if gap[2] >= 2]


def _narrowed(gap: Sequence[float], row: Sequence[Segment | Placed]) -> tuple[float, float] | None:
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


def _without_tail(rows: list[list[Segment | Placed]], last: int, end: int) -> int:
    """Rows after the last with text on both sides belong to the band while they follow closely."""
    at = last + 1
    while at < end and rows[at][0].base - rows[at - 1][0].base < 1.7 * rows[at][0].size:
        at += 1
    return at


def _take(
    rows: list[list[Segment | Placed]], gutters: list[float], order: _Order, *, depth: int
) -> None:
    """A band of rows: as columns of text, as a table, or row by row."""
    if any(isinstance(item, Placed) for row in rows for item in row):
        kind = "columns" if len(gutters) == 1 else "rows"
    else:
        kind = _kind(rows, gutters)  # type: ignore[arg-type]
    if kind == "table":
        table = aligned_table(rows, gutters)  # type: ignore[arg-type]
        order.parts.append(replace(table, column=order.column))
    elif kind == "columns":
        for column in range(len(gutters) + 1):
            inner = [
                chosen
                for row in rows
                if (chosen := [item for item in row if column_of(item, gutters) == column])  # type: ignore[arg-type]
            ]
            order.column += 1
            _arrange(inner, order, depth=depth + 1)
        order.column += 1
    else:
        _take_labels(rows, gutters, order)


def _take_labels(rows: list[list[Segment | Placed]], gutters: list[float], order: _Order) -> None:
    """Labels beside text: a label of several lines is read before the text beside it."""
    block: list[list[Segment | Placed]] = []
    labelled = False
    for row in rows:
        here = column_of(row[0], gutters) == 0  # type: ignore[arg-type]
        if here and not labelled and block:
            _take_block(block, gutters, order)
            block = []
        labelled = here
        block.append(row)
    _take_block(block, gutters, order)


def _take_block(block: list[list[Segment | Placed]], gutters: list[float], order: _Order) -> None:
    labels = [row for row in block if column_of(row[0], gutters) == 0]  # type: ignore[arg-type]
    steps = [after[0].base - before[0].base for before, after in pairwise(labels)]
    wrapped = (
        len(labels) > 1
        and len(gutters) == 1
        and max(steps) < 1.5 * labels[0][0].size
        and all(_starts_low(row) for row in labels[1:])
    )
    if not wrapped:
        for row in block:
            order.row(row)
        return
    for column in (0, 1):
        for row in block:
            order.row([item for item in row if column_of(item, gutters) == column])  # type: ignore[arg-type]


def _starts_low(row: Sequence[Segment | Placed]) -> bool:
    """Whether a row begins in the middle of a sentence."""
    return bool(row[0].words) and row[0].words[0].text[:1].islower()


def _kind(rows: Sequence[Row], gutters: Sequence[float]) -> str:
    columns: list[list[str]] = [[] for _ in range(len(gutters) + 1)]
    spans: list[list[tuple[float, float]]] = [[] for _ in columns]
    full = 0
    for row in rows:
        seen = set()
        for segment in row:
            at = column_of(segment, gutters)
            text = " ".join(word.text for word in segment.words)
            if at in seen:
                columns[at][-1] += " " + text
                spans[at][-1] = spans[at][-1][0], segment.right
            else:
                columns[at].append(text)
                spans[at].append((segment.left, segment.right))
            seen.add(at)
        full += len(seen) >= 2
    if not all(columns):
        return "rows"
    if all(_is_prose(texts, spans[at], len(rows)) for at, texts in enumerate(columns)):
        return "columns"
    if any(_LEADERS.search(text) for texts in columns for text in texts):
        return "rows"
    return "table" if _is_table(columns, len(rows), full) else "rows"


def _is_prose(texts: Sequence[str], spans: Sequence[tuple[float, float]], rows: int) -> bool:
    """Whether a column is running text: its lines fill it and are made of words."""
    if len(texts) < max(_FEWEST, 0.35 * rows):
        return False
    letters = sum(character.isalpha() for text in texts for character in text)
    total = sum(map(len, texts))
    spaces = sum(text.count(" ") for text in texts)
    if total < 11 * len(texts) or spaces < 1.2 * len(texts) or letters < 0.65 * total:
        return False
    left, right = min(start for start, _ in spans), max(end for _, end in spans)
    filled = median((end - start) / max(right - left, 1) for start, end in spans)
    return filled > 0.6


def _is_table(columns: Sequence[Sequence[str]], rows: int, full: int) -> bool:
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
