"""Tables of a PDF page: words in the cells of ruled grids."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from corpus.readers.draft import is_value, looks_like_header
from corpus.readers.pdf.seen.lines import Line, line_of
from corpus.readers.pdf.seen.rows import rows_of
from corpus.readers.pdf.seen.words import Word
from corpus.readers.pdf.tables.grids import Area, Grid, step_of
from corpus.readers.tables.grid import Grid as GridRows
from corpus.readers.tables.sides import bands

_SHORT_LINE = 25  # characters: longer lines are a sentence that goes on below
_MOST_CARRIED = 5  # lines of a cell that stands in every row it covers
_MOST_REPEATED = 4  # times as many letters as stand there
_MANY_CELLS = 60
_LONGEST_CARRIED = 160  # characters: longer ones stand in the first row alone
_WIDE = 15.0  # points: narrower columns are double rulings
_TICKS = frozenset("✓✔√☑🗸🗹")
_CROSSES = frozenset("✗✘✕✖☒🗙🗴")


Cell = tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells; `edges` are the left edges of the columns in points, to know it again.

    A cell's lines are parted by line ends. `header_rows` are those at the top of which the lines
    tell that they are names; `lines` are the rows that are one cell from side to side, `marked`
    those that are bold where others are not. `held` are the texts of cells over several rows that
    reach the last one, by column, and `blank` the cells over several rows without a text: column,
    first row and last row (excluded). At the top of a page such a cell goes on from the one before.
    """

    rows: tuple[tuple[str, ...], ...]
    edges: tuple[int, ...]
    header_rows: int = 0
    lines: frozenset[int] = frozenset()
    marked: frozenset[int] = frozenset()
    column: int = 0
    held: tuple[tuple[int, str], ...] = ()
    blank: tuple[tuple[int, int, int], ...] = ()
    cells: tuple[tuple[Cell, ...], ...] = field(default=(), compare=False, repr=False)

    @property
    def columns(self) -> int:
        return max(map(len, self.rows))


def ruled_table(grid: Grid, words: Sequence[Word]) -> Table | None:
    """The grid's table with these words in it; None where it is no table."""
    held = _held(grid, words)
    areas = _filled(grid, held)
    width, height = len(grid.across) - 1, len(grid.down) - 1
    across = _needed([(area.left, area.right) for area, _ in areas], width)
    down = _needed([(area.top, area.bottom) for area, _ in areas], height)
    holding = [at for at in across if any(area.left <= at < area.right for area, _ in areas)]
    cells = _spread(areas, holding, down)
    sides = {area.top for area, _ in areas if _is_whole(area, holding)}
    groups = {
        area.top
        for area, _ in areas
        if area.top not in sides and sum(area.left <= at < area.right for at in across) > 1
    }
    rows: list[list[Cell]] = []
    numbers: list[int] = []  # of each row's row of the grid
    lines, grouped = set(), set()
    for number in down:
        ruled = [cells.get((number, at), ()) for at in across]
        if not any(ruled):
            continue
        if number in sides:
            lines.add(len(rows))
        elif number in groups:
            grouped.add(len(rows))
        rows += _unstacked(ruled)
        numbers += [number] * (len(rows) - len(numbers))
    tall = [
        area
        for number, area in enumerate(grid.areas)
        if area.bottom - area.top > 1 and number not in held and area.right - area.left < width
    ]
    wide = {
        0 for area in tall if not area.left and grid.across[area.right] - grid.across[0] > _WIDE
    }
    kept = [
        at for at, column in enumerate(across) if column in wide or any(row[at] for row in rows)
    ]
    rows = [[row[at] for at in kept] for row in rows]
    across = [across[at] for at in kept]
    edges = [round(grid.across[at]) for at in across]
    filled = sum(bool(cell) for row in rows for cell in row)
    if len(rows) < 2 or len(edges) < 2 or filled < 4 or _is_drawing(rows, areas):
        return None
    return replace(
        table_of(rows, edges, lines, grouped),
        held=_reaching_down(areas, across, numbers),
        blank=_blank(tall, across, numbers),
    )


def _reaching_down(
    areas: Sequence[tuple[Area, Cell]], across: Sequence[int], numbers: Sequence[int]
) -> tuple[tuple[int, str], ...]:
    return tuple(
        (column, "\n".join([line.text for line in written]))
        for area, written in areas
        for column, at in enumerate(across)
        if area.left <= at < area.right and area.top < numbers[-1] < area.bottom
    )


def _blank(
    areas: Sequence[Area], across: Sequence[int], numbers: Sequence[int]
) -> tuple[tuple[int, int, int], ...]:
    found = []
    for area in areas:
        rows = [row for row, number in enumerate(numbers) if area.top <= number < area.bottom]
        if rows and area.left in across:
            found.append((across.index(area.left), rows[0], rows[-1] + 1))
    return tuple(found)


def going_on(table: Table, before: Table, names: Sequence[str]) -> Table:
    """The table of the next page: a blank cell over its first rows is the lower part of one that
    reached the end of the page; the same header may stand above. A first row that goes on in the
    middle of a sentence has what names the row before it."""
    held = dict(before.held)
    rows = [list(row) for row in table.rows]
    if _goes_on(rows[0], before.rows[-1]):
        rows[0][0] = before.rows[-1][0]
    reaching = dict(table.held)
    for column, first, last in table.blank:
        text = held.get(column, "")
        if not text or any(list(row) != list(names) for row in table.rows[:first]):
            continue
        for row in rows[first:last]:
            row[column] = text
        if last == len(rows):
            reaching[column] = text
    return replace(table, rows=tuple(map(tuple, rows)), held=tuple(reaching.items()))


def _goes_on(first: Sequence[str], last: Sequence[str]) -> bool:
    """Whether the first row of a page is the rest of the last one before it: its own name is blank,
    and what it holds begins low, under text that does not end."""
    rest = [(cell, above) for cell, above in zip(first, last, strict=False) if cell]
    return (
        not first[0]
        and bool(rest)
        and all(cell[:1].islower() and above[-1:].isalnum() for cell, above in rest)
    )


def _is_whole(area: Area, across: Sequence[int]) -> bool:
    """Whether an area lies over all columns that hold something."""
    return len(across) > 1 and all(area.left <= at < area.right for at in across)


def _spread(
    areas: Sequence[tuple[Area, Cell]], across: Sequence[int], down: Sequence[int]
) -> dict[tuple[int, int], Cell]:
    """What stands in each needed row and column: short texts in every cell that they cover, a line
    from side to side in the first one."""
    cells: dict[tuple[int, int], Cell] = {}
    for area, written in areas:
        whole = _is_whole(area, across)
        carried = len(written) <= _MOST_CARRIED and _length(written) <= _LONGEST_CARRIED
        rows = [at for at in down if area.top <= at < area.bottom]
        columns = [at for at in across if area.left <= at < area.right]
        for row in rows if carried and not whole else rows[:1]:
            for column in columns[:1] if whole else columns:
                cells[row, column] = written
    return cells


def _is_drawing(rows: Sequence[Sequence[Cell]], areas: Sequence[tuple[Area, Cell]]) -> bool:
    """Whether so much is said again that these are boxes and arrows, no cells."""
    held = sum(_length(written) for _, written in areas)
    most = _MOST_REPEATED if len(rows) * len(rows[0]) < _MANY_CELLS else _MOST_REPEATED / 2
    return sum(_length(cell) for row in rows for cell in row) > most * held


def table_of(
    cells: Sequence[Sequence[Cell]],
    edges: Sequence[int],
    lines: Collection[int] = (),
    groups: Collection[int] = (),
) -> Table:
    """Cells as a table; `lines` and `groups` are rows with one cell from side to side, or with
    cells over several columns."""
    rows = [tuple("\n".join([line.text for line in cell]) for cell in row) for row in cells]
    bold = [all(line.bold for cell in row for line in cell) for row in cells]
    marked = {at for at, on in enumerate(bold) if on and looks_like_header(rows[at])}
    return Table(
        tuple(_with_ticks(rows)),
        tuple(edges),
        _header_rows(rows, lines, groups),
        frozenset(lines),
        frozenset(marked if sum(bold) * 2 < len(bold) else ()),
        cells=tuple(tuple(row) for row in cells),
    )


def _header_rows(
    rows: Sequence[tuple[str, ...]], lines: Collection[int], groups: Collection[int]
) -> int:
    """How many rows at the top are names above names: those that hold a cell over several columns,
    and the row below them."""
    top = 0
    while top in groups and top not in lines:
        top += 1
    depth = top + 1 if top else 0
    return depth if depth < len(rows) and all(map(looks_like_header, rows[:depth])) else 0


def apart(table: Table) -> list[Table]:
    """Tables that lie side by side, each by itself, in the order in which they are read."""
    grid = bands(GridRows(table.rows, lines=table.lines))
    found = [band for band in grid if any(map(any, table.rows[band.first : band.last]))]
    if all(band.right - band.left == table.columns for band in found):
        return [table]
    return [
        table_of(
            [row[band.left : band.right] for row in table.cells[band.first : band.last]],
            table.edges[band.left : band.right],
            {at - band.first for at in table.lines if band.first <= at < band.last},
        )
        for band in found
    ]


def _length(cell: Cell) -> int:
    return sum(len(line.text) for line in cell)


def _filled(grid: Grid, held: dict[int, list[Word]]) -> list[tuple[Area, Cell]]:
    """The areas that hold text, with their lines."""
    return [
        (part, written)
        for number, area in enumerate(grid.areas)
        for part, chosen in _split(grid, area, held, number)
        if (written := _cell(chosen))
    ]


def _needed(spans: Sequence[tuple[int, int]], count: int) -> list[int]:
    """Which columns (or rows) tell cells apart: where all text is of cells that cover others too,
    two lines stand close together and part nothing.
    """
    left = [end - start for start, end in spans]
    needed = []
    for at in reversed(range(count)):
        over = [number for number, (start, end) in enumerate(spans) if start <= at < end]
        if over and all(left[number] > 1 for number in over):
            for number in over:
                left[number] -= 1
        else:
            needed.append(at)
    return needed[::-1]


def _held(grid: Grid, words: Sequence[Word]) -> dict[int, list[Word]]:
    """The words of each area of the grid."""
    area_at = grid.area_at()
    held: dict[int, list[Word]] = {}
    for word in words:
        row = step_of(grid.down, (word.top + word.bottom) / 2 if not word.mark else word.base)
        column = step_of(grid.across, (word.left + word.right) / 2)
        held.setdefault(area_at[row, column], []).append(word)
    return held


def _split(
    grid: Grid, area: Area, held: dict[int, list[Word]], number: int
) -> list[tuple[Area, list[Word]]]:
    """An area's parts: where words stand clear in each of its columns, only lines are missing."""
    words = held.get(number, [])
    columns = area.right - area.left
    if columns < 2 or not words:
        return [(area, words)]
    inner = grid.across[area.left + 1 : area.right]
    if any(word.left < place - 1 < word.right - 2 for word in words for place in inner):
        return [(area, words)]
    parts: list[list[Word]] = [[] for _ in range(columns)]
    for word in words:
        parts[step_of(grid.across, (word.left + word.right) / 2) - area.left].append(word)
    if not all(parts) or any(
        min(word.left for word in after) - max(word.right for word in before) < 0.8 * before[0].size
        for before, after in pairwise(parts)
    ):
        return [(area, words)]
    return [
        (Area(area.top, area.bottom, area.left + at, area.left + at + 1), part)
        for at, part in enumerate(parts)
    ]


def _cell(words: Sequence[Word]) -> Cell:
    lines = (line_of(row) for row in rows_of(words)) if words else ()
    return tuple(line for line in lines if line is not None)


def _unstacked(cells: Sequence[Cell]) -> list[list[Cell]]:
    """A ruled row as the rows that stand in it, where lines are drawn only around groups of rows:
    then every cell holds the same number of short lines, and some of them codes or figures.
    """
    heights = {len(cell) for cell in cells if cell}
    height = max(heights, default=1)
    filled = sum(bool(cell) for cell in cells)
    short = sum(map(_length, cells)) < _SHORT_LINE * height * max(filled, 1)
    if len(heights) > 1 or height * filled < 8 or filled < 3 or height < 2 or not short:
        return [list(cells)]
    if not any(cell and all(is_value(line.text) for line in cell) for cell in cells):
        return [list(cells)]
    return [[(cell[at],) if cell else () for cell in cells] for at in range(height)]


def _with_ticks(rows: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Ticks and crosses as words; a cross alone, where nothing is ticked, may mean either."""
    signs = {cell for row in rows for cell in row if len(cell) == 1}
    if not signs & (_TICKS | _CROSSES | {"☐"}):
        return list(rows)
    boxes = "☐" in signs
    words = dict.fromkeys(_TICKS, "yes")
    if signs & _TICKS and "☒" not in signs:
        words |= dict.fromkeys(_CROSSES, "no")
    if boxes:
        words |= {"☑": "ticked", "☒": "ticked", "☐": "not ticked", "🗹": "ticked"}
    return [tuple(words.get(cell, cell) for cell in row) for row in rows]
