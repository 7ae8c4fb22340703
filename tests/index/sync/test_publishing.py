"""What holds at the moment in which a generation gets its number."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from index.home import Home
from index.model.embedder import Embedder
from index.sync import SyncSettings, sync

Write = Callable[[Path, str], Path]


def _held_open(below: Path) -> set[str]:
    """The files below a folder that this process has open or mapped."""
    found = set()
    for descriptor in Path("/proc/self/fd").iterdir():
        try:
            found.add(str(descriptor.readlink()))
        except OSError:
            continue
    for line in Path("/proc/self/maps").read_text().splitlines():
        found.add(line.split(maxsplit=5)[-1])
    return {name for name in found if name.startswith(str(below))}


@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux's /proc")
def test_nothing_of_a_generation_is_open_when_its_folder_is_renamed(
    home: Path, write: Write, embedder: Embedder, tmp_path: Path
) -> None:
    """Windows renames no folder of which a file is open. A file that was open then still is when
    `approve` is asked, right after."""
    held: list[set[str]] = []

    def approve(generation: int) -> bool:
        made = Home(home).folder(generation)
        held.append(_held_open(made))
        with (made / "manifest.json").open():
            assert _held_open(made) == {str(made / "manifest.json")}
        return True

    for turn in (1, 2, 3):
        folder = write(tmp_path / "lib" / "a.md", f"# A\n\nRule {turn} on 0581T.\n").parent
        sync(
            Home(home),
            [(None, folder)],
            embedder=lambda: embedder,
            settings=SyncSettings(approve=approve, keep=1),
        )
    assert held == [set(), set()]
    assert Home(home).kept() == [3]
