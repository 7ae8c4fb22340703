"""Whether a text states a thing: it is said to be missing only where it is."""

from __future__ import annotations

import pytest

from assistant.evaluation.things import states, tells_sum


@pytest.mark.parametrize(
    ("text", "thing"),
    [
        ("The fee is $1,200.", "amount of money"),
        ("Call 800-555-0100 before noon.", "telephone number"),
        ("Fax records to 800-555-0101.", "fax number"),
        ("Write to desk@plan.example.", "e-mail address"),
        ("It was replaced on 27 June 2022.", "date"),
        ("Answer within 72 hours.", "span of time"),
        ("Two or three probes are usual; 4 units were billed.", "number of units"),
        ("The MUE value of 27447 is 2.", "MUE value for 27447"),
        ("The status indicator is J1.", "status indicator"),
        ("The global period is 90 days.", "global period"),
        ("No more than eight applications are paid.", "number of applications"),
        ("It may be billed twice a year.", "number of times"),
        ("The first thirty days are the mother's.", "span of time"),
        ("It is due once a year.", "span of time"),
        ("Notice comes after twelve hours.", "number of hours"),
    ],
)
def test_what_a_text_states_is_not_missing(text: str, thing: str) -> None:
    assert states(text, thing)


@pytest.mark.parametrize(
    ("text", "thing"),
    [
        ("It saves money.", "amount of money"),
        ("The weight of the application matters.", "number of applications"),
        ("The bone heals with time.", "span of time"),
        ("Ask the plan.", "telephone number"),
        ("Call 800-555-0100 before noon.", "fax number"),
        ("Write to the plan.", "e-mail address"),
        ("No day is given.", "date"),
        ("The number of probes does not matter.", "number of units"),
        ("The MUE of 27447 was not found in 2026.", "MUE value for 27447"),
        ("The MUE value of 19105 is 2.", "MUE value for 27447"),
        ("The code has four digits and a T.", "global period"),
    ],
)
def test_what_a_text_leaves_open_or_says_of_another_code_is_missing(text: str, thing: str) -> None:
    assert not states(text, thing)


def test_a_number_in_a_table_that_speaks_of_money_may_be_an_amount() -> None:
    row = "E0601 | CPAP device | 67.7"
    assert tells_sum("DME Maximum Allowables", row)
    assert not tells_sum("Relative weights of devices", row)
