"""The reading order of a page: rows from the top, columns of text one after the other, tables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median

from corpus.readers.pdf.seen.beside import between, columns_beside
from corpus.readers.pdf.seen.lines import Line, line_of
from corpus.readers.pdf.seen.rows import Row, Segment
from corpus.readers.pdf.seen.words import Word
from corpus.readers.pdf.tables.aligned import aligned_table, column_of, is_table, texts_of
from corpus.readers.pdf.tables.bands import Band, table_bands, text_band
from corpus.readers.pdf.tables.ruled import Table, apart

Part = Line | Table
_FAR = 1.5  # of the size: running lines in one margin stand apart by more
MARGIN = 0.13  # of the page's height, at the top and at the bottom
_NEXT = 1.5  # of the size: what stands farther below is another label
_FEWEST = 3  # rows of a band
_DEEPEST = 4  # columns within columns
_LEADERS = re.compile(r"[.·_…]{4,}")


@dataclass(slots=True)
class Placed:
    """A ruled table, or what stands in a frame (`parts`), where it is among the rows."""

    table: Table | None
    left: float
    top: float
    right: float
    bottom: float
    base: float
    size: float
    parts: tuple[Part, ...] = ()
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
                self.placed(item)
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

    def placed(self, placed: Placed) -> None:
        if placed.table is not None:
            self.table(placed.table)
            return
        self.column += 1
        self.parts += [replace(part, column=self.column) for part in placed.parts]
        self.column += 1

    def table(self, table: Table) -> None:
        self.parts += [replace(part, column=self.column) for part in apart(table)]

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
    mixed = between(rows) if depth <= _DEEPEST else []
    while at < len(rows):
        beside = columns_beside(rows, at, mixed)
        if beside is not None:
            for side in beside.sides:
                _arrange(side, order, depth=depth + 1)
                order.column += 1
            at = beside.end
            continue
        if len(rows[at]) < 2 or depth > _DEEPEST:
            order.row(rows[at])
            at += 1
            continue
        band = text_band(rows, at)
        table = _table_at(rows, at, band)
        if table is not None:
            band = table
            order.table(aligned_table(rows[at : band.end], band))  # type: ignore[arg-type]
        elif band.gutters:
            _take(rows[at : band.end], band, order, depth=depth)
        else:
            order.row(rows[at])
        at = max(band.end, at + 1)


def _table_at(rows: list[list[Segment | Placed]], at: int, strict: Band) -> Band | None:
    """The band that begins here as a table, where it shows more columns or rows so."""
    for band in table_bands(rows, at, strict):
        inside = [
            row
            for number, row in enumerate(rows[at + band.above : band.end], start=at + band.above)
            if number not in band.lone
        ]
        if any(isinstance(item, Placed) for row in inside for item in row):
            continue
        if _kind(inside, band.gutters) == "table":  # type: ignore[arg-type]
            return band
    return None


def _take(rows: list[list[Segment | Placed]], band: Band, order: _Order, *, depth: int) -> None:
    """A band of rows: as columns of text, as a table, or row by row."""
    gutters = band.gutters
    if any(isinstance(item, Placed) for row in rows for item in row):
        kind = "columns" if len(gutters) == 1 else "rows"
    else:
        kind = _kind(rows, gutters)  # type: ignore[arg-type]
    if kind == "table":
        order.table(aligned_table(rows, band))  # type: ignore[arg-type]
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
    label: list[Segment | Placed] | None = None  # the row before, where it has one
    for row in rows:
        here = column_of(row[0], gutters) == 0  # type: ignore[arg-type]
        if here and block and (label is None or row[0].base - label[0].base >= _NEXT * row[0].size):
            _take_block(block, gutters, order)
            block = []
        label = row if here else None
        block.append(row)
    _take_block(block, gutters, order)


def _take_block(block: list[list[Segment | Placed]], gutters: list[float], order: _Order) -> None:
    labels = [row for row in block if column_of(row[0], gutters) == 0]  # type: ignore[arg-type]
    wrapped = len(labels) > 1 and len(gutters) == 1 and all(_starts_low(row) for row in labels[1:])
    if not wrapped:
        for row in block:
            order.row(row)
        return
    for column in (0, 1):
        for row in block:
            order.row([item for item in row if column_of(item, gutters) == column])  # type: ignore[arg-type]


def _starts_low(row: Sequence[Segment | Placed]) -> bool:
    """Whether a row begins in the middle of a sentence: a letter alone is a sign of its own."""
    first = row[0].words[0].text[:2] if row[0].words else ""
    return len(first) > 1 and first[0].islower() and first[1] not in "|^(_"


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
    if is_table(columns, len(rows), full):
        return "table"
    if len(gutters) < 2 or _is_prose(columns[0], spans[0], len(rows)):
        return "rows"
    return "table" if is_table(*texts_of(rows, gutters)) else "rows"


def _is_prose(texts: Sequence[str], spans: Sequence[tuple[float, float]], rows: int) -> bool:
    """Whether a column is running text: its lines fill it and are made of words."""
    if len(texts) < max(_FEWEST, 0.35 * rows):
        return False
    letters = sum([sum(map(str.isalpha, text)) for text in texts])
    total = sum(map(len, texts))
    spaces = sum(text.count(" ") for text in texts)
    if total < 11 * len(texts) or spaces < 1.2 * len(texts) or letters < 0.65 * total:
        return False
    left, right = min(start for start, _ in spans), max(end for _, end in spans)
    filled = median((end - start) / max(right - left, 1) for start, end in spans)
    return filled > 0.6
