"""What is not in force on the day asked about: it is said on which day it answers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from assistant.answer import Verdict
from assistant.desk import Desk
from assistant.evaluation.reasons import Reasons
from index.filters import Filters

NOW = date(2026, 6, 1)
TO_COME = """---
title: Infusion pumps at home
payer: Alder Health Plan
kind: policy
effective: 2027-01-01
---
# Infusion pumps at home

## Payment

Alder Health Plan pays $442.19 for each visit at which a home infusion pump (E0781) is refilled.
"""
OVER = """---
title: Foot orthotics
payer: Birch Benefit Trust
kind: policy
effective: 2020-01-01
retired: 2025-03-01
---
# Foot orthotics

## Coverage

Birch Benefit Trust covers custom foot orthotics (L3000) once in three years.
"""
IN_FORCE = """---
title: Wheelchairs
payer: Alder Health Plan
kind: policy
effective: 2024-01-01
---
# Wheelchairs

## Coverage

Alder Health Plan covers a standard wheelchair (K0001) for members who cannot walk 50 feet.
"""
DRAFT = """---
title: Draft on hearing aids
payer: Alder Health Plan
kind: policy
standing: proposed
effective: 2027-03-01
---
# Draft on hearing aids

## Coverage

Alder Health Plan would cover hearing aids (V5257) once in five years.
"""


@pytest.fixture(scope="module")
def desk(desk_of: object) -> Iterator[Desk]:
    files = {"pumps.md": TO_COME, "feet.md": OVER, "chairs.md": IN_FORCE, "draft.md": DRAFT}
    with desk_of(files) as made:  # type: ignore[operator]
        yield made


@pytest.mark.parametrize(
    ("question", "title", "day"),
    [
        (
            "How much does Alder Health Plan pay for a home infusion pump refill visit?",
            "Infusion pumps at home",
            date(2027, 1, 1),
        ),
        (
            "Does Birch Benefit Trust cover custom foot orthotics?",
            "Foot orthotics",
            date(2025, 2, 28),
        ),
    ],
)
def test_what_begins_later_or_is_over_is_named_with_a_day_on_which_it_answers(
    desk: Desk, question: str, title: str, day: date
) -> None:
    answer = desk.ask(question, Filters(on=NOW))
    assert answer.verdict is not Verdict.ANSWERED
    assert answer.missing[0] == f"As of {day}, “{title}” answers this."
    assert answer.suggestions[0] == f"Ask as of {day}."
    assert not Reasons(desk.library).unproven(answer)
    then = desk.ask(question, Filters(on=day))
    assert then.verdict is Verdict.ANSWERED
    assert then.citations[0].version.metadata.title == title


@pytest.mark.parametrize(
    "question",
    [
        "Does Alder Health Plan cover a standard wheelchair?",  # answered now
        "Does Alder Health Plan cover hearing aids?",  # a draft holds on no day
        "Does Alder Health Plan cover chiropractic visits?",  # nothing is there on any day
    ],
)
def test_nothing_is_said_of_another_day_where_none_answers(desk: Desk, question: str) -> None:
    answer = desk.ask(question, Filters(on=NOW))
    assert answer.another_day is None
    assert not any(one.startswith("As of") for one in answer.missing)
