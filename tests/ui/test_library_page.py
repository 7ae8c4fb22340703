"""The Library page as AppTest sees it: documents, failures, metadata, uploads, generations."""

from __future__ import annotations

import time
import tomllib
from datetime import date
from pathlib import Path

import pytest
from conftest import POLICY, make_home, units_pdf
from drawn import open_app
from streamlit.testing.v1 import AppTest

from corpus.errors import BadMetadata, CodedeskError
from index.home import Home
from index.opening import open_library
from ui.jobs import jobs
from ui.state import own_library
from ui.state.own_library import NotOurs
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


def test_what_the_library_lacks_is_listed(home: Path):
    records = Records(home)
    records.rate(
        "Is 0581T on the ASC list?", document="", good=False, reason="missing", generation=1
    )
    app = open_app(LIBRARY, view="activity")
    assert "Is 0581T on the ASC list?" in set(app.dataframe[0].value["Question"])


def test_an_upload_is_shown_before_anything_is_kept(home: Path):
    app = open_app(LIBRARY, view="add")
    app.file_uploader[0].upload(
        "units.pdf", units_pdf("Another sentence."), "application/pdf"
    ).run()
    assert "version 1" in app.info[0].value
    assert app.radio[0].options[0].startswith("Replace")
    assert (home / "library" / "units.pdf").read_bytes() != units_pdf("Another sentence.")


@pytest.mark.trust(18)
def test_a_file_that_is_not_what_its_name_says_is_refused(home: Path):
    found = own_library.preview("evil.pdf", b"MZ\0\0 a program", None, Settings(home=home))
    assert found.document is None
    assert "PDF" in found.problem


def test_the_same_bytes_are_known_under_another_name(home: Path):
    library = open_library(Home(home))
    found = own_library.preview("again.md", POLICY.encode(), library, Settings(home=home))
    assert found.same_as == "library/lakeside.md"


@pytest.mark.trust(17)
@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../../etc/evil<script>.pdf", "evil_script_.pdf"),
        ("..\\..\\x.PDF", "x.pdf"),
        (".hidden.md", "hidden.md"),
        ("a\u202efdp.md", "a_fdp.md"),
        ("Ärzte 2025.pdf", "Ärzte 2025.pdf"),
        ("x" * 400 + ".pdf", "x" * 180 + ".pdf"),
        ("///", "document"),
        ("CON.pdf", "_CON.pdf"),
        ("lpt1.tar.md", "_lpt1.tar.md"),
        ("nul\x00.md", "nul_.md"),
    ],
)
def test_a_name_cannot_lead_out_of_the_folder(name, kept):
    assert own_library.safe_name(name) == kept


def test_metadata_is_written_beside_the_file_and_only_in_our_folder(home: Path):
    own_library.edit(home, "library/units.pdf", {"payer": 'A "quoted"\nname', "kind": "policy"})
    own_library.edit(home, "library/units.pdf", {"effective": date(2025, 1, 1), "kind": None})
    written = tomllib.loads((home / "library" / "units.pdf.meta.toml").read_text("utf-8"))
    assert written == {"payer": 'A "quoted" name', "effective": date(2025, 1, 1)}
    with pytest.raises(NotOurs):
        own_library.edit(home, "starter/code/0581t.md", {"payer": "x"})
    with pytest.raises(CodedeskError):
        own_library.delete(home, "library/../desk.sqlite3")
    with pytest.raises(BadMetadata):
        own_library.edit(home, "library/units.pdf", {"retired": date(2020, 1, 1)})


def test_a_document_switched_off_can_be_switched_on_as_it_was(home: Path):
    before = (home / "library" / "lakeside.md").read_bytes()
    own_library.disable(home, "library/lakeside.md")
    assert own_library.disabled(home) == ["lakeside.md"]
    assert not (home / "library" / "lakeside.md").exists()
    own_library.enable(home, "lakeside.md")
    assert (home / "library" / "lakeside.md").read_bytes() == before


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


def test_the_records_are_for_their_owner_only(home: Path):
    Records(home).audit("test")
    assert (home / "desk.sqlite3").stat().st_mode & 0o077 == 0


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
