"""What the rows of a grid are: lines above a table, its header, its rows, and the next table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from corpus.readers.draft import is_value, is_year, looks_like_header
from corpus.readers.tables.grid import Grid, column_names
from corpus.readers.tables.sides import Band, Row, bands
from corpus.readers.tables.table import LONGEST_TITLE, Line, Names, Part, TableRow
from corpus.readers.tables.units import are_units

_HEADER_ROWS = 4
_HEADER_WITHIN = 15  # rows: above a header stand a title and notes
_LOOK_AHEAD = 20  # rows by which the first row of a table is judged


def parts_of(grid: Grid, *, before: Part | None = None) -> Iterator[Part]:
    """The tables of a grid, in order; a table beside another comes after it.

    `before` is the table at the end of the page before, if this grid has the same columns.
    """
    for band in bands(grid):
        whole = band.first == 0 and band.right - band.left == grid.columns
        yield from _Reading(grid, band, before if whole else None).parts()


class _Reading:
    """Goes through the rows of a band and says where a table begins."""

    def __init__(self, grid: Grid, band: Band, before: Part | None) -> None:
        self._rows = [row[band.left : band.right] for row in grid.rows[band.first : band.last]]
        self._width = band.right - band.left
        self._lines = {at - band.first for at in grid.lines}
        self._marked = {at - band.first for at in grid.marked}
        self._known = grid.header_rows if band.first == 0 else 0
        self._part = before.going_on() if before is not None else Part()
        self._keyed = _keyed(self._rows)
        self._grouped = False

    def parts(self) -> Iterator[Part]:
        at, gap, titled = 0, True, False
        while at < len(self._rows):
            if not any(self._rows[at]):
                at, gap = at + 1, True
                continue
            depth = self._header_depth(at, fresh=gap or titled)
            if depth:
                yield from self._begin(self._rows[at : at + depth])
                self._grouped = _grouped(self._rows[at + depth :])
                if titled and not gap and self._part.above:
                    self._part.title = self._part.above[-1]
                titled = False
            elif self._is_line(at):
                self._take_line(at)
                titled = True
            else:
                yield from self._take_row(at, gap=gap)
                titled = False
            at, gap = at + max(depth, 1), False
        if self._part.body or self._part.above or self._part.names:
            yield self._part

    def _begin(self, rows: Sequence[Row]) -> Iterator[Part]:
        """A header: of another table, or the same again after a page's end or a title."""
        names, header = column_names(rows), Names(tuple(rows))
        if names == self._part.names:
            self._part.body.append(header)
            return
        if self._part.body or self._part.names:
            above = self._titles()
            yield self._part
            self._part = Part(above)
        self._part.names, self._part.header, self._part.under = names, header, ""

    def _titles(self) -> list[str]:
        """The lines at the end of a table, behind its notes: they belong to what begins now."""
        body = self._part.body
        at = len(body)
        while at and isinstance(line := body[at - 1], Line) and not line.notes:
            at -= 1
        titles = [line.text for line in body[at:] if isinstance(line, Line)]
        del body[at:]
        return titles

    def _take_line(self, at: int) -> None:
        text = next(filter(None, self._rows[at]))
        if not self._part.names and not self._part.body:
            self._part.above.append(text)
            return
        line = Line(text)
        if line.heads:
            self._part.under = text
        self._part.body.append(line)

    def _take_row(self, at: int, *, gap: bool) -> Iterator[Part]:
        row = self._rows[at]
        if gap and self._part.names and self._part.body and not self._alike(row):
            titles = self._titles()
            yield self._part
            self._part = Part(titles)
        self._part.body.append(TableRow(tuple(row), self._part.under))

    def _alike(self, row: Row) -> bool:
        """Whether a row after a gap may belong to the table above it: it fills no column that has
        no name, and begins with a code where the others do."""
        last = self._part.body[-_LOOK_AHEAD:]
        keyed = _keyed([entry.cells for entry in last if isinstance(entry, TableRow)])
        named = all(name for name, cell in zip(self._part.names, row, strict=False) if cell)
        return named and not (keyed and row[0] and not is_value(row[0]))

    def _is_line(self, at: int) -> bool:
        """Whether a row is a title, a sub-heading or a note, not a row with blank cells."""
        row = self._rows[at]
        if at in self._lines:
            return True
        if sum(map(bool, row)) != 1 or self._width < 2:
            return False
        if not self._part.names and not self._part.body:
            return True
        if not row[0] or is_value(row[0]):
            return False
        if at and not any(self._rows[at - 1]):
            return True
        below = self._rows[at + 1] if at + 1 < len(self._rows) else ()
        return self._grouped or (self._keyed and (not any(below) or is_value(below[0])))

    def _header_depth(self, at: int, *, fresh: bool) -> int:
        """How many rows from here on are the header of a table; 0 where none begins here."""
        if at in self._lines:
            return 0
        if at < self._known:
            return self._deeper(at, self._known - at)
        if self._again(at) or self._stands_out(at):
            return self._deeper(at, 1)
        early = not self._part.names and at < _HEADER_WITHIN
        if early and at in self._marked and sum(map(bool, self._rows[at])) > 1:
            return 1
        if not (fresh or early):
            return 0
        depth = self._guessed(at)
        if depth and self._part.names and not self._surely(at, depth):
            return 0
        return depth

    def _below(self, at: int) -> list[Row]:
        """The rows of a table under this one, without the lines between them."""
        below: list[Row] = []
        for row in self._rows[at + 1 : at + 1 + _LOOK_AHEAD]:
            if any(row):
                below.append(row)
            elif below:
                break
        return [row for row in below if sum(map(bool, row)) > 1]

    def _again(self, at: int) -> bool:
        """Whether a header stands here, in the middle of a table: the same once more, one that
        begins as it does over figures or codes, or one that the format marks."""
        names, row = self._part.names, self._rows[at]
        if not names or sum(map(bool, row)) < 2:
            return False
        if list(row) == names:
            return True
        if at in self._marked:
            below = self._below(at)
            return bool(below) and looks_like_header(row, below)
        same = row[0] and row[0].lower() == names[0].lower()
        return bool(same) and self._texty(at) and self._contrast(at)

    def _stands_out(self, at: int) -> bool:
        """Whether a row of words stands where the rows above and below have codes and figures, in
        the first column and two others: the names of another table, with no gap before it."""
        row, below = self._rows[at], self._below(at)[:3]
        above = [entry.cells for entry in self._part.body[-3:] if isinstance(entry, TableRow)]
        filled = [cell for cell in row if cell]
        if not above or len(below) < 2 or len(set(filled)) < len(filled) or not self._texty(at):
            return False
        turned = [
            column
            for column, cell in enumerate(row)
            if cell and _hold_values(above, column) and _hold_values(below, column)
        ]
        return len(turned) > 2 and turned[0] == 0

    def _surely(self, at: int, depth: int) -> bool:
        """A second header is believed where figures or codes stand under its words, where its cells
        are marked as names, where a title stands above it after a gap, or where it has other
        columns."""
        last = at + depth - 1
        if self._contrast(last) or at in self._marked:
            return True
        titled = bool(self._part.body) and isinstance(self._part.body[-1], Line) and self._gap(at)
        columns = {column for column, cell in enumerate(self._rows[last]) if cell}
        return titled or columns != {c for c, name in enumerate(self._part.names) if name}

    def _gap(self, at: int) -> bool:
        """Whether a blank row stands above the lines that stand above this row."""
        above = at - 1
        while above >= 0 and (above in self._lines or sum(map(bool, self._rows[above])) == 1):
            above -= 1
        return above >= 0 and not any(self._rows[above])

    def _guessed(self, at: int) -> int:
        """One row that looks like names and is as wide as the rows below, with the groups above."""
        for depth in range(1, _HEADER_ROWS + 1):
            last = at + depth - 1
            if last >= len(self._rows) - 1:
                return 0
            rows, below = self._rows[at : last + 1], self._below(last)
            if depth == 1 and self._is_empty(at) and looks_like_header(rows[0]):
                return 1
            if depth > 1 and not all(map(self._texty, range(at, last + 1))):
                return 0
            if depth > 1 and not all(_groups(u, w) for u, w in pairwise(rows)):
                return 0
            names = column_names(rows)
            if below and looks_like_header(names, below) and _wide(names, below):
                return self._deeper(at, depth)
        return 0

    def _is_empty(self, at: int) -> bool:
        """Whether only lines stand under a row: "no results"."""
        below = range(at + 1, len(self._rows))
        return bool(below) and self._lines.issuperset(below)

    def _deeper(self, at: int, depth: int) -> int:
        """A row of names under a row of groups belongs to the header."""
        while depth < _HEADER_ROWS and at + depth + 1 < len(self._rows):
            upper, lower = self._rows[at + depth - 1], self._rows[at + depth]
            if at + depth not in self._lines and are_units(upper, lower):
                depth += 1
                continue
            repeated = len(set(filter(None, upper))) < sum(map(bool, upper))
            starts_blank = not lower or lower[0] in ("", upper[0]) or not upper[0]
            if not (repeated and starts_blank and self._texty(at + depth)):
                break
            if not self._contrast(at + depth):
                break
            depth += 1
        return depth

    def _texty(self, at: int) -> bool:
        row = self._rows[at]
        filled = [cell for cell in row if cell]
        return (
            len(filled) > 1
            and not any(is_value(cell) and not is_year(cell) for cell in filled)
            and all(len(cell) <= LONGEST_TITLE for cell in filled)
        )

    def _contrast(self, at: int) -> bool:
        """Whether figures or codes stand under words."""
        row = self._rows[at]
        return any(
            cell and not is_value(cell) and column < len(low) and is_value(low[column])
            for low in self._below(at)[:3]
            for column, cell in enumerate(row)
        )


def _groups(upper: Row, lower: Row) -> bool:
    """Whether a row groups the names of the row below it: it is blank where that one is not, or
    says the same for several columns."""
    filled = [cell for cell in upper if cell]
    gaps = any(low and not up for up, low in zip(upper, lower, strict=False))
    both = any(low and up and low != up for up, low in zip(upper, lower, strict=False))
    return (gaps or len(set(filled)) < len(filled)) and both


def _hold_values(rows: Sequence[Row], column: int) -> bool:
    held = [row[column] for row in rows if column < len(row) and row[column]]
    return bool(held) and all(map(is_value, held))


def _wide(names: Row, below: Sequence[Row]) -> bool:
    widths = sorted(sum(map(bool, row)) for row in below if sum(map(bool, row)) > 1)
    corner = bool(names) and not names[0] and all(names[1:])  # above what names the rows
    return not widths or sum(map(bool, names)) + corner >= widths[len(widths) // 2]


def _grouped(rows: Sequence[Row]) -> bool:
    """Whether the rows under a header begin with one that has a name alone, and go on so: each
    such row stands over full ones."""
    alone: list[bool] = []
    for row in rows:
        if not any(row):
            break
        filled = sum(map(bool, row))
        if filled != len(row) and not (filled == 1 and row[0]):
            return False
        alone.append(filled == 1)
    if len(alone) < 4 or not alone[0] or alone[-1] or sum(alone) < 2 or len(rows[0]) < 3:
        return False
    return not any(one and other for one, other in pairwise(alone))


def _keyed(rows: Iterable[Row]) -> bool:
    """Whether the first column holds codes or figures: a word there is no row of its own."""
    first = [row[0] for row in rows if row and row[0] and sum(map(bool, row)) > 1]
    return len(first) > 1 and sum(map(is_value, first)) * 2 > len(first)
