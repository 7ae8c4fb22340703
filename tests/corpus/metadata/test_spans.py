"""The time for which a passage's own words hold."""

from __future__ import annotations

from datetime import date

import pytest

from corpus.metadata.dates.spans import held_until


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Prior to July 1, 2025, bilateral services were billed on two lines.", (2025, 7, 1)),
        ("For dates of service before 7/1/2025, use 19499.", (2025, 7, 1)),
        ("Services furnished prior to January 1, 2020 were paid by APC 5091.", (2020, 1, 1)),
        ("Through 12/31/2024 the code is bundled.", (2025, 1, 1)),
        ("From January 1, 2022 through December 31, 2023, the rate was $5.", (2024, 1, 1)),
        ("3.2 Until June 30, 2025 bill 19499.", (2025, 7, 1)),
    ],
)
def test_words_that_open_with_a_time_hold_until_its_end(text: str, day: tuple[int, ...]) -> None:
    assert held_until(text) == date(*day)


@pytest.mark.parametrize(
    "text",
    [
        "Prior to July 1, 2025, bill two lines. Beginning July 1, 2025, bill one line.",
        "Until June 30, 2025 bill 19499; now bill 0581T.",
        "Before surgery, call.",
        "Use 0581T. Prior to July 1, 2020 nobody had a code.",
        "January 1, 2025: new rates",
        "Prior to 01.04.2025 the old list was used.",  # April or January
    ],
)
def test_words_that_tell_what_holds_afterwards_or_no_time_hold_on(text: str) -> None:
    assert held_until(text) is None


def test_a_section_that_is_named_for_a_time_ends_with_it() -> None:
    assert held_until("Bill two lines.", ("Billing", "Claims before July 1, 2025")) == date(
        2025, 7, 1
    )
    assert held_until("Bill two lines.", ("Claims before July 1, 2025", "Appeals")) is None
