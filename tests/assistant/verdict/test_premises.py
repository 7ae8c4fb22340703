"""What a question takes for granted is told first where the passages do not bear it out."""

from __future__ import annotations

import pytest

from assistant.answer import Verdict
from assistant.question.premise import asks_why, claimed
from tests.assistant.conftest import MakeDesk

_LIFE = """# Category III codes

## What kind of code is 0581T?

0581T is a Category III code of CPT, a temporary code for a new service.

## Is there an LCD on 0581T?

No LCD that names 0581T was found.

## Does 0581T take modifier 50?

Modifier 50 goes with 0581T where both breasts are treated in one session.
"""


@pytest.mark.parametrize(
    ("question", "claim"),
    [
        ("since 0581T is a Category I code what RVUs does it have", "0581T is a Category I code"),
        ("because nccn recommends it, which category is it", "nccn recommends it"),
        ("as humana covers 0581T what criteria must be met", "humana covers 0581T"),
        ("how many rvus since its a category 1 code", "its a category 1 code"),
        ("which modifier because her blood pressure dropped", None),
        ("since when does CGS have no policy", None),
        ("what changed since 2024", None),
        ("as of today is 0581T covered", None),
    ],
)
def test_a_claim_is_told_by_its_form(question: str, claim: str | None) -> None:
    assert claimed(question) == claim


def test_who_asks_why_takes_for_granted_that_it_is_so() -> None:
    assert asks_why("why did medicare publish an lcd") == "medicare publish an lcd"
    assert asks_why("what did medicare publish") is None


def test_a_wrong_premise_is_put_right_first(desk_of: MakeDesk) -> None:
    desk = desk_of({"life.md": _LIFE})
    answer = desk.ask("since 0581T is a Category I code, does it take modifier 50?")
    assert "Category III" in answer.citations[0].text
    notice = "The question takes for granted: “0581T is a Category I code”. Check that first."
    assert notice in (*answer.missing, *answer.warnings)


def test_of_what_is_not_so_no_reason_is_told(desk_of: MakeDesk) -> None:
    answer = desk_of({"life.md": _LIFE}).ask("why did Medicare publish an LCD naming 0581T")
    assert answer.verdict is not Verdict.ANSWERED
    assert answer.citations[0].text.startswith("No LCD") or "No LCD" in answer.citations[0].text


def test_a_premise_that_is_borne_out_changes_nothing(desk_of: MakeDesk) -> None:
    desk = desk_of({"life.md": _LIFE})
    plain = desk.ask("does 0581T take modifier 50?")
    answer = desk.ask("since 0581T is a Category III code, does it take modifier 50?")
    assert answer.verdict is plain.verdict is Verdict.ANSWERED
    assert not any("takes for granted" in one for one in answer.warnings)
