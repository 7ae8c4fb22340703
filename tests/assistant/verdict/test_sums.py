"""Amounts in tables that write them without a sign, and what stands there in place of one."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from assistant.answer import Verdict
from assistant.desk import Desk
from assistant.evaluation.reasons import Reasons
from assistant.verdict.sums import columns_of_money, tells_sum

MakeDesk = Callable[[Mapping[str, str]], Desk]

ALLOWABLES = """# Maximum Allowables 2026

Larkmoor State Medicaid, durable equipment

| HCPCS | Item | New (NU) | Rental (RR) per month | Cap (months) |
|---|---|---|---|---|
| E0601 | Airway pressure device | 812.4 | 67.7 | 12 |
| K0001 | Standard wheelchair | 402 | 33.5 | 12 |
| E0260 | Hospital bed | Not covered | Not covered | |
"""
COUNTS = """# Loans of equipment 2026

| HCPCS | Item | Loans in May | Loans in June |
|---|---|---|---|
| E0601 | Airway pressure device | 12 | 14 |
| E0638 | Standing frame | 3 | 4 |
"""


@pytest.fixture(scope="module")
def desk(desk_of: MakeDesk) -> Desk:
    return desk_of({"allowables.md": ALLOWABLES, "counts.md": COUNTS})


def test_a_column_is_of_money_by_its_own_name_or_by_that_of_the_table() -> None:
    header = "HCPCS | Item | New (NU) | Rental (RR) per month | Cap (months)"
    assert columns_of_money(header, "") == (3,)
    assert columns_of_money("Code | Short name | Office | Days", "Fee Schedule 2026") == (2,)
    assert columns_of_money("Code | Short name | Office | Days", "Loans 2026") == ()


@pytest.mark.parametrize("cell", ["67.7", "402", "$1,650.00", "Not covered", "By report"])
def test_a_cell_tells_a_sum_or_that_none_is_paid(cell: str) -> None:
    assert tells_sum(f"E0601 | device | {cell}", (2,))


@pytest.mark.parametrize("cell", ["", "Yes", "see note", "12 months"])
def test_any_other_cell_tells_none(cell: str) -> None:
    assert not tells_sum(f"E0601 | device | {cell}", (2,))


@pytest.mark.parametrize(
    ("question", "row"),
    [
        ("rental price of an airway pressure device per month", "67.7"),
        ("what does Larkmoor pay for K0001", "402"),
        ("what is the rental price of E0260", "Not covered"),
    ],
)
def test_a_number_without_a_sign_answers_what_something_costs(
    desk: Desk, question: str, row: str
) -> None:
    answer = desk.ask(question)
    assert answer.verdict is Verdict.ANSWERED
    first = answer.citations[0]
    assert any(row in span.of(first.text) for span in first.highlights)


def test_a_number_of_loans_is_no_price(desk: Desk) -> None:
    answer = desk.ask("what is the price of E0638")
    assert answer.verdict is not Verdict.ANSWERED
    assert not Reasons(desk.library).unproven(answer)
