"""The gate before publishing: what would answer the golden questions worse has to ask first."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from drawn import open_app
from small_library import POLICY, make_home

from index.home import Home
from ui.access.caller import ANYONE_HERE
from ui.jobs import jobs
from ui.operations.office import Office
from ui.operations.operation import perform
from ui.operations.table import OPERATIONS
from ui.schema.asked import JobNumber
from ui.state.records import Records
from ui.state.settings import read_settings

QUESTION = "Does Lakeside Health ask for prior authorization before cryoablation?"
LOWERED = POLICY.replace(
    "Lakeside Health asks for prior authorization before every cryoablation reported with 0581T.\n"
    "Send the request ten working days before the procedure.",
    "The plan has nothing to say on this matter any more.",
)


@pytest.fixture
def home(tmp_path: Path, models: Path, documents: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with a golden question of its own, and a new version that no longer answers it."""
    path = make_home(tmp_path / "own", models, documents)
    golden = {
        "id": "1",
        "question": QUESTION,
        "kind": "policy",
        "document": "lakeside.md",
        "quote": "asks for prior authorization before every cryoablation",
    }
    (path / "questions.jsonl").write_text(json.dumps(golden) + "\n", "utf-8")
    (path / "library" / "lakeside.md").write_text(LOWERED, "utf-8")
    monkeypatch.setenv("CODEDESK_HOME", str(path))
    return path


def command(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ui.cli", *arguments],
        env={**os.environ, "CODEDESK_HOME": str(home)},
        cwd="/",
        encoding="utf-8",
        capture_output=True,
        stdin=subprocess.DEVNULL,
        timeout=300,
    )


def test_the_command_holds_what_is_worse_says_which_answers_change_and_how_to_publish(home: Path):
    told = command(home, "sync", str(home / "library"), "--gate", "--json")
    assert told.returncode == 5, told.stderr
    report = json.loads(told.stdout)
    assert (report["held"], report["generation"], report["published"]) == (2, 1, False)
    assert report["gate"]["lowered"]["hit_at_1"] == [1.0, 0.0]
    assert [one["question"] for one in report["gate"]["changed"]] == [QUESTION]
    assert "codedesk rollback 2" in told.stderr
    assert Home(home).current() == 1
    assert command(home, "rollback", "2").returncode == 0
    assert Home(home).current() == 2


def test_what_is_published_anyway_is_told_by_the_report_of_its_sync_and_not_by_what_follows_it(
    home: Path,
):
    Records(home).save("weekly", address={"q": "0581T"}, generation=1, seen=[])
    job = jobs.start(home, "sync")
    while (ended := jobs.read(home, job.number)) and ended.state == "running":
        time.sleep(0.1)
    app = open_app("desks/library/page.py")
    next(one for one in app.button if one.label == "Publish generation 2 anyway").click().run()
    assert not app.exception
    assert Home(home).current() == 2
    while (following := jobs.latest(home)) and following.state == "running":
        time.sleep(0.1)
    assert following and (following.kind, following.state) == ("alerts", "done")
    app.run()
    assert "1 changed" in app.success[0].value and "Generation 2," in app.success[0].value
    assert not app.warning, "it is no edit that could be undone"
    asked = next(one for one in OPERATIONS if one.name == "job")
    told = perform(asked, Office(read_settings()), ANYONE_HERE, JobNumber())
    assert (told.kind, told.number) == ("sync", job.number)


def test_the_page_asks_before_it_publishes_what_is_worse_and_keeps_what_answers(home: Path):
    job = jobs.start(home, "sync")
    for _ in range(600):
        ended = jobs.read(home, job.number)
        if ended is not None and ended.state != "running":
            break
        time.sleep(0.1)
    assert ended is not None
    assert ended.state == "done", jobs.log_tail(home, job.number)
    assert "library/lakeside.md" in jobs.log_tail(home, job.number), "the log names the files"
    app = open_app("desks/library/page.py")
    assert any("waits for you" in one.value for one in app.markdown)
    assert QUESTION in set(app.dataframe[0].value["Question"])
    next(button for button in app.button if button.label == "Keep generation 1").click().run()
    assert not app.exception
    assert (Home(home).current(), Home(home).kept()) == (1, [1])
    assert not any("waits for you" in one.value for one in app.markdown)
