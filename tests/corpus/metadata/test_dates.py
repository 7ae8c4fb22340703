"""Dates are read from what a document says about itself, each with its evidence."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import SURE, Block, BlockKind, Page, Span
from corpus.metadata.dates import all_dates, find_dates, read_dates, section_dates
from corpus.text.dates import parse_date


def dates(text: str) -> dict[str, str]:
    return {found.field: found.value.isoformat() for found in find_dates(text)}


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("Effective Date: October 16, 2025", "effective", "2025-10-16"),
        ("Effective 10/16/2025", "effective", "2025-10-16"),
        ("Eff. date 1/2/24", "effective", "2024-01-02"),
        ("Policy effective: 1 November 2025", "effective", "2025-11-01"),
        ("**Effective Date:** 2025-10-16", "effective", "2025-10-16"),
        ("Effective Date\n10/16/2025", "effective", "2025-10-16"),
        ("Effective date | 10/16/2025", "effective", "2025-10-16"),
        ("This policy is effective July 1, 2025.", "effective", "2025-07-01"),
        ("Last review: July 2018", "reviewed", "2018-07-01"),
        ("Last updated: Nov. 3, 2025", "reviewed", "2025-11-03"),
        ("Revision Date (Medicare): 1/1/2025", "reviewed", "2025-01-01"),
        ("Retired: 29 June 2020", "retired", "2020-06-29"),
        ("Archived on 2020-06-29", "retired", "2020-06-29"),
        ("This policy was retired on June 29, 2020.", "retired", "2020-06-29"),
        ("Effective through 12/31/2025", "retired", "2025-12-31"),
        ("Accessed on: 2024-02-29", "retrieved", "2024-02-29"),
        ("Effective date ........ 3/1/2024", "effective", "2024-03-01"),
        ("Status: Archived 12/31/2021", "retired", "2021-12-31"),
    ],
)
def test_a_labelled_date_is_read(text: str, field: str, value: str) -> None:
    assert dates(text) == {field: value}


@pytest.mark.parametrize(
    "text",
    [
        "Effective: 2024-01-01 to 2024-12-31",
        "Effective from 1 January 2024 until 31 December 2024",
        "This policy is effective January 1, 2024 through December 31, 2024.",
    ],
)
def test_a_span_of_dates_gives_its_beginning_and_its_end(text: str) -> None:
    assert dates(text) == {"effective": "2024-01-01", "retired": "2024-12-31"}


@pytest.mark.parametrize(
    "text",
    [
        "Next review date: 1/1/2027",
        "CGS retired its policy L34370 on 29 June 2020.",
        "Cigna 0540 is effective 15 October 2025 by one source.",
        "Effective October 1, 2010, Medicaid took over these methods.",
        "Effective Date: 13/45/2025",
        "Accessed on: 2023-02-29",
        "Effective Date: to be announced",
    ],
)
def test_plans_other_policies_and_impossible_days_are_left_alone(text: str) -> None:
    assert dates(text) == {}


def test_the_current_effective_date_wins_over_the_original_one() -> None:
    text = "Original effective date: 1/1/2005\nEffective date: 2/1/2025"
    assert dates(text) == {"effective": "2025-02-01"}
    assert dates("Original effective date: 1/1/2005") == {"effective": "2005-01-01"}


def test_a_last_review_wins_over_a_revision_and_the_next_review_is_ignored() -> None:
    text = "Revised: 3/3/2026\nNext review: 1/1/2027\nLast reviewed: 1/1/2026"
    assert dates(text) == {"reviewed": "2026-01-01"}


def test_the_latest_row_of_a_revision_history_is_the_review() -> None:
    text = "Revision history\n01/02/2020 New policy\n05/06/2024 Updated\n03/04/2022 Edited\n"
    assert dates(text) == {"reviewed": "2024-05-06"}


def test_a_table_names_its_dates_by_its_columns() -> None:
    text = "| Effective date | Last review |\n|---|---|\n| 1/1/2025 | 2/2/2025 |"
    assert dates(text) == {"effective": "2025-01-01", "reviewed": "2025-02-02"}


def test_the_first_page_wins_over_a_later_one_and_the_page_is_kept() -> None:
    first, second = "Effective Date: 1/1/2025\n\n", "Effective Date: 1/1/2020"
    pages = (Page(1, 0), Page(2, len(first)))
    found = all_dates(first + second, pages)
    assert [(one.value.year, one.page) for one in found] == [(2025, 1), (2020, 2)]
    assert [one.value.year for one in find_dates(first + second, pages)] == [2025]


def test_the_sentence_is_the_line_that_holds_the_date() -> None:
    (found,) = find_dates("A title\n\nEffective   Date:  10/16/2025  (commercial)\nMore text.")
    assert found.sentence == "Effective Date: 10/16/2025 (commercial)"


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("2025-03-01", date(2025, 3, 1)),
        ("3/1/2025", date(2025, 3, 1)),
        ("March 2025", date(2025, 3, 1)),
        ("1 Nov 2025", date(2025, 11, 1)),
        ("Sept. 5, 2024", date(2024, 9, 5)),
        ("  October 16th, 2025 ", date(2025, 10, 16)),
    ],
)
def test_a_date_that_a_person_types_is_read(typed: str, value: date) -> None:
    assert parse_date(typed) == value


@pytest.mark.parametrize(
    "typed", ["", "soon", "2025-13-01", "2025-02-30", "10/16", "2025", "0581T"]
)
def test_what_is_no_date_is_refused(typed: str) -> None:
    assert parse_date(typed) is None


@given(st.dates(date(1980, 1, 1), date(2099, 12, 31)))
def test_every_day_is_read_in_every_form(day: date) -> None:
    month = day.strftime("%B")
    for form in (
        day.isoformat(),
        f"{day.month}/{day.day}/{day.year}",
        f"{month} {day.day}, {day.year}",
        f"{day.day} {month[:3]} {day.year}",
    ):
        assert parse_date(form) == day
        assert dates(f"Effective Date: {form}") == {"effective": day.isoformat()}


@given(st.dates(date(1980, 1, 1), date(2099, 12, 31)), st.sampled_from("./-"))
def test_a_day_that_can_be_no_month_settles_the_order_of_the_others(day: date, sign: str) -> None:
    """15.04.2025 says what 01.04.2025 is, whichever of the two comes first."""
    european = f"{day.day:02}{sign}{day.month:02}{sign}{day.year}"
    american = f"{day.month:02}{sign}{day.day:02}{sign}{day.year}"
    for form, other in ((european, f"15{sign}04{sign}2025"), (american, f"04{sign}15{sign}2025")):
        text = f"A notice\nEffective Date: {form}\nLast reviewed: {other}"
        assert dates(text) == {"effective": day.isoformat(), "reviewed": "2025-04-15"}


@given(st.dates(date(1980, 1, 1), date(2099, 12, 31)))
def test_dots_alone_are_read_only_where_they_can_be_one_day(day: date) -> None:
    found = read_dates(f"Effective Date: {day.month:02}.{day.day:02}.{day.year}").found
    if day.day > 12 or day.day == day.month:
        assert [(one.value, one.sure >= SURE) for one in found] == [(day, True)]
    else:
        assert {one.value for one in found} == {day, date(day.year, day.day, day.month)}
        assert all(one.sure < SURE for one in found)


def test_a_month_a_quarter_and_a_year_are_their_first_day_and_say_so() -> None:
    for form, value, precision in (
        ("March 2025", date(2025, 3, 1), "month"),
        ("Q3 2025", date(2025, 7, 1), "quarter"),
        ("CY 2026", date(2026, 1, 1), "year"),
    ):
        (found,) = read_dates(f"Fee schedule\nEffective: {form}").found
        assert (found.value, found.precision) == (value, precision)
        assert form in found.sentence


def test_what_says_that_it_is_no_longer_in_force_keeps_the_words_that_say_so() -> None:
    reading = read_dates("RETIRED POLICY - for reference only\nEffective Date: 01/01/2021")
    assert reading.standing is not None
    assert (reading.standing.value, reading.standing.sentence) == (
        "retired",
        "RETIRED POLICY - for reference only",
    )


def test_a_revision_mark_dates_its_section_and_not_the_document() -> None:
    parts = (
        ("Chapter 16\n", 1),
        ("Table of Contents (Rev. 13593; Issued: 01-26-26)\n", 0),
        ("10 - General\n20 - More\n" + "x " * 120 + "\n", 0),
        ("10 - General\n", 2),
        ("(Rev. 198, Issued: 11-06-14, Effective: 01-01-15, Implementation: 01-05-15)\n", 0),
        ("No payment can be made.\n", 0),
        ("20 - More\n", 2),
        ("(Rev. 13593; Issued: 01-26-26; Effective:02-26-26; Implementation:04-27-26)\n", 0),
        ("Text.\n", 0),
        ("30 - Last\n", 2),
        ("(Rev. 1, 10-01-03)\n", 0),
        ("Old text.\n", 0),
    )
    text, blocks = "", []
    for words, level in parts:
        kind = BlockKind.HEADING if level else BlockKind.PARAGRAPH
        blocks.append(Block(kind, Span(len(text), len(text) + len(words) - 1), level))
        text += words
    held = [(one.span.of(text)[:12], one.effective) for one in section_dates(text, blocks)]
    assert held == [
        ("10 - General", date(2015, 1, 1)),
        ("20 - More\n(R", date(2026, 2, 26)),
        ("30 - Last\n(R", date(2003, 10, 1)),
    ]
    reading = read_dates(text)
    assert [(one.field, one.value) for one in reading.found] == [("issued", date(2026, 1, 26))]


def test_a_section_that_says_from_when_it_is_in_force_is_dated_and_the_next_is_not() -> None:
    parts = (
        ("Hospital guide\n", 1),
        ("3 Bilateral\n", 2),
        ("Bill one line.\n", 0),
        ("4 Outliers\n", 2),
        ("Outliers are paid at 60 %. This section is effective April 1, 2025.\n", 0),
        ("4.1 Cost\n", 3),
        ("By the cost report.\n", 0),
        ("5 Appeals\n", 2),
        ("Within 60 days.\n", 0),
    )
    text, blocks = "", []
    for words, level in parts:
        kind = BlockKind.HEADING if level else BlockKind.PARAGRAPH
        blocks.append(Block(kind, Span(len(text), len(text) + len(words) - 1), level))
        text += words
    (section,) = section_dates(text, blocks)
    assert section.effective == date(2025, 4, 1)
    assert section.span.of(text).startswith("4 Outliers")
    assert section.span.of(text).endswith("By the cost report.\n")


@given(st.text(alphabet="Efectivrdwn Date:0123456789/-,|\n\t", max_size=200))
def test_no_text_breaks_the_search_for_dates(text: str) -> None:
    assert all(1950 <= found.value.year <= 2100 for found in all_dates(text))
