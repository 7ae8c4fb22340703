"""Long work in a process of its own: the pages only look at what it writes down.

A job is a file in `$CODEDESK_HOME/jobs/`: what it does, how far it is, and its report. It survives
reruns, other sessions and a restart of the pages; a process that died is seen by its absence.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from msgspec.json import decode, encode

from corpus.errors import CodedeskError
from index.home.access import make_folders
from index.home.durable import write_durably

KINDS = {"sync": "Reading the library", "evaluate": "Asking the golden questions"}
_CHILDREN: dict[int, subprocess.Popen[bytes]] = {}  # those that this process started
_LOCK = threading.Lock()


class JobProblem(CodedeskError):
    """A job cannot be started or stopped."""


@dataclass(frozen=True, slots=True)
class Job:
    """A job as it was last written down. `state`: running, done, failed or cancelled.

    `step`, `done` and `total` say how far it is, `what` which file is in hand; `report` is what it
    found, `problem` a sentence.
    """

    number: int
    kind: str
    state: str
    pid: int
    started: str
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
        running = latest(home)
        if running and running.state == "running":
            raise JobProblem(
                f"{KINDS[running.kind]} is under way since {running.started}. Wait for its end, or "
                "stop it."
            )
        number = (running.number if running else 0) + 1
        make_folders(_folder(home), home)
        job = Job(number, kind, "running", 0, now(), options=options)
        write(home, job)
        child = _spawn(home, number)
        _CHILDREN[child.pid] = child
        # Waited for, looked at or not: an ended process that nobody waits for stays as a zombie.
        threading.Thread(target=child.wait, name=f"job-{number}", daemon=True).start()
        job = _changed(job, pid=child.pid)
        write(home, job)  # long before the process itself writes: it is still importing
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
    """Stop a job and all its processes. What was published before stays; nothing half is seen."""
    job = read(home, number)
    if job is None or job.state != "running":
        return
    (_folder(home) / f"{number:06d}.cancel").touch()
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(job.pid, signal.SIGTERM)


def latest(home: Path) -> Job | None:
    """The newest job, as it is now."""
    numbers = [int(path.stem) for path in _folder(home).glob("[0-9]*.json")]
    return read(home, max(numbers)) if numbers else None


def read(home: Path, number: int) -> Job | None:
    """A job as it is now: one whose process is gone without a word has failed, or was stopped."""
    try:
        job = decode(_path(home, number).read_bytes(), type=Job)
    except (OSError, ValueError):
        return None
    if job.state != "running" or not job.pid or _is_alive(job.pid):
        return job
    stopped = (_folder(home) / f"{number:06d}.cancel").exists()
    ended = _changed(
        job,
        state="cancelled" if stopped else "failed",
        ended=now(),
        problem="It was stopped. The index is as it was before."
        if stopped
        else "Its process ended without a word. The index is as it was before; see the log.",
    )
    write(home, ended)
    return ended


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


def _changed(job: Job, **changes: Any) -> Job:
    return Job(**{**{name: getattr(job, name) for name in Job.__slots__}, **changes})


def _is_alive(pid: int) -> bool:
    child = _CHILDREN.get(pid)
    if child is not None:
        return child.poll() is None
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _folder(home: Path) -> Path:
    return home / "jobs"


def _path(home: Path, number: int) -> Path:
    return _folder(home) / f"{number:06d}.json"
