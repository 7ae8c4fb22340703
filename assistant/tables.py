"""The table in which a passage stands, whole, as rows and named columns."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.document import Block, BlockKind, Document, Span
from corpus.readers.draft import BAR


@dataclass(frozen=True, slots=True)
class Table:
    """A table's columns, each with a name of its own, and its rows by these names."""

    columns: tuple[str, ...]
    rows: tuple[dict[str, str], ...]


def table_at(document: Document, span: Span) -> Table | None:
    """The table of the first row within a span of a document; None where there is none."""
    blocks = document.blocks
    first = max(bisect_right(blocks, span.start, key=lambda block: block.span.start) - 1, 0)
    row = next(
        (
            at
            for at in range(first, len(blocks))
            if blocks[at].span.start < span.end
            and blocks[at].span.end > span.start
            and blocks[at].kind is BlockKind.ROW
        ),
        None,
    )
    if row is None:
        return None
    if _is_head(document.text, blocks[row : row + 2]):
        row += 1
    start, end = row, row + 1
    while start > 0 and _together(blocks[start - 1], blocks[row]):
        start -= 1
    while end < len(blocks) and _together(blocks[end], blocks[row]):
        end += 1
    return _table(document.text, blocks[start:end])


def _is_head(text: str, blocks: Sequence[Block]) -> bool:
    """Whether the first of two rows holds the names of the second one's columns."""
    if len(blocks) < 2 or not blocks[1].header:
        return False
    return blocks[0].span.of(text) == blocks[1].header


def _together(one: Block, other: Block) -> bool:
    return one.kind is BlockKind.ROW and one.header == other.header


def _table(text: str, blocks: Sequence[Block]) -> Table:
    cells = [[cell.strip() for cell in block.span.of(text).split(BAR)] for block in blocks]
    header = blocks[0].header
    names = [name.strip() for name in header.split(BAR)] if header else []
    width = max([len(names), *(len(row) for row in cells)])
    columns = _apart([*names, *[""] * (width - len(names))])
    rows = [dict(zip(columns, [*row, *[""] * (width - len(row))], strict=True)) for row in cells]
    return Table(tuple(columns), tuple(rows))


def _apart(names: Sequence[str]) -> list[str]:
    """Names of columns, none twice and none blank."""
    found: list[str] = []
    for at, name in enumerate(names, 1):
        name = name or f"Column {at}"
        found.append(name if name not in found else f"{name} ({at})")
    return found
