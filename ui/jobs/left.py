"""What lies in a home's `jobs/` to be taken into the records: jobs of earlier versions, which kept
each as a file, and ends that could not be written down while the records were away."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from msgspec.json import decode, encode

from index.home.access import make_folders
from index.home.durable import write_durably
from ui.jobs import running
from ui.jobs.job import Job
from ui.jobs.kept import Jobs

_EARLIER, _ENDS = "[0-9]*.json", "*.end"


def is_any(home: Path) -> bool:
    folder = home / "jobs"
    return any(folder.glob(_ENDS)) or any(folder.glob(_EARLIER))


def leave_end(home: Path, job: Job) -> None:
    """Keep how a job ended until the records can be reached."""
    make_folders(home / "jobs", home)
    write_durably(home / "jobs" / f"job-{job.number:06d}.end", encode(job))


def take_over(home: Path, jobs: Jobs) -> None:
    """Oldest first. Of several who take over at once, each job is taken by one."""
    for path in sorted((home / "jobs").glob(_EARLIER)):
        if (job := _at_rest(path)) is not None:
            jobs.take(job, log=path.with_suffix(".log").name)
            path.unlink(missing_ok=True)
            path.with_suffix(".cancel").unlink(missing_ok=True)
    for path in sorted((home / "jobs").glob(_ENDS)):
        if (job := _read(path)) is not None:
            jobs.end(job)
            path.unlink(missing_ok=True)


def _at_rest(path: Path) -> Job | None:
    """A job of an earlier version; one that still runs goes on writing its file until its end."""
    job = _read(path)
    if job is None or job.state != "running":
        return job
    if running.is_running(job.pid, job.since):
        return None
    return _ended(job, stopped=path.with_suffix(".cancel").exists())


def _ended(job: Job, *, stopped: bool) -> Job:
    return replace(
        job,
        state="cancelled" if stopped else "failed",
        ended=job.started,
        problem="It was stopped." if stopped else "Its process ended without saying how.",
    )


def _read(path: Path) -> Job | None:
    with suppress(OSError, ValueError):
        return decode(path.read_bytes(), type=Job)
    return None
