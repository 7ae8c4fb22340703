"""Backups need room for themselves alone, and hold all that belongs to a state."""

from __future__ import annotations

import shutil
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from index.care.backup import FORMAT, back_up
from index.care.restore import restore
from index.errors import DamagedIndex, IndexProblem
from index.home import Home
from index.home.durable import claim, unfinished
from index.home.switch import parts_of
from index.model.embedder import Embedder
from index.sync import SyncSettings, sync
from ui.state.records import Records

Write = Callable[[Path, str], Path]


@pytest.fixture
def full(home: Path, write: Write, embedder: Embedder) -> Home:
    """A home with a little of everything."""
    write(home / "library" / "own.md", "# Own\n\nThe desk closes at five.\n")
    write(home / "disabled" / "old.md", "# Old\n\nPut aside.\n")
    write(home / "trash" / "20261128T101500" / "gone.md", "# Gone\n\nDeleted today.\n")
    write(home / "trash" / ".key.0123456789abcdef.tmp" / "half.md", "# Half\n")
    write(home / "questions.jsonl", '{"question": "When?"}\n')
    write(home / "settings.toml", "keep = 2\n")
    records = Records(home)
    records.audit("looked")
    records.close()
    folders = [("library", home / "library")]
    sync(Home(home), folders, embedder=lambda: embedder, settings=SyncSettings())
    return Home(home)


def _names(file: Path) -> set[str]:
    with tarfile.open(file) as tar:
        return {member.name for member in tar if not member.name.startswith("generation/")}


def test_a_backup_needs_no_room_in_the_temporary_folder(
    full: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "there is none"))
    done = back_up(full, tmp_path / "desk.backup")
    assert done.generation == 1
    assert [path.name for path in tmp_path.glob("*desk*")] == ["desk.backup"]
    restore(full, tmp_path / "desk.backup")
    assert Records(full.path).audited()[0].action == "looked"


def test_a_backup_holds_what_a_person_put_aside_and_the_own_questions(
    full: Home, tmp_path: Path
) -> None:
    back_up(full, tmp_path / "desk.backup")
    assert _names(tmp_path / "desk.backup") == {
        "backup.json",
        "desk.sqlite3",
        "settings.toml",
        "questions.jsonl",
        "library/own.md",
        "disabled/old.md",
        "trash/20261128T101500/gone.md",
    }
    (full.path / "questions.jsonl").unlink()
    shutil.rmtree(full.path / "disabled")
    shutil.rmtree(full.path / "trash")
    restore(full, tmp_path / "desk.backup")
    assert (full.path / "questions.jsonl").read_text() == '{"question": "When?"}\n'
    assert (full.path / "disabled" / "old.md").is_file()
    assert (full.path / "trash" / "20261128T101500" / "gone.md").is_file()


def test_a_backup_into_the_library_holds_neither_itself_nor_the_one_before(full: Home) -> None:
    file = full.path / "library" / "desk.backup"
    first = back_up(full, file)
    assert back_up(full, file) == first
    assert "library/desk.backup" not in _names(file)
    done = restore(full, file)
    assert (Path(done.aside) / "library" / "desk.backup").stat().st_size == done.bytes


def test_what_killed_backups_left_is_removed_by_the_next_and_a_living_one_is_let_be(
    full: Home, tmp_path: Path
) -> None:
    target = tmp_path / "desk.backup"
    dead, alive, other = unfinished(target), unfinished(target), unfinished(tmp_path / "x.backup")
    for path in (dead, alive, other):
        path.write_bytes(b"half")
    with alive.open("rb") as file:
        claim(file.fileno())
        back_up(full, target)
    assert [path.exists() for path in (dead, alive, other)] == [False, True, True]


def test_a_damaged_generation_is_not_backed_up_and_the_backup_before_stays(
    full: Home, tmp_path: Path
) -> None:
    target = tmp_path / "desk.backup"
    back_up(full, target)
    whole = target.read_bytes()
    damaged = max(full.folder(1).rglob("*"), key=lambda p: p.stat().st_size if p.is_file() else 0)
    content = bytearray(damaged.read_bytes())
    content[len(content) // 2] ^= 1
    damaged.write_bytes(content)
    with pytest.raises(DamagedIndex, match="other bytes"):
        back_up(full, target)
    assert target.read_bytes() == whole
    assert [path.name for path in tmp_path.glob("*desk*")] == ["desk.backup"]


def test_a_folder_is_no_place_for_a_backup(full: Home, tmp_path: Path) -> None:
    with pytest.raises(IndexProblem, match="Name the file"):
        back_up(full, tmp_path)


def test_a_backup_of_an_earlier_format_leaves_alone_what_it_did_not_know() -> None:
    assert parts_of(1) == ("desk.sqlite3", "settings.toml", "library")
    assert set(parts_of(FORMAT)) - set(parts_of(2)) == {"trash"}
