"""Dates that sentences and running lines give, and what is in force for one line of business."""

from __future__ import annotations

from datetime import date

import pytest

from corpus.document import SURE, Page
from corpus.metadata.dates import read_dates

_TODAY = date(2026, 11, 28)


def dates(text: str, *pages: Page) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in read_dates(text, pages, on=_TODAY).found:
        found.setdefault(one.field if one.sure >= SURE else "doubtful", []).append(
            one.value.isoformat()
        )
    return found


@pytest.mark.parametrize(
    "sentence",
    [
        "The change takes effect April 15, 2026. A stay of April 10 is reviewed as before.",
        "This rule goes into effect on April 15, 2026. Until then nothing changes.",
        "The limit is applied to claims processed on or after April 15, 2026.",
        "This applies to services on or after April 15, 2026.",
        "Effective 04/15/2026 This policy holds for all products of the plan.",
        "For dates of service beginning April 15, 2026, the visit is paid by half.",
        "Policy effective 4/15/26 Harbor Fund pays for the days from the finding on.",
        "Term of this appendix: April 15, 2026 through April 14, 2027",
        "Plan year April 15 through December 31, 2026 The plan excludes what is unproven.",
        "In use from: April 15, 2026",
    ],
)
def test_what_a_document_says_of_its_only_change_dates_it(sentence):
    assert dates(f"# Sepsis\n\n{sentence}\n").get("effective") == ["2026-04-15"]


@pytest.mark.parametrize(
    "sentence",
    [
        "Rates for outpatient services change on April 15, 2026. Earlier ones stay.",
        "On April 15, 2026 our claims address changes. The payer ID stays.",
        "No referral is needed with dates of service on or after April 15, 2026.",
        "The plan will introduce the edit for imaging on April 15, 2026.",
    ],
)
def test_what_a_notice_announces_dates_it_and_no_other_document(sentence):
    assert dates(f"Provider Notice\n\n# Visits\n\n{sentence}\n")["effective"] == ["2026-04-15"]
    assert "effective" not in dates(f"# Visits\n\n{sentence}\n")


def test_a_short_text_that_begins_with_its_day_is_a_notice():
    said = "Elm Fund will require authorization of sleep studies effective Nov. 1, 2026."
    assert dates(f"# Sleep studies\n\nSept. 1, 2026\n\n{said}\n")["effective"] == ["2026-11-01"]
    assert "effective" not in dates(f"# Sleep studies\n\n{said}\n")


def test_an_agreement_is_in_force_from_the_day_that_its_first_sentence_ends_with():
    made = "This Agreement is made between Elm Fund and Oak Hospital, effective June 1, 2026."
    assert dates(f"# Agreement\n\n{made}\n")["effective"] == ["2026-06-01"]


def test_labels_in_capitals_on_one_line_are_read_each():
    line = "APPROVED 03/03/2026 IN EFFECT 04/01/2026 REPLACES 04/01/2022"
    assert dates(f"CLAIM POLICY\n\n{line}\n")["effective"] == ["2026-04-01"]


def test_a_row_of_labels_each_with_its_date_beside_it_is_read():
    row = "Origination | 4/8/2014 | Approval | 2/2/2026 | Effective | 3/9/2026"
    assert dates(f"# Cryotherapy\n\n{row}\n")["effective"] == ["2026-03-09"]


def test_the_period_of_a_report_is_not_when_it_is_in_force():
    assert "effective" not in dates("# Denial trends, third quarter 2026\n\nNine denials.\n")
    assert dates("# Fee schedule, third quarter 2026\n\nRates.\n")["effective"] == ["2026-07-01"]


def test_an_original_date_of_any_kind_of_document_gives_way_to_that_of_its_revision():
    labels = "Original Article Effective Date: 11/15/2020\nRevision Effective Date: 01/01/2026\n"
    assert dates(f"Article\n\n{labels}")["effective"] == ["2026-01-01"]


def test_the_last_line_of_a_form_dates_it():
    form = "# Appointment\n\nI appoint:\n\nName\n\nAddress\n\nTelephone\n\nSignature\n\n"
    assert dates(f"{form}Form 88, effective 06/01/2026\n")["effective"] == ["2026-06-01"]


def test_an_invitation_dates_no_notice():
    invited = "On April 15, 2026 our nurses meet at noon. Join us on May 2, 2026."
    assert "effective" not in dates(f"Provider Notice\n\n# Lunch\n\n{invited}\n")


@pytest.mark.parametrize(
    "text",
    [
        "The change takes effect April 15, 2026. The limit takes effect June 1, 2026.",
        "Effective October 1, 2010 the state took over.\nEffective May 1, 2015 CMS set four.",
        "The plan paid for it in 2019. The manual of April 15, 2026 says more.",
    ],
)
def test_of_several_changes_none_dates_the_document(text):
    assert "effective" not in dates(f"# Notes\n\n{text}\n")


def test_a_footer_of_both_pages_dates_the_document():
    first = "Bilateral procedures\n\nPaid at 150 percent.\n\nQuarry HMO RP.044 Eff. 03/2026 1\n"
    second = "Modifier 50\n\nOne line.\n\nQuarry HMO RP.044 Eff. 03/2026 2\n"
    pages = (Page(1, 0), Page(2, len(first)))
    assert dates(first + second, *pages)["effective"] == ["2026-03-01"]


def test_a_row_of_version_and_day_above_a_table_dates_it():
    rows = "Version 4 | Effective 01/01/2026\nCode | Answer\n0581T | No\n"
    assert dates(f"Coverage grid\n\n{rows}")["effective"] == ["2026-01-01"]


def test_a_span_with_one_year_begins_in_it():
    found = dates("# Drug list\n\nEffective July 1 through September 30, 2026\n")
    assert found["effective"] == ["2026-07-01"]
    assert found["retired"] == ["2026-09-30"]
    winter = dates("# Drug list\n\nEffective December 1 through February 28, 2027\n")
    assert winter["effective"] == ["2026-12-01"]


def test_the_period_of_rates_is_when_they_are_in_force():
    found = dates("# Rates\n\nRates for the period October 1, 2025 to September 30, 2026\n")
    assert (found["effective"], found["retired"]) == (["2025-10-01"], ["2026-09-30"])


@pytest.mark.parametrize(
    "text",
    [
        "Commercial plans: effective March 1, 2026. Medicaid plans: effective May 1, 2026.",
        "Effective March 1, 2026 for commercial members and May 1, 2026 for Medicaid members.",
        "Line of business | Effective date\nCommercial | 03/01/2026\nMedicaid | 05/01/2026",
    ],
)
def test_two_dates_for_two_lines_of_business_wait_for_a_person(text):
    assert dates(f"# Observation\n\n{text}\n") == {"doubtful": ["2026-03-01", "2026-05-01"]}


def test_one_date_for_both_lines_is_the_documents():
    rows = "Line of business | Effective date\nCommercial | 03/01/2026\nMedicaid | 03/01/2026\n"
    assert dates(f"# Observation\n\n{rows}")["effective"] == ["2026-03-01"]


def test_what_stands_below_a_reference_number_is_not_a_list_of_references():
    text = "Panels\n\nReference\n\nLAB-3\n\nIn effect from\n\nSeptember 1, 2026\n"
    assert dates(text)["effective"] == ["2026-09-01"]


@pytest.mark.parametrize(
    "text",
    [
        "DEPARTMENT OF HEALTH 42 CFR Part 419 [CMS-1834-P] RIN 0938-AV51\n\nMedicare Program\n",
        "Medicare Program\n\nAGENCY: The Centers, HHS. ACTION: Proposed rule.\n",
        "Medicare Program; Outpatient Payment; CY 2026 Proposed Rule\n\nSummary\n",
        "Swing beds\n\nReferences\n\nARSD 67:16:03.\n\nDRAFT FOR PUBLIC COMMENT\n",
    ],
)
def test_what_is_proposed_says_so_in_any_of_these_ways(text):
    standing = read_dates(text, on=_TODAY).standing
    assert standing is not None
    assert standing.value == "proposed"


def test_a_final_rule_that_tells_of_the_proposed_one_is_not_proposed():
    text = "[CMS-1834-FC]\n\nACTION: Final rule.\n\nThe proposed rule was published in July.\n"
    assert read_dates(text, on=_TODAY).standing is None
