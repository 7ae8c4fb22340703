"""A line of business named beside a payer is the line of that payer's document."""

from __future__ import annotations

from assistant.desk import Desk

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
