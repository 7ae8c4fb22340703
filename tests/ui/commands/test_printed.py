"""What every command prints with `--json`: the keys that scripts rely on, as the schema says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from msgspec.json import decode

from ui.access.tokens import Tokens
from ui.schema.model import dumps
from ui.schema.printed import PRINTED, schema
from ui.state.records import Records

# One process of tests for the file: its library is made once.
HERE = [name for name in PRINTED if name != "cluster status"]  # that asks a cluster
pytestmark = pytest.mark.xdist_group("commands-printed")
KEYS: dict[str, dict[str, list[str]]] = json.loads(
    Path(__file__).with_name("printed_keys.json").read_text("utf-8")
)
SCHEMA = Path(__file__).parents[3] / "docs" / "schema.json"
DATA = {"recipe", "folders", "filters", "ocr_pages", "warnings", "declined_by_near", "lowered"}
POLICY = """---
payer: Alpha
kind: policy
effective: {effective}
codes: ["0581T"]
---
# Alpha policy

{position} The range 0500T-0599T is named, too.

{more}
"""
QUESTION = {
    "id": "q1",
    "question": "Does Alpha cover 0581T?",
    "kind": "policy",
    "document": "a.md",
    "quote": "0581T is covered.",
}


@pytest.fixture(scope="module")
def printed(command: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What each command printed, run one after another on one home."""
    place = tmp_path_factory.mktemp("printed")
    first = POLICY.format(effective="2020-01-01", position="0581T is investigational.", more="Old.")
    command.write("a.md", first)
    for name in ("b.txt", "same.txt"):
        command.write(name, "Beta policy\n\nEffective date: January 5, 2020\n\nBeta: 0581T.\n")
    command.write("bad.pdf", b"%PDF-1.4\nnot really")
    (command.home / "questions.jsonl").write_text(json.dumps(QUESTION), "utf-8")
    Tokens(command.home).make("someone", "a program", days=9)
    Records(command.home).audit("looked")
    (place / "set").mkdir()
    for name, line in (
        ("corpus.jsonl", '{"id": "d1", "title": "A", "text": "a probe freezes"}'),
        ("queries.jsonl", '{"id": "q1", "text": "what does a probe do"}'),
        ("qrels.tsv", "query-id\tcorpus-id\tscore\nq1\td1\t1"),
    ):
        (place / "set" / name).write_text(line + "\n", "utf-8")

    told = {"sync": command.run("sync", str(command.folder), "--json")}
    second = POLICY.format(effective="2025-01-01", position="0581T is covered.", more="See C2618.")
    command.write("a.md", second)
    label = {"file": "b.txt", "half": "tune", "expect": {"title": "Beta", "payer": "Beta"}}
    (command.home / "labels.jsonl").write_text(json.dumps(label), "utf-8")
    (place / "edited.csv").write_text("id,payer\npolicies/b.txt,Beta Plan\n", "utf-8")
    kept, questions = str(place / "kept.zip"), str(command.home / "questions.jsonl")
    for name, arguments in {
        "sync --gate": ("sync", "--gate"),
        "ask": ("ask", "Does Alpha cover O581T?"),
        "search": ("search", "policy 0581T"),
        "show": ("show", "b.txt"),
        "code": ("code", "0581T", "--all-versions"),
        "diff": ("diff", "a.md"),
        "changes": ("changes", "--since", "2019-01-01"),
        "matrix": ("matrix", "0581T"),
        "status": ("status",),
        "generations": ("generations",),
        "doctor": ("doctor",),
        "editions": ("editions",),
        "eval": ("eval", questions),
        "eval of several sets": ("eval", questions, questions),
        "eval --documents": ("eval", "--documents", str(command.folder)),
        "eval --identity": (
            *("eval", "--identity", str(command.home / "labels.jsonl")),
            *("--documents", str(command.folder)),
        ),
        "bench": ("bench", str(place / "set"), "--run", str(place / "a.run")),
        "metadata export": ("metadata", "export", str(place / "documents.csv")),
        "metadata import": ("metadata", "import", str(place / "edited.csv")),
        "metadata log": ("metadata", "log"),
        "metadata undo": ("metadata", "undo"),
        "groups set": ("groups", "set", "policies/b.txt", "legal"),
        "groups list": ("groups", "list"),
        "audit verify": ("audit", "verify"),
        "tokens list": ("tokens", "list"),
        "alerts": ("alerts",),
        "rollback": ("rollback",),
        "backup": ("backup", kept),
        "restore": ("restore", kept),
        "publish": ("publish", "--to", str(place / "published")),
        "cluster plan": ("cluster", "plan", "1000000"),
        "forget": ("forget", str(command.folder)),
        "follow": ("follow", str(place / "published"), "--once"),
    }.items():
        told[name] = command.run(*arguments, "--json")
    return {name: done.stdout.decode() for name, done in told.items()}


def _objects(value: Any, path: str = "") -> Iterator[tuple[str, list[str]]]:
    """Every object with its path; what names data and not fields is left out."""
    if isinstance(value, dict):
        yield path, list(value)
        for key, inner in value.items():
            if key not in DATA:
                yield from _objects(inner, f"{path}.{key}".lstrip("."))
    elif isinstance(value, list):
        for inner in value:
            yield from _objects(inner, f"{path}[]")


@pytest.mark.parametrize("name", HERE)
def test_the_keys_are_those_of_the_first_release_in_their_order(
    name: str, printed: dict[str, str]
) -> None:
    met = list(_objects(json.loads(printed[name])))
    assert met
    for path, keys in met:
        assert keys == KEYS[name][path], path


@pytest.mark.parametrize("name", HERE)
def test_what_is_printed_is_its_model_and_nothing_else(name: str, printed: dict[str, str]) -> None:
    assert dumps(decode(printed[name], type=PRINTED[name])) + "\n" == printed[name]


@pytest.mark.parametrize("name", HERE)
def test_what_is_printed_is_valid_by_the_published_schema(
    name: str, printed: dict[str, str]
) -> None:
    published = json.loads(SCHEMA.read_text("utf-8"))
    shape = {**published["commands"][name], "$defs": published["$defs"]}
    Draft202012Validator.check_schema(shape)
    Draft202012Validator(shape).validate(json.loads(printed[name]))


def test_nearly_every_object_that_is_ever_printed_was_met(printed: dict[str, str]) -> None:
    known = {(name, path) for name, paths in KEYS.items() for path in paths}
    met = {(name, path) for name in KEYS for path, _ in _objects(json.loads(printed[name]))}
    assert len(met) > 0.8 * len(known), known - met


def test_the_published_schema_is_the_one_of_the_models() -> None:
    assert SCHEMA.read_text("utf-8") == schema(), "run `make schema`"
