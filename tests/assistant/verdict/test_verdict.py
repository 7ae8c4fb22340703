"""Answered, weak or not found, on a small library that is read, indexed and asked for real."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from assistant.answer import Answer, Verdict
from assistant.desk import Desk
from assistant.evaluation.golden import curve, evaluate, read_golden
from assistant.question.asked import without_days
from assistant.question.names.code_meaning import says_what
from index.filters import Filters
from index.home import Home
from index.model.embedder import Embedder
from index.sync import SyncSettings, sync

Ask = Callable[..., Answer]

DOCUMENTS = {
    "cigna.md": """---
title: "Cigna 0540: breast tumor ablation"
payer: Cigna
kind: policy
number: "0540"
---
# Cigna 0540

## Does Cigna cover cryoablation of breast cancer (0581T)?

Cigna policy 0540 holds that cryoablation of a malignant breast tumor, 0581T, is not medically
necessary. There is no prior authorization path.
""",
    "lakeside.md": """---
title: "Lakeside Health 77: cryoablation of the breast"
payer: Lakeside Health
kind: policy
---
# Lakeside Health 77

## Does Lakeside Health cover 0581T?

Lakeside Health covers cryoablation of breast cancer reported with 0581T for patients aged 70 or
over, after prior authorization. Lakeside Health pays $1,250 for 0581T.
""",
    "rules.md": """---
title: "How Category III codes are handled"
payer: Medicare
kind: guide
---
# How Category III codes are handled

## What does status indicator J1 mean?

Status indicator J1 marks the primary service of a comprehensive APC under OPPS.

## What are the codes 0600T to 0620T for?

The codes 0600T-0620T are tracking codes of Category III. All Category III codes lapse after five
years unless they are extended.
""",
    "organs.md": """---
title: "Cryoablation of other organs"
kind: guide
---
# Cryoablation of other organs

## What is the code for cryoablation of a kidney tumor?

50593 is the code for freezing a kidney (renal) tumor through the skin.
""",
    "rate-gap.md": """---
title: "Not known: Medicare payment rate and RVUs of 0581T"
payer: Medicare
kind: gap
codes: ["0581T"]
---
# Not known: Medicare payment rate and RVUs of 0581T

## What is the Medicare payment rate of 0581T?

No source gives a payment rate or relative values (RVUs) for 0581T. Check OPPS Addendum B.
""",
}


@pytest.fixture(scope="module")
def desk(
    tmp_path_factory: pytest.TempPathFactory, models: Path, embedder: Embedder
) -> Iterator[Desk]:
    yield make_desk(tmp_path_factory.mktemp("verdict"), models, embedder, DOCUMENTS)


def make_desk(folder: Path, models: Path, embedder: Embedder, documents: dict[str, str]) -> Desk:
    home = Home(folder / "home")
    home.make()
    if not home.models.exists():
        home.models.symlink_to(models, target_is_directory=True)
    library = folder / "library"
    library.mkdir()
    for name, text in documents.items():
        (library / name).write_text(text, "utf-8")
    sync(home, [("small", library)], embedder=lambda: embedder, settings=SyncSettings(workers=1))
    return Desk(home)


def first(answer: Answer) -> str:
    return answer.citations[0].version.document


def test_a_question_that_a_passage_meets_is_answered_and_nothing_is_missing(desk: Desk) -> None:
    answer = desk.ask("does cigna cover cryoablation of breast cancer")
    assert answer.verdict is Verdict.ANSWERED
    assert first(answer) == "small/cigna.md"
    assert answer.citations[0].why.unmet == ()
    assert answer.missing == () and answer.suggestions == ()
    assert answer.trust > 0


def test_another_payer_is_no_answer_and_the_payers_with_documents_are_named(desk: Desk) -> None:
    answer = desk.ask("does kaiser cover cryoablation of breast cancer")
    assert answer.verdict is Verdict.NOT_FOUND
    assert answer.citations and answer.citations[0].why.unmet == ("Kaiser Permanente",)
    assert answer.missing == ("The library has no document of Kaiser Permanente.",)
    assert (
        "Payers of which the library has documents: Cigna, Lakeside Health, Medicare."
        in answer.suggestions
    )
    assert answer.trust == 0


def test_a_payer_that_only_this_library_has_is_understood(desk: Desk) -> None:
    answer = desk.ask("lakeside health cryoablation breast cancer covered?")
    assert answer.verdict is Verdict.ANSWERED
    assert first(answer) == "small/lakeside.md"


def test_a_payer_with_a_slip_is_not_read_as_another(desk: Desk) -> None:
    answer = desk.ask("does wellmrak cover cryoablation of breast cancer")
    assert answer.verdict is Verdict.NOT_FOUND
    assert answer.missing[0] == "The library has no document of Wellmark."


def test_a_known_payer_whose_documents_lack_the_value_has_no_answer(desk: Desk) -> None:
    answer = desk.ask("how much does cigna pay for 0581T")
    assert answer.verdict is Verdict.NOT_FOUND
    assert "The nearest passage states no payment rate for 0581T." in answer.missing


def test_a_stated_value_is_an_answer(desk: Desk) -> None:
    answer = desk.ask("how much does lakeside health pay for 0581T")
    assert answer.verdict is Verdict.ANSWERED
    assert first(answer) == "small/lakeside.md"


def test_a_gap_that_meets_the_question_comes_first_and_declines(desk: Desk) -> None:
    answer = desk.ask("medicare payment rate 0581T")
    assert answer.verdict is Verdict.NOT_FOUND
    assert answer.citations[0].version.metadata.kind == "gap"
    assert answer.citations[0].rank == 1
    assert answer.missing == (
        "The library says that this is not known: "
        "“Not known: Medicare payment rate and RVUs of 0581T”.",
    )


def test_a_gap_nearby_does_not_decline_what_an_ordinary_passage_answers(desk: Desk) -> None:
    answer = desk.ask("what does status indicator J1 mean opps")
    assert answer.verdict is Verdict.ANSWERED
    assert first(answer) == "small/rules.md"


def test_an_organ_of_which_the_library_speaks_is_answered_and_another_is_not(desk: Desk) -> None:
    assert desk.ask("code for kidney tumor cryo").verdict is Verdict.ANSWERED
    answer = desk.ask("code for thyroid nodule cryo")
    assert answer.verdict is Verdict.NOT_FOUND
    assert answer.missing[0] == "The nearest passage does not name thyroid nodule."


def test_a_code_that_stands_nowhere_is_said_to(desk: Desk) -> None:
    answer = desk.ask("what is 32994")
    assert answer.verdict is Verdict.NOT_FOUND
    assert "No document in the library names 32994." in answer.missing


@pytest.mark.parametrize(
    "typed", ["50593", "50593?", "whats 50593 for exactly", "cpt 50593 meaning"]
)
def test_a_code_alone_asks_what_the_code_is(desk: Desk, typed: str) -> None:
    answer = desk.ask(typed)
    assert answer.verdict is Verdict.ANSWERED
    assert first(answer) == "small/organs.md"


def test_where_no_passage_says_what_a_code_is_that_is_said(desk: Desk) -> None:
    answer = desk.ask("what is 0581T")
    assert answer.verdict is Verdict.WEAK
    assert answer.missing == ("The nearest passage does not say what 0581T is.",)


def test_a_row_of_a_table_of_codes_says_what_a_code_is_unless_it_is_not_confirmed() -> None:
    header = "Code | Meaning"
    assert says_what("C2618", text="C2618 | The probe", header=header)
    assert says_what("0H5T3ZZ", text="Side | PCS code\nRight | 0H5T3ZZ", header="")
    assert not says_what("47383", text="47383 | Liver, not confirmed", header=header)
    assert not says_what("C2618", text="C2618 | Yes | No", header="What | Facility | Physician")


def test_a_range_names_the_codes_in_it_and_a_rule_on_all_codes_says_not_what_one_is(
    desk: Desk,
) -> None:
    assert "0610T" not in desk.ask("what is 0610T").citations[0].why.unmet
    assert desk.ask("what is 0999T").verdict is Verdict.NOT_FOUND


def test_what_is_off_topic_is_not_found_and_its_words_are_named(desk: Desk) -> None:
    answer = desk.ask("weather in cleveland tomorrow")
    assert answer.verdict is Verdict.NOT_FOUND
    assert any("“cleveland”" in sentence for sentence in answer.missing)


def test_filters_that_leave_nothing_are_said_plainly(desk: Desk) -> None:
    answer = desk.ask("is 0581T covered", Filters(on=date(2026, 1, 1), payers=("Aetna",)))
    assert answer.verdict is Verdict.NOT_FOUND
    assert answer.citations == ()
    assert answer.missing == (
        "No document is left to search: payer Aetna, in force on 2026-01-01.",
    )
    assert answer.suggestions[0] == "Search without the filter on payer."


def test_how_many_are_shown_does_not_change_the_verdict(desk: Desk) -> None:
    question = "medicare payment rate 0581T"
    one, many = desk.ask(question, k=1), desk.ask(question, k=20)
    assert one.verdict is many.verdict
    assert len(one.citations) == 1
    assert one.citations[0].passage == many.citations[0].passage


def test_a_search_keeps_the_ranking_s_order(desk: Desk) -> None:
    scores = [citation.score for citation in desk.search("rate 0581T medicare").citations]
    assert scores == sorted(scores, reverse=True)


def test_a_library_without_payers_is_judged_by_scores(
    tmp_path: Path, models: Path, embedder: Embedder
) -> None:
    desk = make_desk(
        tmp_path,
        models,
        embedder,
        {
            "cats.md": "# Cats\n\nThe Russian Blue is a cat with a short grey coat and green eyes.",
            "chips.md": "# Chips\n\nA chip of silicon holds millions of transistors.",
        },
    )
    assert desk.ask("what coat does the Russian Blue cat have").verdict is Verdict.ANSWERED
    assert desk.ask("how many transistors does a silicon chip hold").verdict is Verdict.ANSWERED
    declined = desk.ask("when was the french revolution")
    assert declined.verdict is Verdict.NOT_FOUND


def test_the_curve_falls_as_the_threshold_rises(desk: Desk, tmp_path: Path) -> None:
    questions = tmp_path / "questions.jsonl"
    lines = [
        {"id": "1", "question": "does cigna cover breast cryoablation", "kind": "coverage",
         "document": "cigna.md", "quote": "not medically"},
        {"id": "2", "question": "weather in cleveland", "kind": "decline", "near": "off topic"},
    ]  # fmt: skip
    questions.write_text("\n".join(json.dumps(line) for line in lines), "utf-8")
    result = evaluate(desk, read_golden(questions))
    assert result.answered == 1.0 and result.false_answers == 0.0
    recalls = [point["recall"] for point in result.curve]
    assert recalls == sorted(recalls, reverse=True)
    assert {"threshold", "recall", "precision", "false_answers"} == set(result.curve[0])
    assert result.declined_by_near["off topic"]["not_found"] == 1.0
    assert curve(()) and all(point["recall"] == 0 for point in curve(()))


@pytest.mark.parametrize("name", ["heldout_questions.jsonl", "heldout_fresh_questions.jsonl"])
def test_the_held_out_questions_can_be_read_and_are_labelled(name: str) -> None:
    golden = read_golden(Path(__file__).parents[1] / "heldout" / name)
    assert sum(one.decline for one in golden) >= 40
    assert sum(bool(one.truths) for one in golden if not one.decline) >= 40


def test_a_passage_that_says_itself_that_it_does_not_know_is_a_weak_answer(
    tmp_path: Path, models: Path, embedder: Embedder
) -> None:
    unsure = """---
title: "Ridge Mutual cryoablation policy"
payer: Ridge Mutual
kind: policy
---
# Ridge Mutual cryoablation policy

## Does Ridge Mutual cover cryoablation of breast cancer (0581T)?

The breast statement was cut off in the copy, so this library does not know whether Ridge Mutual
covers cryoablation of breast cancer with 0581T.
"""
    desk = make_desk(tmp_path, models, embedder, {"ridge.md": unsure})
    answer = desk.ask("does Ridge Mutual cover cryoablation of breast cancer 0581T")
    assert answer.verdict is Verdict.WEAK
    assert answer.missing == ("The nearest passage says itself that this is not known.",)


def test_what_is_done_by_nobody_that_a_passage_names_is_a_weak_answer(desk: Desk) -> None:
    answer = desk.ask("who signs the prior authorization for 0581T at lakeside health")
    assert answer.verdict is not Verdict.ANSWERED
    assert answer.missing == ("The nearest passage does not say “who signs”.",)


def test_a_year_before_the_document_is_not_answered_by_it(
    tmp_path: Path, models: Path, embedder: Embedder
) -> None:
    policy = DOCUMENTS["cigna.md"].replace("kind: policy", "kind: policy\neffective: 2025-10-15")
    desk = make_desk(tmp_path, models, embedder, {"cigna.md": policy})
    assert desk.ask("does cigna cover breast cryoablation in 2025").verdict is Verdict.ANSWERED
    before = desk.ask("did cigna cover breast cryoablation in 2019")
    assert before.verdict is not Verdict.ANSWERED


def test_slips_of_the_keyboard_are_read_as_meant_and_said(desk: Desk) -> None:
    answer = desk.ask("dose lakeside helth cvoer cryoablaton of brest cancre")
    assert answer.verdict is Verdict.ANSWERED
    assert {w.typed: w.added for w in answer.widened}["cryoablaton"] == ("cryoablation",)


def test_several_questions_in_one_are_met_one_by_one_and_the_open_one_is_named(desk: Desk) -> None:
    answer = desk.ask("does cigna cover 0581T and what is the mue of 0581T?")
    assert answer.verdict is Verdict.WEAK
    assert first(answer) == "small/cigna.md"
    assert answer.missing[0] == (
        "This part is not answered: “what is the mue of 0581T”. Ask it by itself."
    )
    assert "The nearest passage states no MUE value for 0581T." in answer.missing


def test_of_two_payers_the_one_without_a_document_is_named(desk: Desk) -> None:
    answer = desk.ask("is breast cryoablation covered by cigna or kaiser")
    assert answer.verdict is Verdict.WEAK
    assert "The library has no document of Kaiser Permanente." in answer.missing


@pytest.mark.parametrize("typed", ["hello", "hi there, thanks", "why?", "????", "you are useless"])
def test_what_asks_for_nothing_is_not_answered(desk: Desk, typed: str) -> None:
    assert desk.ask(typed).verdict is Verdict.NOT_FOUND


def test_one_word_that_names_nothing_is_no_more_than_a_weak_question(desk: Desk) -> None:
    answer = desk.ask("breast")
    assert answer.verdict is not Verdict.ANSWERED
    assert "0581T" not in answer.missing[0] and "names too little" in answer.missing[0]


def test_a_patient_s_name_and_numbers_are_not_repeated(desk: Desk) -> None:
    question = "patient Jane Roe MRN 5551234 has cigna, is breast cryoablation covered"
    answer = desk.ask(question)
    assert answer.verdict is not Verdict.NOT_FOUND
    told = " ".join((*answer.missing, *answer.suggestions))
    assert "Jane" not in told and "Roe" not in told and "5551234" not in told


def test_a_question_about_the_past_is_answered_as_of_then(
    tmp_path: Path, models: Path, embedder: Embedder
) -> None:
    text = DOCUMENTS["cigna.md"]
    old = text.replace("kind: policy", "kind: policy\neffective: 2011-01-01\nretired: 2014-01-01")
    new = text.replace("kind: policy", "kind: policy\neffective: 2014-01-01")
    desk = make_desk(tmp_path, models, embedder, {"old.md": old, "new.md": new})
    then = desk.ask("did cigna cover cryoablation of breast cancer in 2012?")
    assert then.as_of == date(2012, 12, 31) and first(then) == "small/old.md"
    assert any("as of 2012-12-31" in warning for warning in then.warnings)
    now = desk.ask("does cigna cover cryoablation of breast cancer")
    assert first(now) == "small/new.md" and now.warnings == ()


def test_a_payer_s_own_policy_answers_for_its_position_before_a_guide_to_several_payers(
    tmp_path: Path, models: Path, embedder: Embedder
) -> None:
    policy = DOCUMENTS["cigna.md"].replace("kind: policy", "kind: policy\neffective: 2025-10-15")
    policy = policy.replace(
        "## Does Cigna cover cryoablation of breast cancer (0581T)?", "## Position"
    )
    guide = """---
title: "What payers hold"
kind: guide
---
# What payers hold

## Did Cigna cover cryoablation of breast cancer on 1 November 2025? Did others?

Cigna did not cover cryoablation of breast cancer on 1 November 2025, nor did Aetna.
"""
    desk = make_desk(tmp_path, models, embedder, {"cigna.md": policy, "payers.md": guide})
    question = "did Cigna cover cryoablation of breast cancer on 1 November 2025?"
    assert desk.search(question).citations[0].version.document == "small/payers.md"
    answer = desk.ask(question)
    assert answer.verdict is Verdict.ANSWERED
    assert answer.as_of == date(2025, 11, 1)
    assert first(answer) == "small/cigna.md"


@pytest.mark.parametrize(
    "typed",
    ["as of 11/01/2025 what is Cigna's position", "what is Cigna's position in 2025"],
)
def test_the_day_that_is_asked_about_is_not_searched_for(typed: str) -> None:
    assert without_days(typed) == "what is Cigna's position"


def test_a_list_is_met_part_by_part_and_the_open_ones_are_named(desk: Desk) -> None:
    answer = desk.ask("cpt, mue and revenue code for kidney tumor cryoablation?")
    assert answer.verdict is Verdict.WEAK
    assert first(answer) == "small/organs.md"
    assert answer.missing[:2] == (
        "This part is not answered: “mue”. Ask it by itself.",
        "This part is not answered: “revenue code”. Ask it by itself.",
    )


def test_a_list_of_nothing_in_particular_is_not_answered(desk: Desk) -> None:
    answer = desk.ask("dx code, modifier and cpt?")
    assert answer.verdict is not Verdict.ANSWERED


def test_a_question_in_spanish_is_told_that_the_library_is_in_english(desk: Desk) -> None:
    told = "The library's documents are in English: ask in English."
    assert told in desk.ask("¿Cubre Cigna la crioablación de mama?").missing
    assert told in desk.ask("que modificador usamos para la derecha").missing
    assert told not in desk.ask("weather in cleveland tomorrow").missing


def test_a_question_in_spanish_is_declined_with_a_sentence_that_asks_for_english(
    desk: Desk,
) -> None:
    answer = desk.ask("¿Cubre Cigna la crioablación del seno con 0581T?")
    assert answer.verdict is Verdict.NOT_FOUND
    assert answer.missing[0] == (
        "Esta biblioteca responde solo en inglés: por favor, haga la pregunta en inglés."
    )
    assert answer.suggestions == ()
