"""What a job's process writes down of itself while it works: how far it is, and that it lives.

A thread does it, at most twice a second: the work waits neither for a disk nor for a database that
is away. Whoever wants it stopped says so in the records, and is heard there.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import TracebackType

from corpus.errors import CodedeskError
from ui.jobs import left, running
from ui.jobs.job import Job, now
from ui.jobs.kept import HEARD_EVERY, Jobs

_EVERY = 0.5  # seconds between two looks at whether there is anything new
_NOT_NOTED = (CodedeskError, OSError, sqlite3.Error)


class Notes:
    """The progress of a sync; every file name goes into the job's log."""

    def __init__(self, home: Path, job: Job) -> None:
        self._home = home
        self._ended = threading.Event()
        self._noted: Job | None = None
        self._thread = threading.Thread(target=self._keep_noting, name="notes", daemon=True)
        self.job = job

    def __enter__(self) -> Notes:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._thread.join()

    def __call__(self, step: str, done: int, total: int, what: str = "", /) -> None:
        if what:
            print(f"{now()} {step} {done + 1} of {total}: {what}", flush=True)  # noqa: T201
        self.job = replace(self.job, step=step, done=done, total=total, what=what)

    def end(self, job: Job) -> None:
        """Write down how it ended; beside the records where they cannot be reached."""
        try:
            with closing(Jobs(self._home)) as jobs:
                jobs.end(job)
        except _NOT_NOTED as error:
            print(f"{now()} its end waits for the records: {error}", flush=True)  # noqa: T201
            left.leave_end(self._home, job)

    def _keep_noting(self) -> None:
        heard = float("-inf")
        while not self._ended.is_set():
            job = self.job
            if job is not self._noted or time.monotonic() - heard > HEARD_EVERY:
                heard = time.monotonic()
                self._note(job)
            self._ended.wait(_EVERY)

    def _note(self, job: Job) -> None:
        try:
            with closing(Jobs(self._home)) as jobs:
                is_to_stop = jobs.note(job)
        except _NOT_NOTED:
            return  # it is tried again
        self._noted = job
        if is_to_stop:
            running.stop(os.getpid(), running.started(os.getpid()))
