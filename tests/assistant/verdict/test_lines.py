"""A line of business named beside a payer is the line of that payer's document."""

from __future__ import annotations

from assistant.answer import Verdict
from assistant.desk import Desk
from assistant.evaluation.reasons import Reasons

_POLICY = """---
title: "Joint Procedures"
payer: UnitedHealthcare
kind: policy
line_of_business: [{line}]
effective: 2024-05-01
---
# Joint Procedures

## Surgery of the ankle

Total ankle replacement is covered where the criteria of the commercial policy are met.
"""
_OTHER = """---
title: "Medicare Advantage plans"
kind: guide
---
# Medicare Advantage plans

A Medicare Advantage plan follows the rules of Medicare.
"""


def _lacking(desk: Desk) -> tuple[str, ...]:
    asked = desk.ask("does UnitedHealthcare Medicare Advantage cover total ankle replacement?")
    [policy] = [one for one in asked.citations if one.version.document.endswith("joint.md")]
    return policy.why.unmet


def test_a_payers_document_of_a_line_is_of_the_line_though_its_words_do_not_repeat_it(desk_of):
    desk = desk_of({"joint.md": _POLICY.format(line="Medicare Advantage"), "ma.md": _OTHER})
    assert "Medicare Advantage" not in _lacking(desk)


def test_a_payers_document_of_another_line_is_not(desk_of):
    desk = desk_of({"joint.md": _POLICY.format(line="commercial"), "ma.md": _OTHER})
    assert "Medicare Advantage" in _lacking(desk)


_PLAN = """---
title: "Alpha Health: who pays for what"
payer: Alpha Health
kind: policy
---
# Alpha Health: who pays for what

## Copayments for an eye exam

Senior Advantage members pay a copayment of $15 for an eye exam.

## Hearing aids

Members pay a copayment of $40 for a hearing aid fitting.
"""


def test_what_holds_for_one_line_of_a_plan_is_not_given_for_the_plan(desk_of):
    desk = desk_of({"plan.md": _PLAN})
    answer = desk.ask("what is the Alpha Health copayment for an eye exam?")
    [sentence] = [one for one in answer.missing if "Senior Advantage" in one]
    assert answer.verdict is Verdict.WEAK
    assert Reasons(desk.serving().library).proves(sentence, answer)


def test_it_answers_who_asks_for_that_line_and_what_names_none_answers_for_the_plan(desk_of):
    desk = desk_of({"plan.md": _PLAN})
    asked = "what is the Alpha Health Senior Advantage copayment for an eye exam?"
    assert desk.ask(asked).verdict is Verdict.ANSWERED
    fitting = desk.ask("what is the Alpha Health copayment for a hearing aid fitting?")
    assert fitting.verdict is Verdict.ANSWERED


def test_the_policy_of_one_line_does_not_tell_of_another(desk_of):
    desk = desk_of({"joint.md": _POLICY.format(line="Medicare Advantage")})
    answer = desk.ask("does UnitedHealthcare's commercial plan cover total ankle replacement?")
    assert answer.verdict is Verdict.NOT_FOUND
    assert "The nearest passage is of a document on Medicare Advantage." in answer.missing
    assert not Reasons(desk.serving().library).unproven(answer)


def test_a_plan_and_its_medicaid_are_one_thing_and_not_two(desk_of):
    desk = desk_of({"joint.md": _POLICY.format(line="commercial")})
    answer = desk.ask("does UnitedHealthcare Medicaid cover total ankle replacement?")
    assert answer.verdict is Verdict.NOT_FOUND
    assert not answer.open_parts
