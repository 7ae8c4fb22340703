"""An HTML table as a grid of cells, and what is drawn as one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from corpus.readers.html.lists import whole
from corpus.readers.tables.grid import MOST_SPAN, Cell, Grid, spread
from corpus.readers.tables.nested import Inner, unfolded
from corpus.text.clean import one_line

_HOLDS_BLOCKS = "h1, h2, h3, h4, h5, h6, ul, ol, dl"
_ROLES = {"row": "tr", "cell": "td", "gridcell": "td", "columnheader": "th", "rowheader": "th"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a table asks of the walk: the words of a cell, whether a row or a cell is hidden, or a
    row struck out (which is counted), and what the page's styles say of a node."""

    text: Callable[[LexborNode], str]
    hidden: Callable[[LexborNode], bool]
    struck: Callable[[LexborNode], bool]
    traits: Callable[[LexborNode], frozenset[str]]


def grid_of(table: LexborNode, asked: Asked) -> tuple[str, Grid] | None:
    """The caption and the cells; None for a table that is only layout.

    Layout is a table that says so, holds another table or has no row of two cells, and one without
    names whose cells hold headings, or whose only row holds lists or several paragraphs. A table
    with names may hold tables that all have the same names.
    """
    if table.attributes.get("role") in ("presentation", "none"):
        return None
    if len(table.css("table")) > 1:
        grid = _with_tables(table, asked)
        return None if grid is None else ("", grid)
    nodes = _rows_of(table)
    if max((sum(_span(cell, "colspan") for cell in cells) for _, cells in nodes), default=0) < 2:
        return None
    if max(len(cells) for _, cells in nodes) < 2 and not any(
        _span(cell, "rowspan") > 1 for _, cells in nodes for cell in cells
    ):
        return None
    if _is_layout(table, nodes):
        return None
    header_rows = 0
    rows: list[list[Cell]] = []
    for (node, found), left in zip(nodes, _rows_left(nodes), strict=True):
        if asked.hidden(node) or asked.struck(node):
            continue
        cells = [cell for cell in found if not asked.hidden(cell)]
        in_head = node.parent is not None and node.parent.tag == "thead"
        names = bool(cells) and all(cell.tag == "th" for cell in cells)
        heads_rows = names and len(cells) == 1 and header_rows > 0  # of those that follow
        if header_rows == len(rows) and cells and (in_head or (names and not heads_rows)):
            header_rows += 1
        rows.append([_cell(cell, asked.text, left) for cell in cells])
    caption = table.css_first("caption")
    said = asked.text(caption) if caption is not None and not asked.hidden(caption) else ""
    return said, spread(rows, header_rows=header_rows).without_blank_rows()


_LOOKED_AT = Asked(  # counts nothing
    lambda node: one_line(node.text()),
    lambda node: False,
    lambda node: False,
    lambda node: frozenset(),
)


def _with_tables(table: LexborNode, asked: Asked) -> Grid | None:
    """A table that has names and, in cells that hold nothing else, tables of other names; None for
    one that only lays other tables out."""
    groups = [table, *(part for part in table.iter() if part.tag in ("thead", "tbody", "tfoot"))]
    rows = [_cells_of(row) for group in groups for row in group.iter() if row.tag == "tr"]
    tables = {cell.mem_id: _only_table(cell) for cells in rows for cell in cells}
    inner = [held for held in tables.values() if held is not None]
    if len(inner) + 1 < len(table.css("table")) or table.css_first("caption") is not None:
        return None
    if not rows or any(cell.tag != "th" for cell in rows[0]) or len(rows[0]) < 2:
        return None
    if len({_names_of(held) for held in inner}) != 1:
        return None
    if any("hidden" in asked.traits(cell) for cells in rows for cell in cells):
        return None

    def read(asked: Asked) -> Grid | None:
        found: list[list[Cell | Inner]] = []
        for cells in rows:
            found.append([])
            for cell in cells:
                held = tables[cell.mem_id]
                grid = grid_of(held, asked) if held is not None else None
                if held is not None and grid is None:
                    return None
                found[-1].append(Inner(grid[1]) if grid else _cell(cell, asked.text, 1))
        return unfolded(found)

    return read(asked) if read(_LOOKED_AT) is not None else None


def _only_table(cell: LexborNode) -> LexborNode | None:
    """The table that is all a cell holds."""
    children = [
        child
        for child in cell.iter(include_text=True)
        if child.tag != "-text" or (child.text_content or "").strip()
    ]
    return children[0] if len(children) == 1 and children[0].tag == "table" else None


def _names_of(table: LexborNode) -> tuple[str, ...]:
    first = table.css_first("tr")
    cells = _cells_of(first) if first is not None else []
    return tuple(one_line(cell.text()) for cell in cells if cell.tag == "th")


def _rows_of(table: LexborNode) -> list[tuple[LexborNode, list[LexborNode]]]:
    """The rows in the order in which they are drawn: the foot comes last wherever it is written."""
    places = {"thead": 0, "tfoot": 2}
    rows = [(node, _cells_of(node)) for node in table.css("tr")]
    return sorted(rows, key=lambda row: places.get(_group(row[0]).tag or "", 1))


def _cells_of(row: LexborNode) -> list[LexborNode]:
    return [cell for cell in row.iter() if cell.tag in ("td", "th")]


def _rows_left(rows: Sequence[tuple[LexborNode, list[LexborNode]]]) -> list[int]:
    """For each row how many there are from it to the end of its group: no cell reaches further."""
    groups = [_group(node).mem_id for node, _ in rows]
    left = [1] * len(groups)
    for at in reversed(range(len(groups) - 1)):
        if groups[at] == groups[at + 1]:
            left[at] = left[at + 1] + 1
    return left


def _group(row: LexborNode) -> LexborNode:
    return row.parent or row


def _is_layout(table: LexborNode, rows: Sequence[tuple[LexborNode, list[LexborNode]]]) -> bool:
    if table.css_first("th, thead") is not None:
        return False
    if table.css_first("h1, h2, h3, h4, h5, h6") is not None:
        return True
    cells = [cell for _, cells in rows for cell in cells]
    return len(rows) == 1 and any(
        cell.css_first(_HOLDS_BLOCKS) is not None or len(cell.css("p")) > 1 for cell in cells
    )


def drawn_grid(root: LexborNode, asked: Asked) -> Grid | None:
    """The cells of what is drawn as a table without being one: by its roles or its styles; None
    where it is none, or its rows have not the same number of cells."""
    rows: list[list[Cell]] = []
    for row in _drawn(root, "tr", asked):
        if asked.hidden(row):
            continue
        nodes = [node for node in _drawn(row, "td", asked) if not asked.hidden(node)]
        named = [node.attributes.get("role") in ("columnheader", "rowheader") for node in nodes]
        rows.append(
            [Cell(asked.text(node), names=name) for node, name in zip(nodes, named, strict=True)]
        )
    if len(rows) < 2 or {len(row) for row in rows} != {max(map(len, rows))} or len(rows[0]) < 2:
        return None
    return spread(rows, header_rows=int(all(cell.names for cell in rows[0])))


def is_drawn_table(node: LexborNode, traits: frozenset[str]) -> bool:
    return node.attributes.get("role") in ("table", "grid", "treegrid") or "table" in traits


def _drawn(root: LexborNode, kind: str, asked: Asked) -> list[LexborNode]:
    """The rows or the cells inside a node, none inside another."""
    found: list[LexborNode] = []
    pending = list(root.iter())[::-1]
    while pending:
        node = pending.pop()
        role = _ROLES.get(node.attributes.get("role") or "", "")
        drawn = "table-row" if kind == "tr" else "table-cell"
        if (role.replace("th", "td") == kind) or drawn in asked.traits(node):
            found.append(node)
        else:
            pending += list(node.iter())[::-1]
    return found


def _cell(node: LexborNode, text: Callable[[LexborNode], str], left: int) -> Cell:
    down = MOST_SPAN if node.attributes.get("rowspan") == "0" else _span(node, "rowspan")
    return Cell(text(node), _span(node, "colspan"), min(down, left), names=node.tag == "th")


def _span(cell: LexborNode, name: str) -> int:
    found = whole(cell.attributes.get(name))
    return max(1, min(found or 1, MOST_SPAN))
