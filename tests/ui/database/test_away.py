"""A database that is away: questions are answered, what was missed is told, no secret gets out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ui.access.caller import ANYONE_HERE
from ui.database.address import PASSWORD, BadAddress, read_address
from ui.database.away import RecordsAway
from ui.database.store import Store
from ui.jobs.health import health
from ui.operations.office import Office
from ui.operations.operation import perform
from ui.operations.table import OPERATIONS
from ui.schema.asked import Nothing
from ui.state.packets import Packets
from ui.state.records import Records
from ui.state.settings import read_settings

QUESTION = {"question": "How many units of 0581T per breast?"}


@pytest.fixture(scope="module")
def own_postgresql() -> Any:
    """One that a test may stop, and starts again."""
    from postgres import start_postgresql

    running = start_postgresql()
    yield running
    running.remove()


def asked(address: str, path: str, body: Any = None) -> tuple[int, Any]:
    data = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(
        f"{address}{path}", data=data, headers={"Content-Type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


def test_questions_are_answered_while_the_records_are_away_and_noted_when_they_are_back(
    home: Path, own_postgresql: Any, served: Callable[[Path], Any]
) -> None:
    database = own_postgresql.database()
    (home / "settings.toml").write_text(own_postgresql.settings(database), "utf-8")
    server = served(home)
    assert asked(server.address, "/api/v1/ask", QUESTION)[1]["verdict"] == "answered"
    assert asked(server.address, "/readyz")[1]["records"] == "reached"
    own_postgresql.stop()
    for _ in range(3):
        status, answer = asked(server.address, "/api/v1/ask", QUESTION)
        assert (status, answer["verdict"]) == (200, "answered")
    status, ready = asked(server.address, "/readyz")
    assert status == 200 and "not noted" in ready["records"]
    with urllib.request.urlopen(f"{server.address}/metrics", timeout=60) as answer:
        assert "\ncodedesk_records_reached 0\n" in answer.read().decode()
    status, problem = asked(server.address, "/api/v1/unanswered")
    assert status == 503 and "cannot be reached" in problem["detail"]
    status, problem = asked(server.address, "/api/v1/retry", {})
    assert status == 503, "what could not be noted is not begun"
    assert not list((home / "jobs").glob("*.json"))
    own_postgresql.start()
    time.sleep(2.1)
    assert asked(server.address, "/api/v1/ask", QUESTION)[0] == 200
    assert asked(server.address, "/readyz")[1]["records"] == "reached"
    assert len(Records(home).questions()) == 2
    assert [one.action for one in Records(home).audited()] == ["not noted"]
    said = server.log.read_text("utf-8")
    assert said.count("cannot be reached") == 1, "it is said once"
    assert own_postgresql.password not in said


def test_what_was_read_and_not_noted_is_counted_in_the_log_when_it_is_back(
    tmp_path: Path, own_postgresql: Any
) -> None:
    database = own_postgresql.database()
    (tmp_path / "settings.toml").write_text(own_postgresql.settings(database), "utf-8")
    records = Records(tmp_path)
    records.audit_reading("open page", who="ann")
    own_postgresql.stop()
    for _ in range(3):
        records.audit_reading("open page", who="ann")
    with pytest.raises(RecordsAway):
        records.reach()
    own_postgresql.start()
    time.sleep(2.1)
    records.audit_reading("open page", who="ann")
    acts = [(one.action, one.who) for one in records.log.entries()]
    assert acts == [("open page", "ann"), ("not noted", ""), ("open page", "ann")]
    assert json.loads(records.log.entries()[1].details)["times"] == 3
    assert records.log.check().problem == ""


def test_no_secret_is_in_what_is_said_of_the_records(
    home: Path, tmp_path: Path, postgresql: Any
) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("a-secret-that-is-wrong", "utf-8")
    address = postgresql.database()
    told = f'records = "{address}"\nrecords_password_file = "{wrong}"\n'
    (home / "settings.toml").write_text(told, "utf-8")
    settings = read_settings()
    with pytest.raises(RecordsAway, match="password authentication failed") as away:
        Records(home).questions()
    found = [str(away.value), repr(away.value), repr(settings), repr(settings.records_address())]
    found += [str(health(settings)), str(settings.records_address())]
    for command in (["doctor"], ["status"], ["audit", "verify"]):
        done = subprocess.run(
            [sys.executable, "-m", "ui.cli", *command],
            env={**os.environ, "CODEDESK_HOME": str(home)},
            encoding="utf-8",
            capture_output=True,
            timeout=120,
        )
        found += [done.stdout, done.stderr]
    found += [path.read_text("utf-8") for path in home.glob("*.log")]
    assert all("a-secret-that-is-wrong" not in one for one in found)
    assert any("password authentication failed" in one for one in found[-4:])


def test_a_password_in_the_address_is_refused_and_not_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(BadAddress) as refused:
        read_address("postgresql://desk:hush-hush@db.example/codedesk")
    assert "hush-hush" not in str(refused.value) and PASSWORD in str(refused.value)
    for text in ("mysql://a@b/c", "postgresql://b/c", "postgresql://a@b", "postgresql://a@b:x/c"):
        with pytest.raises(BadAddress, match="postgresql://USER@HOST/DATABASE"):
            read_address(text)
    with pytest.raises(BadAddress, match="sslmode"):
        read_address("postgresql://a@b/c?sslmode=perhaps")
    monkeypatch.setenv(PASSWORD, "from the environment")
    found = read_address("postgresql://desk@db.example/codedesk")
    assert (found.password, found.tls, found.port) == ("from the environment", "verify-full", 5432)
    assert str(found) == "postgresql://desk@db.example:5432/codedesk"
    assert read_address("postgresql://desk@127.0.0.1/codedesk").tls == "disable"
    assert read_address("postgresql://desk@/codedesk?host=/run/postgresql").is_socket


def test_records_are_reached_by_a_socket_and_by_a_pool_of_threads(
    tmp_path: Path, postgresql: Any
) -> None:
    from concurrent.futures import ThreadPoolExecutor

    by_name = postgresql.database()
    name = by_name.rpartition("/")[2]
    socket = f"postgresql://desk@/{name}?host={postgresql.folder}"
    port = read_address(by_name).port
    told = postgresql.settings(socket.replace("@/", f"@:{port}/"))
    (tmp_path / "settings.toml").write_text(told, "utf-8")
    records = Records(tmp_path)
    with ThreadPoolExecutor(40) as threads:
        list(threads.map(lambda n: records.audit("add", number=n), range(200)))
    found = records.log.check()
    assert (found.entries, found.problem) == (200, "")
    assert postgresql.run("SELECT count(*) FROM acts", database=name) in ([(200,)], [[200]])


def test_a_text_with_a_nul_is_stored_without_it(kept: Path) -> None:
    records = Records(kept)
    records.save("week\0ly", address={"q": "a"}, generation=1, seen=[])
    assert [one.name for one in records.saved()] == ["weekly"]
    assert Packets(kept).count("no\0body") == 0


def test_a_database_without_its_driver_says_what_to_install(tmp_path: Path) -> None:
    script = (
        "import sys; sys.modules['pg8000'] = None\n"
        "from ui.database.address import read_address; from ui.database.store import Store\n"
        "Store(read_address('postgresql://a@127.0.0.1/c')).rows('SELECT 1')"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, encoding="utf-8", timeout=60
    )
    assert "codedesk[postgres]" in done.stderr.splitlines()[-1]


def test_an_operation_that_changes_something_asks_first_whether_it_can_be_noted(
    home: Path, own_postgresql: Any
) -> None:
    (home / "settings.toml").write_text(own_postgresql.settings(own_postgresql.database()), "utf-8")
    office = Office(read_settings())
    own_postgresql.stop()
    retry = next(one for one in OPERATIONS if one.name == "retry")
    with pytest.raises(RecordsAway):
        perform(retry, office, ANYONE_HERE, Nothing())
    with pytest.raises(RecordsAway):
        Store(read_settings().records_address() or home).rows("SELECT 1")
    own_postgresql.start()


def test_a_page_answers_while_the_records_are_away_and_says_so(
    home: Path, own_postgresql: Any
) -> None:
    from drawn import drawn, every, open_app

    told = own_postgresql.settings(own_postgresql.database())
    (home / "settings.toml").write_text(told, "utf-8")
    own_postgresql.stop()
    try:
        app = open_app(q=QUESTION["question"])
        assert drawn(app, "answer")["verdict"]["state"] == "answered"
        assert not app.exception
        assert "not noted" in str([one.value for one in app.toast])
        start = open_app()
        assert drawn(start, "examples") and not start.exception
        assert own_postgresql.password not in every(app)
    finally:
        own_postgresql.start()


def test_settings_with_an_address_that_cannot_be_read_are_refused_with_what_to_write(
    tmp_path: Path,
) -> None:
    (tmp_path / "settings.toml").write_text('records = "mysql://desk@db/records"\n', "utf-8")
    with pytest.raises(BadAddress, match="postgresql://USER@HOST/DATABASE"):
        read_settings({"CODEDESK_HOME": str(tmp_path)})
