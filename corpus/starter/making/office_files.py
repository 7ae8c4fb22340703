"""A source as a Word document, with real styles, lists and tables, or as a workbook."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO
from typing import Any
from zipfile import ZIP_STORED, ZipFile, ZipInfo

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

from corpus.errors import BadMetadata
from corpus.starter.making.source import Heading, Item, Part, Source, Table

_LONGEST_NAME = 31  # characters, Excel's limit for a sheet
_WIDEST = 60  # characters, of a column
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time a zip can hold
_STAMP = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:)")


def docx_bytes(source: Source) -> bytes:
    """The source as a Word document."""
    document = docx.Document()
    properties = document.core_properties
    properties.title, properties.author = source.title, source.publisher
    properties.comments = properties.last_modified_by = ""
    _drop_unused_styles(document)
    document.add_heading(source.title, 0)
    for part in source.parts:
        _add(document, part)
    target = BytesIO()
    document.save(target)
    return _without_clock(target.getvalue(), day=source.day)


def _drop_unused_styles(document: Any) -> None:
    """The template brings a hundred table styles, nine tenths of its size."""
    for name, relation in list(document.part.rels.items()):
        if relation.reltype.endswith("/stylesWithEffects"):
            document.part.drop_rel(name)
    for style in list(document.styles):
        if style.type == WD_STYLE_TYPE.TABLE and style.name not in ("Normal Table", "Table Grid"):
            style.delete()


def _add(document: Any, part: Part) -> None:
    if isinstance(part, Heading):
        document.add_heading(part.text, part.level)
    elif isinstance(part, Table):
        _add_table(document, part)
    elif isinstance(part, Item):
        style = "List Bullet" if part.number is None else "List Number"
        document.add_paragraph(part.text, style)
    else:
        document.add_paragraph(part.text)


def _add_table(document: Any, table: Table) -> None:
    grid = document.add_table(rows=0, cols=len(table.header), style="Table Grid")
    for row in (table.header, *table.rows):
        for cell, text in zip(grid.add_row().cells, row, strict=True):
            cell.text = text
    for run in (run for cell in grid.rows[0].cells for run in cell.paragraphs[0].runs):
        run.bold = True
    repeat = OxmlElement("w:tblHeader")  # the header row again on every page
    grid.rows[0]._tr.get_or_add_trPr().append(repeat)
    document.add_paragraph()


def xlsx_bytes(source: Source) -> bytes:
    """The source as a workbook: each heading is a sheet, with the table below it.

    Raises BadMetadata where the source holds more than headings, each with one table.
    """
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
    return _without_clock(target.getvalue(), day=source.day)


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


def _without_clock(archive: bytes, *, day: date) -> bytes:
    """The same archive with fixed times. It is stored, not compressed: a compressor's next version
    may pack the same text into other bytes."""
    stamp = f"{day.isoformat()}T00:00:00Z".encode()
    target = BytesIO()
    with ZipFile(BytesIO(archive)) as old, ZipFile(target, "w", ZIP_STORED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "docProps/core.xml":
                data = _STAMP.sub(rb"\g<1>" + stamp + rb"\g<3>", data)
            info = ZipInfo(name, _EPOCH)
            info.external_attr = 0o600 << 16
            info.create_system = 3  # else the archive would tell which system made it
            new.writestr(info, data)
    return target.getvalue()
