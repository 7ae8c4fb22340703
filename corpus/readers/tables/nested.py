"""Tables inside the cells of a table, as rows of that table: each with what names its row there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.readers.draft import looks_like_header
from corpus.readers.tables.grid import Cell, Grid, spread


@dataclass(frozen=True, slots=True)
class Inner:
    """A table in a cell that holds nothing else."""

    grid: Grid


Row = Sequence[Cell | Inner]


def unfolded(rows: Sequence[Row]) -> Grid | None:
    """The table whose first row names its columns, with the rows of the tables in one of them in
    place of the rows that hold these. None where it cannot be told what stands where: tables in
    several columns, of other names, or beside merged cells."""
    width = len(rows[0]) if rows else 0
    columns = {at for row in rows for at, cell in enumerate(row) if isinstance(cell, Inner)}
    plain = [cell for row in rows for cell in row if isinstance(cell, Cell)]
    if len(columns) != 1 or any(len(row) != width for row in rows):
        return None
    if any(cell.across > 1 or cell.down > 1 for cell in plain):
        return None
    (column,) = columns
    grids = [cell.grid for row in rows for cell in row if isinstance(cell, Inner)]
    names = grids[0].rows[0] if grids[0].rows else ()
    if isinstance(rows[0][column], Inner) or len(names) < 2 or not all(map(_is_named, grids)):
        return None
    if any(grid.rows[0] != names for grid in grids):
        return None
    return _spread(rows, column, names)


def _is_named(grid: Grid) -> bool:
    """Whether a table has one row of names and rows below it, and no lines between."""
    below = grid.rows[1:]
    told = grid.header_rows == 1 or (
        grid.header_rows == 0 and bool(grid.rows) and looks_like_header(grid.rows[0], below)
    )
    return told and bool(below) and not grid.lines


def _spread(rows: Sequence[Row], column: int, names: Sequence[str]) -> Grid:
    first = rows[0][column]
    group = [Cell(first.text, len(names))] if isinstance(first, Cell) else []
    found = [_with(rows[0], column, group, down=2), [Cell(name) for name in names]]
    for row in rows[1:]:
        held = row[column]
        if isinstance(held, Cell):
            found.append(_with(row, column, [Cell(held.text, len(names))], down=1))
            continue
        below = [[Cell(cell) for cell in inner] for inner in held.grid.rows[1:]]
        found += [_with(row, column, below[0], down=len(below)), *below[1:]]
    return spread(found, header_rows=2)


def _with(row: Row, column: int, inner: Sequence[Cell], *, down: int) -> list[Cell]:
    """The cells of a row, as tall as the table in it, with `inner` in the place of its own."""
    cells: list[Cell] = []
    for at, cell in enumerate(row):
        if at == column:
            cells += inner
        elif isinstance(cell, Cell):
            cells.append(Cell(cell.text, down=down))
    return cells
