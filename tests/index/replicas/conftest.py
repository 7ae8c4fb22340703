from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))  # for the modules beside the tests

from machines import FIRST, SECOND, Machine, machine_at


@pytest.fixture(scope="module")
def published(
    tmp_path_factory: pytest.TempPathFactory, models: Path
) -> tuple[Machine, Path, Path, Path]:
    """A home of two generations, `before` of the first, and where each was published to."""
    folder = tmp_path_factory.mktemp("published")
    machine = machine_at(folder / "publisher", models)
    place, before = folder / "place", folder / "before"
    (machine.home / "library").mkdir()
    (machine.home / "library" / "warts.md").write_text(f"# Warts\n\n{FIRST}\n", "utf-8")
    (machine.home / "library" / "moles.md").write_text(
        "# Moles\n\nMoles are left alone.\n", "utf-8"
    )
    machine.does("sync", str(machine.home / "library"))
    machine.does("publish", "--to", str(place))
    shutil.copytree(place, before)
    (machine.home / "library" / "warts.md").write_text(f"# Warts\n\n{SECOND}\n", "utf-8")
    machine.does("sync", str(machine.home / "library"))
    machine.does("publish", "--to", str(place))
    return machine, place, before, folder


@pytest.fixture
def follower(tmp_path: Path, models: Path) -> Machine:
    return machine_at(tmp_path / "follower", models)


@pytest.fixture
def place(published: tuple[Machine, Path, Path, Path], tmp_path: Path) -> Path:
    """A copy of the place as it is after the first generation, to go on from."""
    shutil.copytree(published[2], tmp_path / "place")
    return tmp_path / "place"
