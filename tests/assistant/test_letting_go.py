"""A desk that is open for weeks takes up generation after generation, and keeps none of them."""

from __future__ import annotations

import json
import subprocess
import sys
import weakref
from pathlib import Path

import growing as program
import pytest
from growing import QUESTION, Growing, Held, held, no_collector

from assistant.desk import Desk
from index.errors import IndexMismatch
from index.filters import Filters
from index.library import Library
from index.model.embedder import Embedder
from index.opening import open_last_good, open_library
from index.shards.analysis import analyze
from index.versions import today

GENERATIONS = 50

needs_proc = pytest.mark.skipif(
    not Path("/proc/self/fd").is_dir(), reason="Linux says what is open"
)


@pytest.fixture
def growing(tmp_path: Path, embedder: Embedder) -> Growing:
    made = Growing(tmp_path, embedder)
    made.publish(1)
    return made


@needs_proc
def test_files_maps_and_memory_stay_level_over_fifty_generations(tmp_path: Path, models: Path):
    """In a process of its own, which holds nothing of other tests."""
    arguments = [str(tmp_path / "grown"), str(models), str(GENERATIONS)]
    ran = subprocess.run(
        [sys.executable, str(program.__file__), *arguments],
        capture_output=True,
        encoding="utf-8",
        timeout=600,
    )
    assert ran.returncode == 0, f"a question or a sync failed: {ran.stderr}"
    told = json.loads(ran.stdout)
    assert told["answered"] == list(range(1, GENERATIONS + 1))
    assert told["alive"] == 0
    seen = [Held(**one) for one in told["held"]]
    early, late = seen[:25], seen[25:]
    # Small shards and segments come and are merged again: the most that is open stays level.
    assert max(now.files for now in late) <= 1.25 * max(now.files for now in early)
    assert max(now.maps for now in late) <= 1.25 * max(now.maps for now in early)
    # What embedding takes for a while is given back: the least that is used stays level.
    assert min(now.memory for now in seen[38:]) < min(now.memory for now in seen[12:25]) + 50


@needs_proc
def test_an_opened_library_closes_what_it_opened(growing: Growing):
    """With `close`, and by itself where the last who holds it lets it go."""
    before = held(growing.home.path).files
    opened = []
    with no_collector():
        for _ in range(15):
            with open_library(growing.home) as library:
                use(library)
            library.close()  # a second time does nothing
            opened.append(weakref.ref(library))
            library = open_library(growing.home)
            use(library)
            opened.append(weakref.ref(library))
            del library
        assert [ref() for ref in opened] == [None] * 30
        after = held(growing.home.path)
    assert (after.files, after.maps) == (before, 0)


@needs_proc
def test_a_generation_that_does_not_suit_is_closed(growing: Growing):
    def refuse(library: Library) -> None:
        use(library)
        raise IndexMismatch("It was made with another model.")

    before = held(growing.home.path).files
    with no_collector():
        with pytest.raises(IndexMismatch):
            open_last_good(growing.home, refuse)
        assert held(growing.home.path).files == before


def test_what_a_question_holds_stays_open_to_its_end(growing: Growing, embedder: Embedder):
    with no_collector():
        with Desk(growing.home, embedder=embedder) as desk:
            running = desk.serving()
            growing.publish(2)
            assert desk.ask(QUESTION).generation == 2
        with pytest.raises(ValueError, match="closed"):
            desk.ask(QUESTION)
        use(running.library)
        gone = weakref.ref(running.library)
        assert running.library.generation == 1
        del running
        assert gone() is None


def use(library: Library) -> None:
    """Look at every part, so that whatever is read when it is first needed is read."""
    filters = Filters(on=today())
    library.select(filters)
    passages = [passage.id for v in library.versions for passage in library.passages_of(v)]
    assert library.by_words([(word, 1.0) for word in analyze("surcharge")], filters, k=3).ids
    assert library.by_meaning(library.vectors(passages)[0], filters, k=3).ids
    assert library.vectors_of(passages[0])
    assert library.allowed(filters)[0].tolist() == sorted(passages)
