"""`codedesk restore` is killed at every step and at random times: it is one state or the other."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import tarfile
import tempfile
import time
from collections import Counter
from pathlib import Path

import pytest
import scene
from stage import Stage

from index.care.archive import Archive
from index.care.backup import back_up
from index.care.doctor import PROBLEM, examine
from index.care.restore import restore
from index.editions.decisions import Decisions
from index.home import Home
from index.home.crash import RESTORE_STEPS
from index.opening import open_library
from ui.state.records import Records

_PUBLISHING = ("tree-flushed", "folder-named", "parent-flushed", "pointer-unnamed")
_STEPS = (*RESTORE_STEPS, *_PUBLISHING, "pointer-replaced", "pointer-flushed")
_NORMAL = ("restore-noted-unnamed", "restore-noted", "records-in", "library-aside", "folder-named")
_OLD, _NEW = "The desk closes at five.", "The desk closes at six."


@pytest.fixture(scope="module")
def states(stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A home, and a backup of an earlier state of it that differs in all its parts."""
    root = tmp_path_factory.mktemp("states")
    home, file = stage.copy(root / "home"), root / "desk.backup"
    _write_state(home, _NEW)
    back_up(Home(home), file)
    _write_state(home, _OLD)
    return home, file


_FILES = ("settings.toml", "questions.jsonl", "names.toml", "editions.json", "private.toml")


def _write_state(home: Path, text: str) -> None:
    for folder in ("library", "disabled"):
        (home / folder).mkdir(mode=0o700, exist_ok=True)
        (home / folder / f"{folder}.md").write_text(f"# Hours\n\n{text}\n")
    (home / "settings.toml").write_text(f"keep = 2\nkeep_days = 0\n# {text}\n")
    (home / "questions.jsonl").write_text(f"{text}\n")
    (home / "names.toml").write_text(f"# {text}\n")
    (home / "private.toml").write_text(f"# {text}\n")
    (home / "editions.json").unlink(missing_ok=True)
    Decisions(Home(home)).decide("library/none.md", text, same=True)
    done = scene.run("sync", home / "library", home=home)
    assert done.returncode == 0, done.stderr
    (home / "desk.sqlite3").unlink(missing_ok=True)
    records = Records(home)
    records.audit(text)
    records.close()


def _told(home: Path) -> set[str]:
    """Which of the two texts each part of a home tells."""
    records = Records(home)
    told = [records.audited()[0].action]
    records.close()
    told += [(home / name).read_text() for name in _FILES]
    told += [(home / folder / f"{folder}.md").read_text() for folder in ("library", "disabled")]
    library = open_library(Home(home))
    chain = [v for v in library.versions.values() if v.document == "library/library.md"]
    told.append(library.text(max(chain, key=lambda v: v.ordinal).id))
    library.close()
    return {state for text in told for state in (_OLD, _NEW) if state in text}


@pytest.fixture
def copied(states: tuple[Path, Path], stage: Stage, tmp_path: Path) -> Path:
    return scene.copy_home(states[0], tmp_path / "home", stage.models)


@pytest.mark.trust(9)
@pytest.mark.parametrize(
    "step",
    [pytest.param(s, marks=() if s in _NORMAL else (pytest.mark.slow,)) for s in _STEPS],
)
def test_a_restore_that_dies_at_a_step_leaves_one_whole_state(
    step: str, states: tuple[Path, Path], copied: Path, figures: Counter[str]
) -> None:
    killed = scene.run("restore", states[1], home=copied, environment={"CODEDESK_CRASH_AT": step})
    assert killed.returncode == 137, (killed.stdout, killed.stderr)
    figures["kills of restore, at an injected step"] += 1
    before = step in ("restore-unpacked", "restore-noted-unnamed")
    _judge(copied, {_OLD} if before else {_NEW})


@pytest.mark.trust(9)
@pytest.mark.parametrize(
    "number", [pytest.param(n, marks=() if n < 3 else (pytest.mark.slow,)) for n in range(40)]
)
def test_a_restore_that_is_killed_at_any_time_leaves_one_whole_state(
    number: int,
    states: tuple[Path, Path],
    copied: Path,
    chance: random.Random,
    figures: Counter[str],
) -> None:
    process = scene.command("restore", states[1], home=copied)
    scene.wait_until((copied / "writer.json").exists)
    time.sleep(chance.uniform(0.0, 0.3))
    os.kill(process.pid, signal.SIGKILL)
    process.communicate(timeout=60)
    figures["kills of restore, by time"] += process.returncode == -signal.SIGKILL
    _judge(copied, {_OLD}, {_NEW})


def _judge(home: Path, *allowed: set[str]) -> None:
    """The next command, which only reads, finds one state; the one after tidies up."""
    status = scene.run("status", "--json", home=home)
    assert status.returncode == 0, status.stderr
    assert json.loads(status.stdout)["generation"] == Home(home).current()
    assert not (home / "restore.json").exists()
    assert _told(home) in allowed
    assert [f for f in examine(Home(home)) if f.level == PROBLEM] == []
    assert Home(home).leftovers() == []
    assert _told(home) in allowed


@pytest.mark.trust(9)
def test_a_restore_that_cannot_move_a_part_takes_back_what_it_moved(
    states: tuple[Path, Path], copied: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Windows, where a file of the library is open in another program."""
    rename = Path.replace

    def held(self: Path, target: Path) -> Path:
        if self == copied / "library":
            raise PermissionError(13, "Another program uses it", str(self))
        return rename(self, target)

    before = _tree(copied)
    monkeypatch.setattr(Path, "replace", held)
    with pytest.raises(PermissionError):
        restore(Home(copied), states[1])
    monkeypatch.undo()
    assert _tree(copied) == before
    assert _told(copied) == {_OLD}
    restore(Home(copied), states[1])
    assert _told(copied) == {_NEW}


def _tree(home: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(home)): path.read_bytes()
        for path in sorted(home.rglob("*"))
        if path.is_file() and "models" not in path.parts and path.name != "writer.lock"
    }


@pytest.mark.trust(9)
def test_what_a_backup_of_an_earlier_codedesk_does_not_hold_stays_in_place(
    states: tuple[Path, Path], copied: Path, tmp_path: Path
) -> None:
    file = tmp_path / "earlier.backup"
    _as_format_1(states[1], file)
    done = restore(Home(copied), file)
    assert (copied / "questions.jsonl").read_text() == f"{_OLD}\n"
    assert (copied / "disabled" / "disabled.md").is_file()
    assert _NEW in (copied / "settings.toml").read_text()
    assert not (Path(done.aside) / "questions.jsonl").exists()


def _as_format_1(source: Path, target: Path) -> None:
    with tarfile.open(source) as tar, target.open("w+b") as file:
        archive = Archive(file)
        for member in tar:
            held = tar.extractfile(member)
            assert held
            if member.name == "backup.json":
                about = json.loads(held.read())
            elif member.name != "questions.jsonl" and not member.name.startswith("disabled/"):
                with tempfile.TemporaryFile() as copy:
                    shutil.copyfileobj(held, copy)
                    copy.flush()
                    archive.add(member.name, copy)
        about["format"] = 1
        about["files"] = {n: f for n, f in about["files"].items() if n in archive.sums}
        archive.add_text("backup.json", json.dumps(about))
        archive.finish()
