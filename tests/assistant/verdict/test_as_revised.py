"""Of a document that was revised it is not said that it holds from its revision on: its words, as
revised, do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from assistant.answer import Verdict
from assistant.desk import Desk
from assistant.evaluation.reasons import Reasons
from index.filters import Filters

BEFORE = date(2026, 6, 1)
DAYS = "effective: 2027-01-01\n{}"
PUMPS = """---
title: Infusion pumps at home
payer: Alder Health Plan
kind: policy
{}---
# Infusion pumps at home

## Payment

Alder Health Plan pays $442.19 for each visit at which a home infusion pump (E0781) is refilled.
"""
ASKED = "How much does Alder Health Plan pay for a home infusion pump refill visit?"


@pytest.fixture(scope="module", params=["revised: 2027-01-01\n", ""], ids=["revised", "new"])
def made(request: pytest.FixtureRequest, desk_of: object) -> Iterator[tuple[Desk, bool]]:
    files = {"pumps.md": PUMPS.format(DAYS.format(request.param))}
    with desk_of(files) as desk:  # type: ignore[operator]
        yield desk, bool(request.param)


def test_what_begins_later_is_told_as_revised_where_it_is(made: tuple[Desk, bool]) -> None:
    desk, revised = made
    answer = desk.ask(ASKED, Filters(on=BEFORE))
    assert answer.verdict is not Verdict.ANSWERED
    said = " as revised" if revised else ""
    assert f"As of 2027-01-01, “Infusion pumps at home”{said} answers this." in answer.missing
    assert not Reasons(desk.library).unproven(answer)


def test_the_day_from_which_a_payers_documents_hold_is_that_of_a_revision_where_it_is(
    desk_of: object,
) -> None:
    guide = (
        "# Denials\n\n## What does Cigna say on a denied claim for 0581T?\n\nCigna says in its "
        "policy (mid-October 2025) that cryoablation of breast cancer is not medically necessary.\n"
    )
    policy = (
        "---\ntitle: Cigna 0540\npayer: Cigna\nkind: policy\neffective: 2025-10-15\n{}---\n"
        "# Cigna 0540\n\nCigna says that cryoablation of breast cancer is not medically "
        "necessary.\n"
    )
    for more, said in (("revised: 2025-10-15\n", " as revised"), ("", "")):
        files = {"denials.md": guide, "cigna.md": policy.format(more)}
        with desk_of(files) as desk:  # type: ignore[operator]
            answer = desk.ask("What did Cigna say on cryoablation of breast cancer in March 2025?")
            wanted = f"The library's documents of Cigna hold{said} from 2025-10-15 on."
            assert wanted in answer.missing
            assert not Reasons(desk.library).unproven(answer)
