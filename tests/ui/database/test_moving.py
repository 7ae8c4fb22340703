"""Records move from one database to another whole, or not at all."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tarfile
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from index.home import Home
from index.home.crash import MOVE_STEPS
from ui.access.tokens import Person, Tokens
from ui.asking.lists import Lists
from ui.asking.rows import Row
from ui.database.address import Address, read_address
from ui.database.moving import move
from ui.database.naming import name_in_settings
from ui.database.store import DATABASE, place_of
from ui.jobs import jobs
from ui.jobs.kept import Jobs
from ui.state.records import Records


def filled(home: Path) -> dict[str, Any]:
    """Records of every kind, and what of them is told."""
    records = Records(home)
    for number in range(1200):
        records.add_question(
            f"units “{number}” – naïve?",
            verdict="weak",
            generation=1,
            as_of="2026-11-28",
            filters={"payers": ["Cigna"]},
            seconds=number / 7,
            person="me",
        )
    records.rate("q", document="d", good=False, reason="outdated", generation=1, person="me")
    records.save("weekly", address={"q": "units"}, generation=1, seen=["a"])
    records.alert("weekly", generation=2, passages={"m": {"title": "T"}})
    records.switch_off(["library/a.md"])
    for number in range(30):
        records.audit("add", who="me", number=number)
    tokens = Tokens(home)
    tokens.saw(Person("ann", "Ann", ("billing",)))
    tokens.make("ann", "nightly", days=3)
    with closing(Jobs(home)) as kept:
        ended = kept.begin("sync", {"force": True})
        kept.end(replace(ended, state="done", report={"added": ["library/ü.md"]}))
    Lists(home).add("me", "list", [Row("units?", date(2026, 1, 2), ""), Row("", None, "", "no")])
    return told(home)


def told(home: Path) -> dict[str, Any]:
    records, lists, tokens = Records(home), Lists(home), Tokens(home)
    [listed] = lists.of("me")
    return {
        "questions": records.questions(),
        "recent": records.recent("me"),
        "lacking": records.lacking(),
        "saved": records.saved(),
        "alerts": records.alerts(),
        "off": records.switched_off(),
        "acts": records.log.entries(),
        "check": records.log.check(),
        "tokens": tokens.listed(),
        "job": jobs.latest(home),
        "lists": (listed, lists.rows(listed.id), lists.counts(listed.id)),
    }


def command(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ui.cli", *arguments],
        env={**os.environ, "CODEDESK_HOME": str(home)},
        encoding="utf-8",
        capture_output=True,
        timeout=120,
    )


@pytest.fixture
def sharing(tmp_path: Path, postgresql: Any) -> Path:
    """A home with its own file, that has the password of a database."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "settings.toml").write_text(
        f'records_password_file = "{postgresql.password_file}"\n[server]\nhosts = ["a"]\n', "utf-8"
    )
    return home


def test_all_records_go_to_postgresql_and_back_and_numbers_go_on(
    sharing: Path, postgresql: Any
) -> None:
    before = filled(sharing)
    address = postgresql.database()
    there = command(sharing, "records", "move", "--to", address)
    assert there.returncode == 0, there.stderr
    assert "records moved" in there.stdout and postgresql.password not in there.stdout
    assert str(place_of(sharing)) == address
    assert told(sharing) == before
    Records(sharing).audit("after")
    Records(sharing).alert("weekly", generation=3, passages={"n": {}})
    assert Tokens(sharing).make("ann", "more", days=1)
    assert Lists(sharing).add("me", "two", [Row("q", None, "")]) > 1
    with closing(Jobs(sharing)) as kept:
        assert kept.begin("sync", {}).number == before["job"].number + 1
    assert Records(sharing).log.check().problem == ""
    for left in sharing.glob(f"{DATABASE}*"):
        left.unlink()
    postgresql_state = told_all(sharing)
    back = command(sharing, "records", "move", "--to", "sqlite")
    assert back.returncode == 0, back.stderr
    assert place_of(sharing) == sharing / DATABASE
    assert told_all(sharing) == postgresql_state
    Lists(sharing).add("me", "three", [Row("q", None, "")])


def told_all(home: Path) -> list[object]:
    records = Records(home)
    return [records.log.entries(), records.alerts(), Tokens(home).listed(), records.questions()]


def test_what_holds_records_is_not_written_to(sharing: Path, postgresql: Any) -> None:
    filled(sharing)
    address = postgresql.database()
    target = read_address(address, password_file=str(postgresql.password_file))
    move(sharing / DATABASE, target)
    settings = (sharing / "settings.toml").read_bytes()
    again = command(sharing, "records", "move", "--to", address)
    assert again.returncode == 1 and "holds records already" in again.stderr
    assert (sharing / "settings.toml").read_bytes() == settings
    same = command(sharing, "records", "move", "--to", "sqlite")
    assert same.returncode == 1 and "already" in same.stderr


@pytest.mark.parametrize("step", MOVE_STEPS)
def test_a_kill_on_the_way_leaves_all_of_the_records_in_one_place_at_least(
    sharing: Path, postgresql: Any, step: str
) -> None:
    before = filled(sharing)
    address = postgresql.database()
    killed = subprocess.run(
        [sys.executable, "-m", "ui.cli", "records", "move", "--to", address],
        env={**os.environ, "CODEDESK_HOME": str(sharing), "CODEDESK_CRASH_AT": step},
        capture_output=True,
        timeout=120,
    )
    assert killed.returncode == 137
    assert place_of(sharing) == sharing / DATABASE and told(sharing) == before
    again = command(sharing, "records", "move", "--to", address)
    if step == "records-committed":
        assert again.returncode == 1 and "holds records already" in again.stderr
        (sharing / "settings.toml").write_text(postgresql.settings(address), "utf-8")
    else:
        assert again.returncode == 0, again.stderr
    assert isinstance(place_of(sharing), Address) and told(sharing) == before


def test_a_broken_audit_log_arrives_as_broken_as_it_was(sharing: Path, postgresql: Any) -> None:
    filled(sharing)
    with sqlite3.connect(sharing / DATABASE) as connection:
        connection.execute("UPDATE acts SET who = 'another' WHERE id = 7")
    moved = command(sharing, "records", "move", "--to", postgresql.database())
    assert moved.returncode == 0 and "Entry 7" in moved.stderr
    assert Records(sharing).log.check().broken == 7


def test_settings_are_changed_in_one_line_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('# ours\nkeep = 4\n[server]\nhosts = ["a"] # mine\n', "utf-8")
    before = path.read_text("utf-8")
    assert name_in_settings(tmp_path, "postgresql://a@b/c")
    assert path.read_text("utf-8") == f'records = "postgresql://a@b/c"\n{before}'
    assert name_in_settings(tmp_path, "postgresql://a@b/d")
    assert name_in_settings(tmp_path, "")
    assert path.read_text("utf-8") == before
    path.write_text('note = """\nrecords = 1\n"""\n', "utf-8")
    held = path.read_text("utf-8")
    assert not name_in_settings(tmp_path, "postgresql://a@b/c")
    assert path.read_text("utf-8") == held


@pytest.mark.usefixtures("both")
def test_a_backup_holds_the_records_wherever_they_are(home: Path, tmp_path: Path) -> None:
    Records(home).audit("looked", who="me")
    made = command(home, "backup", str(tmp_path / "all.codedesk"))
    assert made.returncode == 0, made.stderr
    with tarfile.open(tmp_path / "all.codedesk") as archive:
        archive.extract(DATABASE, tmp_path, filter="data")
    with closing(sqlite3.connect(tmp_path / DATABASE)) as held:
        assert held.execute("SELECT who, action FROM acts").fetchall() == [("me", "looked")]
    assert Home(home).current() == 1
