"""Sheets and delimited files as grids: what is header, what is title, which table a row is of."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font
from openpyxl.worksheet.table import Table

from corpus.document import Document
from corpus.readers.xlsx.number_format import shown_number, shown_text

Rows = list[tuple[Any, ...]]


@pytest.fixture
def read_sheet(read: Callable[..., Document]):
    def reading(rows: Rows, change: Callable[[Any], None] = lambda _: None) -> Document:
        book = openpyxl.Workbook()
        sheet = book.active
        sheet.title = "Rates"
        for row in rows:
            sheet.append(row)
        change(sheet)
        stream = io.BytesIO()
        book.save(stream)
        return read("a.xlsx", stream.getvalue())

    return reading


def lines(document: Document) -> list[str]:
    return [block.span.of(document.text) for block in document.blocks]


def headers(document: Document) -> dict[str, str]:
    return {b.span.of(document.text): b.header for b in document.blocks if b.header}


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        (1999, "00000", "01999"),
        (400, "00000", "00400"),
        (123456789, "000-00-0000", "123-45-6789"),
        (0.125, "0.0%", "12.5%"),
        (4500, "$#,##0.00", "$4,500.00"),
        (-4500, "$#,##0;($#,##0)", "($4,500)"),
        (4500, '_($* #,##0.00_);_($* (#,##0.00);_($* "-"??_);_(@_)', "$4,500.00"),
        (1234.5, "[$€-407]#,##0.00", "€1,234.50"),
        (1.5, "# ?/?", "1 1/2"),
        (12345, "0.00E+00", "1.23E+04"),
        (1250000, "0.0,,", "1.3"),
        (2.5, "0.###", "2.5"),
        (2.675, "0.00", "2.68"),
        (1, '"Yes";"No";"n/a"', "Yes"),
        (0, '"Yes";"No";"n/a"', "n/a"),
        (0.1 + 0.2, "General", "0.3"),
        (7, "[<10]0;[>=10]0.0", "7"),
        (45945, "m/d/yyyy", "2025-10-15"),
        (45945, "yyyymmdd", "2025-10-15"),
        (45945, "[$-409]d-mmm-yy;@", "2025-10-15"),
        (45945, "mmm yyyy", "2025-10"),
        (45945.5, "m/d/yy h:mm", "2025-10-15 12:00"),
        (0.75, "h:mm AM/PM", "18:00"),
        (1.5, "[h]:mm:ss", "36:00:00"),
        (5, ";;;", ""),
    ],
)
def test_a_number_is_shown_as_excel_shows_it(value, code, shown):
    assert shown_number(value, code) == shown


def test_days_of_the_other_calendar_and_formats_of_text():
    assert shown_number(44483, "m/d/yyyy", from_1904=True) == "2025-10-15"
    assert shown_text("0581T", '0;-0;0;"CPT "@') == "CPT 0581T"
    assert shown_text("0581T", "0.00") == "0581T"


def test_codes_kept_as_numbers_have_their_zeros_and_days_cannot_be_confused(read_sheet):
    def change(sheet: Any) -> None:
        sheet["A2"].number_format = "00000"
        sheet["B2"].number_format = "m/d/yyyy"

    rows: Rows = [("Code", "From", "At"), (400, datetime(2025, 4, 1), time(9, 30)), ("x", None, 1)]
    document = read_sheet(rows, change)
    assert "00400 | 2025-04-01 | 09:30:00" in lines(document)


def test_a_second_table_has_its_own_header_and_its_title_goes_with_its_rows(read_sheet):
    rows: Rows = [
        ("Allowed",),
        ("CPT", "Clinic", "Office"),
        ("0581T", 900, 5100),
        (),
        ("Denied",),
        ("CPT", "Claims", "Won"),
        ("0581T", 41, 7),
    ]
    assert headers(read_sheet(rows)) == {
        "0581T | 900 | 5100": "Allowed: CPT | Clinic | Office",
        "0581T | 41 | 7": "Denied: CPT | Claims | Won",
    }


def test_a_table_beside_another_keeps_its_rows_to_itself(read_sheet):
    rows: Rows = [
        ("Code", "Rate", None, "Code", "Units"),
        ("0581T", 5, None, "0581T", 1),
        ("19105", 7, None, None, None),
    ]
    document = read_sheet(rows)
    assert headers(document) == {
        "0581T | 5": "Code | Rate",
        "19105 | 7": "Code | Rate",
        "0581T | 1": "Code | Units",
    }


def test_figures_beside_an_empty_column_stay_with_their_code(read_sheet):
    rows: Rows = [("Code", "Name", None, "2024", "2025"), ("0581T", "x", None, 1, 3)] * 1
    document = read_sheet([*rows, ("19105", "y", None, 4, 5)])
    assert headers(document)["0581T | x |  | 1 | 3"] == "Code | Name |  | 2024 | 2025"


def test_a_row_that_names_a_group_is_a_sub_heading_where_rows_begin_with_codes(read_sheet):
    rows: Rows = [
        ("Code", "Rule"),
        ("Oak",),
        ("0581T", "paid"),
        ("19105", "paid"),
        ("Ash",),
        ("0581T", "not paid"),
        ("76940",),
    ]
    assert headers(read_sheet(rows)) == {
        "Oak": "Oak: Code | Rule",
        "Ash": "Ash: Code | Rule",
        "0581T | paid": "Oak: Code | Rule",
        "19105 | paid": "Oak: Code | Rule",
        "0581T | not paid": "Ash: Code | Rule",
        "76940": "Ash: Code | Rule",
    }


def test_text_rows_with_blank_cells_are_rows_not_headings(read_sheet):
    rows: Rows = [("Plan", "Rule"), ("Oak", "paid"), ("Ash", None), ("Elm", "not paid")]
    assert headers(read_sheet(rows)) == {
        "Oak | paid": "Plan | Rule",
        "Ash": "Plan | Rule",
        "Elm | not paid": "Plan | Rule",
    }


def test_a_list_after_a_gap_is_not_read_under_the_columns_above_it(read_sheet):
    rows: Rows = [("Code", "Rate"), ("0581T", 5), ("19105", 6), (), ("Contact", "Desk 4")]
    assert headers(read_sheet(rows)).get("Contact | Desk 4", "") == ""


def test_merged_cells_and_header_groups_reach_all_that_they_cover(read_sheet):
    def change(sheet: Any) -> None:
        for place in ("A1:A2", "B1:C1", "D1:E1", "A3:A4"):
            sheet.merge_cells(place)

    rows: Rows = [
        ("Payer", "Clinic", None, "Office", None),
        (None, "Paid", "Denied", "Paid", "Denied"),
        ("Oak", 1, 2, 3, 4),
        (None, 5, 6, 7, 8),
    ]
    header = "Payer | Clinic Paid | Clinic Denied | Office Paid | Office Denied"
    assert headers(read_sheet(rows, change)) == {
        "Oak | 1 | 2 | 3 | 4": header,
        "Oak | 5 | 6 | 7 | 8": header,
    }


def test_a_title_merged_over_the_table_is_a_line(read_sheet):
    rows: Rows = [("Fees of 2026", None), ("Code", "Rate"), ("0581T", 5)]
    document = read_sheet(rows, lambda sheet: sheet.merge_cells("A1:B1"))
    assert lines(document) == ["Rates", "Fees of 2026", "Code | Rate", "0581T | 5"]


def test_struck_cells_and_parts_of_cells_are_left_out_and_told(read_sheet):
    def change(sheet: Any) -> None:
        sheet["A2"].font = sheet["B2"].font = Font(strike=True)
        gone = TextBlock(InlineFont(strike=True), "not needed")
        sheet["B4"] = CellRichText(gone, " needed")
        mark = TextBlock(InlineFont(vertAlign="superscript"), "2")
        sheet["A4"] = CellRichText("19105", mark)

    rows: Rows = [("CPT", "Permit"), ("0581T", "none"), ("0581T", "needed"), ("19105", "x")]
    document = read_sheet(rows, change)
    assert lines(document)[1:] == ["CPT | Permit", "0581T | needed", "19105 ² | needed"]
    assert document.warnings == ("Struck-out text was left out (in 3 places).",)


def test_hidden_rows_columns_and_sheets_are_left_out_and_named(read_sheet):
    def change(sheet: Any) -> None:
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["B"].hidden = True
        other = sheet.parent.create_sheet("Drafts")
        other.append(("secret",))
        other.sheet_state = "hidden"

    rows: Rows = [("Code", "Old", "New"), ("0581T", 1, 2), ("19105", 3, 4), ("19499", 5, 6)]
    document = read_sheet(rows, change)
    assert lines(document)[1:] == ["Code | New", "0581T | 2", "19499 | 6"]
    told = " ".join(document.warnings)
    assert "rows of the sheet 'Rates' were left out: 3." in told
    assert "columns of the sheet 'Rates' were left out: B." in told
    assert "'Drafts' is hidden" in told


def test_a_formula_without_a_result_stands_as_written_and_is_named(read_sheet):
    rows: Rows = [("Code", "Rate"), ("0581T", "=B9*2")]
    document = read_sheet(rows)
    assert "0581T | =B9*2" in lines(document)
    assert "have no stored result and stand as written: B2." in document.warnings[0]


def test_the_tables_that_excel_knows_keep_their_headers(read_sheet):
    def change(sheet: Any) -> None:
        sheet.add_table(Table(displayName="One", ref="A1:B3"))
        sheet.add_table(Table(displayName="Two", ref="C1:D2"))

    rows: Rows = [
        ("Plan", "Rule", "Payer", "Form"),
        ("Oak", "paid", "Elm", "B-1"),
        ("Ash", "denied"),
    ]
    assert headers(read_sheet(rows, change)) == {
        "Oak | paid": "Plan | Rule",
        "Ash | denied": "Plan | Rule",
        "Elm | B-1": "Payer | Form",
    }


def test_rows_printed_on_every_page_name_the_columns(read_sheet):
    def change(sheet: Any) -> None:
        sheet.print_title_rows = "1:2"

    rows: Rows = [("Fees",), ("0581T", "19105"), ("12.5", "7"), ("13.5", "8")]
    assert headers(read_sheet(rows, change))["12.5 | 7"] == "0581T | 19105"


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_lines_above_the_header_of_a_csv_are_text_and_its_rows_have_names(read, sign):
    table = [
        ["Fee file of 2026", "", ""],
        ["RELEASED 11/03/2025", "", ""],
        ["", "", ""],
        ["HCPCS", "STATUS", "TOTAL"],
        ["0581T", "C", "0.00"],
        ["19105", "A", "55.12"],
    ]
    document = read("a.csv", "\r\n".join(sign.join(row) for row in table))
    assert lines(document)[:2] == ["Fee file of 2026", "RELEASED 11/03/2025"]
    assert headers(document) == {
        "0581T | C | 0.00": "HCPCS | STATUS | TOTAL",
        "19105 | A | 55.12": "HCPCS | STATUS | TOTAL",
    }


def test_names_spread_over_three_rows_of_a_csv_are_joined(read):
    text = (
        ",,NON-FAC,FACILITY,NON-FAC,FACILITY\n,,PE,PE,,\nHCPCS,MOD,RVU,RVU,TOTAL,TOTAL\n"
        "0581T,,0.00,0.00,0.00,0.00\n19105,,51.10,2.55,55.12,6.43\n"
    )
    assert read("a.csv", text).blocks[-1].header == (
        "HCPCS | MOD | NON-FAC PE RVU | FACILITY PE RVU | NON-FAC TOTAL | FACILITY TOTAL"
    )


def test_a_group_named_once_counts_for_the_columns_beside_it(read):
    text = "Year,Clinic,,Office,\n,Paid,Denied,Paid,Denied\n2024,11,29,3,47\n2025,1,2,3,4\n"
    assert read("a.csv", text).blocks[-1].header == (
        "Year | Clinic Paid | Clinic Denied | Office Paid | Office Denied"
    )


def test_a_csv_may_name_its_delimiter_as_excel_does(read):
    document = read("a.csv", "sep=;\nCode;Note\n0581T;a,b,c\n19105;d,e,f\n")
    assert headers(document)["0581T | a,b,c"] == "Code | Note"


def test_a_header_that_is_repeated_stands_once(read):
    text = "Code,Rate\n0581T,5\n19105,6\nCode,Rate\n19499,7\n"
    assert lines(read("a.csv", text)) == ["Code | Rate", "0581T | 5", "19105 | 6", "19499 | 7"]


def test_the_first_text_row_of_a_table_is_not_taken_for_its_header(read):
    text = "Payer,Code,Rate\nAetna,n/a,none\nCigna,0581T,5\n"
    assert headers(read("a.csv", text)) == {
        "Aetna | n/a | none": "Payer | Code | Rate",
        "Cigna | 0581T | 5": "Payer | Code | Rate",
    }


def test_dates_of_a_sheet_are_read_as_days(read_sheet):
    document = read_sheet([("Policy", "From"), ("A-1", date(2025, 10, 15))])
    assert "A-1 | 2025-10-15" in lines(document)


@pytest.mark.parametrize(
    "note",
    [
        "Note: two units need a letter.",
        "* Not in the Gold plan.",
        "<sup>1</sup> Not in the Gold plan.",
    ],
)
def test_a_note_across_a_table_heads_no_rows_and_no_table_after_it(read, note):
    head = "<tr><th>Code<th>Hospital<th>Office</tr>"
    page = (
        f"<table>{head}<tr><td colspan=3>Breast</tr><tr><td>0581T<td>1<td>2</tr>"
        f"<tr><td colspan=3>{note}</tr><tr><td>19105<td>3<td>4</tr>"
        f"<tr><td colspan=3>{note}</tr>"
        "<tr><th>Modifier<th>Allowed<th>Percent</tr><tr><td>50<td>never<td>0</tr>"
        "<tr><td>59<td>always<td>100</tr></table>"
    )
    document = read("a.html", page)
    headers = {block.span.of(document.text): block.header for block in document.blocks}
    assert headers["0581T | 1 | 2"] == "Breast: Code | Hospital | Office"
    assert headers["19105 | 3 | 4"] == "Breast: Code | Hospital | Office"
    assert headers["50 | never | 0"] == "Modifier | Allowed | Percent"
    assert document.text.count("Gold plan" if "Gold" in note else "letter") == 2
