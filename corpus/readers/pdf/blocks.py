"""The parts of PDF pages to blocks: headings, paragraphs, list items and table rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from corpus.document import BlockKind
from corpus.readers.draft import BAR, DraftBuilder
from corpus.readers.headings.contents import contents_of
from corpus.readers.pdf.file.outline import Promised, headings_among
from corpus.readers.pdf.groups import Group, Style, groups_of, text_of
from corpus.readers.pdf.seen.hyphens import Hyphens
from corpus.readers.pdf.seen.layout import Part
from corpus.readers.pdf.seen.lines import Line
from corpus.readers.pdf.seen.spots import PlacesBuilder
from corpus.readers.pdf.tables.ruled import Cell, Table, going_on
from corpus.readers.tables.added import add_grid
from corpus.readers.tables.grid import Grid
from corpus.readers.tables.table import Part as TablePart

Rows = Sequence[tuple[str, ...]]
Units = list[tuple[str, int]]
_AHEAD = 50  # rows of a table among which the one that was added is
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
        self._table: tuple[Table, TablePart | None] | None = None  # what the page before ends with

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
        """Add the rows; a table that goes on from the page before keeps its header, and what its
        last rows stood under."""
        before = None
        if goes_on and self._table is not None and _same_columns(self._table[0], table):
            before = self._table[1]
            table = going_on(table, self._table[0], before.names if before is not None else ())
        rows = [tuple(self._hyphens.joined(cell.split("\n")) for cell in row) for row in table.rows]
        depth = table.header_rows if before is None else 0
        grid = Grid(tuple(rows), depth, table.lines, table.marked)
        first, start = self._builder.count, self._builder.length
        added = add_grid(self._builder, grid, before=before, printed=True)
        finder = _RowFinder(table, rows)
        for text, end in self._builder.since(first):
            self._places.add(start, end, self._page, finder.units(text))
            start = end
        bare = replace(table, cells=())  # its lines would stay in memory
        self._table = bare, added


class _RowFinder:
    """Finds for what was added of a table the cells that it was made of, row after row."""

    def __init__(self, table: Table, rows: Rows) -> None:
        self._table = table
        self._rows = rows
        self._next = 0

    def units(self, text: str) -> Units:
        """The texts of a row, each with the number of the line where it stands."""
        cells = f" {text}".split(BAR)  # the first cell of a row may be blank
        for number in range(self._next, min(self._next + _AHEAD, len(self._rows))):
            row = self._rows[number]
            matched = _matched(cells, row)
            if matched is not None:
                whole = sum(map(bool, cells)) >= sum(map(bool, row))
                self._next = number + whole  # a wide row goes on in the next block
                return [unit for at in matched for unit in self._of(number, at)]
        return []

    def _of(self, row: int, column: int) -> Units:
        """What a cell's text was made of; a tick is written as a word and stands as one thing."""
        text = self._table.rows[row][column]
        cell: Cell = self._table.cells[row][column] if self._table.cells else ()
        if cell and text == "\n".join([line.text for line in cell]):
            return [(line.text, line.spot) for line in cell]
        return [(text, cell[0].spot if cell else -1)]


def _matched(cells: Sequence[str], row: tuple[str, ...]) -> list[int] | None:
    """The columns of a row that hold these cells, in order; None where one is not among them."""
    found: list[int] = []
    column = 0
    for cell in filter(None, map(str.strip, cells)):
        while column < len(row) and row[column].strip() != cell:
            column += 1
        if column == len(row):
            return None
        found.append(column)
        column += 1
    return found


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


def _same_columns(one: Table, other: Table) -> bool:
    return len(one.edges) == len(other.edges) and all(
        abs(a - b) <= _EDGE_SLACK for a, b in zip(one.edges, other.edges, strict=True)
    )
