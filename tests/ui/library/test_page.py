"""The Library page as AppTest sees it: documents, failures, metadata, uploads."""

from __future__ import annotations

import os
import time
import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from drawn import open_app
from small_library import make_home, units_pdf
from streamlit.testing.v1 import AppTest

from index.home import Home
from index.opening import open_library
from ui.asking.lists import Lists
from ui.asking.rows import Row
from ui.jobs import jobs
from ui.jobs.kept import Jobs
from ui.jobs.syncing import run_sync
from ui.paper.sheet import Quote, Sheet
from ui.state.packets import Packets
from ui.state.records import Records
from ui.state.settings import Settings

pytestmark = pytest.mark.usefixtures("shared_home")
LIBRARY = "desks/library/page.py"


def test_the_documents_stand_in_a_table_with_status_and_what_could_not_be_read():
    app = open_app(LIBRARY)
    table = app.dataframe[0].value
    status = dict(zip(table["Title"], table["Status"], strict=True))
    assert status["Lakeside Health 77: Cryoablation of the breast"] == "In force"
    assert status["Hillcrest Plan 12: Ablation"] == "Retired"
    assert {metric.label: metric.value for metric in app.metric}["Not read"] == "1"
    assert "broken" in app.expander[0].label or "could not be read" in app.expander[0].label


def test_a_document_is_found_by_its_payer():
    app = open_app(LIBRARY)
    app.text_input(key="documents_find").set_value("lakeside").run()
    assert list(app.dataframe[0].value["Payer"]) == ["Lakeside Health"]


@pytest.mark.parametrize("view", ["add", "generations", "quality", "activity"])
def test_every_view_opens_from_its_address(view):
    app = open_app(LIBRARY, view=view)
    assert app.segmented_control(key="library_view").value == view


def test_a_job_that_a_restart_left_behind_is_said_to_have_ended_and_cannot_be_stopped(home: Path):
    """Its number is another process's now; in a container it is always the same one."""
    kept = Jobs(home)
    kept.note(replace(kept.begin("sync", {}), pid=os.getpid(), since="12 before"))
    app = open_app(LIBRARY)
    assert "ended without saying how" in app.error[0].value
    assert "Stop" not in [button.label for button in app.button]


def test_what_the_library_lacks_is_listed(home: Path):
    records = Records(home)
    records.rate(
        "Is 0581T on the ASC list?", document="", good=False, reason="missing", generation=1
    )
    app = open_app(LIBRARY, view="activity")
    assert "Is 0581T on the ASC list?" in set(app.dataframe[0].value["Question"])


@pytest.mark.parametrize("gathered", [False, True])
def test_the_question_log_is_deleted_with_packets_and_lists_only_where_that_is_ticked(
    home: Path, gathered: bool
):
    question = "Is 0581T on the ASC list?"
    records, packets, lists = Records(home), Packets(home), Lists(home)
    told = {"verdict": "weak", "generation": 1, "as_of": "2025-06-01", "seconds": 0.1}
    records.add_question(question, filters={}, person="one", **told)
    quote = Quote("a.md", 1, 0, 5, "A", "", (), (), "A.", "A.", "", verified=True)
    sheet = Sheet(question=question, on="2025-06-01", address="?q=x", generation=1, quotes=(quote,))
    packets.add("one", sheet)
    lists.add("another", "Pasted", [Row(question, None, "")])
    app = open_app(LIBRARY, view="activity")
    if gathered:
        app.checkbox(key="forget_gathered").check()
    next(button for button in app.button if button.label == "Delete the log").click()
    app.run()
    assert records.questions() == []
    assert len(packets.sheets("one")) == len(lists.of("another")) == (0 if gathered else 1)
    held = b"".join(path.read_bytes() for path in home.glob("desk.sqlite3*"))
    assert (question.encode() in held) is not gathered, "what is deleted is deleted"


def test_an_upload_is_shown_before_anything_is_kept(home: Path):
    app = open_app(LIBRARY, view="add")
    app.file_uploader[0].upload(
        "units.pdf", units_pdf("Another sentence."), "application/pdf"
    ).run()
    assert "version 1" in app.info[0].value
    assert app.radio[0].options[0].startswith("Replace")
    assert (home / "library" / "units.pdf").read_bytes() != units_pdf("Another sentence.")


def edit_page() -> None:
    from ui.desks.library.editing import editor
    from ui.desks.parts import opening

    versions = opening.open_desk().library.versions.values()
    editor([version for version in versions if version.document.endswith("/lakeside.md")])


@pytest.fixture
def synced(tmp_path: Path, models: Path, documents: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home read where it lies: the index knows a folder by its path."""
    path = make_home(tmp_path / "own", models, documents)
    monkeypatch.setenv("CODEDESK_HOME", str(path))
    return path


def test_saving_metadata_writes_the_sidecar_and_starts_a_sync(synced: Path):
    app = AppTest.from_function(edit_page, default_timeout=60).run()
    assert not app.exception, app.exception
    assert app.text_input(key="edit_payer").value == "Lakeside Health"
    app.text_input(key="edit_payer").set_value("Lakeside Mutual")
    next(button for button in app.button if button.label == "Save metadata").click().run()
    written = tomllib.loads((synced / "library" / "lakeside.md.meta.toml").read_text("utf-8"))
    assert written["payer"] == "Lakeside Mutual"
    assert written["effective"] == date(2025, 3, 1)
    job = jobs.latest(synced)
    assert job is not None
    assert job.kind == "sync"
    jobs.cancel(synced, job.number)


DATED = """# Riverside notes on cryoablation

Effective date: March 1, 2025. Last reviewed: April 2, 2025.

Riverside asks for the operative note with every claim for 0581T.
"""


@pytest.fixture
def guessed(synced: Path) -> Path:
    """A home with a document whose dates were found in its text and confirmed by nobody."""
    (synced / "library" / "riverside.md").write_text(DATED, "utf-8")
    run_sync(Settings(home=synced, workers=1), [synced / "library"])
    return synced


def riverside_page() -> None:
    from ui.desks.library.editing import editor, found_dates
    from ui.desks.parts import opening

    versions = opening.open_desk().library.versions.values()
    riverside = next(one for one in versions if one.document.endswith("/riverside.md"))
    found_dates(riverside)
    editor([riverside])


def pressed(app: AppTest, label: str) -> AppTest:
    next(button for button in app.button if button.label == label).click()
    return app.run()


def unconfirmed_after_sync(home: Path) -> dict[str, date]:
    """The dates of riverside.md that are still only found, once the job that was started ends."""
    job = jobs.latest(home)
    while job and job.state == "running":
        time.sleep(0.1)
        job = jobs.latest(home)
    assert job and job.state == "done", job
    library = open_library(Home(home))
    versions = [v for v in library.versions.values() if v.document.endswith("/riverside.md")]
    latest = max(versions, key=lambda version: version.ordinal)
    return {found.field: found.value for found in latest.metadata.found}


def test_saving_one_field_confirms_that_field_alone(guessed: Path):
    app = AppTest.from_function(riverside_page, default_timeout=60).run()
    assert app.date_input(key="edit_effective").value == date(2025, 3, 1)
    app.text_input(key="edit_payer").set_value("Riverside")
    pressed(app, "Save metadata")
    written = tomllib.loads((guessed / "library" / "riverside.md.meta.toml").read_text("utf-8"))
    assert written == {"payer": "Riverside"}
    assert unconfirmed_after_sync(guessed) == {
        "effective": date(2025, 3, 1),
        "reviewed": date(2025, 4, 2),
    }


def test_a_found_date_is_confirmed_by_a_button_of_its_own_and_the_others_stay_open(guessed: Path):
    app = AppTest.from_function(riverside_page, default_timeout=60).run()
    app.button(key="confirm_effective").click().run()
    written = tomllib.loads((guessed / "library" / "riverside.md.meta.toml").read_text("utf-8"))
    assert written == {"effective": date(2025, 3, 1)}
    assert unconfirmed_after_sync(guessed) == {"reviewed": date(2025, 4, 2)}


def test_a_form_that_nobody_changed_writes_nothing(guessed: Path):
    app = AppTest.from_function(riverside_page, default_timeout=60).run()
    pressed(app, "Save metadata")
    assert not (guessed / "library" / "riverside.md.meta.toml").exists()
    assert jobs.latest(guessed) is None


def test_what_to_do_with_an_upload_stays_with_its_file_when_another_is_taken_back(home: Path):
    files = [
        ("first.md", b"# First\n\nThe first of two notes on 0581T.", "text/markdown"),
        ("second.md", b"# Second\n\nThe second of two notes on 0581T.", "text/markdown"),
    ]
    app = open_app(LIBRARY, view="add")
    app.file_uploader[0].set_value(files).run()
    app.radio[0].set_value("cancel").run()
    assert [radio.value for radio in app.radio] == ["cancel", "keep"]
    app.file_uploader[0].set_value(files[1:]).run()
    assert [radio.value for radio in app.radio] == ["keep"]
    assert any(button.label == "Add 1 and sync" for button in app.button)


def test_two_uploads_of_one_name_are_both_kept(synced: Path):
    app = open_app(LIBRARY, view="add")
    texts = (b"# Notes\n\nThe notes of spring on 0581T.", b"# Notes\n\nThe notes of autumn.")
    app.file_uploader[0].set_value([("notes.md", text, "text/markdown") for text in texts]).run()
    pressed(app, "Add 2 and sync")
    kept = {path.read_bytes() for path in (synced / "library").glob("notes*.md")}
    job = jobs.latest(synced)
    assert job is not None
    jobs.cancel(synced, job.number)
    assert kept == set(texts)
