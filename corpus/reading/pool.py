"""Reads many files in other processes, so that no file can crash this one or run without end."""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TypeVar

from corpus.divided import Divided, Dividing
from corpus.document import Document
from corpus.errors import UnreadableFile
from corpus.files.limits import STANDARD, Limits
from corpus.metadata.identity.names import Body
from corpus.metadata.told import Value
from corpus.readers import Scan
from corpus.readers.scans.models import recogniser
from corpus.reading.process import ReadingProcess
from corpus.text.clean import printable

_Taken = TypeVar("_Taken")
Scanning = Callable[[str, Scan], None]  # is told the document's id and the page
_FILES_A_PROCESS = 200  # libraries leak; a fresh process costs 0.1 s
_LOOK_EVERY = 0.5  # seconds: how often it is asked which page is being recognised
_AHEAD = 4  # files being read or done, for each worker, before the first is taken


@dataclass(frozen=True, slots=True)
class ReadJob:
    """A file to read and the id that its document will have; `told` is what a person said of it."""

    path: Path
    document_id: str
    told: Mapping[str, Value] = field(default_factory=dict)


def read_all(
    jobs: Sequence[ReadJob],
    *,
    workers: int | None = None,
    limits: Limits = STANDARD,
    names: tuple[Body, ...] = (),
) -> Iterator[tuple[ReadJob, Document | UnreadableFile]]:
    """Each job with its Document, or an UnreadableFile, in the order of the jobs.

    No content of a file can make this raise, hang or use up memory: see `Limits`. Closing the
    iterator ends the processes. `names` are those that the library knows besides the pack's.
    """

    def read(process: ReadingProcess, job: ReadJob) -> Document | UnreadableFile:
        return process.read(job.path, document_id=job.document_id, told=job.told)

    return _in_order(jobs, read, _Pool(limits, names), workers=workers)


def divide_all(
    jobs: Sequence[ReadJob],
    dividing: Dividing,
    *,
    workers: int | None = None,
    limits: Limits = STANDARD,
    names: tuple[Body, ...] = (),
    scanning: Scanning | None = None,
) -> Iterator[tuple[ReadJob, Divided | UnreadableFile]]:
    """The same with passages and codes, which the process makes that has read the file. `scanning`
    is told while pictures of pages are recognised, which takes a second each."""

    def divide(process: ReadingProcess, job: ReadJob) -> Divided | UnreadableFile:
        return process.divide(
            job.path, document_id=job.document_id, dividing=dividing, told=job.told
        )

    return _in_order(jobs, divide, _Pool(limits, names), workers=workers, scanning=scanning)


def _in_order(
    jobs: Sequence[ReadJob],
    ask: Callable[[ReadingProcess, ReadJob], _Taken | UnreadableFile],
    pool: _Pool,
    *,
    workers: int | None,
    scanning: Scanning | None = None,
) -> Iterator[tuple[ReadJob, _Taken | UnreadableFile]]:
    count = max(1, min(workers or default_workers(), len(jobs)))
    threads = ThreadPoolExecutor(count, thread_name_prefix="reading")
    pending: deque[tuple[ReadJob, Future[_Taken | UnreadableFile]]] = deque()
    waiting = iter(jobs)
    try:
        for job in waiting:
            pending.append((job, threads.submit(pool.read, job, ask)))
            if len(pending) >= count * _AHEAD:
                break
        while pending:
            job, future = pending.popleft()
            while scanning is not None and not wait([future], timeout=_LOOK_EVERY).done:
                for document, scan in pool.scans(job.document_id):
                    scanning(document, scan)
            result = future.result()
            following = next(waiting, None)
            if following is not None:
                pending.append((following, threads.submit(pool.read, following, ask)))
            yield job, result
    finally:
        pool.end()
        threads.shutdown(wait=True, cancel_futures=True)
        pool.end()


def default_workers() -> int:
    """One for each processor that this process may use, at most eight."""
    usable = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    return min(usable, 8)


class _Pool:
    """The processes. Each thread takes one, waits for its answer, and gives it back."""

    def __init__(self, limits: Limits, names: tuple[Body, ...]) -> None:
        self._limits = limits
        self._names = names
        self._idle: SimpleQueue[ReadingProcess] = SimpleQueue()
        self._all: set[ReadingProcess] = set()
        self._ended = False

    def read(
        self, job: ReadJob, ask: Callable[[ReadingProcess, ReadJob], _Taken | UnreadableFile]
    ) -> _Taken | UnreadableFile:
        if self._ended:
            return UnreadableFile(printable(str(job.path)), "Reading was interrupted. Sync again.")
        process = self._take()
        result = self._ask(process, job, ask)
        if isinstance(result, UnreadableFile) or process.files >= _FILES_A_PROCESS or self._ended:
            self._drop(process)
        else:
            self._idle.put(process)
        stopped = process.stopped and process.recognised
        if isinstance(result, UnreadableFile) and stopped and self._recognises(job):
            return self._without_scans(job, ask, result)
        return result

    def scans(self, first: str) -> list[tuple[str, Scan]]:
        """A page that is being recognised, if there is one: of the document `first` where it is
        such a one, else of any."""
        found = [process.scan for process in list(self._all)]
        known = [scan for scan in found if scan is not None]
        return sorted(known, key=lambda scan: scan[0] != first)[:1]

    def _recognises(self, job: ReadJob) -> bool:
        pdf = job.path.suffix.lower() == ".pdf"
        return pdf and self._limits.seconds_per_scan > 0 and bool(recogniser()) and not self._ended

    def _without_scans(
        self,
        job: ReadJob,
        ask: Callable[[ReadingProcess, ReadJob], _Taken | UnreadableFile],
        stopped: UnreadableFile,
    ) -> _Taken | UnreadableFile:
        """A file that was too much, read without recognising its pictures of pages: these may be
        what was too much, and the text that it has is not lost."""
        process = self._new(replace(self._limits, seconds_per_scan=0.0))
        result = self._ask(process, job, ask)
        self._drop(process)
        return stopped if isinstance(result, UnreadableFile) else result

    def _ask(
        self,
        process: ReadingProcess,
        job: ReadJob,
        ask: Callable[[ReadingProcess, ReadJob], _Taken | UnreadableFile],
    ) -> _Taken | UnreadableFile:
        try:
            return ask(process, job)
        except BaseException:
            self._drop(process)
            raise

    def _drop(self, process: ReadingProcess) -> None:
        process.end()
        self._all.discard(process)

    def end(self) -> None:
        self._ended = True
        for process in list(self._all):
            process.end()
            self._all.discard(process)

    def _take(self) -> ReadingProcess:
        with suppress(Empty):
            return self._idle.get_nowait()
        return self._new(self._limits)

    def _new(self, limits: Limits) -> ReadingProcess:
        process = ReadingProcess(limits, self._names)
        self._all.add(process)
        return process
