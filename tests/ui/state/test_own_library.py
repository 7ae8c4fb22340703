"""The home's own folder: what may be put into it, and what becomes of its files."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest
from small_library import POLICY

from corpus.errors import BadMetadata, CodedeskError
from index.home import Home
from index.opening import open_library
from ui.state import own_library
from ui.state.own_library import NotOurs
from ui.state.settings import Settings


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
