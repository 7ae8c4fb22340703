"""A published index to be tortured, another process that asks, and the table of figures."""

from __future__ import annotations

import platform
import random
import shutil
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))  # for scene.py beside the tests

import scene

RESULTS = Path(__file__).resolve().parent / "RESULTS.md"
FIGURES = pytest.StashKey[Counter[str]]()
# What the table says, in its order; a figure that a run did not touch is left out.
ROWS = (
    "kills of sync, at an injected step",
    "kills of sync, by time",
    "old generation answered after the kill",
    "new generation answered after the kill",
    "half states, mixtures, errors or refusals after a kill",
    "passages lost or different after the next sync",
    "questions answered while sync was killed",
    "leftovers swept and named",
    "damages done to files of a generation",
    "damages noticed before the file was parsed",
    "last good generation answered instead",
    "damages done to CURRENT",
    "damages to CURRENT noticed",
    "bits flipped in a backup",
    "flipped backups refused",
    "syncs on a full disk",
    "old generation answered after a full disk",
    "starts of two syncs at once",
    "second sync refused with the holder's name",
    "generations published under four readers",
    "answers of the four readers",
    "answers that were wrong, or errors",
)


@dataclass(frozen=True)
class Stage:
    """A home whose current generation is whole, and what it and its successors must say."""

    template: Path
    library: Path
    models: Path
    old: dict[str, str]  # fingerprint by question
    new: dict[str, dict[str, str]]  # by way, then by question
    wanted: dict[str, scene.Content]  # by way
    seconds: dict[str, float]  # how long an undisturbed sync holds the lock, by way
    current: int

    def copy(self, target: Path) -> Path:
        return scene.copy_home(self.template, target, self.models)


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory, models: Path) -> Stage:
    root = tmp_path_factory.mktemp("stage")
    library, template = root / "policies", root / "template"
    template.mkdir(mode=0o700)
    (template / "models").symlink_to(models, target_is_directory=True)
    (template / "settings.toml").write_text("keep = 2\n")  # so that every publishing prunes
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


@pytest.fixture
def figures(request: pytest.FixtureRequest) -> Counter[str]:
    """Counts that end in the table; see ROWS."""
    return request.config.stash[FIGURES]


def pytest_configure(config: pytest.Config) -> None:
    config.stash[FIGURES] = Counter()


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, exitstatus: int, config: pytest.Config
) -> None:
    """Print the table; write it too when the whole torture was run."""
    figures = config.stash.get(FIGURES, Counter())
    rows = [(row, figures[row]) for row in ROWS if row in figures]
    if not rows:
        return
    terminalreporter.section("torture")
    for row, count in rows:
        terminalreporter.write_line(f"{count:>8,}  {row}")
    if config.getoption("--torture-results"):
        RESULTS.write_text(_table(rows, exitstatus), "utf-8")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--torture-results", action="store_true", help="write tests/torture/RESULTS.md"
    )


def _table(rows: list[tuple[str, int]], exitstatus: int) -> str:
    machine = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    lines = [
        "# What the torture found",
        "",
        f"Written by `make torture` on {time.strftime('%Y-%m-%d')}: {machine}; "
        f"{'every check held' if exitstatus == 0 else 'SOME CHECKS FAILED'}.",
        "",
        "| what was done or found | times |",
        "|---|--:|",
        *(f"| {row} | {count:,} |" for row, count in rows),
        "",
    ]
    return "\n".join(lines)
