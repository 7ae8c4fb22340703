"""Of rows that differ by the day from which they hold, the one is marked that holds then."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from assistant.desk import Desk
from assistant.ranking.dated_rows import day_meant, row_that_holds
from corpus.document import Span
from index.filters import Filters

TABLE = """# Anesthesia at Juniper Health Plan

| From | Plan | Conversion factor |
|---|---|---|
| 10/01/2024 | Commercial | $60.00 |
| 10/01/2024 | Exchange | $50.00 |
| 10/01/2025 | Commercial | $61.40 |
| 10/01/2025 | Exchange | $52.75 |
| 10/01/2026 | Commercial | $63.10 |
| 10/01/2026 | Exchange | $53.90 |
"""


@pytest.fixture(scope="module")
def desk(desk_of: object) -> Iterator[Desk]:
    with desk_of({"anesthesia.md": TABLE}) as made:  # type: ignore[operator]
        yield made


@pytest.mark.parametrize(
    ("asked", "on", "row"),
    [
        ("", date(2026, 3, 1), "10/01/2025 | Exchange | $52.75"),
        ("", date(2026, 10, 1), "10/01/2026 | Exchange | $53.90"),
        (" in 2024", date(2026, 10, 1), "10/01/2024 | Exchange | $50.00"),
        (" in 2026", date(2026, 3, 1), "10/01/2025 | Exchange | $52.75"),
    ],
)
def test_the_row_of_the_day_is_marked(desk: Desk, asked: str, on: date, row: str) -> None:
    question = f"What conversion factor does Juniper Health Plan pay for its exchange plan{asked}?"
    first = desk.ask(question, Filters(on=on)).citations[0]
    assert [span.of(first.text) for span in first.highlights] == [row]


@pytest.mark.parametrize(
    ("names", "rows", "marked", "right"),
    [
        ("Year | Rate", ["2025 | 1.0", "2026 | 1.1", "2027 | 1.2"], 0, 1),
        ("Effective date | Code | Rate", ["1/1/2025 | A1 | 4", "1/1/2026 | A2 | 5"], 0, 0),
        ("Founded | Name", ["1/1/2020 | Elm", "1/1/2021 | Elm"], 0, 0),  # no day from which
        ("From | Rate", ["1/1/2027 | 4", "1/1/2028 | 5"], 1, 1),  # none has begun
    ],
)
def test_only_rows_that_name_the_same_stand_for_each_other(
    names: str, rows: list[str], marked: int, right: int
) -> None:
    text = "\n".join((names, *rows))
    places = [Span(text.index(row), text.index(row) + len(row)) for row in rows]
    assert row_that_holds(text, "", places[marked], day=date(2026, 6, 1)) == places[right]
    below = "\n".join(rows)
    places = [Span(below.index(row), below.index(row) + len(row)) for row in rows]
    assert row_that_holds(below, names, places[marked], day=date(2026, 6, 1)) == places[right]


def test_a_year_that_is_not_this_one_means_its_last_day() -> None:
    on = date(2026, 6, 1)
    assert day_meant("what was paid in 2024", on=on) == date(2024, 12, 31)
    assert day_meant("what is paid in 2026", on=on) == on
    assert day_meant("from 2024 to 2025", on=on) == on
