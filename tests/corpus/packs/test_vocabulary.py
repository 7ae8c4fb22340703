"""Vocabulary, names and things are data that people edit: what their readers rely on."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

PACK = Path(__file__).parents[3] / "corpus" / "packs" / "billing"


def load(name: str) -> dict[str, list[dict[str, Any]]]:
    return tomllib.loads((PACK / name).read_text(encoding="utf-8"))


ENTRIES = load("vocabulary.toml")["entry"]
NAMES = load("naming.toml")
THINGS = load("things.toml")["thing"]


def test_every_entry_has_a_term_words_a_way_and_a_reason() -> None:
    for entry in ENTRIES:
        assert entry["term"].strip()
        assert entry["typed"], entry["term"]
        assert entry["way"] in ("both", "to_term"), entry["term"]
        assert entry["reason"].endswith("."), entry["term"]


def test_no_entry_says_a_word_twice_or_names_its_own_term() -> None:
    for entry in ENTRIES:
        typed = [word.lower() for word in entry["typed"]]
        assert len(set(typed)) == len(typed), entry["term"]
        if entry["way"] == "to_term":
            bare = [word for word in entry["typed"] if word == entry["term"]]
            assert bare == [], entry["term"]


def test_short_forms_with_two_meanings_need_a_word_beside_them() -> None:
    ambiguous = {"pa", "rt", "mac", "ma", "ai", "si", "pi", "rs", "fa"}
    for entry in ENTRIES:
        if ambiguous & {word.lower() for word in entry["typed"]}:
            assert len(entry["typed"]) == 1, entry["term"]
            assert entry["only_with"], entry["term"]


def test_a_code_slip_is_no_real_code_of_another_service() -> None:
    slips = {
        word.upper() for entry in ENTRIES if entry.get("kind") == "code" for word in entry["typed"]
    }
    assert not slips & {"19105", "19499", "0581T", "C2614", "0340T"}
    assert {"O581T", "581T", "0581"} <= slips


def test_no_payer_shares_a_name_with_another() -> None:
    names = [payer["name"] for payer in NAMES["payer"]]
    aliases = Counter(alias.lower() for payer in NAMES["payer"] for alias in set(payer["aliases"]))
    assert len(set(names)) == len(names)
    assert {alias: count for alias, count in aliases.items() if count > 1} == {}


def test_every_other_organ_has_words_and_is_not_the_breast_code() -> None:
    for subject in NAMES["subject"]:
        assert subject["words"], subject["name"]
        assert "0581T" not in subject["codes"], subject["name"]


def test_every_thing_says_how_it_is_told_and_what_its_value_looks_like() -> None:
    for thing in THINGS:
        assert thing["shown"], thing["name"]
        assert thing["words"], thing["name"]
        re.compile(str(thing.get("form", "")))


def test_a_value_is_not_found_in_a_sentence_without_one() -> None:
    for thing in THINGS:
        form = str(thing.get("form", "x"))
        assert re.search(form, "No source gives it.", re.IGNORECASE) is None, thing["name"]
