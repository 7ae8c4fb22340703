"""A list of names that was edited counts for every document at the next sync, and for filters and
questions at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.desk import Desk
from corpus.metadata.identity.names import read_names
from index.filters import Filters
from index.home import Home
from index.model.embedder import Embedder
from index.opening import open_library
from index.sync import SyncSettings, sync
from index.sync.report import SyncReport
from index.versions import today

Write = Callable[[Path, str], Path]
QUILL = "QW Benefits\n\nMedical Policy: Braces\n\nQW Benefits covers a brace, code L0631.\n"
OTHER = "Lakeside Health Plan\n\nMedical Policy: Boots\n\nLakeside Health Plan covers a boot.\n"
BODY = '[[body]]\nname = "Quillway"\nrole = "payer"\nprinted = ["QW Benefits", "QWB"]\n'


@pytest.fixture
def synced(
    home: Path, write: Write, embedder: Embedder, tmp_path: Path
) -> Callable[[], SyncReport]:
    folder = write(tmp_path / "lib" / "quill.txt", QUILL).parent
    write(folder / "other.txt", OTHER)

    def run() -> SyncReport:
        settings = SyncSettings(names=read_names(home / "names.toml"), workers=1)
        return sync(Home(home), [(None, folder)], embedder=lambda: embedder, settings=settings)

    return run


def found(home: Path, payer: str) -> set[str]:
    with open_library(Home(home)) as library:
        chosen = library.select(Filters(on=today(), payers=(payer,))).versions
        return {library.versions[one].document for one in chosen}


def test_only_documents_that_print_a_changed_name_are_read_again(
    home: Path, synced: Callable[[], SyncReport]
) -> None:
    synced()
    assert found(home, "Quillway") == set()
    (home / "names.toml").write_text(BODY, "utf-8")
    assert synced().changed == ["lib/quill.txt"]
    assert found(home, "Quillway") == {"lib/quill.txt"}
    assert found(home, "Lakeside Health Plan") == {"lib/other.txt"}
    again = synced()
    assert (again.changed, again.published) == ([], False)
    (home / "names.toml").unlink()
    assert synced().changed == ["lib/quill.txt"]
    assert found(home, "Quillway") == set()


def test_another_name_of_a_payer_counts_for_the_filter_and_the_question_without_a_sync(
    home: Path, synced: Callable[[], SyncReport]
) -> None:
    (home / "names.toml").write_text(BODY, "utf-8")
    synced()
    desk = Desk(Home(home))
    assert found(home, "Quilly") == set()
    before = desk.ask("Does Quilly cover a brace?")
    assert before.missing == ("No document in the library has the word “Quilly”.",)
    body = BODY.replace('"QWB"', '"QWB", "Quilly"')
    (home / "names.toml").write_text(body, "utf-8")
    assert found(home, "Quilly") == {"lib/quill.txt"}
    after = desk.ask("Does Quilly cover a brace?")
    assert "Quilly" not in " ".join(after.missing)  # as sure as of "Quillway", whatever that is
    assert after.missing == desk.ask("Does Quillway cover a brace?").missing
    assert after.citations[0].version.metadata.payer == "Quillway"
    assert not after.citations[0].why.unmet
