"""The parts of PDF pages to blocks: headings, paragraphs, list items and table rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from corpus.document import BlockKind
from corpus.readers.draft import DraftBuilder
from corpus.readers.grid import Grid
from corpus.readers.parts import Part as TablePart
from corpus.readers.pdf.groups import Style, groups_of, text_of
from corpus.readers.pdf.hyphens import Hyphens
from corpus.readers.pdf.layout import Part
from corpus.readers.pdf.lines import Line
from corpus.readers.pdf.outline import headings_among
from corpus.readers.pdf.tables import Table
from corpus.readers.tables import add_grid

_DEEPEST = 9
_EDGE_SLACK = 4  # points


class Composer:
    """Adds pages to a builder; knows the document's usual letters and where its headings are."""

    def __init__(
        self,
        builder: DraftBuilder,
        lines: Iterable[Line],
        outline: dict[int, list[tuple[str, int]]],
    ) -> None:
        known = list(lines)
        self._builder = builder
        self._outline = outline
        self._hyphens = Hyphens(known)
        self._style = style_of(known)
        self._level = 0  # of the outline's last heading
        self._table: tuple[Table, TablePart | None] | None = None  # what the page before ends with

    def add_page(self, number: int, parts: Sequence[Part], kept: Sequence[str] = ()) -> None:
        """Add the blocks of a page, then what its running lines say for the first time."""
        titles = self._outline.get(number, ())
        if titles:  # an entry whose title is not on the page still begins a part of the document
            self._level = titles[0][1]
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
        for text in kept:
            self._builder.add(BlockKind.PARAGRAPH, text)

    def _add_lines(self, lines: Sequence[Line], titles: Sequence[tuple[str, int]]) -> None:
        headings = headings_among(lines, titles)
        for group in groups_of(lines, headings, self._style):
            level = group.level
            if group.kind is BlockKind.HEADING:
                if group.outlined:
                    self._level = level
                elif self._outline:
                    level = self._level + 1
                level = min(level, _DEEPEST)
            text = text_of(group.lines, self._hyphens)
            self._builder.add(group.kind, text, level=level)

    def _add_table(self, table: Table, *, goes_on: bool) -> None:
        """Add the rows; a table that goes on from the page before keeps its header."""
        rows = [tuple(self._hyphens.joined(cell.split("\n")) for cell in row) for row in table.rows]
        before = None
        if goes_on and self._table is not None and _same_columns(self._table[0], table):
            before = self._table[1]
        depth = table.header_rows if before is None else 0
        grid = Grid(tuple(rows), depth, table.lines, table.marked)
        self._table = table, add_grid(self._builder, grid, before=before, printed=True)


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
