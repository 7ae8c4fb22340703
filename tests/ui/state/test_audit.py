"""The audit log: nothing is changed in it unnoticed."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ui.database.store import DATABASE
from ui.state.audit import AuditLog, Checked
from ui.state.records import Records

pytestmark = pytest.mark.trust(23)


def _filled(home: Path, *, entries: int = 20) -> AuditLog:
    records = Records(home)
    for number in range(entries):
        records.audit("rollback", who=f"person {number % 3}", before=number, now=number - 1)
    return records.log


def _broken(keeper: Any, sql: str) -> Checked:
    keeper.run(sql)
    return Records(keeper.home).log.check()


def test_an_untouched_log_is_whole_and_its_sums_are_known_later(kept: Path) -> None:
    log = _filled(kept)
    noted = log.check()
    assert (noted.entries, noted.broken, noted.problem) == (20, None, "")
    log.add("one more", "somebody", "{}")
    assert log.check(noted.last).problem == ""
    assert log.check("f" * 64).problem != ""


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE acts SET who = 'another' WHERE id = 7",
        "UPDATE acts SET action = 'looked' WHERE id = 7",
        "UPDATE acts SET details = '{}' WHERE id = 7",
        "UPDATE acts SET at = '2020-01-01T00:00:00+00:00' WHERE id = 7",
        "UPDATE acts SET sum = before WHERE id = 7",
        "DELETE FROM acts WHERE id = 7",
        "UPDATE acts SET id = 700 WHERE id = 7",
        "INSERT INTO acts SELECT 99, at, who, action, details, before, sum FROM acts WHERE id = 7",
    ],
)
def test_an_entry_that_was_changed_taken_out_or_put_in_is_noticed(keeper: Any, sql: str) -> None:
    _filled(keeper.home)
    found = _broken(keeper, sql)
    assert found.broken is not None and "does not fit" in found.problem


def test_an_end_that_was_cut_off_is_noticed_by_who_kept_a_sum(keeper: Any) -> None:
    last = _filled(keeper.home).check().last
    assert _broken(keeper, "DELETE FROM acts WHERE id > 15").problem == ""
    assert "cut off" in Records(keeper.home).log.check(last).problem


def test_old_entries_go_by_the_setting_and_the_chain_holds_on(keeper: Any) -> None:
    log = _filled(keeper.home)
    long_ago = "UPDATE acts SET at = '2020-01-01T00:00:00+00:00' WHERE id <= 12"
    assert _broken(keeper, long_ago).broken is not None
    assert log.prune(30) == 12
    found = log.check()
    assert (found.entries, found.problem) == (9, "")
    assert log.latest(most=1)[0].action == "remove old entries"
    assert log.prune(30) == 0


def test_processes_that_write_at_once_make_one_chain(kept: Path) -> None:
    add = (
        "import sys; from pathlib import Path; from ui.state.records import Records; "
        "records = Records(Path(sys.argv[1])); "
        "[records.audit('add', who=sys.argv[2], number=n) for n in range(25)]"
    )
    Records(kept)
    running = [subprocess.Popen([sys.executable, "-c", add, str(kept), name]) for name in "abc"]
    assert [one.wait(120) for one in running] == [0, 0, 0]
    found = Records(kept).log.check()
    assert (found.entries, found.problem) == (75, "")


def test_servers_with_homes_of_their_own_make_one_chain_in_the_records_they_share(
    tmp_path: Path, postgresql: Any
) -> None:
    told = postgresql.settings(postgresql.database())
    add = (
        "import sys; from pathlib import Path; from ui.state.records import Records; "
        "records = Records(Path(sys.argv[1])); "
        "[records.audit('add', who=sys.argv[1], number=n) for n in range(25)]"
    )
    homes = [tmp_path / name for name in "abc"]
    for home in homes:
        home.mkdir()
        (home / "settings.toml").write_text(told, "utf-8")
    running = [subprocess.Popen([sys.executable, "-c", add, str(home)]) for home in homes]
    assert [one.wait(120) for one in running] == [0, 0, 0]
    logs = [Records(home).log.check() for home in homes]
    assert len(set(logs)) == 1 and (logs[0].entries, logs[0].problem) == (75, "")


def test_what_an_earlier_codedesk_noted_is_taken_over(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / DATABASE) as connection:
        connection.executescript(
            "CREATE TABLE audit (id INTEGER PRIMARY KEY, at TEXT NOT NULL, action TEXT NOT NULL,"
            " details TEXT NOT NULL);"
            "INSERT INTO audit VALUES (NULL, '2026-01-01T00:00:00+00:00', 'sync', '{}');"
        )
    records = Records(tmp_path)
    records.audit("add", who="somebody")
    assert [one.action for one in Records(tmp_path).audited()] == ["add", "sync"]
    assert records.log.check().problem == ""


def test_the_command_says_whether_the_chain_holds(keeper: Any) -> None:
    _filled(keeper.home, entries=3)

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "ui.cli", "audit", *arguments],
            env={**os.environ, "CODEDESK_HOME": str(keeper.home)},
            encoding="utf-8",
            capture_output=True,
            timeout=120,
        )

    whole = run("verify")
    assert whole.returncode == 0 and "3 entries" in whole.stdout
    lines = [json.loads(line) for line in run("export").stdout.splitlines()]
    assert [line["who"] for line in lines] == ["person 0", "person 1", "person 2"]
    assert [line["before"] for line in lines[1:]] == [line["sum"] for line in lines[:-1]]
    _broken(keeper, "UPDATE acts SET who = 'another' WHERE id = 2")
    broken = run("verify")
    assert broken.returncode == 1 and "Entry 2" in broken.stderr
