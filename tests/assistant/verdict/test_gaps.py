"""A gap declines what it is about, and nothing else."""

from __future__ import annotations

from assistant.answer import Verdict
from tests.assistant.conftest import MakeDesk

_GAP = """---
title: "Not known: results of the Lakeside trial"
kind: gap
---
# Not known

## What is the recurrence rate of the Lakeside trial at ten years?

No result of the Lakeside trial beyond its five-year report was found. A recurrence rate at ten
years is not known.
"""
_TRIAL = """---
title: The Lakeside trial
kind: evidence
payer: Lakeside
---
# The Lakeside trial

## Why are two rates told?

4.3 percent is the recurrence rate of the whole Lakeside trial at five years, 3.7 that of a part.
"""


def test_what_is_not_known_at_ten_years_does_not_decline_what_is_at_five(
    desk_of: MakeDesk,
) -> None:
    desk = desk_of({"gap.md": _GAP, "trial.md": _TRIAL})
    at_five = desk.ask("Lakeside trial recurrence rate at 5 yrs")
    assert at_five.verdict is Verdict.ANSWERED
    assert at_five.citations[0].version.document.endswith("trial.md")
    at_ten = desk.ask("Lakeside trial recurrence rate at 10 yrs")
    assert at_ten.verdict is Verdict.NOT_FOUND
    assert at_ten.citations[0].version.metadata.kind == "gap"
