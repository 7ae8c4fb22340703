"""Sheets: what Excel does not show, what it prints, and names above names."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.styles.colors import Color

from corpus.document import Document

_ROWS = [("Code", "Auth", "Rate"), ("0581T", "needed", 115), ("19105", "none", 20)]
_WHITE = Font(color="FFFFFFFF")


@pytest.fixture
def sheet(read: Callable[..., Document]) -> Callable[..., Document]:
    def reading(change: Callable[[Any], None], rows: list[tuple[Any, ...]] = _ROWS) -> Document:
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        change(book.active)
        stream = io.BytesIO()
        book.save(stream)
        return read("a.xlsx", stream.getvalue())

    return reading


def _rows(document: Document) -> list[tuple[str, str]]:
    return [(b.header, b.span.of(document.text)) for b in document.blocks if b.kind == "row"]


@pytest.mark.parametrize("colour", ["FFFFFFFF", Color(theme=0)])
def test_white_letters_on_white_are_left_out_and_said(sheet, colour):
    document = sheet(lambda s: setattr(s["B2"], "font", Font(color=colour)))
    assert "needed" not in document.text
    assert any("Hidden text" in warning for warning in document.warnings)


def test_white_letters_on_a_ground_are_seen(sheet):
    def dark(s: Any) -> None:
        for cell in s[1]:
            cell.font, cell.fill = _WHITE, PatternFill("solid", fgColor="FF1F3864")

    assert _rows(sheet(dark))[1] == ("Code | Auth | Rate", "0581T | needed | 115")


def test_white_letters_whose_ground_a_condition_may_colour_are_read(sheet):
    def heat(s: Any) -> None:
        s["C2"].font = _WHITE
        fill = PatternFill("solid", bgColor="FF00AA00")
        s.conditional_formatting.add("C2:C9", CellIsRule("greaterThan", ["50"], fill=fill))

    assert _rows(sheet(heat))[1][1] == "0581T | needed | 115"


def test_rows_and_columns_of_no_size_are_hidden(sheet, repacked, read):
    book = openpyxl.Workbook()
    for row in _ROWS:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    part = "xl/worksheets/sheet1.xml"
    import zipfile

    xml = zipfile.ZipFile(stream).read(part).decode()
    xml = xml.replace('<row r="3"', '<row r="3" ht="0" customHeight="1"')
    xml = xml.replace("<sheetData>", '<cols><col min="2" max="2" width="0"/></cols><sheetData>')
    document = read("a.xlsx", repacked(stream.getvalue(), part, xml.encode()))
    assert _rows(document) == [("", "Code | Rate"), ("Code | Rate", "0581T | 115")]
    assert len(document.warnings) == 2


def test_a_text_in_the_middle_of_empty_cells_is_a_sub_heading(sheet):
    def across(s: Any) -> None:
        for cell in s[2]:
            cell.alignment = Alignment(horizontal="centerContinuous")

    rows = [_ROWS[0], ("Commercial", None, None), *_ROWS[1:]]
    assert _rows(sheet(across, rows))[2] == (
        "Commercial: Code | Auth | Rate",
        "0581T | needed | 115",
    )


def test_comments_are_counted_and_no_text(sheet):
    document = sheet(lambda s: setattr(s["B2"], "comment", Comment("Draft idea", "x")))
    assert "Draft" not in document.text
    assert any(warning.startswith("Comments") for warning in document.warnings)


def test_what_is_printed_on_every_page_is_read_once(sheet):
    def printed(s: Any) -> None:
        s.oddHeader.left.text = "Elm Health"
        s.oddFooter.center.text = "Policy ELM-0540, page &P of &N"

    document = sheet(printed)
    assert document.text.count("Elm Health") == 1
    assert "Policy ELM-0540, page of" in document.text


def test_names_stand_under_groups_also_where_the_first_column_has_no_group(sheet):
    rows = [
        ("Fee schedule", None, None, None, None),
        (None, "Hospital", None, "Office", None),
        ("Code", "Allowed", "Denied", "Allowed", "Denied"),
        ("0581T", 1, 2, 3, 4),
    ]

    def merged(s: Any) -> None:
        for place in ("A1:E1", "B2:C2", "D2:E2"):
            s.merge_cells(place)

    header = "Code | Hospital Allowed | Hospital Denied | Office Allowed | Office Denied"
    assert _rows(sheet(merged, rows))[-1] == (header, "0581T | 1 | 2 | 3 | 4")


def test_a_formula_that_keeps_a_codes_zeros_is_read_as_the_code(read):
    document = read("a.csv", 'Code,Rev\n="0581T",="0361"\n="19105",="0450"\n')
    assert _rows(document)[1:] == [("Code | Rev", "0581T | 0361"), ("Code | Rev", "19105 | 0450")]


def test_a_format_for_text_adds_its_words_to_the_text(sheet):
    document = sheet(lambda s: setattr(s["B2"], "number_format", '@" in 2026"'))
    assert "0581T | needed in 2026 | 115" in document.text
