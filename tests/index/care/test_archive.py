"""The file of a backup holds what there was, whatever happens to a file while it is read."""

from __future__ import annotations

import hashlib
import io
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from index.care.archive import Archive, what_is_wrong
from index.home.manifest import FileSum


class _Changing(io.FileIO):
    """A file to which something happens when it is first read."""

    def __init__(self, path: Path, happens: Callable[[Path], None], *, times: int) -> None:
        super().__init__(path, "rb")
        self._path, self._happens, self._left = path, happens, times

    def read(self, size: int | None = -1, /) -> bytes:
        if self._left:
            self._left -= 1
            self._happens(self._path)
        return super().read(size)  # type: ignore[return-value]


def _appended(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"more" * 300)


def _cut(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(max(0, path.stat().st_size - 700))


@pytest.mark.parametrize("times", [1, 2, 50])
@pytest.mark.parametrize("happens", [_appended, _cut], ids=["grows", "shrinks"])
def test_a_file_that_changes_while_it_is_read_is_whole_and_so_is_the_archive(
    happens: Callable[[Path], None], times: int, tmp_path: Path
) -> None:
    path, target = tmp_path / "notes.txt", tmp_path / "archive"
    path.write_bytes(bytes(range(256)) * 20)
    first = path.read_bytes()
    with target.open("w+b") as file:
        archive = Archive(file)
        with (tmp_path / "notes.txt").open("rb") as steady:
            archive.add("before", steady)
        with _Changing(path, happens, times=times) as changing:
            archive.add("notes.txt", changing)
        with path.open("rb") as steady:
            archive.add("after", steady)
        size = archive.finish()
    assert size == target.stat().st_size
    assert what_is_wrong(target) == ""
    with tarfile.open(target) as tar:
        held = {member.name: tar.extractfile(member).read() for member in tar}  # type: ignore
    assert list(held) == ["before", "notes.txt", "after"]
    assert held["before"] == first
    last = path.read_bytes()
    assert held["after"] == last
    kept = held["notes.txt"]
    assert kept == last[: len(kept)]
    assert len(kept) == len(last) or (happens is _appended and times > 3)
    assert archive.sums["notes.txt"] == FileSum(len(kept), hashlib.sha256(kept).hexdigest())


def test_names_that_are_long_or_no_text_come_back_as_they_were(tmp_path: Path) -> None:
    names = ["library/" + "n" * 240, "library/é/☤.md", "library/\udcff.md", "library/" + "d/" * 90]
    (tmp_path / "one").write_bytes(b"1")
    with (tmp_path / "archive").open("w+b") as file, (tmp_path / "one").open("rb") as one:
        archive = Archive(file)
        for name in names:
            archive.add(name, one)
        archive.finish()
    with tarfile.open(tmp_path / "archive") as tar:
        assert [m.name.rstrip("/") for m in tar] == [name.rstrip("/") for name in names]


@pytest.mark.parametrize("size", [0, 1, 511, 512, 513, 10240, 1_048_577])
def test_the_archive_is_one_for_tar_too_and_its_last_line_is_checked(
    size: int, tmp_path: Path
) -> None:
    source, target = tmp_path / "source", tmp_path / "archive"
    source.write_bytes(b"x" * size)
    with target.open("w+b") as file, source.open("rb") as opened:
        archive = Archive(file)
        archive.add("source", opened)
        archive.finish()
    assert what_is_wrong(target) == ""
    with tarfile.open(target) as tar:
        assert [member.size for member in tar] == [size]
    content = target.read_bytes()
    target.write_bytes(content[:-70] + bytes([content[-70] ^ 1]) + content[-69:])
    assert "damaged" in what_is_wrong(target) or "no backup" in what_is_wrong(target)
