"""An index made by the workers of a cluster: they read, split, embed and write shards; this
process, which has the home, gives ids, checks what comes back, and publishes.

What workers have finished lies in `$CODEDESK_HOME/cluster/` under a name that says what it was made
of. So a sync that was stopped takes it up: what is there is not made again.

cluster/read/ab12...     a file, read and divided
cluster/shards/ab12...   a part of the passages as a finished shard
cluster/.part-...        what is to become a part
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from msgspec.msgpack import encode

from corpus.divided import Divided, without_texts
from corpus.document import Passage
from corpus.errors import UnreadableFile
from corpus.files.contents import read_bytes
from corpus.readers import CannotRead, Scan
from corpus.reading import messages as reading_messages
from corpus.reading.pool import ReadJob, divide_all
from corpus.reading.read import MOST_SIDECAR, found_sidecar
from corpus.text.clean import printable
from index.audience.sight import Audience
from index.cluster import messages
from index.cluster.messages import File, Piece, Sent
from index.cluster.pool import Asked, Lost, Pool
from index.cluster.worker import known_vectors, makes
from index.home.access import make_folders
from index.home.crash import crash_point
from index.home.durable import flush_tree, move, unfinished, write_durably
from index.home.manifest import SHARD, file_sum, measured, read_shard
from index.model.embedder import Embedder
from index.shards.shard import MOST_PASSAGES, Shard, link_folder
from index.shards.texts import Content
from index.sync.writing import LEFT, Given, Reading, Writing, known

_FILES_AT_ONCE, _BYTES_AT_ONCE = 16, 16 << 20
_AHEAD = 2  # jobs that wait for each worker
_PIECE = 2048  # passages that travel at once
_LEAST = 512  # passages of a part: six seconds of a processor's work, of which no more is lost
_SHARE = 8  # parts grow with what there is, so that many workers have some of a small library
_WRITE, _READ = 0, 1  # parts that wait go before files that wait


class Cluster:
    """Makers on a cluster; see index.sync.writing. `close` them."""

    def __init__(
        self, home: Path, address: str, embedder: Embedder, *, least: int = _LEAST
    ) -> None:
        """Raises ClusterProblem."""
        self._home = home
        self._folder = home / LEFT
        self._least = least
        for name in ("read", "shards"):
            make_folders(self._folder / name, home)
        self._pool = Pool(address, embedder)

    def close(self) -> None:
        self._pool.close()

    @property
    def workers(self) -> str:
        return self._pool.workers

    def writing(self, given: Given) -> Writing:
        return WritingThere(self._home, self._pool, given, least=self._least)

    def divide(
        self,
        jobs: Sequence[ReadJob],
        reading: Reading,
        *,
        scanning: Callable[[str, Scan], None],
    ) -> Iterator[tuple[ReadJob, Divided | UnreadableFile]]:
        """In the order of the jobs; what travels is the files' bytes, so that a worker needs no
        path that this machine has. A file that cannot be opened is asked for here, where it is
        said why."""
        waiting = iter(self._batches(jobs, reading))
        pending: deque[_Batch] = deque()
        for _ in range(_AHEAD * self._pool.count):
            pending.extend(self._sent(waiting, reading))
        while pending:
            batch = pending.popleft()
            yield from self._results(batch, reading, scanning)
            pending.extend(self._sent(waiting, reading))

    def _batches(self, jobs: Sequence[ReadJob], reading: Reading) -> Iterator[_Batch]:
        batch = _Batch([], {}, {}, None)
        size = 0
        for job in jobs:
            batch.jobs.append(job)
            file = _file(job, reading)
            if file is not None:
                kept = self._folder / "read" / _key(file, reading)
                batch.kept[job.document_id] = kept
                if not kept.is_file():
                    batch.files[job.document_id] = file
                    size += len(file.content)
            if len(batch.jobs) >= _FILES_AT_ONCE or size >= _BYTES_AT_ONCE:
                yield batch
                batch, size = _Batch([], {}, {}, None), 0
        if batch.jobs:
            yield batch

    def _sent(self, waiting: Iterator[_Batch], reading: Reading) -> Iterator[_Batch]:
        """The next batch, given to a worker."""
        for batch in waiting:
            if batch.files:
                request = messages.Divide(
                    tuple(batch.files.values()), reading.dividing, reading.limits, reading.names
                )
                batch.future = self._pool.submit(_READ, partial(_read, request))
            yield batch
            return

    def _results(
        self, batch: _Batch, reading: Reading, scanning: Callable[[str, Scan], None]
    ) -> Iterator[tuple[ReadJob, Divided | UnreadableFile]]:
        lines: dict[str, bytes] = {}
        if batch.future is not None:
            found = self._pool.wait(batch.future)
            lines = dict(zip(batch.files, found, strict=True))
            batch.files.clear()
        for job in batch.jobs:
            line = lines.get(job.document_id) or self._kept(batch.kept.get(job.document_id))
            if line is None:
                yield from divide_all(
                    [job],
                    reading.dividing,
                    workers=1,
                    limits=reading.limits,
                    names=reading.names,
                    scanning=scanning,
                )
                continue
            result = _result(job, line)
            if isinstance(result, Divided) and job.document_id in lines:
                self._keep(batch.kept[job.document_id], line)
            yield job, result

    def _keep(self, path: Path, line: bytes) -> None:
        write_durably(path, hashlib.sha256(line).digest() + line)

    def _kept(self, path: Path | None) -> bytes | None:
        with suppress(OSError):
            content = path.read_bytes() if path is not None else b""
            if content and hashlib.sha256(content[32:]).digest() == content[:32]:
                return content[32:]
        return None


def _read(request: messages.Divide, worker: Asked) -> tuple[bytes, ...]:
    return worker.ask(request, messages.Answers).lines


@dataclass(slots=True)
class _Batch:
    """Files that travel together: those that are sent, where each one's reading is kept, and who
    reads them."""

    jobs: list[ReadJob]
    files: dict[str, File]
    kept: dict[str, Path]
    future: Future[tuple[bytes, ...]] | None


def _file(job: ReadJob, reading: Reading) -> File | None:
    """None for what cannot be opened: who reads it here says why."""
    try:
        content = read_bytes(job.path, most=reading.limits.file_bytes)
        beside = found_sidecar(job.path)
        sidecar = None
        if beside is not None:
            sidecar = (os.fsencode(beside.name), read_bytes(beside, most=MOST_SIDECAR))
    except CannotRead:
        return None
    return File(job.document_id, os.fsencode(job.path.name), content, sidecar, dict(job.told))


def _key(file: File, reading: Reading) -> str:
    """Equal for files that are read alike."""
    dividing = reading.dividing
    how = encode([dividing.limit, dividing.lengths, reading.limits, reading.names, makes()])
    digest = hashlib.sha256(how)
    digest.update(hashlib.sha256(Path(dividing.tokenizer).read_bytes()).digest())
    digest.update(encode(file))
    return digest.hexdigest()


def _result(job: ReadJob, line: bytes) -> Divided | UnreadableFile:
    """What a worker's line says; believed as far as it is what such a line may be."""
    path = printable(str(job.path))
    try:
        answer = reading_messages.answer_in(line)
        if isinstance(answer, reading_messages.Read) and answer.document.id == job.document_id:
            return answer.divided()
        if isinstance(answer, reading_messages.Failed):
            return UnreadableFile(path, answer.reason)
    except ValueError:
        pass
    return UnreadableFile(path, "Reading it ended with an answer that makes no sense.")


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
        self._pending.append(self._pool.submit(_WRITE, partial(self._make, part)))
        while len(self._pending) > _AHEAD * self._pool.count:
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
