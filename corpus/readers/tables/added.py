"""What stands on a grid as blocks: each row with its header, each table with its own."""

from __future__ import annotations

from corpus.document import BlockKind
from corpus.readers.draft import DraftBuilder, joined
from corpus.readers.tables.grid import Grid
from corpus.readers.tables.parts import parts_of
from corpus.readers.tables.table import LONGEST_TITLE, Names, Part, TableRow


def add_grid(
    builder: DraftBuilder, grid: Grid, *, before: Part | None = None, printed: bool = False
) -> Part | None:
    """Add all that stands on a grid, in order; the last table, for the page that goes on with it.

    A title that stands directly above a table is carried by its rows where there is another table
    beside or below: the same columns mean another thing there. A header of several rows becomes
    one row of names, and stands once; `printed` leaves it as it is, wherever it is repeated.
    """
    parts = list(parts_of(grid, before=before))
    several = sum(part.header is not None for part in parts) > 1
    for part in parts:
        title = part.title if several and len(part.title) <= LONGEST_TITLE else ""
        for line in part.above:
            builder.add(BlockKind.ROW if line == title else BlockKind.PARAGRAPH, line)
        _add_part(builder, part, title, printed=printed)
    return parts[-1] if parts else None


def _add_part(builder: DraftBuilder, part: Part, title: str, *, printed: bool) -> None:
    names = joined(part.names)
    if part.header is not None:
        _add_names(builder, part.header if printed else Names((part.names,)))
    for entry in part.body:
        if isinstance(entry, TableRow):
            header = _header(title, entry.under, names)
            builder.add(BlockKind.ROW, joined(entry.cells), header=header)
        elif isinstance(entry, Names):
            if printed:
                _add_names(builder, entry)
        elif entry.heads:
            builder.add(BlockKind.ROW, entry.text, header=_header(title, entry.text, names))
        else:
            builder.add(BlockKind.PARAGRAPH, entry.text)


def _add_names(builder: DraftBuilder, names: Names) -> None:
    for row in names.rows:
        builder.add(BlockKind.ROW, joined(row))


def _header(title: str, under: str, names: str) -> str:
    above = " – ".join(filter(None, (title, under.rstrip(": "))))
    return f"{above}: {names}" if above and names else above or names
