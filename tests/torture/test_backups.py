"""A backup round-trips to the same answers; a changed one is refused and replaces nothing."""

from __future__ import annotations

import hashlib
import io
import random
import sqlite3
import tarfile
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import scene
from stage import Stage

from assistant.desk import Desk
from index.care.backup import back_up
from index.care.doctor import PROBLEM, examine
from index.care.restore import BadBackup, restore
from index.errors import IndexLocked
from index.home import Home
from ui.state.records import Records


def _tree(folder: Path) -> dict[str, str]:
    """Every file below a folder but the model's, with its sum."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "models" not in path.parts
    }


@pytest.fixture
def full(stage: Stage, tmp_path: Path) -> Path:
    """A home with an own library folder, settings and records."""
    home = stage.copy(tmp_path / "home")
    (home / "library").mkdir(mode=0o700)
    (home / "library" / "own.md").write_text("# Own\n\nThe desk closes at five; ask again.\n")
    records = Records(home)
    records.add_question(
        "Is 0581T covered?",
        verdict="answered",
        generation=2,
        as_of="2025-06-01",
        filters={},
        seconds=0.1,
    )
    records.close()
    done = scene.run("sync", home / "library", home=home)
    assert done.returncode == 0, done.stderr
    return home


@pytest.mark.trust(9)
@pytest.mark.parametrize("count", [20, pytest.param(200, marks=pytest.mark.slow)])
def test_a_restored_home_answers_as_the_one_that_was_backed_up(
    count: int, full: Path, stage: Stage, tmp_path: Path, figures: Counter[str]
) -> None:
    before, ranked = scene.replies(Desk(Home(full))), scene.rankings(full, count=count)
    file = tmp_path / "desk.backup"
    assert scene.run("backup", file, home=full).returncode == 0
    assert tarfile.is_tarfile(file)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "models").symlink_to(stage.models, target_is_directory=True)
    restored = scene.run("restore", file, home=elsewhere)
    assert restored.returncode == 0, restored.stderr
    assert scene.replies(Desk(Home(elsewhere))) == before
    assert scene.content(elsewhere) == scene.content(full)
    assert scene.rankings(elsewhere, count=count) == ranked
    figures["searches that were the same after a restore, to the bit"] += count
    own = elsewhere / "library" / "own.md"
    assert own.read_text() == (full / "library" / "own.md").read_text()
    assert (elsewhere / "settings.toml").read_text() == (full / "settings.toml").read_text()
    with closing(sqlite3.connect(elsewhere / "desk.sqlite3")) as records:
        assert records.execute("SELECT question FROM questions").fetchall() == [
            ("Is 0581T covered?",)
        ]
    assert [f for f in examine(Home(elsewhere)) if f.level == PROBLEM] == []
    # The library folder lies elsewhere now, and is still the same folder to a sync.
    own.write_text("# Own\n\nThe desk closes at six.\n")
    synced = scene.run("sync", elsewhere / "library", home=elsewhere)
    assert synced.returncode == 0, synced.stderr
    assert {s.document for s in Desk(Home(elsewhere)).library.files()} >= {"library/own.md"}
    assert not any(
        s.document.startswith("library-2") for s in Desk(Home(elsewhere)).library.files()
    )


@pytest.mark.trust(9)
def test_what_a_restore_replaces_is_kept_aside_and_earlier_generations_stay(
    full: Path, tmp_path: Path
) -> None:
    file = tmp_path / "desk.backup"
    back_up(Home(full), file)
    before = scene.replies(Desk(Home(full)))
    (full / "library" / "own.md").write_text("# Own\n\nAnother text.\n")
    assert scene.run("sync", full / "library", home=full).returncode == 0
    done = restore(Home(full), file)
    assert done.generation == 5
    assert {q: told for q, (_, told) in scene.replies(Desk(Home(full))).items()} == {
        q: told for q, (_, told) in before.items()
    }
    assert "Another text" in (Path(done.aside) / "library" / "own.md").read_text()
    assert 4 in Home(full).kept()


@pytest.mark.trust(9)
@pytest.mark.parametrize(
    "times", [pytest.param(40, id="few"), pytest.param(400, id="many", marks=pytest.mark.slow)]
)
def test_a_flipped_bit_anywhere_in_a_backup_is_refused_and_nothing_is_replaced(
    times: int, full: Path, tmp_path: Path, chance: random.Random, figures: Counter[str]
) -> None:
    file = tmp_path / "desk.backup"
    back_up(Home(full), file)
    whole = file.read_bytes()
    before = _tree(full)
    for _ in range(times):
        at = chance.randrange(len(whole))
        flipped = bytearray(whole)
        flipped[at] ^= 1 << chance.randrange(8)
        file.write_bytes(flipped)
        figures["bits flipped in a backup"] += 1
        with pytest.raises(BadBackup, match="Nothing was changed"):
            restore(Home(full), file)
        figures["flipped backups refused"] += 1
    for length in (0, 10, len(whole) // 2, len(whole) - 1):
        file.write_bytes(whole[:length])
        with pytest.raises(BadBackup):
            restore(Home(full), file)
    assert _tree(full) == before


def _signed(build: Callable[[tarfile.TarFile], None]) -> bytes:
    """An archive with a right sum that no backup would hold: made by someone, not by damage."""
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w") as tar:
        build(tar)
    body = content.getvalue()
    digest = hashlib.sha256(body).hexdigest().encode()
    return body + b"\ncodedesk-backup sha256=" + digest + b"\n"


def _file(name: str) -> Callable[[tarfile.TarFile], None]:
    def build(tar: tarfile.TarFile) -> None:
        entry = tarfile.TarInfo(name)
        entry.size = 4
        tar.addfile(entry, io.BytesIO(b"evil"))

    return build


def _link(kind: bytes) -> Callable[[tarfile.TarFile], None]:
    def build(tar: tarfile.TarFile) -> None:
        entry = tarfile.TarInfo("library/link")
        entry.type, entry.linkname = kind, "/etc/passwd"
        tar.addfile(entry)

    return build


_FORGED = {
    **{
        name: _file(name)
        for name in ("../out", "/tmp/out", "library/../../out", "CURRENT", "library\\..\\x", "x:y")
    },
    "a symbolic link": _link(tarfile.SYMTYPE),
    "a hard link": _link(tarfile.LNKTYPE),
    "a pipe": _link(tarfile.FIFOTYPE),
    "a device": _link(tarfile.CHRTYPE),
}


@pytest.mark.trust(9)
@pytest.mark.parametrize("build", list(_FORGED.values()), ids=list(_FORGED))
def test_a_forged_backup_writes_nothing_outside_and_replaces_nothing(
    build: Callable[[tarfile.TarFile], None], full: Path, tmp_path: Path
) -> None:
    file = tmp_path / "forged.backup"
    file.write_bytes(_signed(build))
    before = _tree(tmp_path)
    with pytest.raises(BadBackup, match="no backup holds"):
        restore(Home(full), file)
    assert {k: v for k, v in _tree(tmp_path).items() if "writer" not in k} == {
        k: v for k, v in before.items() if "writer" not in k
    }


@pytest.mark.trust(9)
def test_a_backup_is_made_while_a_sync_runs_and_a_restore_waits_for_its_end(
    full: Path, stage: Stage, tmp_path: Path
) -> None:
    scene.write_after(stage.library, "remove")
    file = tmp_path / "desk.backup"
    process = scene.command("sync", stage.library, home=full)
    scene.wait_until((full / "writer.json").exists)
    made = 0
    while process.poll() is None or not made:
        back_up(Home(full), file)
        made += 1
    assert process.returncode == 0, process.communicate()
    with Home(full).writing(), pytest.raises(IndexLocked):
        restore(Home(full), file)
    restore(Home(full), file)
    assert [f for f in examine(Home(full)) if f.level == PROBLEM] == []
