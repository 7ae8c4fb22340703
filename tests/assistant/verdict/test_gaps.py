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


_UNKNOWN = """---
title: "Not known: OPPS status indicator and ASC rate of 0581T"
kind: gap
unknown: {things: ["status indicator", "payment rate"], codes: ["0581T"]}
codes: [0581T]
---
# Not known: OPPS status indicator and ASC rate of 0581T

## What is the status indicator of 0581T?

The OPPS status indicator of 0581T was not found. Look it up in OPPS Addendum B.

## What is the ASC rate of 0581T?

The ASC payment rate of 0581T was not found.
"""
_ADDENDUM = """# 2023 Addendum B

OPPS payment by HCPCS code for CY 2023

| HCPCS Code | Short Descriptor | SI | Payment Rate |
|---|---|---|---|
| 0580T | Another service | E1 | |
| 0581T | Abltj mal brst tum perq crtx | J1 | $3,437.80 |
| 0582T | Trurl abltj mal prst8 tiss | N | |
"""


def test_a_gap_loses_to_a_file_that_states_the_thing_of_the_code(desk_of: MakeDesk) -> None:
    desk = desk_of({"gap.md": _UNKNOWN, "addendum.md": _ADDENDUM})
    answer = desk.ask("status indicator of 0581T in 2023")
    assert answer.verdict is Verdict.ANSWERED
    assert answer.citations[0].version.document.endswith("addendum.md")
    marked = [span.of(answer.citations[0].text) for span in answer.citations[0].highlights]
    assert any("J1" in one for one in marked)


def test_a_gap_keeps_what_another_year_or_another_system_states(desk_of: MakeDesk) -> None:
    desk = desk_of({"gap.md": _UNKNOWN, "addendum.md": _ADDENDUM})
    for question in ("status indicator of 0581T in 2031", "ASC rate for 0581T"):
        answer = desk.ask(question)
        assert answer.verdict is Verdict.NOT_FOUND, question
        assert answer.citations[0].version.metadata.kind == "gap"


def test_a_value_is_read_under_its_own_column(desk_of: MakeDesk) -> None:
    desk = desk_of({"addendum.md": _ADDENDUM})
    assert desk.ask("status indicator of 0582T").verdict is Verdict.ANSWERED  # the last cell
    assert desk.ask("payment rate of 0580T").verdict is not Verdict.ANSWERED  # a blank one


_FEES = """# Commercial

Lakeside Health: professional and facility fee schedule

| Code | Mod | Short name | Office | Facility |
|---|---|---|---|---|
| 0581T | | Cryo breast | | $2,875.50 |
| 19105 | | Cryo fibroadenoma | $1,650.00 | $980.25 |
| 0600T | | Another | | Not covered |
"""


def test_of_a_fee_schedule_every_amount_is_a_rate(desk_of: MakeDesk) -> None:
    desk = desk_of({"gap.md": _UNKNOWN, "fees.md": _FEES})
    answer = desk.ask("what does Lakeside Health pay for 0581T in the facility")
    assert answer.verdict is not Verdict.NOT_FOUND
    assert answer.citations[0].version.document.endswith("fees.md")
