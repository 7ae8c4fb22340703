"""Titles that stand in several lines."""

from __future__ import annotations

import io

import openpyxl
import pytest

from corpus.metadata.identity.face import Face, Line
from corpus.metadata.identity.titles import titles


def _face(*headings: str) -> Face:
    lines = tuple(Line(text, 1, 1, opens=True) for text in headings)
    return Face(lines, (), (), {}, "library/a.pdf", "\n".join(headings))


@pytest.mark.parametrize(
    ("headings", "title"),
    [
        (
            ("Managed Care Oversight", "Program Integrity Toolkit", "42 CFR 438 Subpart H"),
            "Managed Care Oversight Program Integrity Toolkit",
        ),
        (
            ("Interventions for", "reduced conflict", "Methods"),
            "Interventions for reduced conflict",
        ),
        (("Knee Braces", "Coverage"), "Knee Braces"),
        (("Companion Guide", "Claim Status (276)"), "Companion Guide: Claim Status (276)"),
        (("Provider Handbook", "1 Contacts"), "Provider Handbook"),
        (("Braces Manual", "Chapter 3 - Fitting"), "Braces Manual, Chapter 3 - Fitting"),
    ],
)
def test_lines_of_one_title_are_made_whole_and_no_others(headings, title):
    assert next(titles(_face(*headings), None)).value == title


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("CLAIM POLICY CP 44", "CP 44"),
        ("Coverage Policy 1071", "1071"),
        ("Coverage Policy 2026", None),
    ],
)
def test_a_type_and_its_number_are_a_number_and_no_title(read, line, number):
    found = read("policy.txt", f"Elm Health Plan\n{line}\nSplit billing\n\nBill one line.").metadata
    assert (found.number, found.title) == (number, "Split billing")


def test_a_history_of_versions_is_not_the_version(read):
    text = (
        "# Rule\n\nPaid at half.\n\n## Change log\n\n| Version | Date | Change |\n|---|---|---|\n"
        "| 1 | 04/01/2023 | First version |\n| 2 | 04/02/2025 | More |\n"
    )
    assert read("rule.md", text).metadata.version is None


def test_in_a_workbook_of_one_column_the_name_above_it_is_whose_it_is(read):
    book = openpyxl.Workbook()
    for row in (["Redfern Health Plan"], ["Codes that need review"], ["Code"], ["0581T"]):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    assert read("codes.xlsx", out.getvalue()).metadata.payer == "Redfern Health Plan"


def test_a_workbook_whose_only_sheet_has_no_name_is_called_as_its_file(read):
    book = openpyxl.Workbook()
    book.active.title = "Sheet1"
    book.active.append(["Payer", "Redfern Health Plan"])
    book.active.append(["0581T", "no"])
    out = io.BytesIO()
    book.save(out)
    assert read("site of service.xlsx", out.getvalue()).metadata.title == "site of service"
