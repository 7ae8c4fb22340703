"""`matrix`: each payer's own words on a code, quoted; silence and disagreement told."""

from __future__ import annotations

from datetime import date
from typing import Any

from assistant.policies.matrix import Matrix, PayerRow, matrix, payers_without
from assistant.question.names.payers import canonical
from corpus.packs import billing
from index.filters import Filters

ON = Filters(date(2026, 6, 1))


def row(found: Matrix, payer: str) -> PayerRow:
    return next(row for row in found.rows if row.payer == payer)


def words(found: PayerRow) -> list[str]:
    return [
        word.text for policy in found.policies for quote in policy.quotes for word in quote.words
    ]


def test_the_position_is_the_sentence_with_the_code_word_for_word(shelf: Any) -> None:
    body = (
        "# Lakeside 77\n\nPain treatment is covered. "
        "Cryoablation of breast cancer (0581T) is considered investigational. "
        "Appeals are covered elsewhere."
    )
    shelf.policy("a.md", body, payer="Lakeside", kind="policy", number='"77"')
    library = shelf.read()
    (policy,) = row(matrix(library, "0581T", ON), "Lakeside").policies
    (quote,) = policy.quotes
    assert quote.text == "Cryoablation of breast cancer (0581T) is considered investigational."
    text = library.document(policy.version.id).text
    assert quote.span.of(text) == quote.text
    assert [word.span.of(text) for word in quote.words] == ["investigational"]
    assert (quote.near, quote.verified) == ("code", True)


def test_without_the_code_in_a_sentence_the_words_for_the_service_lead_to_it(shelf: Any) -> None:
    body = (
        "# Lakeside 77\n\nThis policy names 0581T.\n\nAn appeal is covered by chapter 3.\n\n"
        "Cryoablation of a fibroadenoma is medically necessary.\n\n"
        "Cryoablation of breast cancer is not medically necessary."
    )
    shelf.policy("a.md", body, payer="Lakeside", kind="policy")
    found = row(matrix(shelf.read(), "0581T", ON), "Lakeside")
    assert words(found) == ["not medically necessary"]


def test_a_range_or_a_rule_counts_and_says_so(shelf: Any) -> None:
    shelf.policy("a.md", "# R\n\nAll Category III codes are unproven.", payer="Lakeside")
    found = row(matrix(shelf.read(), "0581T", ON), "Lakeside")
    assert found.policies[0].quotes[0].near == "range or rule"
    assert words(found) == ["unproven"]


def test_a_question_is_no_position_and_a_policy_without_one_shows_none(shelf: Any) -> None:
    shelf.policy("a.md", "# Is 0581T covered?\n\nSee the list of 0581T.", payer="Lakeside")
    (policy,) = row(matrix(shelf.read(), "0581T", ON), "Lakeside").policies
    assert policy.quotes == ()


def test_a_payer_without_a_document_says_so_and_one_that_is_silent_too(shelf: Any) -> None:
    shelf.policy("a.md", "# A\n\nKnee surgery is covered.", payer="Lakeside", kind="policy")
    shelf.policy("b.md", "# B\n\n0581T is covered.", payer="Hillcrest", kind="policy")
    library = shelf.read()
    found = matrix(library, "0581T", ON)
    assert row(found, "Aetna").note == "The library has no document of this payer."
    assert "no policy, rule or guide that names 0581T" in row(found, "Lakeside").note
    assert row(found, "Hillcrest").note == ""
    without = payers_without(library, "0581T", ON)
    assert "Lakeside" in without
    assert "Hillcrest" not in without


def test_the_day_decides_which_policy_answers(shelf: Any) -> None:
    old = {"effective": "2020-01-01", "retired": "2025-01-01"}
    shelf.policy("1.md", "# One\n\n0581T is investigational.", payer="Lakeside", **old)
    shelf.policy("2.md", "# Two\n\n0581T is covered.", payer="Lakeside", effective="2025-01-01")
    library = shelf.read()
    assert words(row(matrix(library, "0581T", ON), "Lakeside")) == ["covered"]
    then = matrix(library, "0581T", Filters(date(2022, 1, 1)))
    assert words(row(then, "Lakeside")) == ["investigational"]
    before = row(
        matrix(library, "0581T", Filters(date(2026, 1, 1), documents=("1.md",))), "Lakeside"
    )
    assert not before.policies
    assert "not in force" in before.note


def test_positions_that_disagree_are_flagged_and_both_stay(shelf: Any) -> None:
    shelf.policy("1.md", "# One\n\n0581T is not covered.", payer="Lakeside", kind="policy")
    shelf.policy("2.md", "# Two\n\n0581T is covered.", payer="Lakeside", kind="policy")
    found = row(matrix(shelf.read(), "0581T", ON), "Lakeside")
    assert sorted(words(found)) == ["covered", "not covered"]
    assert "“not covered” in policies/1.md" in found.disagreement
    assert "“covered” in policies/2.md" in found.disagreement


def test_two_sentences_of_one_policy_that_disagree_are_both_quoted(shelf: Any) -> None:
    body = "# One\n\n0581T is investigational. At center B 0581T is covered."
    shelf.policy("1.md", body, payer="Lakeside", kind="policy")
    found = row(matrix(shelf.read(), "0581T", ON), "Lakeside")
    assert words(found) == ["investigational", "covered"]
    assert found.disagreement


def test_what_is_said_to_be_unknown_is_no_side(shelf: Any) -> None:
    shelf.policy("1.md", "# One\n\n0581T is not covered.", payer="Lakeside", kind="policy")
    body = "# Two\n\nIt is not said whether 0581T is covered for others."
    shelf.policy("2.md", body, payer="Lakeside", kind="policy")
    assert row(matrix(shelf.read(), "0581T", ON), "Lakeside").disagreement == ""


def test_one_payer_under_two_names_has_one_row(shelf: Any) -> None:
    shelf.policy("1.md", "# One\n\n0581T is not covered.", payer="UHC", kind="policy")
    shelf.policy("2.md", "# Two\n\n0581T is unproven.", payer="UnitedHealthcare", kind="policy")
    found = matrix(shelf.read(), "0581T", ON)
    assert len(row(found, "UnitedHealthcare").policies) == 2
    assert not any(entry.payer == "UHC" for entry in found.rows)


def test_a_gap_states_no_position(shelf: Any) -> None:
    shelf.policy(
        "1.md", "# Gap\n\nWhether 0581T is covered is unknown.", payer="Lakeside", kind="gap"
    )
    assert not row(matrix(shelf.read(), "0581T", ON), "Lakeside").policies


def test_a_payer_that_was_asked_for_has_a_row_and_no_other(shelf: Any) -> None:
    shelf.policy("1.md", "# One\n\n0581T is not covered.", payer="Lakeside", kind="policy")
    found = matrix(shelf.read(), "0581T", Filters(ON.on, payers=("Nobody Health",)))
    assert [entry.payer for entry in found.rows] == ["Nobody Health"]
    assert found.rows[0].note == "The library has no document of this payer."


def test_the_data_names_known_payers_and_known_sides() -> None:
    known = {entry["name"] for entry in billing.table("naming")["payer"]}
    assert set(billing.table("matrix")["usual_payers"]) <= known
    assert {entry["says"] for entry in billing.table("matrix")["word"]} == {
        *("for", "against", "path", "open", "silent")
    }
    assert canonical("uhc") == "UnitedHealthcare"


def quoted(library: Any, payer: str, code: str = "0581T") -> list[str]:
    policies = row(matrix(library, code, ON), payer).policies
    return [quote.text for policy in policies for quote in policy.quotes]


def test_a_heading_and_the_yes_or_no_that_answers_it_are_never_quoted(shelf: Any) -> None:
    body = (
        "# Prior authorization and 0581T\n\n## Does Lakeside keep a list of 0581T?\n\n"
        "Yes. Lakeside calls 0581T investigational."
    )
    shelf.policy("a.md", body, payer="Lakeside", kind="policy")
    assert quoted(shelf.read(), "Lakeside") == ["Lakeside calls 0581T investigational."]


def test_the_position_on_another_code_is_not_quoted_beside_the_code_asked_for(shelf: Any) -> None:
    body = "# P\n\nReport 0581T once. CPT 19105 is medically necessary. All T codes need a form."
    shelf.policy("a.md", body, payer="Lakeside", kind="policy")
    assert quoted(shelf.read(), "Lakeside") == []
    assert quoted(shelf.read(), "Lakeside", "19105") == ["CPT 19105 is medically necessary."]


def test_what_a_document_says_of_another_payer_is_not_its_own_position(shelf: Any) -> None:
    body = (
        "# P\n\nOf 0581T nothing is decided here. "
        "BlueCross BlueShield of Tennessee calls breast cryoablation investigational."
    )
    shelf.policy("a.md", body, payer="Humana", kind="policy")
    assert quoted(shelf.read(), "Humana") == []


def test_that_nothing_is_known_of_the_code_stands_behind_what_is_said_of_the_service(
    shelf: Any,
) -> None:
    body = (
        "# P\n\nCryoablation of breast cancer is investigational.\n\n"
        "Whether the list names 0581T was not visible in the copy read."
    )
    shelf.policy("a.md", body, payer="Lakeside", kind="policy")
    service, silence = quoted(shelf.read(), "Lakeside")
    assert service.startswith("Cryoablation of breast cancer")
    assert silence.startswith("Whether the list names 0581T")
    assert row(matrix(shelf.read(), "0581T", ON), "Lakeside").disagreement == ""
