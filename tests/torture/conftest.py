"""A published index to be tortured, and another process that asks."""

from __future__ import annotations

import random
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))  # for scene.py beside the tests

import scene
from stage import Stage

_LONGEST = ("test_ten_minutes", "test_the_samples_of_a_folder", "test_a_long_real_file")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest tests begin first: else one process would wait for the other at the end."""
    items.sort(key=lambda item: not item.name.startswith(_LONGEST))


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory, models: Path) -> Stage:
    root = tmp_path_factory.mktemp("stage")
    library, template = root / "policies", root / "template"
    template.mkdir(mode=0o700)
    (template / "models").symlink_to(models, target_is_directory=True)
    # So that every publishing prunes.
    (template / "settings.toml").write_text("keep = 2\nkeep_days = 0\n")
    for write in (lambda: scene.write_after(library, "add"), lambda: scene.write_before(library)):
        write()
        done = scene.run("sync", library, home=template)
        assert done.returncode == 0, done.stderr
    old = _fingerprints(template)
    new, wanted, seconds = {}, {}, {}
    for way in ("remove", "add"):
        home = scene.copy_home(template, root / way, models)
        scene.write_after(library, way)
        process = scene.command("sync", library, home=home)
        scene.wait_until((home / "writer.json").exists)
        began = time.monotonic()
        assert process.wait() == 0
        seconds[way] = time.monotonic() - began
        new[way], wanted[way] = _fingerprints(home), scene.content(home)
        assert set(new[way].values()) != set(old.values())
        shutil.rmtree(home)
    return Stage(template, library, models, old, new, wanted, seconds, current=2)


def _fingerprints(home: Path) -> dict[str, str]:
    from assistant.desk import Desk
    from index.home import Home

    return {question: told for question, (_, told) in scene.replies(Desk(Home(home))).items()}


@pytest.fixture(scope="session")
def asker() -> Iterator[scene.Asker]:
    process = scene.Asker()
    yield process
    process.end()


@pytest.fixture
def chance(request: pytest.FixtureRequest) -> random.Random:
    """Random numbers that are the same in every run of one test."""
    return random.Random(request.node.nodeid)
