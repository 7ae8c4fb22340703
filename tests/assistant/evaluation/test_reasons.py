"""The checker of sentences: it proves what is so, and lets nothing else pass."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.answer import Answer
from assistant.desk import Desk
from assistant.evaluation.reasons import Reasons
from index.home import Home
from index.model.embedder import Embedder
from index.sync import SyncSettings, sync

_POLICY = """---
title: "Fees of Alpha Health"
payer: Alpha Health
kind: policy
effective: 2024-05-01
---
# Fees of Alpha Health

## What does a knee visit cost?

A knee visit costs $120. Denial CO-50 means not necessary. The code is 27447.

| Modifier | Meaning |
|---|---|
| 24 | unrelated visit |
"""
_GAP = """---
title: "Not known: the limit of Alpha Health"
kind: gap
unknown: {payers: ["Alpha Health"], things: ["limit"]}
---
# Not known: the limit of Alpha Health

## What is the limit of Alpha Health?

The limit was not found. Call within 24 hours.
"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, models: Path, embedder: Embedder) -> Desk:
    folder = tmp_path_factory.mktemp("reasons")
    home = Home(folder / "home")
    home.make()
    home.models.symlink_to(models, target_is_directory=True)
    library = folder / "library"
    library.mkdir()
    (library / "fees.md").write_text(_POLICY, "utf-8")
    (library / "gap.md").write_text(_GAP, "utf-8")
    settings = SyncSettings(workers=1)
    sync(home, [("small", library)], embedder=lambda: embedder, settings=settings)
    return Desk(home)


@pytest.fixture(scope="module")
def answer(desk: Desk) -> Answer:
    return desk.ask("what does a knee visit cost at Alpha Health", k=1)


TRUE = (
    "No document in the library names CO-256.",
    "No document names 0999T.",
    "No document names modifier 25.",
    "No document in the library has the word “unicorn”.",
    "No document in the library has the words “unicorn” or “griffin”.",
    "The library has no document of Beta Care.",
    "The library has documents of Alpha Health, but none of them says anything on 0581T.",
    "The library's documents of Alpha Health hold from 2024-05-01 on.",
    "No passage shown names 0581T.",
    "The passages shown name no telephone number.",
    "The nearest passage does not speak of 2031.",
    "The nearest passage states no MUE value for 27447.",
    "The nearest passage states no number of nurses.",
    "The nearest passage is not of Beta Care.",
    "The nearest passage does not name 0581T.",
    "The nearest passage does not say what held on 2021-01-01.",
    "The nearest passage is of a document that holds from 2024-05-01 on.",
    "The nearest passage does not have the word “hip”.",
    "Payers of which the library has documents: Alpha Health.",
    "Ask about “Fees of Alpha Health”.",
    "This part is not answered: “a knee visit”. Ask it by itself.",
)
UNTRUE = (
    "No document in the library names CO-50.",
    "No document names co 50.",
    "No document names CPT 27447.",
    "No document names modifier 24.",
    "No document in the library has the word “knee”.",
    "No document in the library has the words “unicorn” or “knee”.",
    "The library has no document of Alpha Health.",
    "The library has documents of Alpha Health, but none of them says anything on 27447.",
    "The library has documents of Alpha Health, but none of them says anything on this.",
    "The library has documents of Beta Care, but none of them says anything on 0581T.",
    "The library's documents of Alpha Health hold from 2023-05-01 on.",
    "No passage that comes near names 27447.",
    "The passages shown name no dollar amount.",
    "The nearest passage names no amount of money.",
    "The nearest passage is not of Alpha Health.",
    "The nearest passage does not name CO-50.",
    "The nearest passage does not say what held on 2025-01-01.",
    "The nearest passage is of a document that holds from 2023-05-01 on.",
    "The nearest passage is of a document that holds as revised from 2024-05-01 on.",
    "The library's documents of Alpha Health hold as revised from 2024-05-01 on.",
    "The nearest passage is of a document without a date from which it holds.",
    "The nearest passage does not have the word “knee”.",
    "The library says that this is not known: “Not known: the limit of Alpha Health”.",
    "Payers of which the library has documents: Alpha Health, Beta Care.",
    "Ask about “Fees of Beta Care”.",
    "This part is not answered: “a hip visit”. Ask it by itself.",
    "Nothing here states a price for Alpha Health.",
    "Everything is fine.",
    "No document is left to search: payer Alpha Health, in force on 2026-01-01.",
)


@pytest.mark.parametrize("sentence", TRUE)
def test_what_is_so_is_proved(desk: Desk, answer: Answer, sentence: str) -> None:
    assert Reasons(desk.library).proves(sentence, answer)


@pytest.mark.parametrize("sentence", UNTRUE)
def test_what_is_not_so_or_has_no_known_form_is_not_proved(
    desk: Desk, answer: Answer, sentence: str
) -> None:
    assert not Reasons(desk.library).proves(sentence, answer)


def test_a_gap_is_named_only_for_what_it_declares(desk: Desk) -> None:
    sentence = "The library says that this is not known: “Not known: the limit of Alpha Health”."
    gap = desk.ask("What is the limit of Alpha Health?", k=1)
    assert gap.citations[0].version.metadata.kind == "gap"
    reasons = Reasons(desk.library)
    assert reasons.proves(sentence, gap)
    assert not reasons.proves(sentence, replace(gap, question="which parking is free"))
