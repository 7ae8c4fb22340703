"""A Word table as a grid of cells."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from docx.oxml.ns import qn

from corpus.readers.tables.grid import Cell, Grid, spread
from corpus.readers.tables.nested import Inner, unfolded

_WRAPPERS = frozenset(
    qn(name) for name in ("w:sdt", "w:sdtContent", "w:customXml", "w:smartTag", "w:ins", "w:moveTo")
)
_PROPERTIES, _CELL_PROPERTIES = qn("w:trPr"), qn("w:tcPr")
_OFF = ("0", "false", "off")


@dataclass(frozen=True, slots=True)
class _Placed:
    """A cell in its columns; `goes_on` where it belongs to the cell above it."""

    element: Any
    column: int
    across: int
    goes_on: bool


def grid_of(table: Any, text: Callable[[Any], str], left_out: Callable[[Any], bool]) -> Grid:
    """`text` reads a cell; `left_out` says (and counts) which rows are deleted or hidden."""
    elements = [row for row in children(table, qn("w:tr")) if not left_out(row)]
    rows = [_placed(row) for row in elements]
    marked = 0
    while marked < len(elements) and _is_header(elements[marked]):
        marked += 1
    grid = [_cells(rows, at, text) for at in range(len(rows))]
    return spread(grid, header_rows=marked).without_blank_rows()


def with_tables(
    table: Any, text: Callable[[Any], str], left_out: Callable[[Any], bool]
) -> Grid | None:
    """A table of which cells hold tables and nothing else, these all of the same names; None for
    any other."""
    rows = [list(children(row, qn("w:tc"))) for row in children(table, qn("w:tr"))]
    tables = {id(cell): _only_table(cell) for cells in rows for cell in cells}
    inner = [held for held in tables.values() if held is not None]
    if not inner or len({_names_of(held) for held in inner}) != 1 or _has_spans(table):
        return None
    if any(row.find(_PROPERTIES) is not None for row in table.iter(qn("w:tr"))):
        return None  # rows that repeat, are hidden or were deleted

    def read(text: Callable[[Any], str], left_out: Callable[[Any], bool]) -> Grid | None:
        return unfolded(
            [
                [
                    Cell(text(cell)) if held is None else Inner(grid_of(held, text, left_out))
                    for cell in cells
                    for held in [tables[id(cell)]]
                ]
                for cells in rows
            ]
        )

    told = read(_typed, lambda row: False)  # counts no numbers and nothing left out
    return read(text, left_out) if told is not None else None


def _typed(element: Any) -> str:
    return "".join(text.text or "" for text in element.iter(qn("w:t"))).strip()


def _only_table(cell: Any) -> Any:
    """The table that is all a cell holds but for the empty paragraph that Word puts after it."""
    held = [element for element in cell if element.tag != qn("w:tcPr")]
    tables = [element for element in held if element.tag == qn("w:tbl")]
    others = [element for element in held if element.tag != qn("w:tbl")]
    bare = all(element.tag == qn("w:p") and not _typed(element) for element in others)
    return tables[0] if len(tables) == 1 and bare else None


def _names_of(table: Any) -> tuple[str, ...]:
    first = next(children(table, qn("w:tr")), ())
    return tuple(_typed(cell) for cell in children(first, qn("w:tc")))


def _has_spans(table: Any) -> bool:
    return any(
        table.find(f".//{qn(name)}") is not None for name in ("w:gridSpan", "w:vMerge", "w:hMerge")
    )


def columns_of(table: Any) -> int:
    """The most cells that stand beside one another."""
    return max(
        (sum(1 for _ in children(row, qn("w:tc"))) for row in children(table, qn("w:tr"))),
        default=0,
    )


def children(root: Any, tag: str) -> Iterator[Any]:
    """The rows of a table or the cells of a row, in content controls and insertions too."""
    pending = list(reversed(root))
    while pending:
        element = pending.pop()
        if element.tag == tag:
            yield element
        elif element.tag in _WRAPPERS:
            pending.extend(reversed(element))


def _placed(row: Any) -> list[_Placed]:
    found: list[_Placed] = []
    column = _number(row, qn("w:trPr"), qn("w:gridBefore"), default=0)
    for cell in children(row, qn("w:tc")):
        across = max(_number(cell, _CELL_PROPERTIES, qn("w:gridSpan"), default=1), 1)
        if _merge(cell, qn("w:hMerge")) == "continue" and found:
            last = found[-1]
            found[-1] = _Placed(last.element, last.column, last.across + across, last.goes_on)
        else:
            goes_on = _merge(cell, qn("w:vMerge")) == "continue"
            found.append(_Placed(cell, column, across, goes_on))
        column += across
    return found


def _cells(rows: list[list[_Placed]], at: int, text: Callable[[Any], str]) -> list[Cell]:
    cells = []
    column = 0
    covered = _covered(rows, at)
    for placed in rows[at]:
        gap = sum(between not in covered for between in range(column, placed.column))
        if gap > 0:
            cells.append(Cell("", gap))
        column = placed.column + placed.across
        if placed.goes_on and placed.column in covered:
            continue
        cells.append(Cell(text(placed.element), placed.across, _down(rows, at, placed)))
    return cells


def _covered(rows: list[list[_Placed]], at: int) -> set[int]:
    """The columns of a row that a cell of a row above reaches down to."""
    found: set[int] = set()
    for placed in rows[at]:
        above = at - 1
        while placed.goes_on and above >= 0:
            same = next((p for p in rows[above] if p.column == placed.column), None)
            if same is None:
                break
            if not same.goes_on:
                found.update(range(placed.column, placed.column + same.across))
                break
            above -= 1
    return found


def _down(rows: list[list[_Placed]], at: int, placed: _Placed) -> int:
    down = 1
    for row in rows[at + 1 :]:
        if not any(p.column == placed.column and p.goes_on for p in row):
            break
        down += 1
    return down


def _is_header(row: Any) -> bool:
    mark = row.find(f"{_PROPERTIES}/{qn('w:tblHeader')}")
    return mark is not None and mark.get(qn("w:val"), "1") not in _OFF


def _merge(cell: Any, tag: str) -> str | None:
    mark = cell.find(f"{_CELL_PROPERTIES}/{tag}")
    return None if mark is None else mark.get(qn("w:val"), "continue")


def _number(element: Any, properties: str, tag: str, *, default: int) -> int:
    found = element.find(f"{properties}/{tag}")
    value = (found.get(qn("w:val")) or "") if found is not None else ""
    return int(value) if value.isascii() and value.isdigit() and len(value) < 5 else default
