"""Jobs: one at a time, in a process of their own that is known for sure."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from index.home import Home
from tests.ui.jobs.waiting import state_of, wait_for
from ui.jobs import jobs, running
from ui.jobs.kept import SILENT, Jobs
from ui.jobs.notes import Notes


@pytest.mark.usefixtures("both")
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


def _job(home: Path, **process: Any) -> int:
    """A job that was running when the pages were stopped, as it was written down."""
    with closing(Jobs(home)) as kept:
        job = kept.begin("sync", {})
        if process:
            kept.note(replace(job, **process))
    return job.number


@pytest.fixture
def stranger() -> Iterator[subprocess.Popen[bytes]]:
    """Another program, at the head of a group as a job is, that was given a job's old number."""
    process = subprocess.Popen(["sleep", "60"], start_new_session=True)
    yield process
    process.kill()
    process.wait()


@pytest.mark.parametrize("since", ["", "12345 of-another-boot"])
def test_a_number_that_another_process_was_given_is_no_running_job_and_is_not_stopped(
    kept: Path, stranger: subprocess.Popen[bytes], since: str
) -> None:
    number = _job(kept, pid=stranger.pid, since=since)
    jobs.cancel(kept, number)
    found = jobs.latest(kept)
    assert found is not None
    assert (found.state, "without saying how" in found.problem) == ("failed", True)
    with pytest.raises(subprocess.TimeoutExpired):
        stranger.wait(0.5)


def test_the_process_that_started_then_is_the_running_job_and_is_stopped(
    kept: Path, stranger: subprocess.Popen[bytes]
) -> None:
    number = _job(kept, pid=stranger.pid, since=running.started(stranger.pid))
    found = jobs.latest(kept)
    assert found is not None and found.state == "running"
    jobs.cancel(kept, number)
    assert stranger.wait(10) == -signal.SIGTERM
    ended = jobs.latest(kept)
    assert ended is not None and ended.state == "cancelled"


def test_a_process_that_was_killed_is_seen_to_be_gone_before_anybody_waits_for_it(
    kept: Path, stranger: subprocess.Popen[bytes]
) -> None:
    _job(kept, pid=stranger.pid, since=running.started(stranger.pid))
    stranger.kill()
    os.waitid(os.P_PID, stranger.pid, os.WEXITED | os.WNOWAIT)  # ended, and still a zombie
    found = jobs.latest(kept)
    assert found is not None and found.state == "failed"


def test_a_job_that_was_written_down_and_never_began_does_not_bar_the_next(keeper: Any) -> None:
    number = _job(keeper.home)
    waiting = jobs.latest(keeper.home)
    assert waiting is not None and waiting.state == "running"
    keeper.run(f"UPDATE jobs SET heard = heard - {SILENT + 1}")
    found = jobs.latest(keeper.home)
    assert found is not None and found.state == "failed"
    assert _job(keeper.home) > number


@pytest.mark.usefixtures("both")
def test_a_job_that_is_killed_is_seen_as_failed_by_everybody_who_reads_it(home: Path):
    job = jobs.start(home, "sync", force=True)
    wait_for(lambda: (now := jobs.latest(home)) is not None and now.step)
    os.killpg(job.pid, signal.SIGKILL)
    wait_for(lambda: state_of(home, job.number) == "failed")
    read = (
        "import sys; from pathlib import Path; from ui.jobs import jobs\n"
        "print(jobs.read(Path(sys.argv[1]), int(sys.argv[2])).state)"
    )
    command = [sys.executable, "-c", read, str(home), str(job.number)]
    other = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert other.stdout == "failed\n", other.stderr
    again = jobs.start(home, "sync")
    wait_for(lambda: state_of(home, again.number) == "done")


@pytest.mark.trust(6)
@pytest.mark.usefixtures("both")
def test_of_several_servers_that_start_a_sync_of_one_home_at_once_one_does(home: Path):
    start = (
        "import sys; from pathlib import Path; from ui.jobs import jobs\n"
        "sys.stdin.readline()\n"
        "try: print(jobs.start(Path(sys.argv[1]), 'sync', force=True).number)\n"
        "except jobs.JobProblem: print('no')"
    )
    servers = [
        subprocess.Popen(
            [sys.executable, "-c", start, str(home)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for server in servers:
        assert server.stdin is not None
        server.stdin.write("\n")
        server.stdin.flush()
    said = sorted(server.communicate(timeout=60)[0].strip() for server in servers)
    assert said[1:] == ["no"] * 3 and said[0].isdigit(), said
    jobs.cancel(home, int(said[0]))
    wait_for(lambda: state_of(home, int(said[0])) == "cancelled")


def test_questions_that_are_deleted_are_gone_from_the_reports_too(kept: Path) -> None:
    changed = [{"question": "is 0581T covered", "before": "a", "after": "b"}]
    with closing(Jobs(kept)) as opened:
        job = opened.begin("sync", {})
        opened.end(replace(job, state="done", report={"logged": changed, "documents": 3}))
    jobs.forget_questions(kept)
    found = jobs.latest(kept)
    assert found is not None and found.report == {"documents": 3}


def test_progress_is_written_down_at_a_bounded_rate_however_often_it_is_told(tmp_path: Path):
    number = _job(tmp_path)
    with closing(Jobs(tmp_path)) as kept:
        kept._rows("CREATE TABLE written (n INTEGER)")
        kept._rows(
            "CREATE TRIGGER counting AFTER UPDATE ON jobs BEGIN INSERT INTO written VALUES (1); END"
        )
        [job] = [one.job for one in kept._found("id = :id", id=number)]
        begun = time.monotonic()
        with Notes(tmp_path, job) as notes:
            for done in range(20_000):
                notes("read", done, 20_000)
            time.sleep(1.2)
        seconds = time.monotonic() - begun
        [(written,)] = kept._rows("SELECT count(*) FROM written")
    assert 1 <= written <= seconds / 0.5 + 2
    found = jobs.read(tmp_path, number)
    assert found is not None and (found.step, found.done) == ("read", 19_999)
