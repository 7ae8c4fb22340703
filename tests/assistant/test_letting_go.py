"""A desk that is open for weeks takes up generation after generation, and keeps none of them."""

from __future__ import annotations

import gc
import os
import threading
import weakref
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from assistant.desk import Desk
from index.errors import IndexMismatch
from index.filters import Filters
from index.home import Home
from index.library import Library
from index.model.embedder import Embedder
from index.opening import open_last_good, open_library
from index.shards.lexical import analyze
from index.sync import SyncSettings, sync
from index.versions import today

GENERATIONS = 50
HALF = 24
_QUESTION = "What does the annex say of its surcharge?"

needs_proc = pytest.mark.skipif(
    not Path("/proc/self/fd").is_dir(), reason="Linux says what is open"
)


@dataclass(frozen=True, slots=True)
class Held:
    """What this process holds: open files, maps of files under a folder, megabytes in memory."""

    files: int
    maps: int
    memory: float


def held(folder: Path) -> Held:
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return Held(
        files=len(list(Path("/proc/self/fd").iterdir())),
        maps=Path("/proc/self/maps").read_text("utf-8").count(str(folder / "generations")),
        memory=pages * os.sysconf("SC_PAGE_SIZE") / 1e6,
    )


class Growing:
    """A home whose one document is written anew, and published, as often as is wanted."""

    def __init__(self, folder: Path, embedder: Embedder) -> None:
        self.home = Home(folder / "home")
        self._documents = folder / "library"
        self._documents.mkdir(parents=True)
        self._embedder = embedder
        (self._documents / "other.md").write_text("# Other\n\nOf probes and needles.\n", "utf-8")

    def publish(self, number: int) -> None:
        text = f"# Annex\n\nThe annex says that surcharge {number} is {number} dollars.\n"
        (self._documents / "annex.md").write_text(text, "utf-8")
        folders, settings = [("small", self._documents)], SyncSettings(workers=1)
        assert sync(self.home, folders, embedder=lambda: self._embedder, settings=settings)


@pytest.fixture
def growing(tmp_path: Path, embedder: Embedder) -> Growing:
    made = Growing(tmp_path, embedder)
    made.publish(1)
    return made


@contextmanager
def no_collector() -> Iterator[None]:
    """Nothing may need the garbage collector to close its files."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@needs_proc
def test_files_maps_and_memory_stay_level_over_fifty_generations(
    growing: Growing, embedder: Embedder
):
    answered = []
    ended = threading.Event()

    def ask_on(desk: Desk) -> None:
        while not ended.is_set():
            answered.append(desk.ask(_QUESTION).generation)

    seen: list[Held] = []
    opened: list[weakref.ref[Library]] = []
    with no_collector(), Desk(growing.home, embedder=embedder) as desk:
        for number in range(2, GENERATIONS + 1):
            with ThreadPoolExecutor(2) as askers:
                ended.clear()
                running = [askers.submit(ask_on, desk) for _ in range(2)]
                growing.publish(number)
                while answered.count(number) < 3 and not any(one.done() for one in running):
                    ended.wait(0.005)
                ended.set()
                for one in running:
                    one.result()  # no question failed
            opened.append(weakref.ref(desk.library))
            seen.append(held(growing.home.path))
        assert [ref() for ref in opened[:-1]] == [None] * (GENERATIONS - 2)
        assert desk.ask(_QUESTION).generation == GENERATIONS
    assert opened[-1]() is None, "the closed desk has let the last one go too"
    early, late = seen[:HALF], seen[HALF:]
    # Small shards and segments come and are merged again: the most that is open stays level.
    assert max(now.files for now in late) <= 1.25 * max(now.files for now in early)
    assert max(now.maps for now in late) <= 1.25 * max(now.maps for now in early)
    # What embedding takes for a while is given back: the least that is used stays level.
    assert min(now.memory for now in late[HALF // 2 :]) < min(now.memory for now in early) + 60
    assert set(answered) == set(range(1, GENERATIONS + 1))


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
            assert desk.ask(_QUESTION).generation == 2
        with pytest.raises(ValueError, match="closed"):
            desk.ask(_QUESTION)
        use(running.library)
        gone = weakref.ref(running.library)
        assert running.library.generation == 1
        del running
        assert gone() is None


def use(library: Library) -> None:
    """Look at every part, so that whatever is read when it is first needed is read."""
    selection = library.select(Filters(on=today()))
    passages = [passage.id for v in library.versions for passage in library.passages_of(v)]
    assert library.by_words([(word, 1.0) for word in analyze("surcharge")], selection, k=3).ids
    assert library.by_meaning(library.vectors(passages)[0], None, k=3).ids
    assert library.vectors_of(passages[0])
    assert library.allowed(selection)[0].tolist() == sorted(passages)
