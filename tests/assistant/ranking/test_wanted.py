"""The marked words have what is asked for, where another sentence only repeats the question."""

from __future__ import annotations

import pytest

from assistant.answer import Answer
from tests.assistant.conftest import MakeDesk

_LIMITS = """# Rural clinics

## Payment limit per visit

The payment limit per visit of a rural clinic is set for each year as follows.

- In 2025, at $152 per visit;
- In 2026, at $165 per visit;
- In 2027, at $178 per visit.

The payment limit per visit of a rural clinic rises with the index of prices in each later year.
"""
_STIMULATION = """---
title: "Alpha Health 12: nerve stimulation"
payer: Alpha Health
kind: policy
---
# Alpha Health 12: nerve stimulation

## Nerve stimulation for tinnitus

Nerve stimulation for tinnitus has been looked at by Alpha Health in several patients with \
tinnitus. It is experimental and investigational.
"""


@pytest.mark.parametrize(("year", "amount"), [("2025", "$152"), ("2026", "$165"), ("2027", "$178")])
def test_the_item_of_the_year_asked_about_is_marked(
    year: str, amount: str, desk_of: MakeDesk
) -> None:
    answer = desk_of({"clinics.md": _LIMITS}).ask(f"rural clinic payment limit per visit {year}")
    assert amount in _marked(answer)


def test_the_sentence_that_decides_is_marked(desk_of: MakeDesk) -> None:
    answer = desk_of({"policy.md": _STIMULATION}).ask(
        "is nerve stimulation for tinnitus covered by Alpha Health?"
    )
    assert "experimental" in _marked(answer)


def _marked(answer: Answer) -> str:
    [first, *_] = answer.citations
    return " ".join(span.of(first.text) for span in first.highlights)
