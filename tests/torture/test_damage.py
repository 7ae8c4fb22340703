"""Every file of a generation is flipped, cut and deleted: noticed always, and parsed never."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import zlib
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import scene
from stage import Stage

from assistant.desk import Desk
from index.care.doctor import PROBLEM, examine
from index.embedded import EmbeddedLibrary
from index.errors import DamagedIndex, DamagedPointer
from index.home import Home
from index.home.manifest import measured, read_manifest, write_shard
from index.opening import open_last_good, open_library
from index.shards.arrays import read_arrays, write_arrays
from ui.jobs.syncing import run_sync
from ui.state.settings import read_settings

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


def _files(folder: Path) -> list[Path]:
    """The files of a generation. Locks that readers make hold nothing."""
    names = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return [path for path in names if not path.name.startswith(".tantivy-")]


@pytest.mark.trust(4, 5)
@pytest.mark.parametrize(
    ("flips", "cuts"), [pytest.param(6, 3, id="few"), pytest.param(25, 20, marks=pytest.mark.slow)]
)
def test_every_damage_to_every_file_is_noticed_before_it_is_parsed(
    flips: int,
    cuts: int,
    stage: Stage,
    tmp_path: Path,
    chance: random.Random,
    figures: Counter[str],
) -> None:
    home = Home(stage.copy(tmp_path / "home"))
    folder = home.folder(stage.current)
    assert len(_files(folder)) > 10
    for path in _files(folder):
        name, whole = path.relative_to(folder).as_posix(), path.read_bytes()
        for damage in [
            *([_flip(chance)] * flips + [_cut(chance)] * cuts if whole else []),
            _delete,
        ]:
            _harm(path, damage)
            figures["damages done to files of a generation"] += 1
            with pytest.raises(DamagedIndex, match=f"damaged: {name} .*`codedesk"):
                EmbeddedLibrary(home, stage.current)
            figures["damages noticed before the file was parsed"] += 1
            library = open_last_good(home)
            assert (library.generation, len(library.warnings)) == (stage.current - 1, 1)
            assert name in library.warnings[0]
            figures["last good generation answered instead"] += 1
            library.close()
            path.write_bytes(whole)
    open_library(home).close()


@pytest.mark.trust(5)
@pytest.mark.parametrize(
    "times", [pytest.param(10, id="few"), pytest.param(200, id="many", marks=pytest.mark.slow)]
)
def test_the_doctor_finds_every_flipped_bit(
    times: int, stage: Stage, tmp_path: Path, chance: random.Random, figures: Counter[str]
) -> None:
    home = Home(stage.copy(tmp_path / "home"))
    files = [path for number in home.kept() for path in _files(home.folder(number))]
    files = [path for path in [*files, home.path / "CURRENT"] if path.stat().st_size]
    for _ in range(times):
        path = chance.choice(files)
        whole = path.read_bytes()
        _harm(path, _flip(chance))
        figures["bits flipped in a home"] += 1
        problems = [finding for finding in examine(home) if finding.level == PROBLEM]
        assert any("damaged" in finding.text for finding in problems), path
        assert all(finding.remedy or "`" in finding.text for finding in problems)
        figures["flipped bits that the doctor found"] += 1
        path.write_bytes(whole)
    assert [finding for finding in examine(home) if finding.level == PROBLEM] == []


@pytest.mark.trust(21)
def test_nothing_is_parsed_before_all_sums_were_compared(stage: Stage, tmp_path: Path) -> None:
    """The last file of all is damaged, and a watching process sees that no database was opened."""
    home = Home(stage.copy(tmp_path / "home"))
    last = home.folder(stage.current) / max(read_manifest(home.folder(stage.current)).files)
    _harm(last, lambda content: content[:-1] + bytes([content[-1] ^ 1]) if content else b"more")
    watch = (
        "import sys; from pathlib import Path\n"
        "from index.home import Home; from index.embedded import EmbeddedLibrary\n"
        "opened = []\n"
        "sys.addaudithook(lambda event, _: 'sqlite' in event and opened.append(event))\n"
        f"try: EmbeddedLibrary(Home(Path({str(home.path)!r})), {stage.current})\n"
        "except Exception as error: print(type(error).__name__, opened)\n"
    )
    done = subprocess.run([sys.executable, "-c", watch], capture_output=True, encoding="utf-8")
    assert done.stdout.strip() == "DamagedIndex []", done.stderr


@pytest.mark.trust(21)
def test_a_swapped_vector_file_is_refused_before_it_is_parsed(stage: Stage, tmp_path: Path) -> None:
    """A file that may crash its parser, in place of a real one: it has not the real one's sum."""
    home = Home(stage.copy(tmp_path / "home"))
    folder = home.folder(stage.current)
    for path in [path for path in _files(folder) if path.name.startswith("vectors.")]:
        whole = path.read_bytes()
        _harm(path, lambda content: b"IxFI" + b"\xff" * (len(content) - 4))
        with pytest.raises(DamagedIndex):
            EmbeddedLibrary(home, stage.current)
        path.write_bytes(whole)


@pytest.mark.trust(21)
def test_a_manifest_with_another_sum_is_refused_before_it_is_parsed(
    stage: Stage, tmp_path: Path
) -> None:
    """JSON that is nested without end would stop a parser; it is never given to one."""
    home = Home(stage.copy(tmp_path / "home"))
    deep = b'{"a": ' + b"[" * 200_000 + b"}"
    manifest = home.folder(stage.current) / "manifest.json"
    _harm(manifest, lambda _: b'{\n "sha256": "' + b"0" * 64 + b'",\n "manifest": ' + deep + b"\n}")
    with pytest.raises(DamagedIndex, match="does not match its own sum"):
        EmbeddedLibrary(home, stage.current)


@pytest.mark.trust(5)
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


@pytest.mark.trust(4)
def test_answers_come_from_the_last_good_generation_until_the_index_is_mended(
    stage: Stage, tmp_path: Path
) -> None:
    path = stage.copy(tmp_path / "home")
    home = Home(path)
    before = Desk(home)
    _harm(home.folder(stage.current) / "catalogue.sqlite3", lambda content: content[:100])
    asked = scene.run("ask", scene.QUESTIONS[0], "--as-of", scene.DAY, "--json", home=path)
    answer = json.loads(asked.stdout)
    assert answer["generation"] == stage.current - 1
    (warning,) = answer["warnings"]
    assert "damaged: catalogue.sqlite3" in warning
    shown = scene.run("ask", scene.QUESTIONS[0], "--as-of", scene.DAY, home=path)
    assert "damaged: catalogue.sqlite3" in " ".join(shown.stdout.split())
    listed = scene.run("status", "--json", home=path)
    assert "damaged: catalogue.sqlite3" in listed.stderr
    plain = scene.run("sync", stage.library, home=path)
    assert plain.returncode == 1
    assert "damaged" in plain.stderr and "codedesk sync --force" in plain.stderr
    doctor = scene.run("doctor", home=path)
    assert doctor.returncode == 1
    assert "catalogue.sqlite3" in " ".join(doctor.stdout.split())
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


@pytest.mark.trust(8)
@pytest.mark.parametrize("count", [20, pytest.param(200, marks=pytest.mark.slow)])
def test_rollback_ends_the_warning_and_answers_as_it_did_before(
    count: int, stage: Stage, tmp_path: Path, figures: Counter[str]
) -> None:
    path = stage.copy(tmp_path / "home")
    scene.write_after(stage.library, "remove")
    before, ranked = scene.replies(Desk(Home(path))), scene.rankings(path, count=count)
    run_sync(read_settings({"CODEDESK_HOME": str(path)}), [stage.library])
    desk = Desk(Home(path))
    _harm(next(Home(path).folder(stage.current + 1).rglob("meta.json")), lambda _: b"{}")
    assert Desk(Home(path)).ask(scene.QUESTIONS[0]).warnings
    back = scene.run("rollback", home=path)
    assert back.returncode == 0, back.stderr
    assert scene.replies(desk) == before
    assert desk.ask(scene.QUESTIONS[0]).warnings == ()
    assert scene.rankings(path, count=count) == ranked
    figures["searches that were the same after a rollback, to the bit"] += count


@pytest.mark.trust(4)
def test_the_pages_desk_keeps_its_open_generation_when_the_next_one_is_damaged(
    stage: Stage, tmp_path: Path
) -> None:
    path = stage.copy(tmp_path / "home")
    desk = Desk(Home(path))
    scene.write_after(stage.library, "add")
    run_sync(read_settings({"CODEDESK_HOME": str(path)}), [stage.library])
    shutil.rmtree(Home(path).folder(stage.current + 1) / "shards")
    answer = desk.ask(scene.QUESTIONS[0])
    assert answer.generation == stage.current
    assert "damaged" in answer.warnings[0]


@pytest.mark.trust(5)
def test_the_doctor_finds_what_no_checksum_can_tell(stage: Stage, tmp_path: Path) -> None:
    """A generation whose sums are right and whose parts do not agree: a bug, not damage."""
    path = stage.copy(tmp_path / "home")
    folder = Home(path).folder(stage.current)
    manifest = read_manifest(folder)
    shard = folder / "shards" / max(manifest.shards, key=lambda n: manifest.shards[n].passages)
    arrays = dict(read_arrays(shard / "texts.arrays"))
    records = bytearray((shard / "passages.records").read_bytes())
    records[1:2] = b"1"  # the first passage begins at 1, not at 0
    size = int(arrays["passages_ends"][1])
    arrays["passages_sums"] = arrays["passages_sums"].copy()
    arrays["passages_sums"][0] = zlib.crc32(records[:size])
    arrays["versions"] = arrays["versions"].copy()
    arrays["versions"][-1, 2] -= 1  # the last version has one passage less
    for name in ("texts.arrays", "passages.records", "shard.json"):
        (shard / name).unlink()  # linked into other generations
    (shard / "passages.records").write_bytes(records)
    write_arrays(shard / "texts.arrays", arrays)
    about = manifest.shards[shard.name]
    write_shard(shard, passages=about.passages, searched=about.searched)
    files = {**manifest.files, f"shards/{shard.name}/shard.json": measured(shard / "shard.json")}
    replace(manifest, files=files).write(folder)
    told = " ".join(f.text for f in examine(Home(path)) if f.level == PROBLEM)
    assert "vectors and passages differ in 1 ids" in told
    assert "is not what was split" in told
    assert "no passage of" in told


@pytest.mark.trust(4)
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


@pytest.mark.trust(5)
def test_the_doctor_names_generations_and_folders_that_nobody_looks_at(
    stage: Stage, tmp_path: Path
) -> None:
    home = Home(stage.copy(tmp_path / "home"))
    (home.generations / "notes").mkdir()
    assert scene.run("rollback", home=home.path).returncode == 0
    notes = [finding for finding in examine(home) if finding.area == "orphans"]
    told = " ".join(finding.text for finding in notes)
    assert f"Generation {stage.current} is newer than the one that answers" in told
    assert "notes in" in told and "is no generation" in told
    assert f"rollback {stage.current}" in notes[0].remedy
