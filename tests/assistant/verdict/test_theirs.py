"""A named payer's own passages are looked at, whatever general pages say more of the words."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from assistant.answer import Verdict
from assistant.desk import Desk

MakeDesk = Callable[[Mapping[str, str]], Desk]

OWN = """---
title: Ablation of Tumors
payer: Larkmoor Health Plan
---
# Ablation of Tumors

## Billing

Placement of a marker is part of 0581T. Prior authorization is required.

## Exhibit

The policy SRV-31 is the only one on this.
"""
GENERAL = "\n\n".join(
    f"## Does 0581T need prior authorization at {where}?\n\n"
    f"Prior authorization for 0581T is needed or not needed as the plan says at {where}."
    for where in (
        "a hospital",
        "a clinic",
        "an office",
        "a center",
        "a ward",
        "a site",
        "home",
        "work",
        "a school",
        "a camp",
    )
)


@pytest.fixture(scope="module")
def desk(desk_of: MakeDesk) -> Desk:
    return desk_of({"own.md": OWN, "general.md": f"# Prior authorization\n\n{GENERAL}\n"})


def test_the_payers_own_words_answer_before_general_pages(desk: Desk) -> None:
    answer = desk.ask("is prior authorization needed for 0581T at Larkmoor")
    assert answer.verdict is Verdict.ANSWERED
    assert answer.citations[0].version.document.endswith("own.md")


def test_a_number_that_a_series_lacks_is_not_found_by_name(desk: Desk) -> None:
    answer = desk.ask("what does SRV-32 say on this policy")
    assert answer.verdict is Verdict.NOT_FOUND
    assert answer.missing == ("No document in the library names SRV-32.",)
    assert desk.ask("which policy is SRV-31").verdict is not Verdict.NOT_FOUND
