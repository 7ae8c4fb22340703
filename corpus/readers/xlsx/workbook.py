"""XLSX: each visible sheet a heading, each row with the names of its columns, as Excel shows it."""

from __future__ import annotations

from corpus.document import BlockKind
from corpus.files.limits import STANDARD, Limits
from corpus.readers.archive import check_archive
from corpus.readers.draft import Draft, DraftBuilder
from corpus.readers.left_out import COMMENTS, STRUCK, LeftOut
from corpus.readers.tables.added import add_grid
from corpus.readers.tables.grid import Grid
from corpus.readers.xlsx.parts import Range, Sheet, opened
from corpus.readers.xlsx.shapes import Said
from corpus.readers.xlsx.sheet import Cells, SheetReader


def read_xlsx(data: bytes, *, limits: Limits = STANDARD) -> Draft:
    """Read a workbook. Raises CannotRead for bombs and too many cells."""
    check_archive(data, limits)
    package = opened(data)
    builder, left_out = DraftBuilder(), LeftOut()
    reader = SheetReader(package, left_out, most_cells=limits.cells)
    filled: list[str] = []
    printed: dict[str, None] = {}
    for sheet in package.sheets:
        if not sheet.visible:
            left_out.tell(
                f"The sheet {sheet.name!r} is hidden in Excel and was left out. "
                "Unhide it and save the file if it is to be read."
            )
            continue
        builder.add(BlockKind.HEADING, sheet.name, level=1)
        named = builder.count
        cells = reader.read(sheet)
        _add_sheet(builder, cells, sheet, package.tables(sheet))
        _add_shapes(builder, package.shapes(sheet), sheet, left_out)
        left_out.add(COMMENTS, package.comments(sheet))
        for text in cells.printed:
            if text not in printed:
                builder.add(BlockKind.PARAGRAPH, text)
        printed |= cells.printed
        if builder.count > named:
            filled.append(sheet.name)
    found = {"title": package.title} if package.title else {}
    embedded = package.embedded()
    for name in embedded.objects:
        left_out.tell(f"An embedded object ({name}) is not read. Save what it holds as a file.")
    return builder.draft(
        found=found,
        running=tuple(printed),
        warnings=left_out.warnings(),
        attached=embedded.files,
        sheets=tuple(filled) if len(filled) > 1 else (),
    )


def _add_shapes(builder: DraftBuilder, shapes: Said, sheet: Sheet, left_out: LeftOut) -> None:
    """What lies over the cells comes after them: it may be about any of them."""
    for text in shapes.texts:
        builder.add(BlockKind.PARAGRAPH, text)
    left_out.add(STRUCK, shapes.struck)
    for picture in shapes.pictures:
        left_out.tell(
            f"{picture} of the sheet {sheet.name!r} is not read. Look at the file itself."
        )


def _add_sheet(
    builder: DraftBuilder, cells: Cells, sheet: Sheet, tables: list[tuple[Range, int]]
) -> None:
    """The tables that Excel knows by themselves, and what stands above, between and below them."""
    width = max(map(len, cells.rows), default=0)
    start = 0
    for place, header_rows in tables:
        if start < place.top:
            add_grid(builder, _grid(cells, Range(start, 0, place.top - 1, width - 1), sheet))
            start = place.top
        add_grid(builder, _grid(cells, place, sheet, header_rows=header_rows))
        for row in cells.rows[place.top : place.bottom + 1]:
            row[place.left : place.right + 1] = [""] * len(row[place.left : place.right + 1])
    if start < len(cells.rows):
        add_grid(builder, _grid(cells, Range(start, 0, len(cells.rows) - 1, width - 1), sheet))


def _grid(cells: Cells, place: Range, sheet: Sheet, *, header_rows: int | None = None) -> Grid:
    rows = cells.shown_rows(place.top, place.bottom + 1)
    columns = cells.shown_columns(place.left, place.right + 1)
    everything = columns == list(range(len(columns)))
    shown = []
    for at in rows:
        row = cells.rows[at]
        if everything:
            shown.append(tuple(row[: len(columns)]))
        else:
            shown.append(tuple(row[column] for column in columns if column < len(row)))
    names = set(cells.filters)
    if sheet.title_rows and header_rows is None:
        names.add(sheet.title_rows[1])  # the last of the rows that are printed on every page
    return Grid(
        tuple(shown),
        header_rows=header_rows or 0,
        lines=frozenset(number for number, at in enumerate(rows) if at in cells.lines),
        marked=frozenset(number for number, at in enumerate(rows) if at in names),
    )
