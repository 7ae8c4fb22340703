"""A source as a workbook: each heading is a sheet, and the table below it is what stands there."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

from corpus.errors import BadMetadata
from corpus.starter.making.source import Heading, Source, Table
from corpus.starter.making.zip_file import without_clock

_LONGEST_NAME = 31  # characters, Excel's limit for a sheet
_WIDEST = 60  # characters, of a column


def xlsx_bytes(source: Source) -> bytes:
    """Raises BadMetadata where the source holds more than headings, each with one table."""
    workbook = Workbook()
    workbook.remove(workbook.active)
    workbook.properties.title = source.title
    workbook.properties.creator = source.publisher
    parts = source.parts
    for heading, table in zip(parts[::2], parts[1::2], strict=False):
        if not isinstance(heading, Heading) or not isinstance(table, Table):
            raise BadMetadata(
                f"{source.title}: a workbook is `# Sheet` and a table, again and again"
            )
        if len(heading.text) > _LONGEST_NAME:
            raise BadMetadata(
                f"{heading.text!r}: a sheet's name has at most {_LONGEST_NAME} letters"
            )
        _fill(workbook.create_sheet(heading.text), table)
    if not parts or len(parts) % 2:
        raise BadMetadata(f"{source.title}: every sheet needs one heading and one table")
    target = BytesIO()
    workbook.save(target)
    return without_clock(target.getvalue(), day=source.day)


def _fill(sheet: Any, table: Table) -> None:
    for row in (table.header, *table.rows):
        sheet.append(row)
    for column in sheet.columns:
        longest = max(len(str(cell.value)) for cell in column)
        sheet.column_dimensions[column[0].column_letter].width = min(longest + 2, _WIDEST)
        for cell in column:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        column[0].font = Font(bold=True)
    sheet.freeze_panes = "A2"
