"""Every file of a generation is flipped, cut and deleted: noticed always, and parsed never."""

from __future__ import annotations

import json
import os
import random
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
import scene
from conftest import Stage

from assistant.desk import Desk
from index.doctor import PROBLEM, examine
from index.errors import DamagedIndex, DamagedPointer
from index.home import Home
from index.library import Library
from index.opening import open_last_good, open_library
from ui.settings import read_settings
from ui.syncing import run_sync

_FLIPS, _CUTS = 25, 5  # for each file
Damage = Callable[[bytes], bytes | None]


def _flip(chance: random.Random) -> Damage:
    def flipped(content: bytes) -> bytes:
        at = chance.randrange(len(content))
        return content[:at] + bytes([content[at] ^ (1 << chance.randrange(8))]) + content[at + 1 :]

    return flipped


def _cut(chance: random.Random) -> Damage:
    return lambda content: content[: chance.randrange(len(content))]


def _delete(content: bytes) -> None:
    return None


def _harm(path: Path, damage: Damage) -> None:
    """Replace the file: what is hard-linked into other generations must stay whole."""
    content = damage(path.read_bytes())
    path.unlink()
    if content is not None:
        path.write_bytes(content)


def test_every_damage_to_every_file_is_noticed_before_it_is_parsed(
    stage: Stage, tmp_path: Path, chance: random.Random, figures: Counter[str]
) -> None:
    home = Home(stage.copy(tmp_path / "home"))
    folder = home.folder(stage.current)
    names = [p.relative_to(folder) for p in sorted(folder.rglob("*")) if p.is_file()]
    assert len(names) > 15
    for name in names:
        whole = (folder / name).read_bytes()
        flips = [_flip(chance)] * _FLIPS + [_cut(chance)] * _CUTS if whole else []
        for damage in [*flips, _delete]:
            if name.name.startswith(".tantivy-"):
                continue  # a lock that readers make; it holds nothing
            _harm(folder / name, damage)
            figures["damages done to files of a generation"] += 1
            with pytest.raises(DamagedIndex, match=f"damaged: {name.as_posix()} .*`codedesk"):
                Library(home, stage.current)
            figures["damages noticed before the file was parsed"] += 1
            library = open_last_good(home)
            assert (library.generation, len(library.warnings)) == (stage.current - 1, 1)
            assert name.as_posix() in library.warnings[0]
            figures["last good generation answered instead"] += 1
            library.close()
            (folder / name).write_bytes(whole)
    open_library(home).close()


def test_nothing_is_parsed_before_all_sums_were_compared(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(stage.copy(tmp_path / "home"))
    vectors = next((home.folder(stage.current) / "vectors").glob("*.faiss"))
    _harm(vectors, lambda content: content[:-1] + bytes([content[-1] ^ 1]))

    def parsed(*anything: object, **named: object) -> None:
        raise AssertionError("a part of a damaged generation was parsed")

    for part in ("Store", "LexicalIndex", "Shard", "DenseIndex"):
        monkeypatch.setattr(f"index.library.{part}", parsed)
    with pytest.raises(DamagedIndex):
        Library(home, stage.current)
    manifest = home.folder(stage.current) / "manifest.json"
    _harm(manifest, lambda content: content.replace(b'"layout": 1', b'"layout": 9'))
    monkeypatch.setattr("index.manifest.json.loads", parsed)
    with pytest.raises(DamagedIndex, match="does not match its own sum"):
        Library(home, stage.current)


def test_every_flipped_bit_of_the_pointer_is_noticed(
    stage: Stage, tmp_path: Path, figures: Counter[str]
) -> None:
    home = Home(stage.copy(tmp_path / "home"))
    pointer = home.path / "CURRENT"
    whole = pointer.read_bytes()
    harmed = [
        whole[:at] + bytes([whole[at] ^ (1 << bit)]) + whole[at + 1 :]
        for at in range(len(whole))
        for bit in range(8)
    ]
    for content in [*harmed, *(whole[:length] for length in range(len(whole)))]:
        pointer.write_bytes(content)
        figures["damages done to CURRENT"] += 1
        with pytest.raises(DamagedPointer, match=r"damaged.*rollback"):
            home.current()
        figures["damages to CURRENT noticed"] += 1
    library = open_last_good(home)
    assert library.generation == stage.current
    assert "CURRENT is damaged" in library.warnings[0]


def test_answers_come_from_the_last_good_generation_until_the_index_is_mended(
    stage: Stage, tmp_path: Path
) -> None:
    path = stage.copy(tmp_path / "home")
    home = Home(path)
    before = Desk(home)
    _harm(home.folder(stage.current) / "library.sqlite3", lambda content: content[:100])
    asked = scene.run("ask", scene.QUESTIONS[0], "--as-of", scene.DAY, "--json", home=path)
    answer = json.loads(asked.stdout)
    assert answer["generation"] == stage.current - 1
    (warning,) = answer["warnings"]
    assert "damaged: library.sqlite3" in warning
    shown = scene.run("ask", scene.QUESTIONS[0], "--as-of", scene.DAY, home=path)
    assert "damaged: library.sqlite3" in " ".join(shown.stdout.split())
    listed = scene.run("status", "--json", home=path)
    assert "damaged: library.sqlite3" in listed.stderr
    plain = scene.run("sync", stage.library, home=path)
    assert plain.returncode == 1
    assert "damaged" in plain.stderr and "codedesk sync --force" in plain.stderr
    doctor = scene.run("doctor", home=path)
    assert doctor.returncode == 1
    assert "library.sqlite3" in " ".join(doctor.stdout.split())
    # Who had it open goes on: the damaged file has another name on the disk by now.
    assert before.ask(scene.QUESTIONS[0]).warnings == ()
    desk = Desk(home)
    assert desk.ask(scene.QUESTIONS[0]).warnings
    scene.write_before(stage.library)
    forced = scene.run("sync", stage.library, "--force", home=path)
    assert forced.returncode == 0, forced.stderr
    mended = desk.ask(scene.QUESTIONS[0])
    assert (mended.generation, mended.warnings) == (stage.current + 1, ())
    assert {q: told for q, (_, told) in scene.replies(desk).items()} == stage.old


def test_rollback_ends_the_warning_and_answers_as_it_did_before(
    stage: Stage, tmp_path: Path
) -> None:
    path = stage.copy(tmp_path / "home")
    scene.write_after(stage.library, "remove")
    before = scene.replies(Desk(Home(path)))
    run_sync(read_settings({"CODEDESK_HOME": str(path)}), [stage.library])
    desk = Desk(Home(path))
    (Home(path).folder(stage.current + 1) / "words" / "meta.json").write_text("{}")
    assert Desk(Home(path)).ask(scene.QUESTIONS[0]).warnings
    back = scene.run("rollback", home=path)
    assert back.returncode == 0, back.stderr
    assert scene.replies(desk) == before
    assert desk.ask(scene.QUESTIONS[0]).warnings == ()


def test_the_pages_desk_keeps_its_open_generation_when_the_next_one_is_damaged(
    stage: Stage, tmp_path: Path
) -> None:
    path = stage.copy(tmp_path / "home")
    desk = Desk(Home(path))
    scene.write_after(stage.library, "add")
    run_sync(read_settings({"CODEDESK_HOME": str(path)}), [stage.library])
    shutil.rmtree(Home(path).folder(stage.current + 1) / "vectors")
    answer = desk.ask(scene.QUESTIONS[0])
    assert answer.generation == stage.current
    assert "damaged" in answer.warnings[0]


def test_the_doctor_finds_what_no_checksum_can_tell(stage: Stage, tmp_path: Path) -> None:
    """A generation whose sums are right and whose parts do not agree: a bug, not damage."""
    import sqlite3
    from dataclasses import replace

    from index.manifest import FileSum, file_sum, read_manifest

    path = stage.copy(tmp_path / "home")
    folder = Home(path).folder(stage.current)
    store = folder / "library.sqlite3"
    with sqlite3.connect(store) as connection:
        connection.execute("DELETE FROM passages WHERE id = (SELECT min(id) FROM passages)")
        connection.execute(
            "UPDATE passages SET start = start + 1 WHERE id = (SELECT max(id) FROM passages)"
        )
    connection.close()
    manifest = read_manifest(folder)
    files = dict(manifest.files)
    files[store.name] = FileSum(store.stat().st_size, file_sum(store))
    replace(manifest, files=files).write(folder)
    told = " ".join(f.text for f in examine(Home(path)) if f.level == PROBLEM)
    assert "vectors and passages differ in 1 ids" in told
    assert "is not what was split" in told
    assert "no passage of" in told


def test_a_missing_pointer_beside_one_generation_is_set_again(stage: Stage, tmp_path: Path) -> None:
    """A first sync that dies before it wrote CURRENT leaves a whole generation behind."""
    path = stage.copy(tmp_path / "home")
    home = Home(path)
    shutil.rmtree(home.folder(stage.current - 1))
    os.unlink(path / "CURRENT")  # noqa: PTH108
    scene.write_before(stage.library)
    report = run_sync(read_settings({"CODEDESK_HOME": str(path)}), [stage.library])
    assert (report.generation, report.published) == (stage.current, False)
    assert home.current() == stage.current
