"""Whether a text states a thing: it is said to be missing only where it is."""

from __future__ import annotations

import pytest

from assistant.evaluation.things import states


@pytest.mark.parametrize(
    ("text", "thing"),
    [
        ("The fee is $1,200.", "amount of money"),
        ("Call 800-555-0100 before noon.", "telephone number"),
        ("It was replaced on 27 June 2022.", "date"),
        ("Answer within 72 hours.", "span of time"),
        ("Two or three probes are usual; 4 units were billed.", "number of units"),
        ("The MUE value of 27447 is 2.", "MUE value for 27447"),
        ("The status indicator is J1.", "status indicator"),
        ("The global period is 90 days.", "global period"),
    ],
)
def test_what_a_text_states_is_not_missing(text: str, thing: str) -> None:
    assert states(text, thing)


@pytest.mark.parametrize(
    ("text", "thing"),
    [
        ("It saves money.", "amount of money"),
        ("Ask the plan.", "telephone number"),
        ("No day is given.", "date"),
        ("The number of probes does not matter.", "number of units"),
        ("The MUE of 27447 was not found in 2026.", "MUE value for 27447"),
        ("The MUE value of 19105 is 2.", "MUE value for 27447"),
        ("The code has four digits and a T.", "global period"),
    ],
)
def test_what_a_text_leaves_open_or_says_of_another_code_is_missing(text: str, thing: str) -> None:
    assert not states(text, thing)
