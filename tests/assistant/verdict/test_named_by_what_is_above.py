"""What a heading or a column says speaks for the words below it, and a telephone is no fax."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant.answer import Verdict
from assistant.desk import Desk

MANUAL = """# Provider Manual of Juniper Health Plan

Juniper Health Plan

## 14.3 Newborns

### 14.3.1 Normal newborn

The normal newborn is billed on the claim of the mother for the first 30 days.

### 14.3.2 Sick newborn

A newborn who stays after the mother has left needs a member number of its own.

## 15 Contact

Provider services answer at 800-555-0142 from 8 a.m. to 5 p.m.

## 16 Conversion factor

| From | Commercial | Exchange |
|---|---|---|
| 10/01/2025 | $61.40 | $52.75 |
"""
EQUIPMENT = """# Equipment of Juniper Health Plan

Juniper Health Plan

| HCPCS | Item | Rental per month | PA |
|---|---|---|---|
| E0601 | CPAP device | $67.70 | Yes |
| K0001 | Standard wheelchair | $33.50 | No |
| E0260 | Hospital bed | $99.17 | Yes |
"""


@pytest.fixture(scope="module")
def desk(desk_of: object) -> Iterator[Desk]:
    with desk_of({"manual.md": MANUAL, "equipment.md": EQUIPMENT}) as made:  # type: ignore[operator]
        yield made


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        ("What does section 14.3.2 say?", "member number of its own"),
        ("Does E0260 need prior authorization at Juniper Health Plan?", "E0260 | Hospital bed"),
        ("What is the conversion factor of Juniper Health Plan?", "$61.40 | $52.75"),
        ("What is the telephone number of provider services?", "800-555-0142"),
    ],
)
def test_it_is_answered_by_the_words_below(desk: Desk, question: str, quote: str) -> None:
    answer = desk.ask(question)
    assert answer.verdict is Verdict.ANSWERED, answer.missing
    assert quote in answer.citations[0].text


def test_a_telephone_number_answers_no_question_for_a_fax(desk: Desk) -> None:
    answer = desk.ask("What is the fax number of provider services at Juniper Health Plan?")
    assert answer.verdict is not Verdict.ANSWERED
    assert "The nearest passage names no fax number." in answer.missing
