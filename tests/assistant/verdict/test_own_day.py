"""From when a document holds is told by the line that prints it, however it is asked for."""

from __future__ import annotations

import pytest

from assistant.answer import Verdict
from assistant.evaluation.reasons import Reasons
from assistant.question.kinds import kinds_asked
from assistant.question.understand import understand
from assistant.verdict.own_day import asks_own_day

_POLICY = """Joint Replacement Policy

Alpha Health Medical Policy

Policy Number: 4411

Effective Date: June 1, 2024

Coverage Rationale

The joint replacement policy of Alpha Health tells which joint replacement is covered, and the \
policy takes the findings of its committee into account when a joint replacement is reviewed.

Knee

Alpha Health covers total knee replacement after three months of therapy under this policy.

Modifiers

Modifier XQ was added to the joint replacement policy effective 03/01/2025.
"""


@pytest.mark.parametrize(
    "asked",
    [
        "when does the Alpha Health joint replacement policy take effect?",
        "when did the joint replacement policy go into effect",
        "start date of the joint replacement policy",
        "joint replacement policy, when is it effective?",
        "when does Alpha Health's joint replacement policy begin",
    ],
)
def test_the_line_that_prints_the_day_answers(asked, desk_of):
    answer = desk_of({"joint.txt": _POLICY}).ask(asked)
    [first, *_] = answer.citations
    assert "June 1, 2024" in " ".join(span.of(first.text) for span in first.highlights)
    assert answer.verdict is Verdict.ANSWERED


def test_a_text_without_any_such_day_is_told_to_name_none_and_that_is_proved(desk_of):
    desk = desk_of({"joint.txt": "Joint Replacement Policy\n\nAlpha Health covers knees.\n"})
    answer = desk.ask("when does the joint replacement policy take effect?")
    assert answer.verdict is not Verdict.ANSWERED
    assert "The nearest passage names no day from which it holds." in answer.missing
    assert not Reasons(desk.serving().library).unproven(answer)


@pytest.mark.parametrize(
    "asked",
    ["when does anesthesia time start", "when did modifier XQ go into effect in the policy"],
)
def test_of_something_else_it_is_not_the_documents_own_day(asked):
    assert not asks_own_day(understand(asked))


@pytest.mark.parametrize(
    ("asked", "kinds"),
    [
        ("who decides on appeals", ["who"]),
        ("which drugs are paid for patients who have no part A", []),
        ("Medicare - who pays", ["who"]),
    ],
)
def test_who_after_those_of_whom_it_tells_asks_nothing(asked, kinds):
    assert [one.name for one in kinds_asked(asked, {})] == kinds
