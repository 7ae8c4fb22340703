"""Jobs of several servers that share their records, and of a database that goes away meanwhile."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.needed import lacking
from tests.ui.jobs.waiting import state_of, wait_for
from ui.database.store import DATABASE
from ui.jobs import jobs
from ui.jobs.home_name import name_of
from ui.jobs.job import Job
from ui.jobs.kept import SILENT, Jobs

# Another machine, as far as numbers of processes go: none of them can be seen from here.
ELSEWHERE = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc"]
SYNCS = (
    "import sys, time; from pathlib import Path; from ui.jobs import jobs\n"
    "print(jobs.start(Path(sys.argv[1]), 'sync', force=True).number, flush=True); time.sleep(600)"
)


@pytest.fixture
def another(home: Path, tmp_path: Path, postgresql: Any) -> Path:
    """A second home; the records of both are in one database."""
    other = tmp_path / "other"
    shutil.copytree(home, other, symlinks=True)
    told = postgresql.settings(postgresql.database())
    for one in (home, other):
        (one / "settings.toml").write_text(told, "utf-8")
    return other


@pytest.fixture
def elsewhere(another: Path) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    """A server, elsewhere, that reads the other home; with the number of its job."""
    if subprocess.run([*ELSEWHERE, "true"], capture_output=True).returncode:
        lacking("namespace of its own for processes", "run the tests as root")
    environment = {**os.environ, "CODEDESK_HOME": str(another)}
    server = subprocess.Popen(
        [*ELSEWHERE, sys.executable, "-c", SYNCS, str(another)],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )
    assert server.stdout is not None
    yield int(server.stdout.readline()), server
    server.kill()
    server.communicate()


def test_a_job_of_another_server_is_seen_with_its_progress_and_stopped_from_here(
    home: Path, elsewhere: tuple[int, Any]
) -> None:
    number, _ = elsewhere
    wait_for(lambda: (one := jobs.read(home, number)) and one.step)
    [there] = jobs.elsewhere(home)
    assert (there.job.number, there.job.state) == (number, "running") and there.server
    assert jobs.latest(home) is None, "it is none of this home"
    assert jobs.log_tail(home, number) == ""
    own = jobs.start(home, "sync")
    assert own.number != number, "another home is not barred by it"
    jobs.cancel(home, own.number)
    jobs.cancel(home, number)
    wait_for(lambda: state_of(home, number) == "cancelled")
    assert jobs.elsewhere(home) == []


def test_a_server_that_dies_with_its_job_is_seen_to_be_gone_once_it_was_silent(
    home: Path, elsewhere: tuple[int, Any], postgresql: Any
) -> None:
    number, server = elsewhere
    wait_for(lambda: (one := jobs.read(home, number)) and one.step)
    server.send_signal(signal.SIGKILL)  # and all that runs in its namespace
    server.wait()
    assert state_of(home, number) == "running"
    database = (home / "settings.toml").read_text("utf-8").split('"')[1].rpartition("/")[2]
    postgresql.run(f"UPDATE jobs SET heard = heard - {SILENT + 1}", database=database)
    assert jobs.elsewhere(home) == []
    found = jobs.read(home, number)
    assert found is not None and (found.state, "without saying how" in found.problem) == (
        "failed",
        True,
    )


def test_a_page_says_what_runs_on_another_server(home: Path, another: Path) -> None:
    from drawn import open_app

    with closing(Jobs(another)) as kept:
        kept.begin("sync", {})
    app = open_app("desks/library/page.py")
    assert any("Reading the library" in one.value for one in app.caption)
    assert "Stop" not in [button.label for button in app.button]


def test_a_sync_goes_on_while_the_database_is_away_and_its_report_is_told_when_it_is_back(
    home: Path,
) -> None:
    from postgres import start_postgresql

    own = start_postgresql()
    try:
        (home / "settings.toml").write_text(own.settings(own.database()), "utf-8")
        job = jobs.start(home, "evaluate")
        wait_for(lambda: (one := jobs.read(home, job.number)) and one.step == "ask")
        own.stop()
        wait_for(lambda: list((home / "jobs").glob("*.end")), seconds=120)
        own.start()
        wait_for(lambda: reached(home, job.number))
        found = jobs.latest(home)
        assert found is not None and found.state == "done" and found.report["questions"] > 0
        assert not list((home / "jobs").glob("*.end"))
    finally:
        own.remove()


def reached(home: Path, number: int) -> bool:
    from ui.database.away import RecordsAway

    try:
        return state_of(home, number) == "done"
    except RecordsAway:
        return False


EARLIER = (
    Job(3, "sync", "done", 0, "2026-01-02T09:00:00+00:00", report={"added": ["library/ü.md"]}),
    Job(4, "evaluate", "running", 4_000_000, "2026-01-03T09:00:00+00:00", since="1 x"),
    Job(5, "sync", "running", 4_000_000, "2026-01-04T09:00:00+00:00", since="1 x"),
)


def earlier(home: Path) -> None:
    """Jobs as the version before kept them: files of the home."""
    from msgspec.json import encode

    (home / "jobs").mkdir(exist_ok=True)
    for job in EARLIER:
        (home / "jobs" / f"{job.number:06d}.json").write_bytes(encode(job))
        (home / "jobs" / f"{job.number:06d}.log").write_text(f"log of {job.number}", "utf-8")
    (home / "jobs" / "000005.cancel").touch()
    (home / "jobs" / "000006.json").write_text("{", "utf-8")


def test_jobs_of_an_earlier_version_are_taken_over_with_their_reports_and_logs(kept: Path) -> None:
    earlier(kept)
    newest = jobs.latest(kept)
    assert newest is not None and (newest.kind, newest.state) == ("sync", "cancelled")
    assert jobs.log_tail(kept, newest.number) == "log of 5"
    evaluated = jobs.latest_of(kept, "evaluate")
    assert evaluated is not None and evaluated.state == "failed"
    done = jobs.read(kept, newest.number - 2)
    assert done is not None and done.report == {"added": ["library/ü.md"]}
    left = sorted(path.name for path in (kept / "jobs").iterdir())
    assert left == ["000003.log", "000004.log", "000005.log", "000006.json", "home-name"]
    assert jobs.latest(kept) == newest
    with closing(Jobs(kept)) as now:
        assert now.begin("sync", {}).number == newest.number + 1


def test_several_that_take_over_at_once_take_each_job_once(keeper: Any) -> None:
    earlier(keeper.home)
    read = (
        "import sys; from pathlib import Path; from ui.jobs import jobs\n"
        "jobs.latest(Path(sys.argv[1]))"
    )
    several = [
        subprocess.Popen([sys.executable, "-c", read, str(keeper.home)], stderr=subprocess.PIPE)
        for _ in range(4)
    ]
    for one in several:
        assert one.communicate(timeout=60)[1] == b"" and one.returncode == 0
    [[count]] = [list(row) for row in keeper.run("SELECT count(*) FROM jobs")]
    assert count == len(EARLIER)


def test_the_copy_of_a_home_is_another_home(kept: Path, tmp_path: Path) -> None:
    with closing(Jobs(kept)) as own:
        own.begin("sync", {})
    copy = tmp_path / "copy"
    shutil.copytree(kept, copy)
    assert name_of(kept) and name_of(copy) is None
    assert jobs.latest(copy) is None
    with closing(Jobs(copy)) as other:
        other.begin("sync", {})
    assert name_of(copy) != name_of(kept)


@pytest.mark.usefixtures("both")
def test_a_restore_ends_as_done_and_a_backup_holds_no_jobs(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "all.codedesk"
    for kind in ("backup", "restore"):
        job = jobs.start(home, kind, file=str(file))
        # While the records are put in place the job is in none.
        wait_for(lambda number=job.number: state_of(home, number) not in ("running", ""))
        found = jobs.latest(home)
        assert found is not None and (found.kind, found.state) == (kind, "done"), found.problem
    assert found.number == job.number
    with tarfile.open(file) as archive:
        archive.extract(DATABASE, tmp_path, filter="data")
    with closing(sqlite3.connect(tmp_path / DATABASE)) as held:
        assert held.execute("SELECT count(*) FROM jobs").fetchone() == (0,)
    assert str(file).encode() not in (tmp_path / DATABASE).read_bytes()
