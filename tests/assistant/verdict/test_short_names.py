"""Payers by the short forms of their names, and documents of which the payer is not sure."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from assistant.answer import Verdict
from assistant.desk import Desk

MakeDesk = Callable[[Mapping[str, str]], Desk]
WARTS = "covers cryotherapy of warts after two failed treatments. Prior authorization is required."


LARCH = f"""---
title: Warts
payer: Larch Health Plan
---
# Warts

The plan {WARTS}
"""
EXHIBIT = """# Exhibit C

This exhibit is part of the agreement between Birchmont Mutual Insurance Company and Lakeshore
Medical Center.

## Filing

Claims for cryotherapy of warts are to be received within 75 days.

## Notes

- N999: record missing
"""


@pytest.fixture(scope="module")
def desk(desk_of: MakeDesk) -> Desk:
    return desk_of({"larch.md": LARCH, "exhibit.md": EXHIBIT})


def test_a_payer_is_known_by_what_people_leave_of_its_name(desk: Desk) -> None:
    answer = desk.ask("does Larch cover cryotherapy of warts")
    assert answer.verdict is Verdict.ANSWERED
    assert answer.citations[0].version.document.endswith("larch.md")


def test_another_payers_document_does_not_answer_for_one_that_is_not_sure(desk: Desk) -> None:
    answer = desk.ask("how many failed treatments does Birchmont want before cryotherapy of warts")
    assert answer.verdict is not Verdict.ANSWERED


def test_what_a_document_begins_with_is_said_of_its_passages(desk: Desk) -> None:
    answer = desk.ask("within how many days does Birchmont want claims for cryotherapy of warts")
    assert answer.citations[0].text.endswith("within 75 days.")
    assert not any("Birchmont" in sentence for sentence in answer.missing)


def test_a_diagnosis_without_its_dot_may_be_something_else(desk: Desk) -> None:
    answer = desk.ask("what does N999 mean")
    assert "N999" in answer.citations[0].text
    assert not any("N99.9" in sentence for sentence in answer.missing)
