"""What questions name, in people's words, and what a passage must hold to meet it."""

from __future__ import annotations

import pytest

from assistant.question.kinds import kinds_asked
from assistant.question.names.naming import read_naming, standard_naming
from assistant.question.understand import understand
from assistant.question.words.phrases import Phrases, holds, plain
from assistant.verdict.requirements import Kind, Need, misspelled_payers, requirements
from corpus.errors import CodedeskError
from corpus.text.dates import periods


def needs(question: str) -> list[Need]:
    return list(requirements(understand(question), standard_naming()))


def named(question: str, kind: Kind) -> list[str]:
    return [need.name for need in needs(question) if need.kind is kind]


def test_the_longest_phrase_wins_and_takes_its_words() -> None:
    phrases = Phrases([("blue cross", "any"), ("blue cross of idaho", "idaho"), ("cross", "x")])
    assert [one.value for one in phrases.find("Blue Cross of Idaho, or Blue Cross?")] == [
        "idaho",
        "any",
    ]


def test_a_phrase_that_stands_for_nothing_hides_a_shorter_one() -> None:
    phrases = Phrases([("cms", "Medicare"), ("cms 1500", None)])
    assert [one.typed for one in phrases.find("the CMS list, not the CMS-1500")] == ["CMS"]


def test_what_is_found_is_told_as_it_was_typed() -> None:
    (found,) = Phrases([("barrett's", "esophagus")]).find("cryo for Barrett's here")
    assert (found.typed, found.start, found.end) == ("Barrett's", 9, 18)


def test_plain_words_have_no_plural_s_and_short_ones_keep_theirs() -> None:
    assert plain("The Codes, fees & the CMS loss") == "the code fee & the cms loss"
    assert holds(plain("work RVUs of it"), plain("rvu"))
    assert not holds("medical policy", "medica")


@pytest.mark.parametrize(
    ("question", "payers"),
    [
        ("does kaiser cover 0581T", ["Kaiser Permanente"]),
        ("bcbs tennessee breast cryo", ["BlueCross BlueShield of Tennessee"]),
        ("uhc medicare advantage T codes", ["UnitedHealthcare", "Medicare Advantage"]),
        ("box 19 of the cms 1500", []),
        ("what is 0581T", []),
        ("is there a medical policy on 0581T", []),
    ],
)
def test_payers_are_understood_by_what_people_call_them(question: str, payers: list[str]) -> None:
    assert named(question, Kind.PAYER) == payers


def test_a_state_inside_a_payer_s_name_is_not_asked_for_again() -> None:
    assert named("arkansas bcbs category III codes", Kind.TOPIC) == []
    assert named("0581T in arkansas", Kind.TOPIC) == ["Arkansas"]


def test_a_state_decides_where_a_blue_plan_is_named_and_weakens_elsewhere() -> None:
    (plan,) = (need for need in needs("bcbs of ohio 0581T") if need.kind is Kind.TOPIC)
    (place,) = (need for need in needs("0581T in ohio") if need.kind is Kind.TOPIC)
    assert plan.hard and not place.hard


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("how much does cigna pay for 0581T", ["payment rate"]),
        ("wRVU 0581T", ["RVU"]),
        ("how much does the machine cost", ["price"]),
        ("does cigna cover the cost of 0581T", []),
        ("what prices must be posted", []),
        ("ncci edit 0581T with 76942", ["NCCI pair edit"]),
        ("pass through payment for the probe", ["new technology payment"]),
        ("what is the recurrence rate", []),
        ("does cigna cover 0581T", []),
    ],
)
def test_what_is_asked_for_is_understood(question: str, asked: list[str]) -> None:
    assert named(question, Kind.THING) == asked


def test_a_question_for_a_meaning_asks_for_no_value() -> None:
    assert named("what does the status indicator J1 mean", Kind.THING) == []
    assert named("status indicator of 0581T", Kind.THING) == ["status indicator"]


def test_a_procedure_is_harmless_beside_the_words_that_make_it_so() -> None:
    assert named("lumpectomy criteria", Kind.TOPIC) == ["lumpectomy"]
    assert named("lumpectomy after cryo", Kind.TOPIC) == []


def test_a_year_that_is_named_counts_and_weakens_only() -> None:
    assert named("opps rate for 0581T 2026", Kind.YEAR) == ["2026"]
    (year,) = (one for one in needs("did cigna cover it in 2019") if one.kind is Kind.YEAR)
    assert year.name == "2019" and not year.hard
    assert named("policy 2022013 and code 20983", Kind.YEAR) == []


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("who signs the consent", ["who"]),
        ("who is outside the FDA use", []),
        ("how many nurses are needed", ["count"]),
        ("how many days to appeal", ["duration"]),
        ("what percent of tumors recurred", ["percentage"]),
        ("when was 0340T retired", ["date"]),
        ("when is modifier 50 right", []),
        ("aetna phone number", ["contact"]),
        ("how much does a ticket cost", ["money"]),
        ("does cigna cover 0581T", []),
        ("is the phone in the room covered", []),
    ],
)
def test_the_kind_of_thing_that_is_asked_for_is_understood(question: str, asked: list[str]) -> None:
    assert [kind.name for kind in kinds_asked(question, {})] == asked


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("which cpt code for laser", ["procedure code"]),
        ("what modifier for a stopped case", ["modifier"]),
        ("can we use a modifier", []),
    ],
)
def test_a_kind_of_code_is_asked_for_by_which(question: str, asked: list[str]) -> None:
    assert named(question, Kind.THING) == asked


def test_a_number_beside_the_question_is_no_condition() -> None:
    assert named("we billed 76642 last week, does Highmark cover 0581T", Kind.CODE) == ["0581T"]
    assert named("we billed 76642 last week, does Highmark cover it", Kind.CODE) == ["76642"]


def test_a_payer_that_is_excepted_is_not_asked_about() -> None:
    assert named("payers other than Cigna and bcbs tennessee that cover it", Kind.PAYER) == []
    assert named("apart from Cigna, does aetna cover it", Kind.PAYER) == ["Aetna"]
    assert named("does cigna or aetna cover it", Kind.PAYER) == ["Cigna", "Aetna"]


def test_a_trial_s_name_is_not_read_as_a_diagnosis() -> None:
    assert named("z1072 success rate", Kind.CODE) == []
    assert named("z1072 success rate", Kind.TOPIC) == ["Z1072"]


def test_a_name_that_is_an_everyday_word_counts_beside_a_word_of_insurance_alone() -> None:
    assert named("which chip was on the horizon of the united states", Kind.PAYER) == []
    assert named("does chip cover it", Kind.PAYER) == ["Medicaid"]


@pytest.mark.parametrize("typed", ["welmark", "wellmrak", "wellmarkk", "wollmark"])
def test_a_payer_is_read_with_one_slip(typed: str) -> None:
    found = misspelled_payers([typed], standard_naming(), ())
    assert [(need.name, need.typed) for need in found] == [("Wellmark", typed)]


def test_a_word_that_is_two_slips_away_is_no_payer() -> None:
    assert misspelled_payers(["walkmark", "cat", "weather"], standard_naming(), ()) == ()


def test_a_payer_of_the_library_s_own_is_known_by_its_name() -> None:
    naming = standard_naming().with_payers(["Lakeside Health", "Cigna"])
    own = naming.payer_of("Lakeside Health")
    assert own is not None and own.name == "Lakeside Health"
    assert [p.name for p, _ in naming.payers_in("lakeside health or cigna")] == [
        "Lakeside Health",
        "Cigna",
    ]
    assert standard_naming().payer_of("Lakeside Health") is None


def test_names_that_cannot_be_read_are_an_error_that_says_so() -> None:
    with pytest.raises(CodedeskError, match="names of questions"):
        read_naming('payer = [{name = "Cigna"}]\n')


def test_every_pattern_of_the_data_can_be_read() -> None:
    for thing in standard_naming().things.all:
        assert thing.form is None or thing.value is not None


def test_spans_of_time_are_read_in_figures_words_and_short_forms() -> None:
    assert periods("recurrence at 5 yrs") == periods("the five-year rate") == {(5, "year")}
    assert periods("within 30 days or six months") == {(30, "day"), (6, "month")}
    assert periods("a 62 year old with 2 cm in 2025") == frozenset()


@pytest.mark.parametrize("span", ["90 ² days", "90² days", "90 ²,³ business days", "90† days"])
def test_a_note_s_mark_does_not_part_a_number_from_its_unit(span: str) -> None:
    (asked,) = kinds_asked("How long do we have to appeal?", {})
    assert asked.says.search(f"Appeals are due within {span} of the denial.")
