"""Long work in a process of its own. The pages only read what it writes down.

A job is a record (see kept.py): it survives reruns and restarts of the pages, and who shares the
records sees it. A process is known by its number and start time, so a stranger that gets the number
of a dead process is not taken for the job. What the process prints is a file of the home.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from corpus.errors import CodedeskError
from index.home.access import make_folders
from ui.database.store import has_records
from ui.jobs import left, running
from ui.jobs.job import FOLLOWING, KINDS, Job, JobProblem, now
from ui.jobs.kept import Jobs, Kept

__all__ = ["FOLLOWING", "KINDS", "Job", "JobProblem", "now"]
_LOCK = threading.Lock()


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A job that runs in another home of those that share the records, and on which server."""

    server: str
    job: Job


def start(home: Path, kind: str, **options: Any) -> Job:
    """Start a job. Raises JobProblem while another one runs in this home: there is one writer."""
    with _LOCK, closing(Jobs(home)) as jobs:
        left.take_over(home, jobs)
        job = jobs.begin(kind, options)
        make_folders(home / "jobs", home)
        try:
            child = _spawn(home, job.number)
        except OSError as error:
            problem = f"Its process cannot be started: {error}."
            jobs.end(replace(job, state="failed", ended=now(), problem=problem))
            raise
        job = replace(job, pid=child.pid, since=running.started(child.pid))
        # Reap the process when it ends: nobody else may look, and it would stay as a zombie.
        threading.Thread(
            target=_reap, args=(home, job.number, child), name=f"job-{job.number}", daemon=True
        ).start()
        jobs.started(job)
        return job


def _reap(home: Path, number: int, child: subprocess.Popen[bytes]) -> None:
    """Wait for its end, and have that seen by the others at once where it could not say it."""
    child.wait()
    with suppress(CodedeskError, OSError):
        read(home, number)


def _spawn(home: Path, number: int) -> subprocess.Popen[bytes]:
    root = str(Path(__file__).absolute().parents[2])
    path = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH", "")]))
    with _log_path(home, number).open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "ui.jobs.process", str(home), str(number)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=home,
            env={**os.environ, "CODEDESK_HOME": str(home), "PYTHONPATH": path},
            start_new_session=True,  # a server that stops must not take a sync with it
        )


def cancel(home: Path, number: int) -> None:
    """Stop a job and all its processes, on whichever server. What was published stays, and nothing
    half done is seen."""
    with _open(home) as jobs:
        kept = jobs.one(number) if jobs else None
        if jobs is None or kept is None or kept.job.state != "running":
            return
        jobs.stop(number)
        if kept.is_seen_here:
            running.stop(kept.job.pid, kept.job.since)


def latest(home: Path) -> Job | None:
    """The newest job of this home."""
    return _told(home, lambda jobs: jobs.latest())


def latest_of(home: Path, kind: str) -> Job | None:
    """The newest job of a kind."""
    return _told(home, lambda jobs: jobs.latest(kind=kind))


def latest_asked_for(home: Path) -> Job | None:
    """The newest job that somebody asked for: not one that follows another by itself."""
    return _told(home, lambda jobs: jobs.latest(but=FOLLOWING))


def read(home: Path, number: int) -> Job | None:
    """A job as it is now, also one of another home of those that share the records."""
    return _told(home, lambda jobs: jobs.one(number))


def elsewhere(home: Path) -> list[Elsewhere]:
    """What runs in other homes that share the records."""
    with _open(home) as jobs:
        return [Elsewhere(one.server, one.job) for one in jobs.elsewhere()] if jobs else []


def forget_questions(home: Path) -> None:
    """Take what people asked out of the reports of all jobs."""
    with _open(home) as jobs:
        if jobs:
            jobs.forget_questions()


def log_tail(home: Path, number: int, *, most: int = 4000) -> str:
    """The end of what a job's process printed, in this home."""
    with _open(home) as jobs:
        kept = jobs.one(number) if jobs else None
        if jobs is None or kept is None or not jobs.is_own(kept):
            return ""
    path = home / "jobs" / kept.log if kept.log else _log_path(home, number)
    with suppress(OSError):
        return path.read_text("utf-8", "replace")[-most:]
    return ""


def _told(home: Path, find: Callable[[Jobs], Kept | None]) -> Job | None:
    with _open(home) as jobs:
        kept = find(jobs) if jobs else None
        return kept.job if kept else None


@contextmanager
def _open(home: Path) -> Iterator[Jobs | None]:
    """The jobs; None where there never was one, and nothing is made. Opened anew each time: a
    restore puts other records in place."""
    is_left = left.is_any(home)
    if not (is_left or has_records(home)):
        yield None
        return
    with closing(Jobs(home)) as jobs:
        if is_left:
            left.take_over(home, jobs)
        yield jobs


def _log_path(home: Path, number: int) -> Path:
    return home / "jobs" / f"job-{number:06d}.log"
