"""What stands at the head of a document: a name alone, a caption with its day, a row that every
sheet repeats; and news of several days, none of which is the document's."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest

from corpus.metadata.dates import read_dates

_TODAY = date(2026, 11, 28)


def effective(text: str) -> list[str]:
    found = read_dates(text, on=_TODAY).found
    return [one.value.isoformat() for one in found if one.field == "effective"]


@pytest.mark.parametrize(
    "text",
    [
        "# Cobble Hill Mutual\n\n# Hernia Repair\n\nSurgery is covered after a year of watching.\n",
        "# Hernia Repair\n\nCobble Hill Mutual Reimbursement Policy HR-3\n\nA mesh is not paid.\n",
    ],
)
def test_a_mutual_is_a_payer_and_no_title(read, text):
    found = read("hr3.md", text).metadata
    assert (found.payer, found.title) == ("Cobble Hill Mutual", "Hernia Repair")


def test_a_mutual_whose_name_goes_on_is_called_by_all_of_it(read):
    text = "# Cobble Hill Mutual Health\n\n# Hernia Repair\n\nCobble Hill Mutual Health pays.\n"
    assert read("hr3.md", text).metadata.payer != "Cobble Hill Mutual"


def test_a_caption_may_end_with_its_day():
    assert effective("Elm Health Plan\n\nCode list, effective July 1, 2026\n\nA1 | yes\n") == [
        "2026-07-01"
    ]
    below = "\n\n".join(f"Line {at} says something." for at in range(9))
    assert not effective(f"{below}\n\nKnee braces, effective July 1, 2026\n")


@pytest.mark.parametrize(
    "more",
    [
        "From April 15, 2026 paper claims go to another address.",
        "Corrected claims have 120 days for dates of service on or after July 1, 2026.",
    ],
)
def test_news_of_several_days_is_of_none_of_them(more):
    one = "Provider News\n\nStarting June 1, 2026, a sleep study needs approval.\n"
    assert effective(one) == ["2026-06-01"]
    assert effective(f"{one}\n{more}\n") == []


def test_what_heads_every_sheet_is_the_title_of_the_workbook(read):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name in ("Commercial", "Senior"):
        sheet = book.create_sheet(name)
        for row in (
            ["Elm Health Plan"],
            ["Drugs that need approval"],
            [],
            ["Code", "Drug", "Approval"],
            ["J0897", "Denosumab", "Required"],
        ):
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    assert read("list.xlsx", out.getvalue()).metadata.title == "Drugs that need approval"


def test_a_page_of_a_national_determination_is_of_medicare(read):
    page = (
        "<html><head><title>NCD - Home Traction (999.4)</title></head><body><h1>Home Traction</h1>"
        "<p>Covered for neck pain.</p></body></html>"
    )
    assert read("ncd.html", page).metadata.payer == "Medicare"
