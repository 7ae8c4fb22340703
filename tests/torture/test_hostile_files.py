"""A folder of hostile files through a real sync: each is read or told with its reason, and the
files beside them are read.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import stat
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import hostile_archives as archives
import hostile_pdfs as pdfs
import pytest
import scene
from fates import fate

from corpus.document import Document
from corpus.files.limits import STANDARD
from corpus.readers import CannotRead
from corpus.readers.archive import check_archive
from corpus.reading.pool import ReadJob, read_all

pytestmark = pytest.mark.xdist_group("hostile-files")  # one process: they are synced once
_GOOD = 20
_PASSWD = b"root:x:0"


@dataclass(frozen=True)
class Batch:
    """What a sync said of the folder: reasons by file name, and the names that were read."""

    home: Path
    failed: dict[str, str]
    read: frozenset[str]
    pictures: frozenset[str]
    seconds: float

    def reason(self, name: str) -> str | None:
        """Why a file was not read; None where it was. Each file is one or the other."""
        assert (name in self.failed) != (name in self.read or name in self.pictures), name
        return self.failed.get(name)


_KINDS: dict[str, tuple[str, Callable[[], bytes], str | None]] = {
    **{n: ("PDF bomb", make, words) for n, (make, words) in pdfs.BOMBS.items()},
    **{n: ("PDF, broken or locked", make, words) for n, (make, words) in pdfs.BROKEN.items()},
    **{n: ("DOCX or XLSX bomb", make, words) for n, (make, words) in archives.BOMBS.items()},
    **{n: ("DOCX or XLSX, forged", make, words) for n, (make, words) in archives.FORGED.items()},
    **{n: ("nested or endless text", make, None) for n, make in archives.NESTED.items()},
}
_CHECK = {"PDF": 14, "DOC": 15, "nes": 14}
_ODD_NAMES = (
    "line\nend.md",
    "\x1b[31mred.md",
    "Полис.md",
    "保険.md",
    "\u202egpj.md",
    "CON.md",
    "=HYPERLINK(1).md",
    "é" * 126 + ".md",
)


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory, models: Path) -> Batch:
    """All hostile files in one folder, beside twenty good ones, synced by the real command."""
    place = tmp_path_factory.mktemp("hostile")
    folder = place / "policies"
    folder.mkdir()
    for name, (_, make, _) in _KINDS.items():
        (folder / name).write_bytes(make())
    (folder / pdfs.PICTURE[0]).write_bytes(pdfs.PICTURE[1]())
    for name, make in pdfs.READ.items():
        (folder / name).write_bytes(make())
    for number in range(_GOOD):
        (folder / f"good-{number}.md").write_text(f"# Good\n\nRule {number} on 0581T.\n")
    _put_odd_things(folder)
    return _synced(place, folder, models, "seconds = 3")


def _put_odd_things(folder: Path) -> None:
    """Links, pipes and names; a file of two gigabytes that takes no room."""
    (folder.parent / "outside").mkdir()
    (folder.parent / "outside" / "secret.md").write_text("# Outside\n\nA secret wombat.\n")
    (folder / "passwd.txt").symlink_to("/etc/passwd")
    (folder / "etc").symlink_to("/etc")
    (folder / "outside").symlink_to(folder.parent / "outside")
    (folder / "circle").symlink_to(folder)
    (folder / "self.md").symlink_to(folder / "self.md")
    (folder / "nowhere.md").symlink_to(folder / "no-file.md")
    (folder / "zero.txt").symlink_to("/dev/zero")
    os.mkfifo(folder / "pipe.md")
    for name in ("sparse.pdf", "sparse.txt"):
        (folder / name).touch()
        os.truncate(folder / name, 2 << 30)
    for name in _ODD_NAMES:
        (folder / name).write_text(f"# Odd\n\nA name that is odd: {len(name)}.\n")
    Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.md")).write_text("# Bytes\n\nNo UTF-8.\n")


def _synced(place: Path, folder: Path, models: Path, settings: str) -> Batch:
    home = place / "home"
    home.mkdir(mode=0o700)
    (home / "models").symlink_to(models, target_is_directory=True)
    (home / "settings.toml").write_text(settings)
    began = time.monotonic()
    done = scene.run("sync", folder, "--json", home=home, environment={"TMPDIR": str(place)})
    assert done.returncode == 3, done.stderr
    report = json.loads(done.stdout)
    return Batch(
        home=home,
        failed={_name(entry["path"]): entry["reason"] for entry in report["failed"]},
        read=frozenset(map(_name, report["added"])),
        pictures=frozenset(map(_name, report["needs_ocr"])),
        seconds=time.monotonic() - began,
    )


def _name(document: str) -> str:
    return document.partition("/")[2]


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(n, marks=pytest.mark.trust(_CHECK[kind[:3]]))
        for n, (kind, *_) in _KINDS.items()
    ],
)
def test_a_hostile_file_is_told_with_its_reason(
    name: str, batch: Batch, tried: Counter[tuple[str, str]]
) -> None:
    kind, _, words = _KINDS[name]
    reason = batch.reason(name)
    tried[kind, fate(reason)] += 1
    if words is not None:
        assert reason is not None and words in reason
    if reason is not None:
        assert reason.endswith(".") and reason.isprintable(), reason


@pytest.mark.trust(16)
def test_the_good_files_beside_them_are_read(batch: Batch, figures: Counter[str]) -> None:
    good = {f"good-{number}.md" for number in range(_GOOD)} | set(pdfs.READ)
    assert good <= batch.read
    assert pdfs.PICTURE[0] in batch.pictures
    figures["good files beside the hostile ones"] += len(good)
    figures["of these read"] += len(good & batch.read)


@pytest.mark.trust(16)
def test_whatever_is_not_searched_is_listed_by_status_with_its_reason(batch: Batch) -> None:
    told = json.loads(scene.run("status", "--json", home=batch.home).stdout)
    listed = {_name(entry["path"]): entry["reason"] for entry in told["failed"]}
    read_badly = {name for name in _KINDS if name in batch.failed}
    assert read_badly <= set(listed)
    assert all(listed[name] == batch.failed[name] for name in read_badly)
    assert pdfs.PICTURE[0] in {_name(document) for document in told["needs_ocr"]}
    indexed = {_name(file["id"]) for file in told["files"]}
    assert indexed == batch.read
    assert all(file["passages"] > 0 for file in told["files"])


@pytest.mark.trust(17)
def test_links_pipes_devices_and_giants_are_told_and_never_followed(
    batch: Batch, tried: Counter[tuple[str, str]]
) -> None:
    expected = {
        "passwd.txt": "refused: leads outside",
        "etc": "refused: leads outside",
        "outside": "refused: leads outside",
        "zero.txt": "refused: leads outside",
        "circle": "refused: link in a circle",
        "self.md": "refused: link in a circle",
        "nowhere.md": "refused: link in a circle",
        "pipe.md": "refused: no file",
        "sparse.pdf": "stopped: file size",
        "sparse.txt": "stopped: file size",
    }
    told = {name: fate(batch.reason(name)) for name in expected}
    for end in told.values():
        tried["link, pipe, device or giant", end] += 1
    assert told == expected
    assert not _holds(batch.home, _PASSWD) and not _holds(batch.home, b"secret wombat")


@pytest.mark.trust(17)
def test_odd_names_are_read_and_shown_on_one_line(
    batch: Batch, tried: Counter[tuple[str, str]]
) -> None:
    shown = [name for name in batch.read if not name.startswith(("good-", *_KINDS, *pdfs.READ))]
    assert len(shown) == len(_ODD_NAMES) + 1  # and the one whose bytes are no text
    assert all(name.isprintable() and "\u202e" not in name for name in shown)
    tried["odd name", "read"] += len(shown)


@pytest.mark.trust(15)
def test_nothing_is_written_outside_and_nothing_of_the_machine_is_read(batch: Batch) -> None:
    place = batch.home.parent
    assert {path.name for path in place.iterdir()} == {"home", "policies", "outside"}
    assert not Path("/tmp/evil.txt").exists()
    assert not list(place.rglob("evil*"))
    assert not _holds(batch.home, b"a root:")


def _holds(home: Path, needle: bytes) -> bool:
    files = [p for p in home.rglob("*") if stat.S_ISREG(p.lstat().st_mode)]
    return any(needle in path.read_bytes() for path in files if "models" not in path.parts)


@pytest.mark.trust(15)
@pytest.mark.parametrize("name", ["gigabyte.docx", "paragraphs.docx", "cells.xlsx", "slip.docx"])
def test_an_archive_is_refused_before_it_is_unpacked(name: str, figures: Counter[str]) -> None:
    make = {**archives.BOMBS, **archives.FORGED}[name][0]
    data, times = make(), []
    for _ in range(5):
        began = time.perf_counter()
        with pytest.raises(CannotRead):
            check_archive(data, STANDARD)
        times.append(time.perf_counter() - began)
    figures["archives refused by their directory alone"] += 1
    assert min(times) < 0.05


@pytest.mark.trust(17)
def test_a_file_that_vanishes_between_listing_and_reading_is_told(
    tmp_path: Path, models: Path, tried: Counter[tuple[str, str]]
) -> None:
    folder, home = tmp_path / "policies", tmp_path / "home"
    folder.mkdir()
    (folder / "aa-slow.pdf").write_bytes(pdfs.BOMBS["shared-stream.pdf"][0]())
    (folder / "zz-gone.md").write_text("# Gone\n\nIt was here.\n")
    (folder / "zz-pipe.md").write_text("# Pipe\n\nIt was a file.\n")
    (folder / "zz-stays.md").write_text("# Stays\n\nIt is here.\n")

    def take_away() -> None:
        scene.wait_until(lambda: bool(list((home / "generations").glob("*.tmp"))))
        for name in ("zz-gone.md", "zz-pipe.md"):
            (folder / name).unlink()
        os.mkfifo(folder / "zz-pipe.md")

    thief = threading.Thread(target=take_away)
    thief.start()
    batch = _synced(tmp_path, folder, models, "seconds = 2\nworkers = 1")
    thief.join()
    assert "is gone" in str(batch.reason("zz-gone.md"))
    assert "no regular file" in str(batch.reason("zz-pipe.md"))
    assert batch.read == {"zz-stays.md"}
    tried["vanishing or replaced file", fate(batch.reason("zz-gone.md"))] += 1
    tried["vanishing or replaced file", fate(batch.reason("zz-pipe.md"))] += 1


@pytest.mark.trust(14)
@pytest.mark.slow
@pytest.mark.parametrize("name", list(pdfs.BOMBS))
def test_a_bomb_ends_within_the_standard_limits(
    name: str, tmp_path: Path, figures: Counter[str], tried: Counter[tuple[str, str]]
) -> None:
    """At most 35 s of the processor and 1.5 GiB, which the reading process cannot exceed."""
    (tmp_path / name).write_bytes(pdfs.BOMBS[name][0]())
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    [(_, result)] = read_all([ReadJob(tmp_path / name, name)], workers=1)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    assert used <= 35
    reason = None if isinstance(result, Document) else result.reason
    tried["PDF bomb, standard limits", fate(reason)] += 1
    figures["bombs within 35 s of the processor and 1.5 GiB"] += 1


@pytest.mark.trust(14)
@pytest.mark.slow
def test_a_long_real_file_is_read_whatever_a_bomb_may_cost(tmp_path: Path) -> None:
    (tmp_path / "long.pdf").write_bytes(pdfs.many_pages())
    [(_, result)] = read_all([ReadJob(tmp_path / "long.pdf", "long.pdf")], workers=1)
    assert isinstance(result, Document) and len(result.pages) == 20_000


@pytest.mark.trust(14, 15)
@pytest.mark.parametrize(
    ("limits", "text", "end"),
    [
        (replace(STANDARD, memory=250_000_000), b"some words " * 4_000_000, "stopped: memory"),
        (replace(STANDARD, characters=1_000), b"some words " * 200, "stopped: characters"),
        (replace(STANDARD, file_bytes=1_000), b"some words " * 200, "stopped: file size"),
    ],
)
def test_a_limit_that_is_hit_is_named(
    limits: Any, text: bytes, end: str, tmp_path: Path, tried: Counter[tuple[str, str]]
) -> None:
    (tmp_path / "a.txt").write_bytes(text)
    [(_, result)] = read_all([ReadJob(tmp_path / "a.txt", "a.txt")], workers=1, limits=limits)
    assert not isinstance(result, Document)
    tried["text over a limit", fate(result.reason)] += 1
    assert fate(result.reason) == end


@pytest.mark.trust(16)
@pytest.mark.slow
def test_the_samples_of_a_folder_are_read_or_told(
    tmp_path: Path, models: Path, tried: Counter[tuple[str, str]]
) -> None:
    """Whatever lies in the folder that the environment variable SAMPLES names."""
    if not (samples := os.environ.get("SAMPLES")):
        pytest.skip("SAMPLES names no folder of documents")
    folder = tmp_path / "samples"
    shutil.copytree(samples, folder)
    batch = _synced(tmp_path, folder, models, "")
    files = [path for path in folder.rglob("*.pdf") if path.is_file()]
    for path in files:
        name = path.relative_to(folder).as_posix()
        end = "needs OCR" if name in batch.pictures - batch.read else fate(batch.reason(name))
        tried["sample PDF", end] += 1
        assert end != "refused: other", batch.reason(name)
