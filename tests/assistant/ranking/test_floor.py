"""What a search leaves out, on libraries of subjects that its floor was not chosen on."""

from __future__ import annotations

from datetime import date
from random import Random
from string import ascii_lowercase

import pytest
from other_subjects import LIBRARIES, as_document

from assistant.desk import Desk
from index.filters import Filters

_SHARE = 0.5  # of the questions in other words: MiniLM sees no nearness in the rest


@pytest.fixture(scope="module", params=LIBRARIES)
def subject(request, desk_of) -> tuple[str, Desk]:
    return request.param, desk_of({"all.md": as_document(request.param)})


def found(desk: Desk, query: str, mode: str = "hybrid") -> list[str]:
    library, ids = desk.found(query, Filters(on=date(2026, 6, 1)), mode=mode)
    return [stored.content.text for stored in library.passages([int(one) for one in ids])]


@pytest.mark.parametrize("mode", ["hybrid", "dense", "lexical"])
def test_keys_struck_at_random_find_nothing(subject, mode):
    _, desk = subject
    chance = Random(19)
    keys = ["zzqx", *("".join(chance.choices(ascii_lowercase, k=4 + n % 7)) for n in range(60))]
    assert [key for key in keys if found(desk, key, mode)] == []


def test_every_heading_and_every_sentence_finds_its_own_passage(subject):
    name, desk = subject
    for heading, (text, _) in LIBRARIES[name].items():
        for query in (heading, text, text.rpartition(" ")[0].lower()):
            assert any(text in one for one in found(desk, query)), query


def test_a_question_in_other_words_finds_its_passage_or_at_most_little_else(subject):
    name, desk = subject
    hits = [found(desk, question) for _, question in LIBRARIES[name].values()]
    right = [
        any(text in one for one in hit)
        for hit, (text, _) in zip(hits, LIBRARIES[name].values(), strict=True)
    ]
    assert sum(right) >= _SHARE * len(right)
    assert sum(map(len, hits)) <= 2.5 * len(hits), "of eight passages"


def test_a_question_on_another_subject_finds_next_to_nothing(subject):
    name, desk = subject
    others = [q for other in LIBRARIES if other != name for _, q in LIBRARIES[other].values()]
    assert sum(bool(found(desk, question)) for question in others) <= len(others) / 5
