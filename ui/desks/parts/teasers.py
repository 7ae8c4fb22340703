"""How a passage begins, in a line: without its headings, a table's rows in words."""

from __future__ import annotations

from assistant.answer import Citation
from corpus.readers.draft import BAR
from ui.wording import plain


def teaser(one: Citation, *, most: int = 200) -> str:
    """The marked words where there are some, else how the passage begins."""
    lines = [line for line in one.text.splitlines() if line.strip() not in one.section]
    names = [name.strip() for name in one.header.split(BAR)] if one.header else []
    told = [in_words(line, names) for line in lines if line.strip() != one.header.strip()]
    return " ".join(plain(" ".join(told) or one.text).split())[:most]


def in_words(line: str, names: list[str]) -> str:
    """A table's row with the name of each column before its cell, blank cells left out; where the
    columns have no names, its cells with a dot between them. Any other line as it is."""
    if BAR not in line:
        return line
    cells = [cell.strip() for cell in line.split(BAR)]
    named = zip(names, cells, strict=True) if len(names) == len(cells) else ()
    pairs = [f"{name}: {cell}" if name else cell for name, cell in named if cell]
    return "; ".join(pairs) + "." if pairs else " · ".join(filter(None, cells))
