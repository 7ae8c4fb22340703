"""A home that grows while it is asked. Run by itself it tells what its process holds after each
generation: `python growing.py FOLDER MODELS GENERATIONS`."""

from __future__ import annotations

import gc
import json
import os
import sys
import threading
import weakref
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from assistant.desk import Desk
from index.home import Home
from index.library import Library
from index.model.embedder import Embedder
from index.model.source import converted_model
from index.sync import SyncSettings, sync

QUESTION = "What does the annex say of its surcharge?"
_ASKERS = 2


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
        sync(self.home, folders, embedder=lambda: self._embedder, settings=settings)


@contextmanager
def no_collector() -> Iterator[None]:
    """Nothing may need the garbage collector to close its files."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def publish_while_asked(desk: Desk, growing: Growing, number: int) -> set[int]:
    """Publish, until each of the askers was answered from what is new. Gives the generations that
    answered; raises what a question raised."""
    taken_up = threading.Barrier(_ASKERS)

    def ask_on() -> set[int]:
        answered = set()
        while number not in answered:
            answered.add(desk.ask(QUESTION).generation)
        taken_up.wait(60)
        return answered

    with ThreadPoolExecutor(_ASKERS) as askers:
        running = [askers.submit(ask_on) for _ in range(_ASKERS)]
        growing.publish(number)
        return set().union(*(one.result() for one in running))


def main(folder: Path, models: Path, generations: int) -> None:
    embedder = Embedder(converted_model(models), threads=1)
    growing = Growing(folder, embedder)
    growing.publish(1)
    seen: list[Held] = []
    answered: set[int] = set()
    opened: list[weakref.ref[Library]] = []
    with no_collector():
        with Desk(growing.home, embedder=embedder) as desk:
            for number in range(2, generations + 1):
                answered |= publish_while_asked(desk, growing, number)
                opened.append(weakref.ref(desk.library))
                seen.append(held(growing.home.path))
        alive = sum(library() is not None for library in opened)
    told = {"held": [asdict(one) for one in seen], "answered": sorted(answered), "alive": alive}
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
