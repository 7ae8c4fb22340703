"""The tables: made new or by steps they are the same, and what earlier versions wrote stays."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from corpus.errors import CodedeskError
from ui.access.tokens import MARK, Tokens
from ui.asking.lists import Found, Lists
from ui.confirming.book import Book, told_in
from ui.database import schema
from ui.database.address import Address
from ui.database.head import HEAD
from ui.database.postgresql import BEGIN, engine_of
from ui.database.sqlite import connect
from ui.database.store import DATABASE, place_of
from ui.database.tables import METADATA
from ui.state.packets import Packets
from ui.state.records import Records

BEFORE = Path(__file__).parent / "records_before.sql"  # as the version before the first step wrote
TOKEN = f"{MARK}known-to-the-test-only"


def differences(place: Path | Address) -> list[Any]:
    """How a database differs from the tables that the code knows. Of SQLite's nothing is said of
    defaults (Alembic takes an empty one for none), nor whether its keys may be NULL."""
    engine, not_sqlite = engine_at(place), isinstance(place, Address)
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": not_sqlite}
        )
        found = list(compare_metadata(context, METADATA))
    silent = () if not_sqlite else ("modify_nullable",)
    changes = [one for some in found for one in (some if isinstance(some, list) else [some])]
    return [one for one in changes if one[0] not in silent and "alembic_version" not in str(one)]


def engine_at(place: Path | Address) -> Engine:
    if isinstance(place, Address):
        return engine_of(place)
    return schema.engine_of_file(lambda: connect(place))


def earlier(home: Path) -> None:
    with closing(sqlite3.connect(home / DATABASE)) as connection:
        connection.executescript(BEFORE.read_text("utf-8"))


def test_tables_that_are_made_and_those_that_steps_make_are_the_same(keeper: Any) -> None:
    place = place_of(keeper.home)
    with engine_at(place).connect() as connection:
        for statement in BEGIN if isinstance(place, Address) else ("BEGIN IMMEDIATE",):
            connection.exec_driver_sql(statement)
        schema.take_steps(connection)
        connection.exec_driver_sql("COMMIT")
        assert schema.version(connection) == HEAD
    assert differences(place) == []
    Records(keeper.home).audit("taken up")
    assert [one.action for one in Records(keeper.home).audited()] == ["taken up"]


def test_tables_that_are_made_new_are_those_that_the_code_knows(keeper: Any) -> None:
    Records(keeper.home).audit("x")
    assert differences(place_of(keeper.home)) == []
    assert keeper.run("SELECT version_num FROM alembic_version") in ([(HEAD,)], [[HEAD]])


def test_the_last_step_is_the_one_that_the_tables_name() -> None:
    told = Config()
    told.set_main_option("script_location", str(Path(schema.__file__).parent / "migrations"))
    assert ScriptDirectory.from_config(told).get_heads() == [HEAD]


def test_a_file_of_the_version_before_is_taken_over_in_place(tmp_path: Path) -> None:
    earlier(tmp_path)
    records = Records(tmp_path)
    assert [one.question for one in records.questions()] == ["units of 0581T?", "mue of 0581T?"]
    assert [one.question for one in records.recent("me")] == ["mue of 0581T?", "units of 0581T?"]
    assert [lack.question for lack in records.lacking()] == ["units of 0581T?", "mue of 0581T?"]
    assert [(one.name, one.since) for one in records.saved()] == [("weekly", "2026-11-01")]
    assert [one.name for one in records.alerts(unsent=True)] == ["weekly"]
    assert records.switched_off() == ["library/off.md"]
    assert records.log.check().problem == "" and len(records.log.entries()) == 3
    records.audit("after")
    assert (records.log.check().entries, records.log.check().problem) == (4, "")
    owner = Tokens(tmp_path).owner(TOKEN)
    assert owner is not None and (owner.name, owner.groups) == ("Ann", ("billing",))
    lists = Lists(tmp_path)
    [listed] = lists.of("me")
    assert (listed.rows, listed.done, lists.counts(listed.id)) == (2, 1, {"answered": 1})
    assert [row.on for row in lists.rows(listed.id)] == [date(2026, 1, 2), None]
    lists.note(listed.id, 2, Found("weak"))
    assert lists.counts(listed.id) == {"answered": 1, "weak": 1}
    assert Packets(tmp_path).count("me") == 1
    book = Book(tmp_path)
    [edit] = book.edits()
    assert [(one.field, one.new) for one in edit.changes] == [("payer", "Z"), ("kind", "rule")]
    assert [one.value for one in told_in(tmp_path)["watched/a.md"]] == ["rule", "Z"]
    book.undo()
    assert told_in(tmp_path) == {}
    assert differences(tmp_path / DATABASE) == []


def test_several_that_open_a_file_of_before_at_once_take_it_over_once(tmp_path: Path) -> None:
    earlier(tmp_path)
    opens = (
        "import sys; from pathlib import Path; from ui.state.records import Records; "
        "Records(Path(sys.argv[1])).audit('opened')"
    )
    running = [subprocess.Popen([sys.executable, "-c", opens, str(tmp_path)]) for _ in range(4)]
    assert [one.wait(120) for one in running] == [0, 0, 0, 0]
    found = Records(tmp_path).log.check()
    assert (found.entries, found.problem) == (7, "")


def test_records_of_a_later_codedesk_are_left_alone(keeper: Any) -> None:
    Records(keeper.home).audit("x")
    keeper.run("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(CodedeskError, match="made by a later Codedesk"):
        Records(keeper.home).audit("y")
    assert keeper.run("SELECT version_num FROM alembic_version") in ([("9999",)], [["9999"]])


def test_a_step_that_fails_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    earlier(tmp_path)
    with closing(sqlite3.connect(tmp_path / DATABASE)) as connection:
        connection.execute("UPDATE list_rows SET found = '{' WHERE found IS NOT NULL")  # no JSON
        connection.commit()
        before = list(connection.iterdump())
        with pytest.raises(Exception, match="JSON"):
            Records(tmp_path).audit("x")
        assert list(connection.iterdump()) == before


def test_a_file_that_is_up_to_date_is_read_without_what_makes_tables(tmp_path: Path) -> None:
    """A sync, a first page and a question must not wait for it."""
    Records(tmp_path).switch_off(["library/a.md"])
    reads = (
        "import sys; from pathlib import Path\n"
        "from ui.state.records import Records, switched_off_in\n"
        "assert switched_off_in(Path(sys.argv[1])) == {'library/a.md'}\n"
        "Records(Path(sys.argv[1])).audit('x')\n"
        "print(*{'sqlalchemy', 'alembic', 'pg8000'} & set(sys.modules))"
    )
    told = subprocess.run(
        [sys.executable, "-c", reads, str(tmp_path)], capture_output=True, text=True, timeout=60
    )
    assert (told.stdout, told.stderr) == ("\n", "")
