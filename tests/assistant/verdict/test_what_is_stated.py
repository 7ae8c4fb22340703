"""What is asked for must be stated of what it is asked of: a decision, a value, a list of codes."""

from __future__ import annotations

import re

import pytest

from assistant.answer import Verdict
from assistant.desk import Desk
from assistant.evaluation.reasons import Reasons
from assistant.question.kinds import AskedKind, kinds_asked
from assistant.question.names.naming import standard_naming
from assistant.question.understand import as_typed
from assistant.verdict.requirements import Kind, requirements
from assistant.verdict.trust import model
from tests.assistant.conftest import MakeDesk

_LIBRARY = {
    "stimulation.md": """---
title: "Alpha Health 12: deep brain stimulation"
payer: Alpha Health
kind: policy
---
# Alpha Health 12: deep brain stimulation

## Background

A paper compared vagus nerve stimulation for epilepsy with surgery and looked at the quality of \
life of both groups.

## Essential tremor

Alpha Health considers deep brain stimulation medically necessary for essential tremor.
""",
    "clinics.md": """# Rural clinics

## Coinsurance

For care coordination at a rural clinic the coinsurance is 20 percent of the charge.
""",
}


@pytest.fixture(scope="module")
def desk(desk_of: MakeDesk) -> Desk:
    return desk_of(_LIBRARY)


def test_a_text_that_only_mentions_a_treatment_is_no_policy_on_it(desk: Desk) -> None:
    answer = desk.ask("Alpha Health policy on vagus nerve stimulation for epilepsy")
    assert answer.citations[0].version.document.endswith("stimulation.md")
    assert answer.verdict is Verdict.WEAK
    assert "The marked words state no decision on coverage." in answer.missing
    assert not Reasons(desk.library).unproven(answer)


def test_a_text_that_decides_on_a_treatment_is_one(desk: Desk) -> None:
    asked = "Alpha Health policy on deep brain stimulation for essential tremor"
    assert desk.ask(asked).verdict is Verdict.ANSWERED


def test_the_value_of_another_thing_answers_nothing(desk: Desk) -> None:
    own = desk.ask("what percent is the coinsurance for care coordination at a rural clinic")
    assert own.verdict is Verdict.ANSWERED
    other = desk.ask("what percent of hospice chaplains are volunteers")
    assert other.verdict is not Verdict.ANSWERED
    assert not Reasons(desk.library).unproven(other)


def _kind(question: str) -> AskedKind:
    (kind,) = kinds_asked(question, {"snf": ("skilled nursing facility",)})
    return kind


def test_a_value_is_asked_of_the_words_beside_it_and_of_what_they_stand_for() -> None:
    about = _kind("what percent of snf appeals are won").about
    assert {"appeal", "nurs", "facil"} <= about
    assert "percent" not in about


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("nursing home coinsurance per day", "money"),
        ("part B deductible for 2026", "money"),
        ("number of beds in a rural hospital", "count"),
        ("length of the rating period", "duration"),
        ("work hours for the wiring change", "hours"),
    ],
)
def test_a_few_words_ask_for_a_value_too(question: str, name: str) -> None:
    assert _kind(question).name == name


@pytest.mark.parametrize("question", ["number of the Cigna policy", "is the deductible waived"])
def test_what_names_a_number_or_asks_for_yes_or_no_asks_for_no_value(question: str) -> None:
    names = {kind.name for kind in kinds_asked(question, {})}
    assert names.isdisjoint({"money", "count"})


def _things(question: str) -> set[str]:
    needs = requirements(as_typed(question), standard_naming())
    return {need.name for need in needs if need.kind in (Kind.THING, Kind.DECISION)}


def test_a_list_of_codes_is_asked_for_by_beginning_with_it() -> None:
    assert _things("ICD-10 codes covered for knee surgery") == {"diagnosis code", "coverage"}
    assert _things("the ICD-10 codes changed, who tells the clinics") == set()


def test_a_national_coverage_determination_is_no_decision_of_a_plan() -> None:
    assert _things("is there a national coverage determination for this") == set()
    assert _things("is this covered by a plan") == {"coverage"}


def test_marked_words_that_are_nearer_by_themselves_are_trusted_more() -> None:
    doubtful = model().answered
    assert model().doubts(doubtful) and not model().doubts(0.95)
    near, far = (model().corrected(doubtful, alone) for alone in (0.7, 0.2))
    assert far < doubtful < near


def test_only_where_the_trust_is_in_doubt_are_the_marked_words_embedded(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedded: list[str] = []
    embedder = desk._embedder
    real = type(embedder).query

    def counted(self: object, text: str) -> object:
        embedded.append(text)
        return real(embedder, text)

    monkeypatch.setattr(type(embedder), "query", counted)
    sure = desk.ask("is deep brain stimulation medically necessary for essential tremor")
    assert sure.verdict is Verdict.ANSWERED
    assert not any(re.search("considers deep brain", text) for text in embedded)


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("a doctor calls a patient on the phone, can the clinic bill a visit", set()),
        ("can the visit be done by phone", set()),
        ("what has to stand on the state website before a contract is signed", set()),
        ("what is the website of the contractor", {"contact"}),
        ("phone for appeals", {"contact"}),
        ("number of Elms bulletin on stimulators", set()),
        ("name of the payment committee chair", {"person"}),
        ("number of visits allowed", {"count"}),
    ],
)
def test_a_word_that_is_only_told_asks_for_nothing(question: str, names: set[str]) -> None:
    assert {kind.name for kind in kinds_asked(question, {})} == names


def test_that_there_is_no_limit_answers_how_long() -> None:
    (kind,) = kinds_asked("how long may the treatment go on", {})
    assert kind.says.search("There are no specific limits on the length of time.")
