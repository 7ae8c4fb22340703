"""Lists of questions as people have them are read; what cannot be asked says why."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime

import pytest
from openpyxl import Workbook

from ui.asking.rows import MOST, UnreadableList, notice, read_file, read_pasted

QUESTION = "Is 76942 billed with 0581T?"


def workbook(*rows) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_lines_are_pasted_as_a_spreadsheet_copies_them():
    read = read_pasted(f'{QUESTION}\t3/1/2025\tCigna\r\n\r\nWhat is a "blanket rule"?\r\n')
    first, second = read.rows
    assert (first.question, first.on, first.payer) == (QUESTION, date(2025, 3, 1), "Cigna")
    assert second.question == 'What is a "blanket rule"?'


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_columns_are_known_by_their_names_in_any_order(delimiter):
    lines = [["Payer", "DOS", "Question"], ["Cigna", "2025-03-01", QUESTION]]
    data = "\n".join(delimiter.join(line) for line in lines).encode("utf-8-sig")
    [row] = read_file("list.csv", data).rows
    assert (row.question, row.on, row.payer) == (QUESTION, date(2025, 3, 1), "Cigna")


def test_a_workbook_keeps_its_dates():
    data = workbook(("Question", "Date of service"), (QUESTION, datetime(2025, 3, 1)))
    [row] = read_file("list.xlsx", data).rows
    assert (row.question, row.on) == (QUESTION, date(2025, 3, 1))


def test_a_list_without_a_head_begins_with_its_first_question():
    [row] = read_file("list.csv", QUESTION.encode()).rows
    assert row.question == QUESTION


def test_patients_are_taken_out_and_it_is_said_what_was_done():
    read = read_pasted(
        f"{QUESTION[:-1]} for patient Jane Roe, MRN 00482913?\n{QUESTION}\nMRN 123456"
    )
    assert [row.question for row in read.rows] == [QUESTION, QUESTION, ""]
    assert read.rows[2].problem == "No question is left."
    assert "2 rows seem to contain a name and a medical record number" in notice(read)
    assert notice(read_pasted("one encounter 0581T, device number C2618")) == ""


def test_a_row_that_cannot_be_asked_says_why_and_stops_no_other():
    read = read_pasted(f"{QUESTION}\t13/45/2025\n{'x' * 3000}\n{QUESTION}")
    assert "is no date" in read.rows[0].problem
    assert "at most 2,000 characters" in read.rows[1].problem
    assert read.rows[2].problem == ""


def test_of_a_question_that_is_too_long_the_beginning_is_kept_to_the_end_of_a_word():
    long = f"{QUESTION} {'and so on ' * 300}for patient Jane Roe, MRN 00482913"
    [row] = read_pasted(long).rows
    assert row.cut and f"this one has {len(long):,}" in row.problem
    assert row.question.startswith(QUESTION) and row.question.endswith((" and", " so", " on"))
    [patient] = read_pasted(f"{'x' * 1_990} MRN 00482913").rows
    assert "0048" not in patient.question, "what is cut leaves no half of an identifier"
    [payer] = read_pasted(f"{QUESTION}\t\t{'Payer ' * 50}").rows
    assert "at most 200 characters" in payer.problem and not payer.cut


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("list.pdf", b"%PDF-", "no CSV or XLSX"),
        ("list.xlsx", b"PK nothing", "cannot be read as XLSX"),
        ("list.csv", b"\n\n", "No question was found"),
        ("list.csv", b"q\n" * (MOST + 1), "more than 2,000 questions"),
        ("list.csv", b"x" * 6_000_000, "at most 5 MB"),
    ],
)
def test_a_list_that_cannot_be_read_gets_a_sentence(name, data, said):
    with pytest.raises(UnreadableList, match=said):
        read_file(name, data)


def test_a_workbook_that_unpacks_to_too_much_is_not_unpacked():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/worksheets/sheet1.xml", b"0" * 70_000_000)
    with pytest.raises(UnreadableList, match="unpacks to too much"):
        read_file("list.xlsx", out.getvalue())
