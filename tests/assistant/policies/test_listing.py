"""`list_code`: every passage that names or covers a code, and how."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assistant.policies.listing import CodeListing, list_code
from corpus.errors import BadMetadata, CodedeskError
from index.filters import Filters

ON = Filters(date(2026, 6, 1))


def namings(listing: CodeListing) -> list[tuple[str, str]]:
    """(document, how it is named) of every passage, in order."""
    return [
        (listed.version.document.rpartition("/")[2], passage.namings[0].named)
        for listed in listing.documents
        for passage in listed.passages
    ]


def test_exact_comes_before_range_before_blanket_and_each_is_told_in_words(shelf: Any) -> None:
    shelf.policy("a.md", "# Rules\n\nAll Category III codes are investigational.", kind="policy")
    shelf.policy("b.md", "# Ranges\n\nCodes 0500T-0599T are not covered.", kind="policy")
    shelf.policy("c.md", "# Breast\n\nCPT 0581T is covered.", kind="policy")
    listing = list_code(shelf.read(), "0581T", ON)
    assert namings(listing) == [
        ("c.md", "exact"),
        ("b.md", "by the range 0500T-0599T"),
        ("a.md", "by the rule on all Category III codes"),
    ]
    assert [listing.count(how) for how in ("exact", "range", "blanket")] == [1, 1, 1]


def test_documents_are_grouped_by_payer_and_those_without_a_payer_come_last(shelf: Any) -> None:
    for name, payer in (("1.md", "Zeta"), ("2.md", None), ("3.md", "Alpha"), ("4.md", "Zeta")):
        about = {"payer": payer} if payer else {}
        shelf.policy(name, f"# Policy {name}\n\nCPT 0581T is covered by {name}.", **about)
    listing = list_code(shelf.read(), "0581T", ON)
    payers = [listed.version.metadata.payer for listed in listing.documents]
    assert payers == ["Alpha", "Zeta", "Zeta", None]


def test_the_list_is_complete_and_not_the_best_few(shelf: Any) -> None:
    for number in range(60):
        shelf.policy(f"{number:02}.md", f"# Note {number}\n\nReport 0581T for case {number}.")
    listing = list_code(shelf.read(), "0581T", ON)
    assert len(listing.documents) == 60
    assert listing.passages == 60


def test_each_naming_has_its_sentence_and_offsets_in_the_document(shelf: Any) -> None:
    shelf.policy("a.md", "# Units\n\nOne thing first. Report 0581T once per breast. Then rest.")
    library = shelf.read()
    (listed,) = list_code(library, "0581T", ON).documents
    (passage,) = listed.passages
    (naming,) = passage.namings
    text = library.document(listed.version.id).text
    assert naming.sentence == "Report 0581T once per breast."
    assert naming.span.of(text) == naming.written == "0581T"
    assert naming.sentence_span.of(text) == naming.sentence
    assert passage.verified


@pytest.mark.parametrize("typed", ["O581T", "0581t", "0581 T", "CPT 0581T", "CPT 0581", "581T"])
def test_a_slip_of_the_keyboard_finds_the_code(shelf: Any, typed: str) -> None:
    shelf.policy("a.md", "# Units\n\nReport 0581T once per breast.")
    assert list_code(shelf.read(), typed, ON).code == "0581T"


def test_a_slip_is_told_and_a_spelling_is_not(shelf: Any) -> None:
    shelf.policy("a.md", "# Units\n\nReport 0581T once per breast.")
    library = shelf.read()
    assert list_code(library, "O581T", ON).slip
    assert not list_code(library, "CPT 0581t", ON).slip


@pytest.mark.parametrize("typed", ["banana", "", "12", "0581T and 19105"])
def test_what_is_no_single_code_is_refused_with_a_sentence(shelf: Any, typed: str) -> None:
    shelf.policy("a.md", "# Units\n\nReport 0581T once per breast.")
    with pytest.raises(CodedeskError, match="code"):
        list_code(shelf.read(), typed, ON)


def test_what_is_not_in_force_is_left_out_counted_and_listed_when_asked_for(shelf: Any) -> None:
    shelf.policy(
        "old.md", "# Old\n\n0581T was covered.", effective="2020-01-01", retired="2023-01-01"
    )
    shelf.policy("new.md", "# New\n\n0581T is covered.", effective="2023-01-01")
    library = shelf.read()
    listing = list_code(library, "0581T", ON)
    assert [listed.version.document for listed in listing.documents] == ["policies/new.md"]
    assert listing.left_out == 1
    every = list_code(library, "0581T", Filters(ON.on, include_all=True))
    assert {listed.status.value for listed in every.documents} == {"in_force", "retired"}
    then = list_code(library, "0581T", Filters(date(2021, 1, 1)))
    assert [listed.version.document for listed in then.documents] == ["policies/old.md"]


def test_declared_codes_are_apart_and_say_whether_the_text_has_them(shelf: Any) -> None:
    shelf.policy("silent.md", "# Ablation\n\nWe do not pay for it.", codes='["0581T"]')
    shelf.policy("loud.md", "# Ablation two\n\nWe do not pay for 0581T.", codes='["0581T"]')
    listing = list_code(shelf.read(), "0581T", ON)
    assert [listed.version.document for listed in listing.documents] == ["policies/loud.md"]
    declared = {one.version.document: one.in_text for one in listing.declared}
    assert declared == {"policies/loud.md": True, "policies/silent.md": False}


def test_related_codes_are_shown_apart_and_never_mixed_in(shelf: Any) -> None:
    shelf.policy("a.md", "# Benign\n\nReport 19105 for each fibroadenoma.")
    shelf.policy("b.md", "# Malignant\n\nReport 0581T once per breast.")
    listing = list_code(shelf.read(), "0581T", ON)
    assert [listed.version.document for listed in listing.documents] == ["policies/b.md"]
    benign = next(see for see in listing.see_also if see.relation.other == "19105")
    assert (benign.relation.kind, benign.passages) == ("benign", 1)
    assert benign.relation.source_url


def test_relations_that_people_add_count_and_bad_ones_are_refused(
    shelf: Any, tmp_path: Path
) -> None:
    shelf.policy("a.md", "# Units\n\nReport 0581T once per breast.")
    library = shelf.read()
    own = tmp_path / "own.toml"
    row = '[[relation]]\ncode = "0581T"\nother = "76942"\nkind = "other-guidance"\n'
    own.write_text(row + 'reason = "Ours."\nfact = "F1"\nsource_url = "https://example.org"\n')
    (see,) = list_code(library, "0581T", ON, relations=[own]).see_also
    assert see.relation.other == "76942"
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(row)
    with pytest.raises(BadMetadata, match=r"wrong\.toml"):
        list_code(library, "0581T", ON, relations=[wrong])


def test_filters_narrow_by_payer_kind_and_document(shelf: Any) -> None:
    shelf.policy("a.md", "# A\n\n0581T is covered.", payer="Alpha", kind="policy")
    shelf.policy("b.md", "# B\n\n0581T is not covered.", payer="Beta", kind="rule")
    library = shelf.read()
    for narrow in (
        Filters(ON.on, payers=("beta",)),
        Filters(ON.on, kinds=("rule",)),
        Filters(ON.on, documents=("b.md",)),
    ):
        listing = list_code(library, "0581T", narrow)
        assert [listed.version.document for listed in listing.documents] == ["policies/b.md"]
