"""Relations between codes: both ways, each with its source, refused when something is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.codes import CodeSystem, normalise
from corpus.codes.relations import related, relations
from corpus.errors import BadMetadata


def test_a_code_knows_its_relations_in_any_spelling() -> None:
    kinds = {relation.other: relation.kind for relation in related("0581t")}
    assert kinds["19105"] == "benign"
    assert kinds["19499"] == "unlisted"
    assert kinds["C2618"] == "device"
    assert related("CPT 0581T") == related("0581T")


def test_a_relation_is_seen_from_the_other_end_as_well() -> None:
    (back,) = [one for one in related("19105") if one.other == "0581T"]
    assert (back.kind, back.system) == ("malignant", CodeSystem.CATEGORY_III)
    assert [one.kind for one in related("32994") if one.other == "0340T"] == ["predecessor"]


def test_what_has_no_relations_has_none() -> None:
    assert related("99213") == ()
    assert related("no code") == ()


def test_every_shipped_relation_has_a_reason_a_fact_and_a_source() -> None:
    for relation in relations():
        assert relation.fact[:1] == "F" and relation.fact[1:].isdigit()
        assert relation.source_url.startswith("http")
        assert len(relation.reason.split()) >= 5
        assert normalise(relation.other) == (relation.system, relation.other)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"kind": "cousin"}, "cousin"),
        ({"source_url": ""}, "source_url"),
        ({"other": "nothing"}, "nothing"),
    ],
)
def test_a_bad_relation_is_refused_with_its_place(
    tmp_path: Path, changed: dict[str, str], said: str
) -> None:
    row = {
        "code": "0581T",
        "other": "19105",
        "kind": "benign",
        "reason": "r",
        "fact": "F018",
        "source_url": "https://example.org",
    }
    path = tmp_path / "codes.toml"
    lines = (f'{key} = "{value}"\n' for key, value in (row | changed).items())
    path.write_text("[[relation]]\n" + "".join(lines), encoding="utf-8")
    with pytest.raises(BadMetadata, match=rf"codes.toml, relation 1: .*{said}"):
        relations(path)


def test_a_file_of_ones_own_adds_to_the_shipped_one(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(
        '[[relation]]\ncode = "0581T"\nother = "76942"\nkind = "other-guidance"\n'
        'reason = "our desk asks"\nfact = "ours"\nsource_url = "https://example.org"\n',
        encoding="utf-8",
    )
    assert [one.other for one in related("76942", (path,))] == ["0581T"]
