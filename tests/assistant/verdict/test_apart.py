"""Several things asked at once: each is asked by itself where no passage near answers it."""

from __future__ import annotations

import pytest

from assistant.answer import Verdict
from assistant.desk import Desk
from tests.assistant.conftest import MakeDesk

# More passages on guidance than are looked at, so that none on units is among them.
_GUIDANCE = "\n\n".join(
    f"## Is ultrasound guidance {word} with 0581T?\n\nUltrasound guidance is included in 0581T, "
    f"whether it is {word} or not, so ultrasound guidance is never billed beside 0581T."
    for word in ("imaging", "saved", "planned", "repeated", "shared", "reported", "delayed", "kept")
)
_LIBRARY = {
    "guidance.md": f"# Guidance with 0581T\n\n{_GUIDANCE}\n",
    "units.md": "# Units\n\n## How many units of 0581T per breast?\n\nOne unit of "
    "0581T is billed for each breast, however many tumors are frozen in it.\n",
    "cigna.md": "---\ntitle: Cigna 0540\npayer: Cigna\nkind: policy\n---\n# Cigna 0540\n\n"
    "Does Cigna cover cryoablation of breast cancer? No, Cigna holds that cryoablation of breast "
    "cancer, 0581T, is not medically necessary.\n",
    "lakeside.md": "---\ntitle: Lakeside 77\npayer: Lakeside Health\nkind: policy\n---\n"
    "# Lakeside 77\n\nDoes Lakeside Health cover cryoablation of breast cancer? Yes, Lakeside "
    "Health covers cryoablation of breast cancer, 0581T, with prior authorization.\n",
    "payers.md": "# Payers\n\nThis page on cryoablation of breast cancer, 0581T, names Cigna and "
    "Lakeside Health and gives the coverage of neither.\n",
}


@pytest.fixture(scope="module")
def desk(desk_of: MakeDesk) -> Desk:
    return desk_of(_LIBRARY)


def test_a_second_question_is_answered_by_a_passage_that_the_first_crowds_out(desk: Desk) -> None:
    answer = desk.ask("Is ultrasound guidance included, and how many units of 0581T are billed?")
    assert answer.verdict is Verdict.ANSWERED
    first, second = (citation.version.document for citation in answer.citations[:2])
    assert first.endswith("guidance.md")
    assert second.endswith("units.md")
    assert len({citation.passage for citation in answer.citations}) == len(answer.citations)


def test_a_second_question_that_nothing_answers_stays_open(desk: Desk) -> None:
    answer = desk.ask("Is ultrasound guidance included, and how many RVUs does 0581T have?")
    assert answer.verdict is not Verdict.ANSWERED
    assert any("RVU" in sentence for sentence in answer.missing)


def test_of_two_payers_each_is_answered_by_its_own_document(desk: Desk) -> None:
    answer = desk.ask("Do Cigna or Lakeside Health cover cryoablation of breast cancer?")
    assert answer.verdict is Verdict.ANSWERED
    two = {citation.version.metadata.payer for citation in answer.citations[:2]}
    assert two == {"Cigna", "Lakeside Health"}


def test_operators_hold_for_what_is_asked_apart(desk: Desk) -> None:
    answer = desk.ask(
        "Do Cigna or Lakeside Health cover cryoablation of breast cancer? -authorization"
    )
    assert answer.citations
    assert all("authorization" not in citation.text for citation in answer.citations)
