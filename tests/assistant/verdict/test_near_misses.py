"""What looks like an answer and is none: a rule that is only asked about, a number that is no
modifier."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.answer import Citation, Verdict
from assistant.desk import Desk
from assistant.evaluation.reasons import Reasons
from assistant.question.kinds import kinds_asked
from assistant.question.names.naming import standard_naming
from assistant.verdict.meeting import look, says_kind
from index.filters import Filters
from tests.assistant.conftest import MakeDesk

_LIBRARY = {
    "cigna.md": """---
title: "Cigna 0558: skin and breast"
payer: Cigna
kind: policy
---
# Cigna 0558: skin and breast

## What does Cigna 0558 say about Category III codes?

Cigna 0558 groups many Category III codes as experimental. One of them is 0970T.
""",
    "lakeside.md": """---
title: "Lakeside Health 77: Category III codes are not covered"
payer: Lakeside Health
kind: policy
---
# Lakeside Health 77: Category III codes are not covered

## What does Lakeside Health do with T codes?

Lakeside Health covers no Category III codes, whatever they stand for.
""",
    "denials.md": """---
title: "Cigna: denials of 0581T"
payer: Cigna
kind: guide
---
# Cigna: denials of 0581T

## What does CO-50 mean on a Cigna claim for 0581T?

Cigna denies 0581T with CO-50, for Cigna calls it not medically necessary, whatever else it says.
""",
    "sides.md": """---
title: "Modifiers of 0581T"
kind: guide
---
# Modifiers of 0581T

## Which modifier is for both breasts?

Where both breasts are treated in one session, modifier 50 stands on the line of 0581T.
""",
}


@pytest.fixture(scope="module")
def desk(desk_of: MakeDesk) -> Desk:
    return desk_of(_LIBRARY)


def test_a_heading_that_asks_about_all_codes_of_a_kind_is_no_rule_on_them(desk: Desk) -> None:
    answer = desk.ask("Is 0582T covered by Cigna?")
    assert answer.verdict is not Verdict.ANSWERED
    assert not any(
        citation.why.covered
        for citation in answer.citations
        if citation.version.metadata.payer == "Cigna"
    )


def test_a_rule_on_all_codes_of_a_kind_answers_for_each(desk: Desk) -> None:
    answer = desk.ask("Is 0582T covered by Lakeside Health?")
    assert answer.verdict is Verdict.ANSWERED
    assert answer.citations[0].version.document.endswith("lakeside.md")
    assert answer.citations[0].why.covered


def test_the_number_of_a_denial_is_no_modifier(desk: Desk) -> None:
    answer = desk.ask("Which modifier does Cigna want with 0581T?")
    assert answer.verdict is not Verdict.ANSWERED
    assert any("modifier" in sentence for sentence in answer.missing)


def test_a_number_beside_the_word_is_one(desk: Desk) -> None:
    answer = desk.ask("Which modifier when both breasts are treated?")
    assert answer.verdict is Verdict.ANSWERED
    assert answer.citations[0].version.document.endswith("sides.md")


def test_what_an_undated_guide_says_of_a_later_month_is_not_what_held_before(
    desk_of: MakeDesk,
) -> None:
    guide = (
        "# Denials\n\n## What does Cigna say on a denied claim for 0581T?\n\nCigna says in its "
        "policy (mid-October 2025) that cryoablation of breast cancer is not medically necessary.\n"
    )
    policy = (
        "---\ntitle: Cigna 0540\npayer: Cigna\nkind: policy\neffective: 2025-10-15\n---\n"
        "# Cigna 0540\n\nCigna says that cryoablation of breast cancer is not medically "
        "necessary.\n"
    )
    desk = desk_of({"denials.md": guide, "cigna.md": policy})
    question = "What did Cigna say on cryoablation of breast cancer in {}?"
    before = desk.ask(question.format("March 2025"))
    assert before.verdict is not Verdict.ANSWERED
    assert (
        "The nearest passage is of a document without a date from which it holds." in before.missing
    )
    assert "The library's documents of Cigna hold from 2025-10-15 on." in before.missing
    after = desk.ask(question.format("November 2025"))
    assert after.verdict is Verdict.ANSWERED
    assert after.missing == ()


_LAYOFFS = """# Layoffs in 2015

| Company | City | Employees |
|---|---|---|
| Microsoft Corporation | San Diego | 129 |
| BAE Systems | San Francisco | 78 |
| Walmart Stores | Altadena | 79 |
"""


def test_a_row_is_another_s_where_the_question_names_what_another_row_has(
    desk_of: MakeDesk,
) -> None:
    desk = desk_of({"layoffs.md": _LAYOFFS})
    right = desk.ask("how many employees did Microsoft Corporation lay off in San Diego")
    assert right.verdict is Verdict.ANSWERED
    wrong = desk.ask("how many employees did Microsoft Corporation lay off in San Francisco")
    assert wrong.verdict is not Verdict.ANSWERED


def test_a_number_that_names_something_is_of_that_thing_alone(desk_of: MakeDesk) -> None:
    desk = desk_of({"plane.md": "# Directive\n\nThe directive for the 737 asks for new wiring.\n"})
    assert desk.ask("what does the directive for the 737 ask for").verdict is Verdict.ANSWERED
    other = desk.ask("what does the directive for the 787 ask for")
    assert other.verdict is not Verdict.ANSWERED
    assert "The nearest passage does not name 787." in other.missing


def test_the_day_of_a_review_and_the_edition_of_another_year_are_no_answer(
    desk_of: MakeDesk,
) -> None:
    policy = (
        "---\ntitle: Lakeside 7\npayer: Lakeside Health\nkind: policy\neffective: 2025-10-15\n---\n"
        "# Lakeside 7\n\nLakeside Health does not cover cryoablation of the breast. The next "
        "review date is 15 March 2022.\n"
    )
    guide = (
        "---\ntitle: Rate guide 2023\neffective: 2023-01-01\n---\n# Rate guide 2023\n\n"
        "The state pays $412 for a clinic visit of a child.\n"
    )
    desk = desk_of({"lakeside.md": policy, "guide.md": guide})
    for question in (
        "Lakeside Health position on cryoablation of the breast in 2022",
        "what does the state pay for a clinic visit of a child in 2026",
    ):
        assert desk.ask(question).verdict is not Verdict.ANSWERED, question
    asked = "what does the state pay for a clinic visit of a child in 2023"
    assert desk.ask(asked).verdict is Verdict.ANSWERED


def test_what_only_points_elsewhere_answers_nothing(desk_of: MakeDesk) -> None:
    pointer = (
        "# Knee surgery\n\nFor coverage guidelines of knee surgery, refer to the Commercial "
        "Medical Policy titled Surgery of the Knee.\n"
    )
    answer = desk_of({"knee.md": pointer}).ask("coverage guidelines of knee surgery")
    assert answer.verdict is not Verdict.ANSWERED
    told = "The nearest passage only tells of the text itself, or where to look."
    assert told in answer.missing


def test_another_plan_s_policy_that_names_a_plan_in_passing_is_not_its_own(
    desk_of: MakeDesk,
) -> None:
    policy = (
        "---\ntitle: Lakeside 7\npayer: Lakeside Health\nkind: policy\neffective: 2025-10-15\n---\n"
        "# Lakeside 7\n\n## Is cryoablation of the breast covered?\n\nCryoablation of the breast "
        "is covered where the tumor is small and the patient has been told of surgery and of its "
        "results over five and ten years in the trials that were read for this policy by our own "
        "panel of surgeons. It was written with another plan in mind. It was read by Cigna.\n"
    )
    answer = desk_of({"lakeside.md": policy}).ask("does Cigna cover cryoablation of the breast")
    assert answer.verdict is not Verdict.ANSWERED


def test_a_plan_whose_own_policy_is_retired_is_said_to_have_no_other(desk_of: MakeDesk) -> None:
    policy = (
        "---\ntitle: Alpha Health {0}\npayer: Alpha Health\nkind: policy\neffective: 2020-01-01\n"
        "retired: {0}\n---\n# Alpha Health {0}\n\nAlpha Health does not cover cryoablation of the "
        "breast.\n"
    )
    guide = "# Cryoablation\n\nCryoablation of the breast is covered by few plans.\n"
    days = ("2023-03-01", "2024-05-01")
    desk = desk_of({"guide.md": guide} | {f"{day}.md": policy.format(day) for day in days})
    question = "does Alpha Health cover cryoablation of the breast"
    answer = desk.ask(question)
    assert answer.verdict is not Verdict.ANSWERED
    said = "The library's documents of Alpha Health are all retired, the last since 2024-05-01."
    assert said in answer.missing
    assert not Reasons(desk.library).unproven(answer)
    advice = "Ask for another day with --as-of, or find retired ones with include:retired."
    assert advice in answer.suggestions
    before = desk.ask(question, Filters(on=date(2024, 2, 1)))
    assert not any("all retired" in one for one in before.missing)
    other = said.replace("2024-05-01", "2023-03-01")
    assert not Reasons(desk.library).proves(other, answer)


@pytest.mark.parametrize(
    ("question", "verdict"),
    [
        ("what trend may the 2025-2026 rate guide assume", Verdict.ANSWERED),
        ("what trend may the 2027-2028 rate guide assume", Verdict.WEAK),
        ("what trend may the 2014-2015 rate guide assume", Verdict.WEAK),
    ],
)
def test_the_edition_of_other_years_is_not_answered_by_a_list_of_years(
    desk_of: MakeDesk, question: str, verdict: Verdict
) -> None:
    text = (
        "# The 2025-2026 rate guide\n\nThe rate guide may assume a trend of 3 percent for states "
        "that covered adults in rating periods that began in 2014, 2015 and 2016.\n"
    )
    assert desk_of({"guide.md": text}).ask(question).verdict is verdict


def test_an_amount_in_the_name_of_a_column_is_none_of_a_row_without_one(desk_of: MakeDesk) -> None:
    head = "Code | Service | SI | Rate | Note: capped at the deductible of $1,600.00"
    rows = [f"{20000 + at} | Service {at} | J1 | ${at}.50 | *" for at in range(90)]
    rows += ["A0170 | Parking fees/tolls | E1", "27447 | Knee | J1 | $13,048.08 | *"]
    page = ["# Rates of the year", "", head, "---|---|---|---|---", *rows]
    desk = desk_of({"rates.md": "\n".join(page)})
    (money,) = kinds_asked("what is the parking fee?", {})
    for question, told in (("parking fees/tolls", False), ("27447 knee", True)):
        passage = look(desk.ask(question).citations[0], standard_naming())
        assert question[:5].lower() in _marked(passage.citation).lower()
        assert says_kind(passage, money) is told


def _marked(citation: Citation) -> str:
    return " ".join(span.of(citation.text) for span in citation.highlights)
