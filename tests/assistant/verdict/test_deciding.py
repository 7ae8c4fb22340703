"""A payer's decision is told by the passage in which it decides, not by one of the many studies
that its policy tells of."""

from __future__ import annotations

import pytest

from assistant.answer import Verdict
from assistant.desk import Desk
from assistant.evaluation.reasons import Reasons
from tests.assistant.conftest import MakeDesk

_STUDY = """## Tourette syndrome, paper {number}

Author{number} and colleagues (20{number}) studied deep brain stimulation in Tourette \
syndrome. The authors concluded that deep brain stimulation for Tourette syndrome requires a \
further trial, and that patients with Tourette syndrome were satisfied with deep brain \
stimulation in year {number}.
"""
_POLICY = """---
title: "Alpha Health 208: deep brain stimulation"
payer: Alpha Health
kind: policy
---
# Alpha Health 208: deep brain stimulation

## II. Experimental, Investigational, or Unproven

Obesity; orthostatic tremor; self-injurious behavior; tinnitus; Tourette syndrome; chorea.

## Background

"""


@pytest.fixture(scope="module")
def desk(desk_of: MakeDesk) -> Desk:
    studies = "\n".join(_STUDY.format(number=number) for number in range(10, 26))
    return desk_of({"policy.md": _POLICY + studies})


def test_the_list_under_a_heading_that_decides_answers(desk: Desk) -> None:
    answer = desk.ask("does Alpha Health cover deep brain stimulation for Tourette syndrome?")
    assert answer.citations[0].section[-1] == "II. Experimental, Investigational, or Unproven"
    assert answer.verdict is Verdict.ANSWERED


def test_what_a_study_found_is_no_decision(desk_of: MakeDesk) -> None:
    studies = "".join(_STUDY.format(number=number) for number in range(10, 16))
    head = _POLICY.partition("## II")[0]
    desk = desk_of({"policy.md": f"{head}## Background\n\n{studies}"})
    answer = desk.ask("does Alpha Health cover deep brain stimulation for Tourette syndrome?")
    assert answer.verdict is Verdict.WEAK
    assert "The marked words state no decision on coverage." in answer.missing
    assert not Reasons(desk.serving().library).unproven(answer)
