"""A source as a Word document with real heading styles, lists and tables."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement

from corpus.starter.making.source import Heading, Item, Part, Source, Table
from corpus.starter.making.zip_file import without_clock


def docx_bytes(source: Source) -> bytes:
    document = Document()
    properties = document.core_properties
    properties.title, properties.author = source.title, source.publisher
    properties.comments = properties.last_modified_by = ""
    _drop_unused_styles(document)
    document.add_heading(source.title, 0)
    for part in source.parts:
        _add(document, part)
    target = BytesIO()
    document.save(target)
    return without_clock(target.getvalue(), day=source.day)


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
