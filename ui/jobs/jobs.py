"""Long work in a process of its own. The pages only read what it writes down.

A job is a file in `$CODEDESK_HOME/jobs/`: what it does, its progress and its report. It survives
reruns and restarts of the pages. A process is known by its number and start time, so a stranger
that gets the number of a dead process is not taken for the job.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from msgspec.json import decode, encode

from corpus.errors import CodedeskError
from index.home.access import make_folders
from index.home.durable import write_durably
from ui.jobs import running

KINDS = {
    "sync": "Reading the library",
    "dry run": "Looking at what a sync would do",
    "evaluate": "Asking the golden questions",
    "doctor": "Checking the library",
    "backup": "Making a backup",
    "restore": "Putting a backup back",
    "alerts": "Telling what is new to saved searches",
}
_STARTING = timedelta(minutes=1)  # for a job to get its process; after that it never began
_LOOKED_AT = 100  # jobs back, for the newest of a kind
_LOCK = threading.Lock()


class JobProblem(CodedeskError):
    """A job cannot be started or stopped."""


@dataclass(frozen=True, slots=True)
class Job:
    """A job as it was last written down. `state`: running, done, failed or cancelled.

    `pid` and `since` name its process: its number and when it started (see running.py). `step`,
    `done` and `total` say how far it is, `what` which file is in hand; `report` is what it found,
    `problem` a sentence.
    """

    number: int
    kind: str
    state: str
    pid: int
    started: str
    since: str = ""
    ended: str = ""
    step: str = ""
    done: int = 0
    total: int = 0
    what: str = ""
    problem: str = ""
    report: Mapping[str, Any] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)


def start(home: Path, kind: str, **options: Any) -> Job:
    """Start a job. Raises JobProblem while another one runs: there is one writer."""
    with _LOCK:
        before = latest(home)
        if before and before.state == "running":
            raise JobProblem(
                f"{KINDS[before.kind]} is under way since {before.started}. Wait for its end, or "
                "stop it."
            )
        number = (before.number if before else 0) + 1
        make_folders(_folder(home), home)
        job = Job(number, kind, "running", 0, now(), options=options)
        write(home, job)
        child = _spawn(home, number)
        job = replace(job, pid=child.pid, since=running.started(child.pid))
        # Reap the process when it ends: nobody else may look, and it would stay as a zombie.
        threading.Thread(target=child.wait, name=f"job-{number}", daemon=True).start()
        write(home, job)  # long before the process writes: it is still importing
        return job


def _spawn(home: Path, number: int) -> subprocess.Popen[bytes]:
    root = str(Path(__file__).absolute().parents[2])
    path = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH", "")]))
    with log_path(home, number).open("wb") as log:
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
    """Stop a job and all its processes. What was published stays, and nothing half done is seen."""
    job = read(home, number)
    if job is None or job.state != "running":
        return
    (_folder(home) / f"{number:06d}.cancel").touch()
    running.stop(job.pid, job.since)


def latest(home: Path) -> Job | None:
    """The newest job."""
    numbers = [int(path.stem) for path in _folder(home).glob("[0-9]*.json")]
    return read(home, max(numbers)) if numbers else None


def latest_of(home: Path, kind: str) -> Job | None:
    """The newest job of a kind."""
    numbers = sorted((int(path.stem) for path in _folder(home).glob("[0-9]*.json")), reverse=True)
    for number in numbers[:_LOOKED_AT]:
        job = read(home, number)
        if job and job.kind == kind:
            return job
    return None


def read(home: Path, number: int) -> Job | None:
    """A job as it is now. If its process is gone without a report, it failed or was stopped."""
    job = _noted(home, number)
    if job is None or job.state != "running" or _is_under_way(job):
        return job
    job = _noted(home, number)  # its process may have written its report since
    if job is None or job.state != "running":
        return job
    stopped = (_folder(home) / f"{number:06d}.cancel").exists()
    how = "It was stopped." if stopped else "Its process ended without saying how; see the log."
    ended = replace(
        job,
        state="cancelled" if stopped else "failed",
        ended=now(),
        problem=f"{how} What was published last goes on answering.",
    )
    write(home, ended)
    return ended


def _noted(home: Path, number: int) -> Job | None:
    try:
        return decode(_path(home, number).read_bytes(), type=Job)
    except (OSError, ValueError):
        return None


def _is_under_way(job: Job) -> bool:
    if job.pid:
        return running.is_running(job.pid, job.since)
    return datetime.now(UTC) - datetime.fromisoformat(job.started) < _STARTING


def write(home: Path, job: Job) -> None:
    write_durably(_path(home, job.number), encode(job))


def log_path(home: Path, number: int) -> Path:
    return _folder(home) / f"{number:06d}.log"


def log_tail(home: Path, number: int, *, most: int = 4000) -> str:
    """The end of what a job's process printed."""
    with suppress(OSError):
        return log_path(home, number).read_text("utf-8", "replace")[-most:]
    return ""


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _folder(home: Path) -> Path:
    return home / "jobs"


def _path(home: Path, number: int) -> Path:
    return _folder(home) / f"{number:06d}.json"
