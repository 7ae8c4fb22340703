"""A code or a word that is typed another way than the library writes it is found."""

from __future__ import annotations

import pytest

from assistant.desk import Desk
from tests.assistant.conftest import MakeDesk

LIBRARY = {
    "elm.md": """# Larch Mutual: claims for breast cryoablation

Report 0581T with ICD-10-CM C50.911 or C50.912. The revenue code is 0361. Anesthesia is 00400.
Pre-certification is needed. Policy LCH-0540 holds the details.
""",
    "ash.md": """# Ashwell: claims

The form is ASH77 and the request is a reauthorization. Beds are counted by the thousand.
""",
}


@pytest.fixture(scope="module")
def desk(desk_of: MakeDesk) -> Desk:
    return desk_of(LIBRARY)


@pytest.mark.parametrize(
    ("question", "typed", "written"),
    [
        ("C50911", "C50911", "C50.911"),
        ("Is c50911 payable with 0581T?", "c50911", "C50.911"),
        ("rev 361", "361", "0361"),
        ("Is anesthesia 400 or 402?", "400", "00400"),
        ("When is precertification needed?", "precertification", "Pre-certification"),
        ("LCH0540", "LCH0540", "LCH-0540"),
        ("Which form is ASH-77?", "ASH-77", "ASH77"),
        ("Is a re-authorization requested?", "re-authorization", "reauthorization"),
    ],
)
def test_a_word_typed_another_way_is_read_as_the_library_writes_it(desk, question, typed, written):
    answer = desk.ask(question)
    assert next(one.added for one in answer.widened if one.typed == typed) == (written,)
    assert written.lower() in answer.citations[0].text.lower()


@pytest.mark.parametrize(
    "question",
    [
        "Is C50.911 payable with 0581T?",
        "Is it due within 361 days?",
        "Is the rate $361?",
        "Is it paid in 400 patients?",
        "Are thousands of beds counted?",
        "Who is a therapist?",
    ],
)
def test_what_is_written_so_or_means_an_amount_stays_as_it_is_typed(desk, question):
    reasons = {widening.reason for widening in desk.ask(question).widened}
    assert "the library writes it so" not in reasons


def test_a_word_read_another_way_still_stands_for_what_it_stands_for(desk):
    added = {word for one in desk.ask("precertification").widened for word in one.added}
    assert {"Pre-certification", "prior authorization"} <= added
