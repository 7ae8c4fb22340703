"""A number that a question names by its kind, and that no document has, is not found."""

from __future__ import annotations

import re

import pytest

from assistant.answer import Verdict
from assistant.desk import Desk
from assistant.question.names.identifiers import identifiers_in
from tests.assistant.conftest import MakeDesk

_LIBRARY = {
    "cigna.md": """---
title: "Cigna 0540: breast tumor ablation"
payer: Cigna
kind: policy
number: "0540"
---
# Cigna 0540: breast tumor ablation

Cigna policy 0540 holds that cryoablation of a malignant breast tumor, 0581T, is not medically
necessary. Plan H1234-001 follows it, and so does 42 CFR 419.83.
""",
    "denials.md": """---
title: "Denials of 0581T, and what they mean"
kind: guide
---
# Denials of 0581T, and what they mean

## What does the denial CO-50 mean?

CO-50 means that the payer calls 0581T not medically necessary. Remark code N115 names a policy.
A claim for 0581T that is denied so can be appealed with form CMS-20027.
""",
    "claims.md": """---
title: "The claim for 0581T"
kind: guide
---
# The claim for 0581T

## Which modifier, revenue code and place of service go on the claim?

Modifier 50 stands on the line of 0581T where both breasts are treated. The hospital bills 0581T
under revenue code 0361, in place of service 22, with condition code 30 in a trial such as
NCT02200705. The 837I transaction carries it. The device has the FDA's number DEN220077.
""",
}

_LACKING = """
What does the denial CO-256 mean?
denied with co 197, what does it mean for 0581T
what does PR-204 mean
OA 23 on the claim for 0581T, what is it
what does PI-96 mean
what does remark code N706 mean
remark code MA130, meaning
denied with remark M127, what does it name
which claim for 0581T takes modifier 22
does the line of 0581T take the 91 modifier
does the hospital bill 0581T under revenue code 0278
rev code 0490 for 0581T?
place of service 19 for 0581T
condition code 44 on a claim for 0581T
which value code 80 goes on the claim
type of bill 851 for 0581T
what does APC 9999 carry
DRG 582 on the claim for 0581T
appeal a denied claim with form CMS-1763
the 278 transaction for 0581T
does 42 CFR 414.65 follow the policy on cryoablation
section 1833(t) on cryoablation of a malignant breast tumor
results of NCT01234567
what has the FDA's number K999999
what has the FDA's number DEN180034
does plan H5521-012 follow the policy on cryoablation
policy 7.01.999 on cryoablation of a malignant breast tumor
"""

_HELD = {
    "What does the denial CO-50 mean?": "denials.md",
    "what does co50 mean": "denials.md",
    "does modifier 50 stand on the line of 0581T where both breasts are treated": "claims.md",
    "does the hospital bill 0581T under rev code 361": "claims.md",
    "is 0581T billed in POS 22": "claims.md",
}


@pytest.fixture(scope="module")
def desk(desk_of: MakeDesk) -> Desk:
    return desk_of(_LIBRARY)


@pytest.mark.parametrize("question", _LACKING.strip().splitlines())
def test_a_number_that_no_document_names_is_not_found_and_named(desk: Desk, question: str) -> None:
    answer = desk.ask(question)
    assert answer.verdict is Verdict.NOT_FOUND
    (name,) = [one.name for one in identifiers_in(question)]
    assert answer.missing == (f"No document in the library names {name}.",)
    assert not any(_joined(name) in _joined(text) for text in _LIBRARY.values())


def _joined(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()


@pytest.mark.parametrize(("question", "document"), _HELD.items())
def test_a_number_that_a_document_names_is_answered_in_every_spelling(
    desk: Desk, question: str, document: str
) -> None:
    answer = desk.ask(question)
    assert answer.verdict is Verdict.ANSWERED
    assert answer.citations[0].version.document.endswith(document)


def test_a_passage_that_names_another_number_of_the_kind_does_not_answer(desk_of: MakeDesk) -> None:
    desk = desk_of(
        _LIBRARY
        | {"other.md": "# Other\n\nModifier GA marks a signed notice. Its form is CMS-R-131.\n"}
    )
    answer = desk.ask("does modifier GA stand on the line of 0581T where both breasts are treated")
    assert answer.verdict is not Verdict.ANSWERED


def test_a_passage_that_names_no_number_of_the_kind_does_not_answer(desk_of: MakeDesk) -> None:
    desk = desk_of(
        {
            "signs.md": "# Signs\n\nModifier GA marks a signed notice that the payer may refuse.\n",
            "screening.md": "# Screening\n\nA modifier marks a screening colonoscopy as such.\n",
        }
    )
    answer = desk.ask("which screening colonoscopy does modifier GA mark")
    assert answer.verdict is not Verdict.ANSWERED


def test_the_rows_under_a_kinds_own_column_answer_for_its_number(desk_of: MakeDesk) -> None:
    groups = [f"{27440 + n} | Knee, kind {n} | 51{10 + n // 20} | ${n}00.50" for n in range(90)]
    head = "Code | Service | APC | Payment rate\n---|---|---|---"
    desk = desk_of({"rates.md": "\n".join(["# Rates of the year", "", head, *groups])})
    answer = desk.ask("what is the payment rate of APC 5113?")
    first = answer.citations[0]
    assert answer.verdict is Verdict.ANSWERED
    assert "| 5113 |" in first.highlights[0].of(first.text)
    assert desk.ask("what is the payment rate of APC 5119?").verdict is Verdict.NOT_FOUND


def test_each_of_several_numbers_is_looked_up(desk: Desk) -> None:
    answer = desk.ask("what does the denial CO-50 mean, and what does the denial CO-256 mean?")
    assert answer.verdict is not Verdict.ANSWERED
    assert "No document in the library names CO-256." in answer.missing


def test_a_word_or_a_year_is_no_number_of_a_kind() -> None:
    for text in (
        "which modifier is right",
        "co pay of 20",
        "the policy 2025 and CMS 2026 rules",
        "in section two of the 837 pages",
        "a 22 modified claim",
        "N95 masks",
    ):
        assert identifiers_in(text) == ()


def test_a_remark_code_is_no_diagnosis(desk: Desk) -> None:
    answer = desk.ask("what does remark code N115 name")
    assert answer.verdict is Verdict.ANSWERED
    assert answer.citations[0].version.document.endswith("denials.md")


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("what does 42 CFR 414.65 say on telehealth", "42 CFR § 414.65 speaks of telehealth."),
        ("what does reason code 96 mean", "CO-96 means a charge that is not covered."),
        ("what does CO-96 mean", "CARC 96 means a charge that is not covered."),
        ("what goes in the 278 transaction", "The X12 278 is a request for a review."),
        ("what does rev code 0278 mean", "Code | Revenue\n\nRevenue 278 is for implants."),
        ("what does modifier 91 mean", "Modifiers 90, 91 and 92 are for laboratories."),
    ],
)
def test_a_number_that_is_written_otherwise_is_not_said_to_be_named_nowhere(
    desk_of: MakeDesk, question: str, sentence: str
) -> None:
    text = (
        f"---\ntitle: Other rules\npayer: Medicare\nkind: guide\n---\n# Other rules\n\n{sentence}\n"
    )
    answer = desk_of(_LIBRARY | {"other.md": text}).ask(question)
    assert not any("No document in the library names" in one for one in answer.missing)
