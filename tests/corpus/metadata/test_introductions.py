"""Further kinds of documents and how each says whose it is, what it is called and when it holds:
mastheads, introductions, agreements, first rows, footers, determinations, a hospital's own."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest

from corpus.metadata.dates import read_dates

_TODAY = date(2026, 11, 28)


def workbook(sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def days(text: str) -> dict[str, str]:
    return {one.field: one.value.isoformat() for one in read_dates(text, on=_TODAY).found}


NEWS = """# Network Bulletin

Copper Lake Health Plan | Issue 2026-31 | March 3, 2026

## Imaging moves to another vendor

Starting April 1, 2027 all imaging is reviewed by Radvista.

## Corrected claims

Effective May 1, 2026, corrected claims need frequency code 7.
"""


def test_a_sentence_in_an_article_never_dates_a_bulletin(read):
    metadata = read("news.md", NEWS).metadata
    assert metadata.effective is None
    assert metadata.issued == date(2026, 3, 3)


def test_a_masthead_tells_whose_a_bulletin_is_and_its_issue_names_it(read):
    metadata = read("news.md", NEWS).metadata
    assert metadata.payer == metadata.publisher == "Copper Lake Health Plan"
    assert metadata.title == "Network Bulletin 2026-31"
    assert metadata.number == "2026-31"


def test_a_notice_of_one_change_is_dated_by_it_whatever_its_other_headings(read):
    text = (
        "# Notice: itemized bills\n\nEffective April 1, 2026, Copper Lake Health Plan wants "
        "bills.\n\n## Background\n\nHigh claims are reviewed.\n\n## Contact\n\n555-0100.\n"
    )
    assert read("notice.md", text).metadata.effective == date(2026, 4, 1)


@pytest.mark.parametrize("other", ["beginning May 1, 2027", "from July 9, 2026"])
def test_a_notice_that_begins_several_things_on_several_days_is_dated_by_none(other):
    told = f"Provider alert\nEffective April 1, 2026, send bills by portal. Faxes end {other}."
    assert "effective" not in days(told)


@pytest.mark.parametrize("question", ["When is approval needed?", "Who reviews imaging?"])
def test_an_answer_dates_no_faq(read, question):
    text = (
        f"# Provider notices: questions\n\n## {question}\n\nEffective for dates of service on or "
        "after June 1, 2027, always.\n\n## Where do claims go?\n\nTo PO Box 4.\n\n"
        "## Do you take paper?\n\nNo.\n"
    )
    metadata = read("faq.md", text).metadata
    assert metadata.effective is None
    assert metadata.kind == "faq"


@pytest.mark.parametrize(
    ("told", "line", "place"),
    [
        ("Quiet Harbor Care, a Medicaid managed care organization in Oregon", "Medicaid", "Oregon"),
        ("Quiet Harbor Care is a Medicare Advantage plan", "Medicare Advantage", None),
        ("Quiet Harbor Care, a third party administrator for employers", None, None),
    ],
)
def test_who_introduces_itself_at_the_top_is_the_payer(read, told, line, place):
    metadata = read("help.md", f"# Claims help\n\n{told}\n\n## Filing\n\nIn 180 days.\n").metadata
    assert metadata.payer == "Quiet Harbor Care"
    assert metadata.line_of_business == ((line,) if line else ())
    assert metadata.jurisdiction == place


def test_who_is_introduced_within_a_text_does_not_speak(read):
    text = (
        "# Audit of March\n\nWe met.\n\n## Findings\n\nOne.\n\nTwo.\n\nThree.\n\nFour.\n\n"
        "Quiet Harbor Care, a Medicaid managed care organization in Oregon, audits ten cases.\n\n"
        "Five.\n\nSix.\n\nSeven.\n\nEight.\n"
    )
    assert read("audit.md", text).metadata.payer is None


@pytest.mark.parametrize(
    "parties",
    [
        "Redfern Insurance Company and Elder Creek Hospital",
        "Elder Creek Hospital and Redfern Insurance Company",
    ],
)
def test_of_the_parties_of_an_agreement_the_insurer_pays(read, parties):
    text = (
        f"# Exhibit C: Rates\n\nThis Exhibit is part of the Hospital Agreement between {parties} "
        "and applies to services on or after March 1, 2026.\n\n## Surgery\n\n50% of charges.\n"
    )
    metadata = read("exhibit.md", text).metadata
    assert metadata.payer == "Redfern Insurance Company"
    assert metadata.effective == date(2026, 3, 1)


def test_two_who_meet_in_a_sentence_without_an_agreement_are_no_parties(read):
    text = (
        "# Talks\n\nThe talks between Redfern Insurance Company and Elder Creek Hospital failed.\n"
    )
    assert read("talks.md", text).metadata.payer is None


def test_the_name_at_the_foot_of_one_page_speaks_where_nobody_else_does(read):
    body = "# New address\n\nSend claims to PO Box 9.\n\nThank you.\n\nCall 555-0100.\n\n"
    assert read("a.md", f"{body}Redfern Insurance Company\n").metadata.payer == (
        "Redfern Insurance Company"
    )
    headed = f"Elder Creek Hospital\n\n{body}Redfern Insurance Company\n"
    assert read("b.md", headed).metadata.payer != "Redfern Insurance Company"


def test_notes_about_a_payer_are_not_its_own(read):
    text = (
        "# Call notes: Redfern Health Plan\n\nSpoke with Al, reference 77123. They want records.\n"
    )
    metadata = read("notes.md", text).metadata
    assert metadata.payer is None
    assert metadata.number is None


def test_a_list_under_a_name_is_of_that_payer_if_only_a_payer_has_such_a_list(read):
    rows = "Code,Fee\n19105,100\n19083,200\n"
    name = "Silent River Health Partners"
    assert read("a.csv", f"{name} - Fee Schedule\n{rows}").metadata.payer == name
    assert read("b.csv", f"{name} - Staff telephone list\n{rows}").metadata.payer is None


def test_the_first_row_of_a_workbook_names_payer_and_title(read):
    rows = [["Arroyo State Medicaid"], ["Lab Maximum Fees - Rev. 03/01/2026"], [], ["Code", "Fee"]]
    metadata = read("fees.xlsx", workbook([("Lab", [*rows, ["80053", 9], ["80061", 8]])])).metadata
    assert metadata.payer == "Arroyo State Medicaid"
    assert metadata.line_of_business == ("Medicaid",)
    assert metadata.title == "Lab Maximum Fees"
    assert metadata.reviewed == date(2026, 3, 1)


def test_sheets_that_begin_with_different_payers_are_of_none(read):
    rows = [["Code", "Covered"], ["0581T", "no"]]
    sheets = [
        (name, [[f"{body} - Fee Schedule"], *rows])
        for name, body in (("One", "Copper Lake Health Plan"), ("Two", "Redfern Health Plan"))
    ]
    assert read("grid.xlsx", workbook(sheets)).metadata.payer is None


@pytest.mark.parametrize(
    "footer",
    [
        "Version 4 | Effective 05/01/2026 | Page 1",
        "Version 4 Effective 05/01/2026 1",
        "Rev. 4 | In effect 05/01/2026 | 1 of 2",
    ],
)
def test_a_footer_dates_the_document(footer):
    assert days(f"Infusion pumps\n\nThe plan pays for pumps.\n\n{footer}") == {
        "effective": "2026-05-01"
    }


def test_a_row_with_a_date_is_no_footer():
    rows = "Code | Effective 05/01/2026 | Fee\n19105 | Effective 05/01/2026 | 9\n19083 | x | 8"
    assert "effective" not in days(f"Fees\n\n{rows}")


def test_a_type_and_number_in_the_header_are_the_documents(read):
    text = "Granary Benefit Fund Pharmacy Policy RX-77\n\n# Iron infusion\n\nIron is covered.\n"
    metadata = read("iron.md", text).metadata
    assert (metadata.number, metadata.kind) == ("RX-77", "policy")
    assert metadata.title == "Iron infusion"


DETERMINATION = """Local Coverage Determination (LCD)
Ablation of nerves
L99777
Contractor: Foxglove Government Services, LLC (A and B MAC, J-Q)
Original Effective Date: For services performed on or after 05/04/2019
Revision Effective Date: For services performed on or after 08/10/2026

Coverage Indications, Limitations, and/or Medical Necessity
Two blocks come first.
"""


def test_a_determination_is_its_contractors_and_called_by_the_line_below_its_type(read):
    metadata = read("a.txt", DETERMINATION).metadata
    assert metadata.title == "Ablation of nerves"
    assert metadata.publisher == "Foxglove Government Services, LLC"
    assert metadata.payer == "Medicare"


def test_what_came_into_force_by_a_revision_is_said_to_be_revised(read):
    metadata = read("a.txt", DETERMINATION).metadata
    assert metadata.effective == metadata.revised == date(2026, 8, 10)
    first = DETERMINATION.replace("Revision Effective Date", "Notice Start Date")
    assert read("b.txt", first).metadata.revised is None


def test_a_banner_is_the_day_of_retirement_and_no_part_of_the_title(read):
    text = "# RETIRED 06/30/2024 Laser ablation of nodules\n\nEffective: January 1, 2020\n\nText.\n"
    metadata = read("a.md", text).metadata
    assert metadata.title == "Laser ablation of nodules"
    assert metadata.retired == date(2024, 6, 30)


@pytest.mark.parametrize(
    "said",
    [
        "Effective 01/01/2026 through 12/31/2026",
        "Effective 01/01/2026 - 12/31/2026",
        "For members. Effective January 1, 2026 through December 31, 2026. Ask us.",
    ],
)
def test_the_last_day_of_a_span_is_still_in_force(read, said):
    metadata = read("a.txt", f"Fee schedule\n\n{said}\n\nText.\n").metadata
    assert metadata.effective == date(2026, 1, 1)
    assert metadata.retired == date(2027, 1, 1)


def test_the_name_of_a_hospital_is_no_title_of_its_policy(read):
    text = (
        "# Elder Creek Medical Center\n\n## Charge Correction Policy RI-12\n\n"
        "Owner: Revenue. Approved 5 May 2026. Next review May 2028. Replaces RI-12 of 2021.\n"
    )
    metadata = read("policy.md", text).metadata
    assert metadata.title == "Charge Correction Policy RI-12"
    assert metadata.reviewed == date(2026, 5, 5)
    assert metadata.next_review == date(2028, 5, 1)
    assert metadata.effective is None


def test_a_hospitals_list_is_called_by_its_second_line_and_is_no_policy(read):
    text = (
        "Elder Creek Medical Center\nTop denials, first quarter 2026\n\n"
        "Payer,Reason,Count,What we do\nRedfern Health Plan,CO-16,9,See the drug policy\n"
        "Copper Lake Health Plan,CO-50,4,Check the medical policy\n"
    )
    metadata = read("denials.csv", text).metadata
    assert metadata.title == "Top denials, first quarter 2026"
    assert metadata.kind is None
    assert metadata.payer is None


def test_a_rule_of_a_states_code_is_of_the_agency_that_it_binds(read):
    text = (
        "Kansas Administrative Code\n\n# Rule 30-5-81 Hospital payment\n\n"
        "The Kansas department of medicaid shall pay hospitals by group.\n"
    )
    metadata = read("rule.md", text).metadata
    assert metadata.payer == "Kansas Department of Medicaid"
    other = text.replace("Administrative Code", "Hospital Association")
    assert read("news.md", other).metadata.payer is None


def test_an_attachment_says_since_when_it_is_in_force():
    assert days("Attachment B\nThis Attachment is effective March 1, 2026.") == {
        "effective": "2026-03-01"
    }
