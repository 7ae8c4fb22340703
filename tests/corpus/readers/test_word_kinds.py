"""Word: white text, paragraphs that were joined, tables that lay text out, numbers in cells."""

from __future__ import annotations

import io
from collections.abc import Callable

import docx
import pytest
from docx.document import Document as WordDocument
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import RGBColor

from corpus.document import Document


@pytest.fixture
def read_word(read: Callable[..., Document]) -> Callable[..., list[str]]:
    def reading(write: Callable[[WordDocument], None]) -> list[str]:
        document = docx.Document()
        write(document)
        stream = io.BytesIO()
        document.save(stream)
        found = read("a.docx", stream.getvalue())
        return [block.span.of(found.text) for block in found.blocks]

    return reading


def _white(paragraph, text: str, *, fill: str | None = None) -> None:
    run = paragraph.add_run(text)
    run.font.color.rgb = RGBColor(255, 255, 255)
    if fill:
        shade = parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:fill="{fill}"/>')
        run._r.rPr.append(shade)


def test_white_text_on_white_is_left_out_and_on_a_colour_it_is_read(read_word):
    def write(document: WordDocument) -> None:
        paragraph = document.add_paragraph("Seen. ")
        _white(paragraph, "Unseen. ")
        _white(paragraph, "On blue.", fill="003366")
        table = document.add_table(2, 2)
        _white(table.cell(0, 0).paragraphs[0], "Code")
        table.cell(0, 1).text, table.cell(1, 0).text = "Auth", "0581T"

    assert read_word(write) == ["Seen. On blue.", "Code | Auth", "0581T"]


def test_paragraphs_whose_end_was_deleted_are_one(read_word):
    def write(document: WordDocument) -> None:
        first = document.add_paragraph("It is not ")
        mark = f'<w:rPr {nsdecls("w")}><w:del w:id="1" w:author="a"/></w:rPr>'
        first._p.get_or_add_pPr().append(parse_xml(mark))
        document.add_paragraph("covered.")
        last = document.add_paragraph("The end")
        last._p.get_or_add_pPr().append(parse_xml(mark))

    assert read_word(write) == ["It is not covered.", "The end"]


def test_a_table_of_one_row_with_titles_in_its_cells_lays_out_text(read_word):
    def write(document: WordDocument) -> None:
        table = document.add_table(1, 2)
        table.cell(0, 0).text = "Elm Health"
        cell = table.cell(0, 1)
        cell.paragraphs[0].add_run("Coverage").bold = True
        cell.add_paragraph("0581T is paid once.")

    assert read_word(write) == ["Elm Health", "Coverage", "0581T is paid once."]


def test_a_cell_that_holds_a_number_alone_shows_it(read_word):
    def write(document: WordDocument) -> None:
        table = document.add_table(3, 2)
        for at, text in enumerate(("Rule", "Ask first", "Bill 0581T")):
            table.cell(at, 1).text = text
        table.cell(0, 0).text = "No"
        for at in (1, 2):
            table.cell(at, 0).paragraphs[0].style = "List Number"

    assert read_word(write) == ["No | Rule", "1. | Ask first", "2. | Bill 0581T"]
