"""The page of a document's passages, as they were split."""

from __future__ import annotations

from pathlib import Path

import pytest
from drawn import drawn
from streamlit.testing.v1 import AppTest

from index.home import Home
from index.opening import open_library
from ui.jobs.syncing import run_sync
from ui.state.settings import Settings

LONG = "# Long\n" + "".join(
    f"\n## Part {number}\n\nPart {number} is on 0581T and on nothing else at all.\n"
    for number in range(60)
)


def split_page() -> None:
    import streamlit as st

    from index.versions import today
    from ui.desks.library.passages import passages_as_split
    from ui.desks.parts import opening

    library = opening.open_desk().library
    name = st.session_state["document"]
    version = next(one for one in library.versions.values() if one.document == name)
    term = library.terms[version.id]
    passages_as_split(library, version, term, term.status(today()))


@pytest.fixture
def opened(home: Path):
    def open_page(document: str) -> AppTest:
        app = AppTest.from_function(split_page, default_timeout=60)
        app.session_state["document"] = document
        app.run()
        assert not app.exception, app.exception
        return app

    return open_page


def test_every_passage_stands_there_with_its_place_and_its_codes(home: Path, opened):
    listing = drawn(opened("library/lakeside.md"), "listing")
    with open_library(Home(home)) as library:
        (version,) = [v for v in library.versions.values() if v.document == "library/lakeside.md"]
        held = library.passages_of(version.id)
    assert listing["sentences"] == [
        f"{len(held)} passages, {held[-1].content.span.end:,} characters."
    ]
    entries = listing["groups"][0]["entries"]
    assert [one["label"] for one in entries] == [str(n + 1) for n in range(len(held))]
    assert all("characters " in one["note"] and one["open"] for one in entries)
    (table,) = [one for one in entries if "codes: 0581T, 19105" in one["note"]]
    assert "19105 · covered" in table["pieces"][0]["text"]
    assert not any(" | " in one["pieces"][0]["text"] for one in entries)


def test_many_passages_are_paged_and_all_of_them_reached(home: Path, opened):
    (home / "library" / "long.md").write_text(LONG, "utf-8")
    run_sync(Settings(home=home, workers=1), [home / "library"])
    first = drawn(opened("library/long.md"), "listing")["groups"][0]["entries"]
    assert [one["label"] for one in first] == [str(number) for number in range(1, 26)]
