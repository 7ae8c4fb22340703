"""The writing of an index by workers: versions are put together to parts, each becomes a shard."""

from __future__ import annotations

import hashlib
import json
import shutil
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from corpus.divided import without_texts
from corpus.document import Passage
from index.audience.sight import Audience
from index.cluster import messages
from index.cluster.messages import Piece, Sent
from index.cluster.pool import Asked, Lost, Pool
from index.cluster.worker import known_vectors, makes
from index.home.access import make_folders
from index.home.crash import crash_point
from index.home.durable import flush_tree, move, unfinished
from index.home.manifest import SHARD, file_sum, measured, read_shard
from index.shards.shard import MOST_PASSAGES, Shard, link_folder
from index.shards.texts import Content
from index.sync.writing import LEFT, Given, known

AHEAD = 2  # jobs that wait for each worker
WRITE, READ = 0, 1  # parts that wait go before files that wait
_PIECE = 2048  # passages that travel at once
_SHARE = 8  # parts grow with what there is, so that many workers have some of a small library


class WritingThere:
    """A `Writing` by the workers: versions are put together to parts, each becomes a shard."""

    def __init__(self, home: Path, pool: Pool, given: Given, *, least: int) -> None:
        self._home = home
        self._folder = home / LEFT
        self._pool = pool
        self._given = given
        self._least = least
        self._identity = _identity(given)
        self._before = 0  # passages in parts that are closed
        self._open: dict[Audience, _Part] = {}  # a shard is for one audience
        self._pending: deque[Future[None]] = deque()
        self._parts: list[_Part] = []
        self.embedded = 0
        self._done = 0
        self._counting = threading.Lock()
        for left in self._folder.glob(".*"):
            shutil.rmtree(left, ignore_errors=True) if left.is_dir() else left.unlink()

    def add(self, content: Content, passages: Sequence[Passage], audience: Audience) -> None:
        part = self._open.get(audience)
        if part is None:
            path = unfinished(self._folder / "part")
            part = self._open[audience] = _Part(path, self._identity)
        keys = {content.first + n: key for n, key in enumerate(content.keys)}
        entries = known(self._given.donor, keys, but={})
        vectors = {i - content.first: known_vectors(entry) for i, entry in entries.items()}
        part.add(Sent(content, without_texts(tuple(passages)), vectors))
        most = min(max(self._least, self._before // _SHARE), MOST_PASSAGES)
        if part.passages >= most:
            self._end_part(audience)

    def finish(self) -> list[tuple[str, list[int]]]:
        for audience in list(self._open):
            self._end_part(audience)
        while self._pending:
            self._pool.wait(self._pending.popleft(), self._watch)
        crash_point("passages-embedded")
        shards = []
        for part in self._parts:
            folder = self._folder / "shards" / part.key
            name = _name_of(folder)
            link_folder(folder, self._given.shards.folder / name)
            shards.append((name, part.versions))
        self._watch()
        crash_point("shard-written")
        return shards

    def _end_part(self, audience: Audience) -> None:
        part = self._open.pop(audience)
        part.close()
        self._before += part.passages
        self._parts.append(part)
        if (self._folder / "shards" / part.key).is_dir() and self._is_whole(part):
            part.path.unlink()
            self._done += part.passages
            return
        self._pending.append(self._pool.submit(WRITE, partial(self._make, part)))
        while len(self._pending) > AHEAD * self._pool.count:
            self._pool.wait(self._pending.popleft(), self._watch)

    def _watch(self) -> None:
        """Tell how many passages of all parts are done, and by whom."""
        self._given.progress("embed", self._done, self._before, self._pool.workers)

    def _is_whole(self, part: _Part) -> bool:
        """Whether a kept shard has the bytes that it had."""
        folder = self._folder / "shards" / part.key
        with suppress(OSError, ValueError, KeyError, TypeError, Lost):
            found = read_shard(folder)
            if all(file_sum(folder / n) == s.sha256 for n, s in found.files.items()):
                self._check(folder, part)
                return True
        shutil.rmtree(folder, ignore_errors=True)
        return False

    def _make(self, part: _Part, worker: Asked) -> None:
        """Have a worker make a part, fetch it, and compare it with its sums."""
        told = 0
        answers: deque[Callable[[], Any]] = deque()

        def taken() -> None:
            nonlocal told
            answer, passages = answers.popleft()()
            assert isinstance(answer, messages.Written)
            told += passages
            with self._counting:
                self.embedded += answer.embedded
                self._done += passages

        try:
            for number, (content, passages) in enumerate(part.pieces()):
                piece = Piece(part.key, number == 0, messages.versions_in(content))
                answers.append(_with(worker.send(piece), passages))
                if len(answers) > 1:  # one travels while the other is worked on
                    taken()
            while answers:
                taken()
            finished = worker.ask(messages.Finish(part.key), messages.Finished)
            self._fetch(part, finished, worker)
        except BaseException:
            with self._counting:
                self._done -= told
            raise
        with suppress(Lost):  # the part is whole; who ended since is told of by the next call
            worker.ask(messages.Drop(part.key), messages.Yes)

    def _fetch(self, part: _Part, finished: messages.Finished, worker: Asked) -> None:
        work = unfinished(self._folder / part.key)
        make_folders(work, self._home)
        try:
            for file, (size, sha256) in finished.files.items():
                target = work / file
                if not target.resolve().is_relative_to(work.resolve()):
                    raise Lost("it names a file outside of its part")
                make_folders(target.parent, self._home)
                with target.open("xb") as written:
                    while written.tell() < size:
                        asked = messages.Fetch(part.key, file, written.tell())
                        content = worker.ask(asked, messages.Bytes).content
                        if not content:
                            raise Lost(f"{file} is shorter than it said")
                        written.write(content)
                if (target.stat().st_size, file_sum(target)) != (size, sha256):
                    raise Lost(f"{file} has other bytes than it said")
            if _name_of(work) != finished.name:
                raise Lost("its shard is not what it said")
            self._check(work, part)
            flush_tree(work)
            move(work, self._folder / "shards" / part.key)
            crash_point("part-fetched")
            part.path.unlink(missing_ok=True)
        finally:
            shutil.rmtree(work, ignore_errors=True)

    def _check(self, folder: Path, part: _Part) -> None:
        """Whether a shard holds what was asked for. Raises Lost."""
        about = read_shard(folder)
        named = {SHARD, *about.files}
        if named != {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}:
            raise Lost("a shard of other files")
        shard = Shard(folder, self._given.shards.sizes)
        try:
            if shard.texts.versions != part.versions or about.passages != part.passages:
                raise Lost("a shard of other passages")
        finally:
            shard.close()


class _Part:
    """Versions that become a shard, as they are sent, in a file. `key` says what they are."""

    def __init__(self, path: Path, identity: bytes) -> None:
        self.path = path
        self.key = ""
        self.passages = 0
        self.versions: list[int] = []
        self._digest = hashlib.sha256(identity)
        self._file = path.open("xb")
        self._places: list[tuple[int, int, int]] = []  # start, size, passages
        self._piece: list[Sent] = []

    def add(self, version: Sent) -> None:
        self._piece.append(version)
        self.passages += len(version.passages)
        self.versions.append(version.content.version)
        if sum(len(sent.passages) for sent in self._piece) >= _PIECE:
            self._write()

    def _write(self) -> None:
        if not self._piece:
            return
        content = messages.packed_versions(tuple(self._piece))
        self._digest.update(content)
        passages = sum(len(sent.passages) for sent in self._piece)
        self._piece = []
        self._places.append((self._file.tell(), len(content), passages))
        self._file.write(content)

    def close(self) -> None:
        self._write()
        self._file.close()
        self.key = self._digest.hexdigest()

    def pieces(self) -> Iterator[tuple[bytes, int]]:
        with self.path.open("rb") as file:
            for start, size, passages in self._places:
                file.seek(start)
                yield file.read(size), passages


def _with(answer: Callable[[], Any], passages: int) -> Callable[[], tuple[Any, int]]:
    return lambda: (answer(), passages)


def _identity(given: Given) -> bytes:
    """What decides on a shard besides the versions in it."""
    card = given.embedder.card
    whole: Mapping[str, Any] = {
        "makes": makes(),
        "source": card.source,
        "weights": card.weights,
        "engine": given.embedder.engine,
        "token_bits": given.embedder.token_bits,
    }
    return json.dumps(whole, sort_keys=True).encode()


def _name_of(folder: Path) -> str:
    """The name that a shard has by what is in it; see write_shard."""
    return measured(folder / SHARD).sha256[:16]
