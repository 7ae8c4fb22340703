"""The review queue as AppTest sees it: accept, correct, skip, the log and the table."""

from __future__ import annotations

from pathlib import Path

import pytest
from drawn import every, open_app
from small_library import make_home
from streamlit.testing.v1 import AppTest

from index.home import Home
from index.opening import open_library
from ui.confirming.book import Book
from ui.confirming.checks import Change
from ui.confirming.writing import Edit
from ui.desks.library.sheet import lines_of
from ui.jobs.syncing import run_sync
from ui.state.settings import Settings

LIBRARY = "desks/library/page.py"
DATED = """# <b>Riverside</b> notes :red[on] cryoablation

Effective date: March 1, 2025. Last reviewed: April 2, 2025.

Riverside asks for the operative note with every claim for 0581T.
"""


@pytest.fixture
def home(tmp_path: Path, models: Path, documents: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home beside a folder that Codedesk only reads, with one document that waits first."""
    path = make_home(tmp_path / "desk", models, documents)
    (tmp_path / "watched").mkdir()
    (tmp_path / "watched" / "riverside.md").write_text(DATED, "utf-8")
    monkeypatch.setenv("CODEDESK_HOME", str(path))
    run_sync(Settings(home=path, workers=1), [tmp_path / "watched"])
    return path


def _at(app: AppTest, document: str) -> AppTest:
    """Skip until the document's card is there."""
    for _ in range(20):
        if any(document in one.value for one in app.caption):
            return app
        app.button(key="review_skip").click().run()
    raise AssertionError(f"{document} does not wait")


def _review() -> AppTest:
    return _at(open_app(LIBRARY, view="review"), "watched/riverside")


def _edits(home: Path) -> list[Edit]:
    return Book(home).edits()


def _said(home: Path) -> dict[str, object]:
    book = Book(home)
    return {one.field: one.value for one in book.told().get("watched/riverside.md", ())}


def test_a_card_shows_each_value_with_its_sentence_and_the_sentence_in_the_text(home: Path):
    app = _review()
    shown = " ".join(one.value for one in (*app.markdown, *app.text)).replace("\\", "")
    assert "**In force since** Mar 1, 2025" in shown
    assert "Effective date: March 1, 2025" in shown
    cited = [
        piece["text"]
        for data in every(app)
        for block in data.get("blocks", ())
        for piece in block["pieces"]
        if piece["cited"]
    ]
    assert any("Effective date: March 1, 2025" in text for text in cited)
    titles = [one.value for one in app.subheader]
    assert any("Riverside" in title for title in titles)
    assert not any(":red[" in title for title in titles), "markup of a document is text"


def test_accept_confirms_the_card_and_goes_on_to_the_next_and_undo_brings_it_back(home: Path):
    app = _review()
    app.button(key="review_accept").click().run()
    assert _said(home)["effective"] == "2025-03-01"
    assert not any("watched/riverside" in one.value for one in app.caption)
    assert any("wait for the next sync" in one.value for one in app.markdown)
    assert (home.parent / "watched" / "riverside.md").read_text("utf-8") == DATED
    app.segmented_control(key="review_way").set_value("edits").run()
    app.button(key=f"undo_{_edits(home)[0].number}").click().run()
    assert _said(home) == {}
    assert _edits(home)[0].undoes is not None


def test_a_correction_is_checked_and_kept(home: Path):
    app = _review()
    app.button(key="review_correct").click().run()
    box = next(one for one in app.text_input if one.label == "In force since")
    box.set_value("March 2025")
    next(one for one in app.button if one.label == "Save").click().run()
    assert "YYYY-MM-DD" in app.error[0].value.replace("\\", "")
    assert _said(home) == {}
    box = next(one for one in app.text_input if one.label == "In force since")
    box.set_value("2025-03-15")
    next(one for one in app.text_input if one.label == "Reviewed").set_value("")
    next(one for one in app.button if one.label == "Save").click().run()
    said = _said(home)
    assert (said["effective"], said["reviewed"]) == ("2025-03-15", None)


def test_skip_changes_nothing_and_puts_the_card_last(home: Path):
    app = _review()
    app.button(key="review_skip").click().run()
    assert not any("watched/riverside" in one.value for one in app.caption)
    assert _edits(home) == []


def test_a_touched_row_of_the_table_asks_for_its_changed_cells_and_for_what_is_ticked(home: Path):
    with open_library(Home(home)) as library:
        book = Book(home)
        from ui.confirming.table import asked_by, rows_of
        from ui.desks.library.sheet import _SHOWN

        row = next(one for one in rows_of(library, book) if "riverside" in str(one["id"]))
        before = {"Confirm": False, "File": row["id"]} | {n: row[n] or "" for n in _SHOWN}
        after = before | {"Confirm": True, "payer": "Riverside", "reviewed": None}
        assert lines_of([before], [before]) == []
        asked = asked_by(lines_of([before], [after]), library, book)
        assert asked.problems == ()
        found = set(asked.changes)
        assert {
            Change("watched/riverside.md", "payer", "Riverside"),
            Change("watched/riverside.md", "effective", "2025-03-01"),
            Change("watched/riverside.md", "reviewed", None),
        } <= found
        wrong = asked_by(lines_of([before], [before | {"effective": "soon"}]), library, book)
        assert [one.column for one in wrong.problems] == ["effective"]


@pytest.mark.parametrize("way", ["sheet", "versions", "names", "edits"])
def test_every_way_of_reviewing_opens(home: Path, way: str):
    app = open_app(LIBRARY, view="review")
    app.segmented_control(key="review_way").set_value(way).run()
    assert not app.exception
