"""A holder: an actor on each node that keeps shards of published states open and answers from them.

It fetches what it is to hold from where it was published, compares every file with its sum, and
keeps it in a folder of the node, so that a start anew costs no fetching. Several states are held
beside each other: the one that answers and the one before or after; of each, the last few views of
those who may not see all of it.
"""

from __future__ import annotations

import os
import shutil
import socket
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from index.cluster import questions as q
from index.cluster.part import Part
from index.cluster.questions import Answer, Source, packed, request_in
from index.cluster.worker import folder_of_node
from index.embedded import EmbeddedLibrary
from index.embedded.generation import Lying
from index.errors import DamagedIndex, IndexProblem, lacks_space
from index.home import Home
from index.home.durable import claim, link, move, unfinished
from index.home.manifest import file_sum
from index.recent import Recent
from index.replicas.published import BadState, Latest, object_name, state_of
from index.replicas.store import Store, shown

_STATES = 2  # that are held, besides those that were asked just now
_JUST_NOW = 60.0  # seconds
_VIEWS = 16  # of a state, that are kept open


class _Opened:
    """A library of the shards that are here, and those parts of it that were asked lately."""

    def __init__(self, library: EmbeddedLibrary) -> None:
        self._library = library
        self._parts: Recent[frozenset[int], Part] = Recent(16)

    def answer(self, request: q.Ask) -> Answer:
        numbers = frozenset(request.shards)
        if not numbers <= self._library._shards.keys():
            return q.Missing()
        part = self._parts.get(numbers, lambda: Part.of(self._library, numbers))
        return part.answer(request.question)


@dataclass(slots=True)
class _State:
    """A state with the shards of it that are here: all of it, and as it is seen, by the views'
    short names."""

    library: EmbeddedLibrary
    whole: _Opened
    source: Source
    shards: frozenset[str]
    views: Recent[str, _Opened]
    asked: float
    opening: threading.Lock = field(default_factory=threading.Lock)


class Holder:
    """Answers requests, several at once; never raises but where the process cannot go on."""

    def __init__(self, folder: Path | None = None) -> None:
        os.umask(0o077)
        self._root, self._hold = _slot(folder or folder_of_node("holders"))
        self._objects = self._root / "objects"
        self._objects.mkdir(exist_ok=True)
        self._states: dict[str, _State] = {}
        self._loading = threading.Lock()
        self._mistrusted = False  # what is here is compared with its sums before it is used again

    def ask(self, content: bytes) -> bytes:
        """The one call there is."""
        try:
            return packed(self._answered(request_in(content)))
        except DamagedIndex as error:
            self._mistrusted = True
            return packed(q.Damaged(error.generation, error.file))
        except KeyError as error:
            key = error.args[0] if error.args else 0
            return packed(q.Unknown(key if isinstance(key, int) else 0))
        except IndexProblem as error:
            return packed(q.Broken(str(error)))
        except Exception as error:
            what = "its disk is full" if lacks_space(error) else type(error).__name__
            return packed(q.Broken(f"{socket.gethostname()} cannot answer: {what}."))

    def _answered(self, request: q.Request) -> Answer:
        if isinstance(request, q.Ask):
            return self._asked(request)
        if isinstance(request, q.Hold):
            self._take(request)
        elif isinstance(request, q.Release):
            with self._loading:
                self._drop(request.key)
        return self._holding()

    def _asked(self, request: q.Ask) -> Answer:
        state = self._states.get(request.key)
        if state is None:
            return q.Missing()
        state.asked = time.monotonic()
        opened = self._view(state, request) if request.view else state.whole
        return opened.answer(request) if opened is not None else q.Unseen()

    def _view(self, state: _State, request: q.Ask) -> _Opened | None:
        """A state without what is hidden; None where it is not known what that is."""
        opened = state.views.kept(request.view)
        if opened is not None or request.hidden is None:
            return opened
        if q.sum_of(request.hidden) != request.view:
            raise ValueError("another view than its name says")
        with state.opening:
            return state.views.get(request.view, lambda: self._seen(request, state))

    def _seen(self, request: q.Ask, state: _State) -> _Opened:
        """Open a view. The words of a shard that holds both are written anew, of its texts: where
        these lie on other nodes, they are fetched for that."""
        assert request.hidden is not None
        opened = state.library._opened
        divided = opened.catalogue.divided_by(request.hidden.names)
        texts = frozenset(opened.names[number] for number in divided) - state.shards
        if not texts:
            return _Opened(state.library.without(request.hidden))
        with self._loading:
            self._laid_out(request.key, state.source, Lying(state.shards, words=True, texts=texts))
            try:
                return _Opened(state.library.without(request.hidden))
            finally:
                self._sweep()

    def _holding(self) -> q.Holding:
        states = dict(self._states)
        return q.Holding(
            host=socket.gethostname(),
            shards={key: tuple(sorted(state.shards)) for key, state in states.items()},
            generations={key: state.source.generation for key, state in states.items()},
            memory=_memory(),
            disk=sum(p.stat().st_size for p in self._objects.iterdir() if len(p.name) == 64),
        )

    def _take(self, asked: q.Hold) -> None:
        """Hold exactly these shards of a state. What is asked meanwhile is answered from before."""
        with self._loading:
            known = self._states.get(asked.key)
            wanted = frozenset(asked.shards)
            if known is not None and known.shards == wanted and not self._mistrusted:
                return
            lying = Lying(wanted, words=True)
            home = self._laid_out(asked.key, asked.source, lying)
            try:
                library = EmbeddedLibrary(home, asked.source.generation, lying=lying)
            except DamagedIndex:
                self._mistrusted = True
                home = self._laid_out(asked.key, asked.source, lying)
                library = EmbeddedLibrary(home, asked.source.generation, lying=lying)
            whole, now = _Opened(library), time.monotonic()
            state = _State(library, whole, asked.source, wanted, Recent(_VIEWS), now)
            self._states[asked.key] = state
            self._make_room()
            self._sweep()

    def _laid_out(self, key: str, source: Source, lying: Lying) -> Home:
        """A home with the files of a state that are to lie here."""
        store = Store(source.url)
        latest = Latest(source.state, source.sha256, source.generation, "", "")
        try:
            state = state_of(shown(store.url), store.read(latest.state), latest)
        except FileNotFoundError as error:
            raise BadState(shown(store.url), f"{latest.state} is missing") from error
        if self._mistrusted:
            self._compare()
        home = Home(self._root / "states" / key)
        folder = home.folder(source.generation)
        for name, expected in state.files.items():
            target = folder / name
            if lying(name) and not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                link(self._object(store, expected.sha256), target)
        for name, content in source.beside.items():
            (home.path / Path(name).name).write_bytes(content)
        return home

    def _compare(self) -> None:
        """Remove every file that has other bytes than its name says."""
        bad = [p for p in self._objects.iterdir() if len(p.name) == 64 and file_sum(p) != p.name]
        inodes = {path.stat().st_ino for path in bad}
        for path in [p for p in (self._root / "states").rglob("*") if p.is_file()]:
            if path.stat().st_ino in inodes:
                path.unlink()
        for path in bad:
            path.unlink()
        self._mistrusted = False

    def _object(self, store: Store, sha256: str) -> Path:
        """A file by its sum: one that is here, or fetched. Raises BadState for other bytes."""
        path = self._objects / sha256
        if path.is_file():
            return path
        work = unfinished(path)
        try:
            with work.open("xb") as file:
                for piece in store.pieces(object_name(sha256)):
                    file.write(piece)
            if file_sum(work) != sha256:
                raise BadState(shown(store.url), f"{object_name(sha256)} is not what was published")
            move(work, path)
        except FileNotFoundError as error:
            raise BadState(shown(store.url), f"{object_name(sha256)} is missing") from error
        finally:
            work.unlink(missing_ok=True)
        return path

    def _make_room(self) -> None:
        """Let go of states that were not asked for a while, but for the last ones."""
        by_use = sorted(self._states, key=lambda key: self._states[key].asked, reverse=True)
        for key in by_use[_STATES:]:
            if time.monotonic() - self._states[key].asked > _JUST_NOW:
                self._drop(key)

    def _drop(self, key: str) -> None:
        """What is being answered from it is answered to the end: its files stay open."""
        if self._states.pop(key, None) is not None:
            shutil.rmtree(self._root / "states" / key, ignore_errors=True)
            self._sweep()

    def _sweep(self) -> None:
        """Remove what no state needs: of states that are not held, and shards that went away."""
        states = self._root / "states"
        for folder in states.iterdir() if states.is_dir() else ():
            state = self._states.get(folder.name)
            if state is None:
                shutil.rmtree(folder, ignore_errors=True)
                continue
            lying = Lying(state.shards, words=True)
            generation = Home(folder).folder(state.source.generation)
            for path in [p for p in generation.rglob("*") if p.is_file()]:
                if not lying(path.relative_to(generation).as_posix()):
                    path.unlink(missing_ok=True)
        for path in self._objects.iterdir():
            with suppress(OSError):
                if path.stat().st_nlink == 1:
                    path.unlink()


def _slot(root: Path) -> tuple[Path, IO[bytes]]:
    """A folder that no other living holder has; the same one again after a start anew."""
    number = 0
    while True:
        folder = root / f"{number:02d}"
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "lock").open("ab")
        if claim(lock.fileno()):
            return folder, lock
        lock.close()
        number += 1


def _memory() -> int:
    """Bytes of memory that this process has to itself."""
    with suppress(OSError, ValueError, IndexError):
        resident, shared = Path("/proc/self/statm").read_text().split()[1:3]
        return (int(resident) - int(shared)) * os.sysconf("SC_PAGE_SIZE")
    return 0


class HoldingActor:
    """What Ray starts on a node."""

    def __init__(self) -> None:
        self._holder = Holder()

    def ask(self, content: bytes) -> bytes:
        return self._holder.ask(content)
