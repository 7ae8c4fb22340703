"""The parts of PDF pages to blocks: headings, paragraphs, list items and table rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from corpus.document import BlockKind
from corpus.readers.draft import (
    DraftBuilder,
    add_row,
    header_index,
    header_of,
    is_value,
    looks_like_header,
)
from corpus.readers.headings.contents import contents_of
from corpus.readers.pdf.groups import Group, Style, groups_of, text_of
from corpus.readers.pdf.hyphens import Hyphens
from corpus.readers.pdf.layout import Part
from corpus.readers.pdf.lines import Line
from corpus.readers.pdf.outline import Promised, headings_among
from corpus.readers.pdf.spots import PlacesBuilder
from corpus.readers.pdf.tables import Cell, Table

Rows = list[list[str]]
_EDGE_SLACK = 4  # points


class Composer:
    """Adds pages to a builder; knows the document's usual letters and where its headings are."""

    def __init__(
        self,
        builder: DraftBuilder,
        lines: Iterable[Line],
        outline: dict[int, list[tuple[str, int]]],
        pages: Sequence[Sequence[Line]],
        places: PlacesBuilder,
    ) -> None:
        """`pages` are the lines of each page without the running ones."""
        known = list(lines)
        self._places = places
        self._page = 0
        self._builder = builder
        self._outline = outline
        contents = contents_of([[line.text for line in page] for page in pages])
        self._contents = frozenset(id(pages[page][at]) for page, at in contents.lines)
        self._promised = Promised(contents.titles)
        self._hyphens = Hyphens(known)
        self._style = style_of([line for line in known if id(line) not in self._contents])
        self._table: tuple[Table, Rows, list[str]] | None = None  # what the page before ended with

    def add_page(
        self, number: int, parts: Sequence[Part], kept: Sequence[tuple[str, Line]] = ()
    ) -> None:
        """Add the blocks of a page, then what its running lines say for the first time."""
        self._page = number
        titles = self._outline.get(number, ())
        run: list[Line] = []
        for at, part in enumerate(parts):
            if isinstance(part, Line):
                run.append(part)
                continue
            self._add_lines(run, titles)
            run = []
            self._add_table(part, goes_on=at == 0)
        self._add_lines(run, titles)
        if run:
            self._table = None
        for text, line in kept:
            with self._placed([(text, line.spot)]):
                self._builder.add(BlockKind.PARAGRAPH, text)

    def _add_lines(self, lines: Sequence[Line], titles: Sequence[tuple[str, int]]) -> None:
        headings = headings_among(lines, titles, self._contents)
        headings = {**self._promised.among(lines, self._contents), **headings}
        for group in groups_of(lines, headings, self._style, self._contents):
            text = text_of(group.lines, self._hyphens)
            with self._placed([(line.text, line.spot) for line in group.lines]):
                self._add_group(group, text)

    def _add_group(self, group: Group, text: str) -> None:
        if group.kind is BlockKind.HEADING:
            self._builder.add_heading(
                text, group.look, outline=group.outline, doubt=group.doubt, other=group.other
            )
        else:
            self._builder.add(group.kind, text)

    @contextmanager
    def _placed(self, units: Sequence[tuple[str, int]]) -> Iterator[None]:
        """Tell where stands what the block adds."""
        start = self._builder.length
        yield
        self._places.add(start, self._builder.length, self._page, units)

    def _add_table(self, table: Table, *, goes_on: bool) -> None:
        """Add the rows; a table that goes on from the page before keeps its header."""
        rows = [[self._hyphens.joined(cell.split("\n")) for cell in row] for row in table.rows]
        carried = self._table
        if goes_on and carried is not None and _goes_on(carried[0], carried[1], table, rows):
            names, header = carried[1], carried[2]
            for number, row in enumerate(rows):
                self._add_row(table, number, row, header=None if row in names else header)
        else:
            names, first = _header_rows(table, rows)
            header = header_of(names)
            for number, row in enumerate(rows):
                below = names and number >= first
                self._add_row(table, number, row, header=header if below else None)
        bare = replace(table, cells=())  # its lines would stay in memory
        self._table = bare, names, header

    def _add_row(
        self, table: Table, number: int, row: list[str], *, header: Sequence[str] | None
    ) -> None:
        cells = table.cells[number] if table.cells else ((),) * len(row)
        written = zip(table.rows[number], cells, strict=True)
        with self._placed([unit for text, cell in written for unit in _units(text, cell)]):
            add_row(self._builder, row, header=header)


def _units(text: str, cell: Cell) -> Iterator[tuple[str, int]]:
    """What a cell's text was made of; a tick is written as a word and stands as one thing."""
    if cell and text == "\n".join([line.text for line in cell]):
        for line in cell:
            yield line.text, line.spot
    else:
        yield text, cell[0].spot if cell else -1


def style_of(lines: Sequence[Line]) -> Style:
    """The size most letters have, larger ones, and whether bold is rare enough for headings."""
    sizes: Counter[float] = Counter()
    bold = 0
    for line in lines:
        sizes[line.size] += len(line.text)
        bold += len(line.text) * line.bold
    body = max(sizes, key=lambda size: (sizes[size], size), default=0.0)
    larger = sorted((size for size in sizes if size >= body * 1.15), reverse=True)
    return Style(body, tuple(larger), bold_tells=bold * 3 < sum(sizes.values()))


def _header_rows(table: Table, rows: Rows) -> tuple[Rows, int]:
    """The rows that name the columns, and which row is the first below them."""
    at = header_index(rows)
    if at is None:
        return [], 0
    end = at + 1
    while end < len(rows) - 1 and end <= table.spanned and looks_like_header(rows[end]):
        end += 1
    return rows[at:end], end


def _goes_on(before: Table, names: Rows, table: Table, rows: Rows) -> bool:
    """Whether a table at a page's top is the one that the page before ended with.

    It is another where its own first row names columns that hold figures or codes below it.
    """
    if not _same_columns(before, table):
        return False
    if not names or rows[0] in names or not looks_like_header(rows[0], rows[1:20]):
        return True
    return not any(
        cell and not is_value(cell) and _hold_values(rows[1:], at)
        for at, cell in enumerate(rows[0])
    )


def _hold_values(rows: Rows, column: int) -> bool:
    filled = [row[column] for row in rows if column < len(row) and row[column]]
    return len(filled) > 1 and sum(map(is_value, filled)) * 2 > len(filled)


def _same_columns(one: Table, other: Table) -> bool:
    return len(one.edges) == len(other.edges) and all(
        abs(a - b) <= _EDGE_SLACK for a, b in zip(one.edges, other.edges, strict=True)
    )
