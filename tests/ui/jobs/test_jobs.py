"""Jobs: one at a time, in a process of their own that is known for sure."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from index.home import Home
from ui.jobs import jobs, running


def test_only_one_job_runs_and_a_stopped_one_says_so(home: Path):
    job = jobs.start(home, "sync", force=True)
    with pytest.raises(jobs.JobProblem):
        jobs.start(home, "sync")
    jobs.cancel(home, job.number)
    for _ in range(300):
        ended = jobs.latest(home)
        assert ended is not None
        if ended.state != "running":
            break
        time.sleep(0.1)
    assert ended.state == "cancelled"
    assert Home(home).current() == 1


def _job(home: Path, **process: object) -> jobs.Job:
    """A job that was running when the pages were stopped, as it was written down."""
    (home / "jobs").mkdir(exist_ok=True)
    job = jobs.Job(7, "sync", "running", started=jobs.now(), **process)  # type: ignore[arg-type]
    jobs.write(home, job)
    return job


@pytest.fixture
def stranger() -> Iterator[subprocess.Popen[bytes]]:
    """Another program, at the head of a group as a job is, that was given a job's old number."""
    process = subprocess.Popen(["sleep", "60"], start_new_session=True)
    yield process
    process.kill()
    process.wait()


@pytest.mark.parametrize("since", ["", "12345 of-another-boot"])
def test_a_number_that_another_process_was_given_is_no_running_job_and_is_not_stopped(
    tmp_path: Path, stranger: subprocess.Popen[bytes], since: str
) -> None:
    _job(tmp_path, pid=stranger.pid, since=since)
    jobs.cancel(tmp_path, 7)
    found = jobs.latest(tmp_path)
    assert found is not None
    assert (found.state, "without saying how" in found.problem) == ("failed", True)
    with pytest.raises(subprocess.TimeoutExpired):
        stranger.wait(0.5)


def test_the_process_that_started_then_is_the_running_job_and_is_stopped(
    tmp_path: Path, stranger: subprocess.Popen[bytes]
) -> None:
    _job(tmp_path, pid=stranger.pid, since=running.started(stranger.pid))
    found = jobs.latest(tmp_path)
    assert found is not None and found.state == "running"
    jobs.cancel(tmp_path, 7)
    assert stranger.wait(10) == -signal.SIGTERM
    ended = jobs.latest(tmp_path)
    assert ended is not None and ended.state == "cancelled"


def test_a_process_that_was_killed_is_seen_to_be_gone_before_anybody_waits_for_it(
    tmp_path: Path, stranger: subprocess.Popen[bytes]
) -> None:
    _job(tmp_path, pid=stranger.pid, since=running.started(stranger.pid))
    stranger.kill()
    os.waitid(os.P_PID, stranger.pid, os.WEXITED | os.WNOWAIT)  # ended, and still a zombie
    found = jobs.latest(tmp_path)
    assert found is not None and found.state == "failed"


def test_a_job_that_was_written_down_and_never_began_does_not_bar_the_next(tmp_path: Path) -> None:
    _job(tmp_path, pid=0)
    waiting = jobs.latest(tmp_path)
    assert waiting is not None and waiting.state == "running"
    jobs.write(tmp_path, replace(waiting, started="2025-03-01T09:00:00+00:00"))
    found = jobs.latest(tmp_path)
    assert found is not None and found.state == "failed"
