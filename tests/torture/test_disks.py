"""A full disk, a folder that may not be written, and the order in which things reach the disk."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import scene
from stage import Stage

from assistant.desk import Desk
from index.home import Home

_MEGABYTE = 1_000_000
linux = pytest.mark.skipif(sys.platform != "linux", reason="needs Linux's mounts")


@contextmanager
def _mounted(folder: Path, options: str) -> Iterator[Path]:
    """A small file system of its own; skips where mounting is not allowed."""
    folder.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], capture_output=True
    )
    if made.returncode:
        pytest.skip("mounting a small file system is not allowed here (it needs root)")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def _fill(disk: Path, *, leave: int) -> Path:
    """Take all space but `leave` bytes."""
    ballast = disk / "ballast"
    with ballast.open("wb") as file:
        file.truncate(0)
        os.posix_fallocate(file.fileno(), 0, shutil.disk_usage(disk).free - leave)
    return ballast


@pytest.mark.trust(3)
@linux
@pytest.mark.parametrize(
    "leave",
    [
        pytest.param(kilobytes * 1000, id=f"{kilobytes}kB", marks=marks)
        for kilobytes, marks in [
            (0, ()),
            (40, pytest.mark.slow),
            (90, ()),
            (140, pytest.mark.slow),
            (170, pytest.mark.slow),
            (190, pytest.mark.slow),
            (210, ()),
        ]
    ],
)
def test_a_sync_on_a_full_disk_says_so_and_leaves_the_old_generation(
    leave: int, stage: Stage, tmp_path: Path, figures: Counter[str]
) -> None:
    with _mounted(tmp_path / "disk", "size=24m") as disk:
        home = stage.copy(disk / "home")
        scene.write_after(stage.library, "remove")
        ballast = _fill(disk, leave=leave)
        free = shutil.disk_usage(disk).free
        done = scene.run("sync", stage.library, home=home)
        assert done.returncode == 1, done.stdout
        assert "no space left" in done.stderr.lower()
        assert "Traceback" not in done.stderr
        figures["syncs on a full disk"] += 1
        assert shutil.disk_usage(disk).free >= free - 20_000  # what was half made is gone
        assert Home(home).leftovers() == []
        desk = Desk(Home(home))
        answers = scene.replies(desk)
        assert {question: told for question, (_, told) in answers.items()} == stage.old
        assert desk.serving()[1] == ()
        figures["old generation answered after a full disk"] += 1
        ballast.unlink()
        after = scene.run("sync", stage.library, home=home)
        assert after.returncode == 0, after.stderr
        assert scene.content(home) == stage.wanted["remove"]


@pytest.mark.trust(3)
@linux
def test_a_home_that_may_not_be_written_answers_and_refuses_a_sync_in_words(
    stage: Stage, tmp_path: Path
) -> None:
    with _mounted(tmp_path / "disk", "size=200m") as disk:
        home = scene.copy_home(stage.template, disk / "home", stage.models)
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        scene.write_after(stage.library, "add")
        synced = scene.run("sync", stage.library, home=home)
        assert synced.returncode == 1
        assert "Read-only" in synced.stderr and "Traceback" not in synced.stderr
        answers = scene.replies(Desk(Home(home)))
        assert {question: told for question, (_, told) in answers.items()} == stage.old
        for arguments in (("rollback",), ("backup", str(home / "b.tar")), ("doctor",)):
            told = scene.run(*arguments, home=home)
            assert told.returncode == 1, arguments
            assert "Traceback" not in told.stderr
            assert "Read-only" in " ".join((told.stdout + told.stderr).split())


@pytest.mark.trust(3)
def test_a_home_below_a_file_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    done = scene.run("sync", tmp_path, home=tmp_path / "file" / "home")
    assert done.returncode == 1
    assert "CODEDESK_HOME" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.trust(11)
@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace")
def test_everything_is_on_the_disk_before_a_name_says_so(
    stage: Stage, tmp_path: Path, strace: Callable[..., list[str]]
) -> None:
    home = stage.copy(tmp_path / "home")
    scene.write_after(stage.library, "remove")
    calls = strace("sync", stage.library, home=home)
    work, final = f"{stage.current + 1:06d}.tmp", f"{stage.current + 1:06d}"
    renamed = next(n for n, call in enumerate(calls) if re.match(rf'rename.*/{work}", ', call))
    pointed = next(
        n for n, call in enumerate(calls) if call.startswith("rename") and '/CURRENT"' in call
    )
    found = (re.match(r"fsync\(\d+<(.*)>\)", call) for call in calls[:renamed])
    flushed = {match[1] for match in found if match}
    made = Home(home).folder(stage.current + 1)
    for path in [p for p in made.rglob("*") if not p.name.startswith(".tantivy-")]:
        assert str(path).replace(final, work, 1) in flushed, path
    between = [call for call in calls[renamed:pointed] if call.startswith("fsync")]
    assert any(f"{home}/generations>" in call for call in between)
    assert any(f"{home}/.CURRENT." in call for call in between)
    assert any(f"{home}>" in call for call in calls[pointed:] if call.startswith("fsync"))


@pytest.fixture
def strace(tmp_path: Path) -> Callable[..., list[str]]:
    """Runs the command and gives its fsync and rename calls, with the files' names."""

    def traced(*arguments: str | Path, home: Path) -> list[str]:
        log = tmp_path / "trace"
        watched = ["strace", "-f", "-y", "-e", "trace=fsync,fdatasync,rename,renameat,renameat2"]
        done = subprocess.run(
            [*watched, "-o", str(log), sys.executable, "-m", "ui.cli", *map(str, arguments)],
            env={**os.environ, "CODEDESK_HOME": str(home)},
            cwd="/",
            capture_output=True,
            encoding="utf-8",
        )
        if "ptrace" in done.stderr:
            pytest.skip("tracing is not allowed here")
        assert done.returncode == 0, done.stderr
        return _calls(log.read_text("utf-8").splitlines())

    return traced


def _calls(log: Iterable[str]) -> list[str]:
    """The calls of all threads in the order in which they ended. One that another thread's call
    came into stands in the log in two halves: "fsync(4</a> <unfinished ...>", "<... resumed>)"."""
    begun: dict[str, str] = {}
    calls = []
    for line in log:
        thread, call = line.split(maxsplit=1)
        if call.endswith("<unfinished ...>"):
            begun[thread] = call.removesuffix("<unfinished ...>").rstrip()
        elif match := re.match(r"<\.\.\. \w+ resumed>", call):
            calls.append(begun.pop(thread, "") + call[match.end() :])
        else:
            calls.append(call)
    return calls
