"""An HTML table's rows and cells, spans filled in."""

from __future__ import annotations

from selectolax.lexbor import LexborNode

from corpus.text.clean import one_line

_MOST_SPAN = 200  # columns or rows; a page can claim a million


def rows_of(table: LexborNode) -> tuple[str, list[list[str]], int] | None:
    """The caption, the rows and how many of them are header; None for a table that is only layout.

    Layout is a table that holds another table, or has no row of two cells.
    """
    if len(table.css("table")) > 1:
        return None
    caption, header_rows = "", 0
    rows: list[list[str]] = []
    carried: dict[int, tuple[int, str]] = {}  # column -> rows still covered, and the text
    for node in table.css("caption, tr"):
        if node.tag == "caption":
            caption = _text(node)
            continue
        cells = [cell for cell in node.iter() if cell.tag in ("td", "th")]
        in_head = node.parent is not None and node.parent.tag == "thead"
        if header_rows == len(rows) and cells and (in_head or all(c.tag == "th" for c in cells)):
            header_rows += 1
        rows.append(_row(cells, carried))
    if max(map(len, rows), default=0) < 2:
        return None
    return caption, rows, header_rows


def _row(cells: list[LexborNode], carried: dict[int, tuple[int, str]]) -> list[str]:
    row: list[str] = []
    for cell in cells:
        _take_carried(row, carried)
        text = _text(cell)
        down = _span(cell, "rowspan")
        for _ in range(_span(cell, "colspan")):
            if down > 1:
                carried[len(row)] = (down - 1, text)
            row.append(text)
            text = ""
    _take_carried(row, carried)
    return row


def _take_carried(row: list[str], carried: dict[int, tuple[int, str]]) -> None:
    """Fill the cells that a row span from above covers, so that a row can be understood alone."""
    while len(row) in carried:
        left, text = carried.pop(len(row))
        if left > 1:
            carried[len(row)] = (left - 1, text)
        row.append(text)


def _span(cell: LexborNode, name: str) -> int:
    value = (cell.attributes.get(name) or "1").strip()
    return max(1, min(int(value), _MOST_SPAN)) if value.isascii() and value.isdigit() else 1


def _text(node: LexborNode) -> str:
    return one_line(node.text(separator=" "))
