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
import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from msgspec.msgpack import encode

from corpus.divided import Divided
from corpus.errors import UnreadableFile
from corpus.files.contents import read_bytes
from corpus.readers import CannotRead, Scan
from corpus.reading import messages as reading_messages
from corpus.reading.pool import ReadJob, divide_all
from corpus.reading.read import MOST_SIDECAR, found_sidecar
from corpus.text.clean import printable
from index.cluster import messages
from index.cluster.messages import File
from index.cluster.parts import AHEAD, READ, WritingThere
from index.cluster.pool import Asked, Pool
from index.cluster.worker import makes
from index.home.access import make_folders
from index.home.durable import write_durably
from index.model.embedder import Embedder
from index.sync.writing import LEFT, Given, Reading, Writing

_FILES_AT_ONCE, _BYTES_AT_ONCE = 16, 16 << 20
_LEAST = 512  # passages of a part: six seconds of a processor's work, of which no more is lost


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
        for _ in range(AHEAD * self._pool.count):
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
                batch.future = self._pool.submit(READ, partial(_read, request))
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
