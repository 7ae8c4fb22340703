"""A library whose documents can be told apart by words that stand in one of them alone, and what
is asked of it at every operation."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import convert
from msgspec.json import encode
from small_library import units_pdf

from assistant.desk import Desk
from corpus.errors import CodedeskError
from index.home import Home
from index.model.embedder import Embedder, Embedding
from index.model.source import ConvertedModel
from index.sync import SyncSettings, sync
from ui.access.caller import Caller
from ui.access.roles import Role
from ui.operations.office import Office
from ui.operations.operation import perform
from ui.operations.table import OPERATIONS
from ui.state.settings import Settings

SAME = "The freezing probe is placed under ultrasound before the cycle begins."
DOCUMENTS: dict[str, str | bytes] = {
    "own/lakeside.md": f"""---
title: Lakeside kwokka policy
payer: Lakeside Health
kind: policy
effective: 2025-03-01
number: "77"
---
# Lakeside kwokka policy

## Is prior authorization needed?

Lakeside Health asks for prior authorization before every cryoablation reported with 0581T.

{SAME}

The kwokka rule holds for 19105 as well.
""",
    "own/broken-kwokka.pdf": b"%PDF-1.7\nnothing follows",
    "own/hillcrest.md": f"""---
title: Hillcrest numbat policy
payer: Hillcrest Plan
kind: policy
effective: 2020-01-01
retired: 2023-06-30
---
# Hillcrest numbat policy

## Is cryoablation covered?

Hillcrest Plan holds that cryoablation with 0581T is investigational. {SAME}

A numbat time frame (NTF) is allowed for appeals.
""",
    "contracts/rates.md": f"""---
title: Contracted quokka rates
payer: Zenith Mutual
kind: policy
effective: 2025-01-01
codes: ["0581T"]
---
# Contracted quokka rates

## What does Zenith Mutual pay?

Zenith Mutual pays 9,750 dollars for 0581T and 120 dollars for 76942, says the quokka schedule.

{SAME}

The Quokka Payment Grid (QPG) is renewed each year.
""",
    "contracts/memo.md": """---
title: A memo on the quoll clause
kind: guide
---
# A memo on the quoll clause

The quoll clause of Zenith Mutual covers 0581T and 19105 without prior authorization.
""",
    "own/dunnart-units.pdf": units_pdf("The dunnart sheet: bill 0581T once per breast."),
    "own/mue.md": """---
title: "Not known: the MUE of 0581T, says the potoroo sheet"
kind: gap
---
# Not known: the MUE of 0581T

## What is the MUE of 0581T?

The MUE of 0581T was found in no source. The potoroo sheet says which table to open.
""",
}
# Documents that are hidden together in the comparisons with libraries built without them.
UNITS = (
    ("own/lakeside.md", "own/broken-kwokka.pdf"),
    ("own/hillcrest.md",),
    ("contracts/rates.md", "contracts/memo.md"),
    ("own/dunnart-units.pdf", "own/mue.md"),
)
# What stands in no other document, and in no question.
MARKS = {
    "own/lakeside.md": ("kwokka policy", "lakeside", "Lakeside"),
    "own/broken-kwokka.pdf": ("broken-kwokka",),
    "own/hillcrest.md": ("numbat", "hillcrest", "Hillcrest"),
    "contracts/rates.md": ("quokka", "Quokka", "rates.md", "9,750"),
    "contracts/memo.md": ("quoll", "memo"),
    "own/dunnart-units.pdf": ("dunnart",),
    "own/mue.md": ("potoroo", "mue.md"),
}
_WORDS = (
    "Does Lakeside Health ask for prior authorization for 0581T?",
    "What does Zenith Mutual pay for 76942?",
    "what is the quokka schedule?",
    "what is the quoka schedul",  # slips, for the repair of spellings
    "What does QPG stand for?",
    "Is cryoablation covered by Hillcrest Plan?",
    "What is the MUE of 0581T?",
    "How many units of 0581T per breast?",
    "Where is the freezing probe placed?",
)
NEUTRAL: dict[str, list[dict[str, Any]]] = {
    "ask": [
        {"question": "Is prior authorization needed for 0581T?", "k": 9},
        {"question": "Where is the freezing probe placed?", "k": 9},
        {"question": "What is known of 0581T units?", "as_of": "2022-01-01", "k": 9},
    ],
    "search": [
        {"query": "0581T", "mode": mode, "all_versions": True, "k": 50}
        for mode in ("lexical", "dense", "hybrid")
    ],
    "code": [{"code": code, "all_versions": True} for code in ("0581T", "19105", "76942")],
    "matrix": [{"code": "0581T", "all_versions": True}],
    "changes": [{"since": "2019-01-01"}],
    "status": [{}],
    "generations": [{}],
    "evaluation": [{}],
    "unanswered": [{}],
    "groups": [{}],
    "job": [{}],
}
ASKED: dict[str, list[dict[str, Any]]] = {
    **NEUTRAL,
    "ask": [*NEUTRAL["ask"], *({"question": words, "k": 9} for words in _WORDS)],
    "search": [
        *NEUTRAL["search"],
        *({"query": words, "k": 50} for words in _WORDS),
        {"query": 'payer:"Zenith Mutual" 0581T', "mode": "lexical"},
        {"query": "doc:memo.md clause"},
    ],
    "show": [{"document": name.rpartition("/")[2]} for name in DOCUMENTS],
    "diff": [{"document": name} for name in DOCUMENTS],
    "page-image": [{"document": "dunnart-units.pdf", "page": 2, "start": 60, "end": 90}],
    "doctor": [{}],
}
# Not asked here: what changes something. They work on the same view; see test_private.py.
CHANGING = {one.name for one in OPERATIONS if one.changes} | {"feedback"}
_OWN = ("seconds", "generation", "created", "first_seen")  # of a home, not of what is in it


class Once(Embedder):
    """Embeds each passage once: a vector depends a little on what goes through the model beside it,
    and libraries are compared to the bit here."""

    def __init__(self, model: ConvertedModel) -> None:
        super().__init__(model, threads=1)
        self._kept: dict[str, Embedding] = {}

    def passages(self, texts: Sequence[str]) -> Iterator[tuple[int, Embedding]]:
        new = [text for text in dict.fromkeys(texts) if text not in self._kept]
        for at, embedding in super().passages(new):
            self._kept[new[at]] = embedding
        yield from ((at, self._kept[text]) for at, text in enumerate(texts))


def write_library(folder: Path) -> Path:
    for name, content in DOCUMENTS.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def office(
    home: Path, models: Path, folder: Path, embedder: Embedder, *, hidden: frozenset[str]
) -> Office:
    """Where the operations are done on a library in which the hidden documents never were."""
    made = Home(home)
    made.make()
    made.models.symlink_to(models, target_is_directory=True)
    folders = [("own", folder / "own"), ("contracts", folder / "contracts")]
    settings = SyncSettings(workers=1, left_out=hidden)
    sync(made, folders, embedder=lambda: embedder, settings=settings)
    return Office(Settings(home=home), desk=Desk(made, embedder=embedder))


def member(*groups: str) -> Caller:
    return Caller("somebody", (Role.ADMIN,), groups, "somebody")


def told(office: Office, caller: Caller, name: str, asked: Mapping[str, Any]) -> Any:
    """What an operation tells, or what it refuses with; without what is of the home."""
    operation = next(one for one in OPERATIONS if one.name == name)
    try:
        found = perform(
            operation, office, caller, convert(dict(asked), operation.asks, strict=False)
        )
    except CodedeskError as error:
        return type(error).__name__, str(error)
    if isinstance(found, bytes):
        return found
    return _bare(json.loads(encode(found)))


def _bare(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _bare(one) for name, one in value.items() if name not in _OWN}
    if isinstance(value, list):
        return [_bare(one) for one in value]
    return value
