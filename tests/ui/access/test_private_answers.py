"""Who is not in a document's groups is answered as if the document were not there."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from msgspec.json import encode
from private_library import (
    ASKED,
    CHANGING,
    DOCUMENTS,
    MARKS,
    NEUTRAL,
    UNITS,
    Once,
    member,
    office,
    told,
    write_library,
)

from index.audience.rules import Rules, write_rules
from index.model.embedder import Embedder
from index.model.source import ConvertedModel
from ui.access.caller import ANYONE_HERE
from ui.operations.office import Office
from ui.operations.table import OPERATIONS

pytestmark = pytest.mark.xdist_group("private-answers")
GROUPS = ("pricing", "legal", "board")
RULE_FILES, CALLERS = 25, 40
# Of these not all is of the library: see the test of the marks.
_THOROUGH = 13  # the doctor reads all files of a home: once is enough
_OF_A_HOME = {"generations", "evaluation", "unanswered", "job", "groups"}
_OF_DOCUMENTS = {"contents", "files", "dates", "identity", "versions"}  # findings of the doctor


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_library(tmp_path_factory.mktemp("private"))


@pytest.fixture(scope="module")
def once(model: ConvertedModel) -> Embedder:
    return Once(model)


@pytest.fixture(scope="module")
def whole(
    tmp_path_factory: pytest.TempPathFactory, models: Path, folder: Path, once: Embedder
) -> Office:
    home = tmp_path_factory.mktemp("whole") / "home"
    return office(home, models, folder, once, hidden=frozenset())


@pytest.mark.trust(23)
@pytest.mark.parametrize("number", (1, 2, 4, 8, 6, 9, 7, 11, 13, 14))
def test_every_operation_tells_what_a_library_without_the_hidden_documents_tells(
    number: int,
    whole: Office,
    folder: Path,
    tmp_path: Path,
    models: Path,
    once: Embedder,
) -> None:
    hidden = frozenset(name for at, unit in enumerate(UNITS) if number >> at & 1 for name in unit)
    bare = office(tmp_path / "home", models, folder, once, hidden=hidden)
    write_rules(whole.path, Rules({name: ("board",) for name in hidden}))
    for name, every in ASKED.items():
        if name in _OF_A_HOME or (name == "doctor" and number != _THOROUGH):
            continue
        for asked in every:
            seen = told(whole, member("legal"), name, asked)
            built = told(bare, ANYONE_HERE, name, asked)
            assert _of_documents(seen) == _of_documents(built), (name, asked)
    folders = told(whole, member("legal"), "status", {})["folders"]
    assert ("contracts" in folders) == ("contracts/rates.md" not in hidden)


def _of_documents(told: Any) -> Any:
    """Without what is of a home: where it lies, how much room it has."""
    if isinstance(told, dict) and "findings" in told:
        kept = [one for one in told["findings"] if one["area"] in _OF_DOCUMENTS]
        return {**told, "findings": kept, "healthy": None}
    if isinstance(told, dict) and "folders" in told:
        return {**told, "folders": None}
    return told


@pytest.mark.trust(23)
def test_no_operation_names_anything_hidden_in_a_thousand_sets_of_groups_and_documents(
    whole: Office,
) -> None:
    assert {*ASKED, *CHANGING} == {one.name for one in OPERATIONS}
    whole.records.forget_questions()  # what others typed may hold any words
    tried = 0
    for seed in range(RULE_FILES):
        chance = random.Random(seed)
        rules = _any_rules(chance)
        write_rules(whole.path, Rules(rules))
        for _ in range(CALLERS):
            groups = [group for group in (*GROUPS, "elsewhere") if chance.random() < 0.4]
            caller = member(*groups)
            name = chance.choice(list(NEUTRAL))
            asked = chance.choice(NEUTRAL[name])
            said = encode(told(whole, caller, name, asked)).decode()
            for document in DOCUMENTS:
                if not _may_see(rules, document, groups):
                    named = [mark for mark in MARKS[document] if mark in said]
                    assert not named, (seed, name, asked, groups, document)
                elif name == "status":
                    assert json.dumps(document)[1:-1] in said
            tried += 1
    assert tried == 1_000


def _any_rules(chance: random.Random) -> dict[str, tuple[str, ...]]:
    paths = ["contracts", "own", *DOCUMENTS]
    some = chance.sample(paths, chance.randint(0, len(paths)))
    return {path: tuple(chance.sample(GROUPS, chance.randint(0, 3))) for path in some}


def _may_see(rules: Mapping[str, tuple[str, ...]], document: str, groups: list[str]) -> bool:
    """As one would look it up by hand: the document's own rule, or else its folder's."""
    belongs = rules.get(document, rules.get(document.split("/")[0], ()))
    return not belongs or bool(set(belongs) & set(groups))
