"""Files that are written whole, whoever else writes them."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest

from index.home import Home
from index.home.durable import flush, move, sqlite_uri, unfinished, write_durably

_WRITER = """
import sys
from pathlib import Path
from index.home.durable import write_durably
for turn in range(50):
    write_durably(Path(sys.argv[1]), sys.argv[2].encode() * 20_000)
"""


def test_threads_and_processes_that_write_one_file_leave_it_whole_and_nothing_beside_it(
    tmp_path: Path,
) -> None:
    path, problems = tmp_path / "CURRENT", list[str]()
    write_durably(path, b"0" * 20_000)
    writing = threading.Event()

    def write(letter: bytes) -> None:
        try:
            for _ in range(50):
                write_durably(path, letter * 20_000)
        except OSError as error:
            problems.append(repr(error))

    def read() -> None:
        while not writing.is_set():
            content = path.read_bytes()
            if len(content) != 20_000 or len(set(content)) != 1:
                problems.append(f"torn: {len(content)} bytes")

    threads = [threading.Thread(target=write, args=(bytes([65 + n]),)) for n in range(4)]
    reader = threading.Thread(target=read)
    processes = [
        subprocess.Popen([sys.executable, "-c", _WRITER, str(path), letter], cwd=Path.cwd())
        for letter in ("x", "y")
    ]
    for thread in (reader, *threads):
        thread.start()
    for thread in threads:
        thread.join()
    assert [process.wait() for process in processes] == [0, 0]
    writing.set()
    reader.join()
    assert problems == []
    assert [entry.name for entry in tmp_path.iterdir()] == ["CURRENT"]


def test_a_sweep_leaves_what_a_living_writer_is_at_work_on(tmp_path: Path) -> None:
    """The pages write settings and jobs without the writer's lock, while a sync begins."""
    home = Home(tmp_path)
    home.make()
    stop, problems = threading.Event(), list[str]()

    def write() -> None:
        try:
            for _ in range(150):
                write_durably(tmp_path / "settings.toml", b"keep = 2\n")
        except OSError as error:
            problems.append(repr(error))
        stop.set()

    writer = threading.Thread(target=write)
    writer.start()
    while not stop.is_set():
        home.sweep()
    writer.join()
    assert problems == []
    assert (tmp_path / "settings.toml").read_bytes() == b"keep = 2\n"


@pytest.mark.parametrize("where", ["", "jobs", "evaluations", "library/sub", "generations"])
def test_what_a_killed_writer_left_is_swept_wherever_it_wrote(where: str, tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.make()
    (tmp_path / where).mkdir(parents=True, exist_ok=True)
    left = unfinished(tmp_path / where / "000001.json")
    own = tmp_path / where / ".notes.tmp"  # not ours
    for path in (left, own):
        path.write_text("half")
    assert home.leftovers() == [left]
    assert home.sweep() == [left.name]
    assert own.exists() and not left.exists()


def test_what_an_earlier_codedesk_left_half_written_is_swept_too(tmp_path: Path) -> None:
    (tmp_path / ".CURRENT.4711.tmp").write_text("half")
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / ".notes.2024.tmp").write_text("a person's")
    assert Home(tmp_path).sweep() == [".CURRENT.4711.tmp"]
    assert (tmp_path / "library" / ".notes.2024.tmp").exists()


def test_a_writer_that_is_stopped_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "CURRENT").mkdir()  # no file can take its place
    with pytest.raises(OSError):
        write_durably(tmp_path / "CURRENT", b"1\n")
    assert [entry.name for entry in tmp_path.iterdir()] == ["CURRENT"]


class _Held(type(Path())):  # type: ignore[misc]
    """A path that another program holds open, as Windows sees it, for the first few tries."""

    refusals = 0

    def replace(self, target: Path) -> Path:
        type(self).refusals -= 1
        if self.refusals >= 0:
            raise PermissionError(13, "in use", str(self))
        return super().replace(target)


@pytest.mark.parametrize(("refusals", "moves"), [(0, True), (2, True), (3, False)])
def test_what_is_held_open_for_a_moment_is_renamed_when_it_is_let_go(
    refusals: int, moves: bool, tmp_path: Path
) -> None:
    source = _Held(tmp_path / "work")
    source.mkdir()
    _Held.refusals = refusals
    if moves:
        move(source, tmp_path / "000001", tries=3)
    else:
        with pytest.raises(PermissionError):
            move(source, tmp_path / "000001", tries=3)
    assert (tmp_path / "000001").exists() == moves


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no fcntl")
@pytest.mark.parametrize("known", [True, False])
def test_where_the_system_flushes_the_drive_too_that_is_asked_for_and_else_a_flush(
    known: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """macOS has F_FULLFSYNC; a network's file system may not know it."""
    import fcntl

    asked: list[object] = []

    def control(handle: int, command: int) -> int:
        asked.append(command)
        if not known:
            raise OSError(25, "not for this file")
        return 0

    monkeypatch.setattr(fcntl, "F_FULLFSYNC", 51, raising=False)
    monkeypatch.setattr(fcntl, "fcntl", control)
    monkeypatch.setattr(os, "fsync", lambda handle: asked.append("fsync"))
    with (tmp_path / "file").open("wb") as file:
        flush(file.fileno())
    assert asked == ([51] if known else [51, "fsync"])


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        (PurePosixPath("/home/desk/library.sqlite3"), "file:///home/desk/library.sqlite3"),
        (PurePosixPath("/a b/50%/#1?"), "file:///a%20b/50%25/%231%3F"),
        (PureWindowsPath(r"C:\Users\Ann\desk"), "file:///C:/Users/Ann/desk"),
        (PureWindowsPath(r"\\server\share\desk"), "file:////server/share/desk"),
        (PureWindowsPath(r"\\?\C:\a very long path"), "file:///C:/a%20very%20long%20path"),
        (PureWindowsPath(r"\\?\UNC\server\share\desk"), "file:////server/share/desk"),
    ],
)
def test_sqlite_gets_an_address_without_a_host(
    path: PurePosixPath | PureWindowsPath, uri: str
) -> None:
    assert sqlite_uri(path) == uri
    with closing(sqlite3.connect(f"{uri}?mode=memory", uri=True)):
        pass  # it refuses an address with a host


def test_sqlite_opens_a_file_whatever_its_name(tmp_path: Path) -> None:
    folder = tmp_path / "50% #1? & \udcff é"
    folder.mkdir()
    path = folder / "store"
    with closing(sqlite3.connect(f"{sqlite_uri(path)}?mode=rwc", uri=True)) as store:
        store.execute("CREATE TABLE kept (id)")
    assert path.is_file()
