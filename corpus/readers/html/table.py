"""An HTML table as a grid of cells."""

from __future__ import annotations

from collections.abc import Callable

from selectolax.lexbor import LexborNode

from corpus.readers.html.lists import whole
from corpus.readers.tables.grid import MOST_SPAN, Cell, Grid, spread

Told = Callable[[LexborNode], bool]


def grid_of(
    table: LexborNode, text: Callable[[LexborNode], str], hidden: Told
) -> tuple[str, Grid] | None:
    """The caption and the cells; None for a table that is only layout.

    Layout is a table that holds another table, or has no row of two cells. `text` reads a cell,
    `hidden` says (and counts) which rows and cells are not shown.
    """
    if len(table.css("table")) > 1:
        return None
    nodes = [(node, _cells_of(node)) for node in table.css("tr")]
    if max((sum(_span(cell, "colspan") for cell in cells) for _, cells in nodes), default=0) < 2:
        return None
    if max(len(cells) for _, cells in nodes) < 2 and not any(
        _span(cell, "rowspan") > 1 for _, cells in nodes for cell in cells
    ):
        return None
    header_rows = 0
    rows: list[list[Cell]] = []
    for node, found in nodes:
        if hidden(node):
            continue
        cells = [cell for cell in found if not hidden(cell)]
        in_head = node.parent is not None and node.parent.tag == "thead"
        names = bool(cells) and all(cell.tag == "th" for cell in cells)
        if header_rows == len(rows) and cells and (in_head or names):
            header_rows += 1
        rows.append([_cell(cell, text) for cell in cells])
    caption = table.css_first("caption")
    said = text(caption) if caption is not None and not hidden(caption) else ""
    return said, spread(rows, header_rows=header_rows).without_blank_rows()


def _cells_of(row: LexborNode) -> list[LexborNode]:
    return [cell for cell in row.iter() if cell.tag in ("td", "th")]


def _cell(node: LexborNode, text: Callable[[LexborNode], str]) -> Cell:
    down = MOST_SPAN if node.attributes.get("rowspan") == "0" else _span(node, "rowspan")
    return Cell(text(node), _span(node, "colspan"), down, names=node.tag == "th")


def _span(cell: LexborNode, name: str) -> int:
    found = whole(cell.attributes.get(name))
    return max(1, min(found or 1, MOST_SPAN))
