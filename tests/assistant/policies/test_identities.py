"""What a maintainer should look at: doubtful values, and names that no list has."""

from __future__ import annotations

from typing import Any

from assistant.policies.identities import doubtful_values, identity_notes, proposed_names
from corpus.metadata.identity.names import Body

POLICY = "{name}\n\nMedical Policy: {title}\n\n{name} covers a brace.\n\n© 2025 {name}\n"
BOTH = "Aetna\n\nAetna covers a brace.\n\nCigna\n\nCigna covers a brace.\n"


def test_a_payer_that_is_in_doubt_is_listed_with_its_evidence(shelf: Any) -> None:
    shelf.write("both.txt", BOTH)
    library = shelf.read()
    payers = [one for one in doubtful_values(library) if one.found.field == "payer"]
    assert {one.found.value for one in payers} == {"Aetna", "Cigna"}
    assert {one.document for one in payers} == {"policies/both.txt"}
    assert all(one.found.value in one.found.sentence for one in payers)
    (note,) = [note for note in identity_notes(library) if "may be of" in note]
    assert note.startswith("policies/both.txt may be of Aetna or Cigna")


def test_what_a_person_wrote_is_no_longer_in_doubt(shelf: Any) -> None:
    shelf.write("both.txt", BOTH)
    shelf.write("both.txt.meta.toml", 'payer = "Cigna"\ntitle = "Braces"\n')
    assert [one for one in doubtful_values(shelf.read()) if one.found.field == "payer"] == []


def test_a_name_that_no_list_has_is_proposed_once_with_its_documents(shelf: Any) -> None:
    for file, title in (("a.txt", "Knee braces"), ("b.txt", "Ankle braces")):
        shelf.write(file, POLICY.format(name="Prairie States Health Plan", title=title))
    shelf.write("c.txt", POLICY.format(name="Aetna", title="Neck braces"))
    library = shelf.read()
    (proposed,) = proposed_names(library)
    assert (proposed.name, proposed.pays) == ("Prairie States Health Plan", True)
    assert {one.document for one in proposed.evidence} == {"policies/a.txt", "policies/b.txt"}
    known = (Body("Prairie States", "payer", printed=("Prairie States Health Plan",)),)
    assert proposed_names(library, known) == []
