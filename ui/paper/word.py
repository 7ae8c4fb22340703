"""A packet as a DOCX, to write the letter in: a place for it, the list of sources, the answers."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from docx import Document
from docx.enum.text import WD_COLOR_INDEX
from docx.shared import Inches, Pt, RGBColor

from ui.exports.tables import clean
from ui.paper.sheet import Line, Picture, Piece, Quote, Sheet, facts, in_words, runs_of, sources

Pictures = Mapping[Quote, Picture | None]
_SOFT = RGBColor(0x4B, 0x5A, 0x61)
_WIDTH, _HEIGHT = 6.5, 8.0  # inches that a picture may fill


def packet_docx(
    sheets: Sequence[Sheet], pictures: Pictures, *, printed: date, address: str
) -> bytes:
    """A page for a letter, the list of sources, then each answer with its passages and pages."""
    word = Document()
    word.core_properties.title = "Passages and their sources"
    word.core_properties.author = ""
    word.core_properties.comments = ""
    word.styles["Normal"].font.size = Pt(10.5)
    for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
        setattr(word.sections[0], side, Inches(1))
    word.add_heading("Letter", 1)
    word.add_paragraph("[Write your letter here.]")
    word.add_page_break()
    _cover(word, sheets, printed)
    for sheet in sheets:
        word.add_page_break()
        _sheet(word, sheet, pictures, printed=printed, address=address)
    out = io.BytesIO()
    word.save(out)
    return out.getvalue()


def _cover(word: Any, sheets: Sequence[Sheet], printed: date) -> None:
    word.add_heading("Sources", 1)
    _soft(word, f"Printed {in_words(printed)}")
    table = word.add_table(rows=1, cols=3, style="Table Grid")
    for cell, name in zip(table.rows[0].cells, ("No.", "Document", "Pages quoted"), strict=True):
        cell.paragraphs[0].add_run(name).bold = True
    for number, one in enumerate(sources(sheets), 1):
        cells = table.add_row().cells
        cells[0].text = str(number)
        cells[1].paragraphs[0].add_run(clean(one.title)).bold = True
        _soft(cells[1], one.reference)
        cells[2].text = clean(", ".join(one.pages))
    for width, column in zip((0.5, 4.8, 1.2), table.columns, strict=True):
        for cell in column.cells:
            cell.width = Inches(width)


def _sheet(word: Any, sheet: Sheet, pictures: Pictures, *, printed: date, address: str) -> None:
    word.add_heading(clean(sheet.question), 1)
    for name, text in facts(sheet, printed, address):
        _soft(word, f"{name}: {text}")
    for quote in sheet.quotes:
        _quote(word, quote)
        if picture := pictures.get(quote):
            _picture(word, picture)


def _quote(word: Any, quote: Quote) -> None:
    word.add_heading(clean(quote.title), 2)
    if quote.whose:
        _soft(word, f"{quote.whose}:")
    for run in runs_of(quote.lines):
        _run(word, run, words=None if quote.whose else "Quote")
    _soft(word, quote.reference)


def _run(word: Any, run: Sequence[Line], *, words: str | None) -> None:
    """`words` is the style of the passage's words: no quotation where they are a summary."""
    first = run[0]
    if first.kind == "row":
        wide = max(len(first.columns), *(len(line.cells) for line in run))
        table = word.add_table(rows=0, cols=wide, style="Table Grid")
        if first.columns:
            for cell, name in zip(table.add_row().cells, first.columns, strict=False):
                cell.paragraphs[0].add_run(clean(name)).bold = True
        for line in run:
            for cell, pieces in zip(table.add_row().cells, line.cells, strict=False):
                _fill(cell.paragraphs[0], pieces)
        word.add_paragraph()
        return
    paragraph = word.add_paragraph(style=words if first.kind != "heading" else None)
    for pieces in first.cells:
        _fill(paragraph, pieces)
    if first.kind == "heading":
        for part in paragraph.runs:
            part.font.color.rgb = _SOFT


def _fill(paragraph: Any, pieces: Sequence[Piece]) -> None:
    for text, marked in pieces:
        run = paragraph.add_run(clean(text))
        if marked:
            run.font.highlight_color = WD_COLOR_INDEX.YELLOW


def _picture(word: Any, picture: Picture) -> None:
    width = min(_WIDTH, _HEIGHT * picture.width / picture.height)
    word.add_picture(io.BytesIO(picture.png), width=Inches(width))
    _soft(word, picture.caption)


def _soft(where: Any, text: str) -> None:
    run = where.add_paragraph().add_run(clean(text))
    run.font.size = Pt(9)
    run.font.color.rgb = _SOFT
