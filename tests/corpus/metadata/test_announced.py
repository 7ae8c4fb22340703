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
    ],
)
def test_what_a_document_says_of_its_only_change_dates_it(sentence):
    assert dates(f"# Sepsis\n\n{sentence}\n").get("effective") == ["2026-04-15"]


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
