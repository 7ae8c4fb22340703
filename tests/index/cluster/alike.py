"""What two desks are asked side by side, to see that they answer alike, to the bit."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from assistant.answer import Answer
from assistant.desk import Desk
from assistant.policies.changes import changes
from assistant.policies.differences import compare
from assistant.policies.listing import list_code
from assistant.policies.matrix import matrix
from corpus.codes import CodeSystem
from index.filters import Named
from tests.index.cluster.scenes import FILTERS, QUESTIONS


def same(one: Answer, other: Answer) -> bool:
    return replace(one, seconds=0.0) == replace(other, seconds=0.0)


def answered_otherwise(near: Desk, far: Desk, questions: list[str]) -> list[str]:
    return [one for one in questions if not same(near.ask(one), far.ask(one))]


def searches_are_alike(near: Desk, far: Desk, mode: str) -> None:
    for filters in FILTERS:
        for query in (*QUESTIONS[:6], '"breast cancer" cryoablation -prior', "0581T OR 0582T"):
            one = near.search(query, filters, k=10, mode=mode, skip=2)
            assert same(one, far.search(query, filters, k=10, mode=mode, skip=2)), (query, filters)
        mine = near.facets(QUESTIONS[0], filters, fixed=FILTERS[0], mode=mode)
        assert mine == far.facets(QUESTIONS[0], filters, fixed=FILTERS[0], mode=mode)


def reports_are_alike(near: Desk, far: Desk) -> None:
    for code in ("0581T", "76940", "C50.911", "99213"):
        for filters in FILTERS:
            one = list_code(near.library, code, filters)
            assert one == list_code(far.library, code, filters)
    one, other = near.library, far.library
    for code in ("0581T", "19105"):
        assert matrix(one, code, FILTERS[0]) == matrix(other, code, FILTERS[0])
    since = date(2020, 1, 1)
    assert changes(one, since) == changes(other, since)
    first, second, *_ = one.versions.values()
    assert compare(one, first, second) == compare(other, first, second)


def every_call_is_alike(near: Desk, far: Desk) -> None:
    one, other = near.library, far.library
    assert {**one.versions} == {**other.versions}
    assert dict(zip(one.versions, one.versions.values(), strict=True)) == {**other.versions}
    for version in one.versions:
        assert one.document(version) == other.document(version)
        assert one.text(version) == other.text(version)
        assert one.passages_of(version) == other.passages_of(version)
        assert one.mentions_of_version(version) == other.mentions_of_version(version)
    assert one.approximate == other.approximate
    ids = one.allowed(FILTERS[2])[0]
    some = [*ids[::7].tolist(), int(ids[3]), int(ids[3])]
    assert one.passages(some) == other.passages(some)
    assert one.mentions_of(some) == other.mentions_of(some)
    assert (one.vectors(some) == other.vectors(some)).all()
    assert all(map(np.array_equal, one.printed_codes, other.printed_codes))
    assert all(other.verify(passage) for passage in other.passages(some))
    words = ["breast", "cryoabl", "nothing-so", "breast"]
    assert one.word_frequencies(words) == other.word_frequencies(words)
    assert one.word_weights(words) == other.word_weights(words)
    asked = near._embedder.query(QUESTIONS[0])  # the words as the model has them
    assert (one.cosines(some, asked.vector) == other.cosines(some, asked.vector)).all()
    mine, theirs = one.late(asked, some), other.late(asked, some)
    for name in ("scores", "owner", "number", "alone", "matches"):
        assert np.array_equal(getattr(mine, name), getattr(theirs, name)), name
    named = Named(((CodeSystem.CATEGORY_III, "0581T"),), 1)
    for filters in FILTERS:
        for how in ({}, {"exact": True}, {"named": named}):
            first = one.by_meaning(asked.vector, filters, k=30, **how)  # type: ignore[arg-type]
            assert first == other.by_meaning(asked.vector, filters, k=30, **how)  # type: ignore[arg-type]
        assert one.select(filters) == other.select(filters)
        for system, code in named.codes:
            assert one.naming(system, code, filters) == other.naming(system, code, filters)
    with pytest.raises(KeyError):
        other.passages([10**9])
    with pytest.raises(KeyError):
        other.text(10**9)


def answered_while(near: Desk, far: Desk, during: Callable[[], None], *, least: int) -> float:
    """Ask all the time, while something happens: no error, no other answer. Gives how long the
    slowest question took."""
    right = {question: near.ask(question) for question in QUESTIONS[:20]}
    stop, slowest, asked = threading.Event(), 0.0, 0

    def ask() -> None:
        nonlocal slowest, asked
        while not stop.is_set() or asked < least:
            for question, wanted in right.items():
                began = time.monotonic()
                assert same(far.ask(question), wanted)
                slowest = max(slowest, time.monotonic() - began)
                asked += 1

    with ThreadPoolExecutor(2) as people:
        work = [people.submit(ask) for _ in range(2)]
        try:
            during()
        finally:
            stop.set()
        for one in work:
            one.result()
    return slowest
