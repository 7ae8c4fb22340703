"""Marks of notes have one form in every format: apart from the word, and raised as on the page."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import docx
import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from reportlab.pdfgen.canvas import Canvas

from corpus.codes import find_codes
from corpus.text.marks import note, without_marks

Pieces = list[tuple[str, bool]]  # text, and whether it is raised
CASES: dict[str, Pieces] = {
    "It is due within 90 ² days.": [
        ("It is due within 90", False), ("2", True), (" days.", False)],
    "The code 0581T ¹ is new.": [("The code 0581T", False), ("1", True), (" is new.", False)],
    "It is paid once ᵃ a year.": [("It is paid once", False), ("a", True), (" a year.", False)],
    "In 10⁶ cells of 3 mm² each.": [
        ("In 10", False), ("6", True), (" cells of 3 mm", False), ("2", True), (" each.", False)],
    "It ends on the 1st day.": [
        ("It ends on the 1", False), ("st", True), (" day.", False)],
}  # fmt: skip


def _word(pieces: Pieces) -> bytes:
    document = docx.Document()
    paragraph = document.add_paragraph()
    for text, is_raised in pieces:
        paragraph.add_run(text).font.superscript = is_raised or None
    return _saved(document)


def _excel(pieces: Pieces) -> bytes:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    high = InlineFont(vertAlign="superscript")
    parts = [TextBlock(high if is_raised else InlineFont(), text) for text, is_raised in pieces]
    sheet["A1"] = CellRichText(*parts)
    return _saved(book)


def _saved(file: Any) -> bytes:
    stream = io.BytesIO()
    file.save(stream)
    return stream.getvalue()


def _marked(pieces: Pieces) -> str:
    return "".join(f"<sup>{text}</sup>" if is_raised else text for text, is_raised in pieces)


def _web(pieces: Pieces) -> bytes:
    return f"<!doctype html><title>x</title><body><p>{_marked(pieces)}</p>".encode()


def _markdown(pieces: Pieces) -> bytes:
    return _marked(pieces).encode()


def _pdf(pieces: Pieces) -> bytes:
    stream = io.BytesIO()
    canvas = Canvas(stream, invariant=1)
    x = 72.0
    for text, is_raised in pieces:
        size = 7 if is_raised else 11
        canvas.setFont("Helvetica", size)
        canvas.drawString(x, 704 if is_raised else 700, text)
        x += canvas.stringWidth(text, "Helvetica", size)
    canvas.save()
    return stream.getvalue()


FORMATS: dict[str, Callable[[Pieces], bytes]] = {
    "docx": _word, "xlsx": _excel, "html": _web, "md": _markdown, "pdf": _pdf}  # fmt: skip


@pytest.mark.parametrize("said", CASES)
@pytest.mark.parametrize("ending", FORMATS)
def test_a_raised_mark_is_written_the_same_way_whatever_the_format(read, said, ending):
    document = read(f"a.{ending}", FORMATS[ending](CASES[said]))
    assert document.text.split("\n\n")[-1] == said


def test_a_mark_that_cannot_be_raised_says_that_it_is_a_note():
    assert [note("2"), note("1,3"), note("a"), note("iv")] == ["²", "¹,³", "ᵃ", "ⁱᵛ"]
    assert note("C") == "[note C]"


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("within 90 ² days", "within 90   days"),
        ("within 90² days", "within 90  days"),
        ("policy¹,² of", "policy    of"),
        ("3 mm³, H₂O, kg/m²", "3 mm³, H₂O, kg/m²"),
    ],
)
def test_a_search_passes_over_marks_and_keeps_units(text, plain):
    assert without_marks(text) == plain


def test_a_code_with_a_mark_is_that_code():
    text = "CPT 0581T¹, 19105 ² and 76940³ are listed."
    found = find_codes(text)
    assert [one.code for one in found] == ["0581T", "19105", "76940"]
    assert [one.span.of(text) for one in found] == ["0581T", "19105", "76940"]
