"""The figures of a table's rows, which are searched and shown and not embedded."""

from __future__ import annotations

import re

BAR = " | "
_FIGURE = re.compile(
    r"[(\-]?[$€£]?\s?-?(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d*\.\d+|\d{1,3}|(?<=[$€£])\d+)\s?%?\)?"
)


def is_figure(cell: str) -> bool:
    """Whether a cell is an amount, a share or a count, not a code or a year."""
    return _FIGURE.fullmatch(cell.strip()) is not None


def without_figures(text: str) -> str:
    """Rows with blanks in the place of their figures, as long as before: places stay."""
    return "\n".join(map(_without_figures, text.split("\n")))


def _without_figures(row: str) -> str:
    cells = row.split(BAR)
    parts = cells[:1]
    for cell in cells[1:]:
        blank = not cell.strip() or is_figure(cell)
        parts.append(" " * (len(BAR) + len(cell)) if blank else f"{BAR}{cell}")
    return "".join(parts)
