"""`codedesk sync` is killed at every step and at random times; the index must not notice."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import scene
from stage import Stage

from index.care.doctor import PROBLEM, examine
from index.home import Home
from index.home.crash import CLUSTER_STEPS, EDIT_STEPS, REPLICA_STEPS, RESTORE_STEPS, STEPS
from ui.jobs.syncing import run_sync
from ui.state.settings import read_settings

_WAYS = ("remove", "add")
_NORMAL_STEPS = STEPS[::2]
_TIMES, _NORMAL_TIMES = 100, 4  # for each way; on a busy machine some syncs are done before


def _at_steps() -> Iterator[object]:
    for way in _WAYS:
        for step in STEPS:
            if way == "add" and step == "document-dropped":
                continue  # nothing is dropped where nothing is removed
            slow = () if way == "remove" and step in _NORMAL_STEPS else (pytest.mark.slow,)
            yield pytest.param(way, step, marks=slow)


def _at_times() -> Iterator[object]:
    for way in _WAYS:
        for number in range(_TIMES):
            slow = () if number < _NORMAL_TIMES else (pytest.mark.slow,)
            yield pytest.param(way, number, marks=slow)


@pytest.mark.trust(2)
@pytest.mark.parametrize(("way", "step"), list(_at_steps()))
def test_a_sync_that_dies_at_a_step_leaves_a_whole_index(
    way: str, step: str, stage: Stage, asker: scene.Asker, tmp_path: Path, figures: Counter[str]
) -> None:
    home = stage.copy(tmp_path / "home")
    asker.start(home)
    scene.write_after(stage.library, way)
    killed = scene.run("sync", stage.library, home=home, environment={"CODEDESK_CRASH_AT": step})
    assert killed.returncode == 137, killed.stderr
    figures["kills of sync, at an injected step"] += 1
    _judge(home, way, stage, asker, figures, doctor_first=STEPS.index(step) % 2 == 0)


@pytest.mark.trust(1)
@pytest.mark.parametrize(("way", "number"), list(_at_times()))
def test_a_sync_that_is_killed_at_any_time_leaves_a_whole_index(
    way: str,
    number: int,
    stage: Stage,
    asker: scene.Asker,
    tmp_path: Path,
    chance: random.Random,
    figures: Counter[str],
) -> None:
    home = stage.copy(tmp_path / "home")
    asker.start(home)
    scene.write_after(stage.library, way)
    process = scene.command("sync", stage.library, home=home)
    scene.wait_until((home / "writer.json").exists)
    time.sleep(chance.uniform(0.0, 0.9 * stage.seconds[way]))
    os.kill(process.pid, signal.SIGKILL)
    _finish(process)
    figures["kills of sync, by time"] += process.returncode == -signal.SIGKILL
    _judge(home, way, stage, asker, figures, doctor_first=number % 2 == 0)


def _finish(process: subprocess.Popen[str]) -> None:
    process.communicate(timeout=60)


def _judge(
    home: Path,
    way: str,
    stage: Stage,
    asker: scene.Asker,
    figures: Counter[str],
    *,
    doctor_first: bool,
) -> None:
    wrong = "half states, mixtures, errors or refusals after a kill"
    figures[wrong] += 1  # taken back below, when all held
    heard = asker.stop()
    assert heard["errors"] == []
    assert heard["warnings"] == []
    states = {stage.current: stage.old, stage.current + 1: stage.new[way]}
    for generation, told in heard["heard"].items():
        for question, fingerprints in told.items():
            assert fingerprints == [states[int(generation)][question]], (generation, question)
    (found,) = {generation for generation, _ in heard["fresh"].values()}
    assert {q: told for q, (_, told) in heard["fresh"].items()} == states[found]
    if doctor_first:
        _see_doctor(home, figures)
    figures[wrong] -= 1
    figures["questions answered while sync was killed"] += heard["asked"]
    which = "old" if found == stage.current else "new"
    figures[f"{which} generation answered after the kill"] += 1
    _recover(home, way, stage, figures)


def _see_doctor(home: Path, figures: Counter[str]) -> None:
    left = [path.name for path in Home(home).leftovers()]
    findings = examine(Home(home))
    assert [finding for finding in findings if finding.level == PROBLEM] == []
    told = " ".join(finding.text for finding in findings)
    assert all(name in told for name in left)
    assert Home(home).leftovers() == []
    figures["leftovers swept and named"] += len(left)


def _recover(home: Path, way: str, stage: Stage, figures: Counter[str]) -> None:
    """The next sync ends where an undisturbed one would."""
    lost = "passages lost or different after the next sync"
    report = run_sync(read_settings({"CODEDESK_HOME": str(home)}), [stage.library])
    assert report.failed == []
    reached = scene.content(home)
    figures[lost] += len(reached.passages ^ stage.wanted[way].passages)
    assert reached == stage.wanted[way]
    assert Home(home).leftovers() == []
    problems = [f for f in examine(Home(home)) if f.level == PROBLEM]
    assert problems == []


@pytest.mark.trust(2)
def test_every_step_that_may_be_killed_is_in_the_code_and_the_other_way_round() -> None:
    import ast

    rooms = Path(__file__).resolve().parents[2] / "index"
    found = set()
    for path in rooms.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name == "crash_point" and isinstance(node.args[0], ast.Constant):
                found.add(node.args[0].value)
            if name == "write_durably":
                found |= {
                    f"{word.value.value}-unnamed"
                    for word in node.keywords
                    if word.arg == "step" and isinstance(word.value, ast.Constant)
                }
    apart = {
        *RESTORE_STEPS,
        *EDIT_STEPS,
        *REPLICA_STEPS,
        *CLUSTER_STEPS,
    }  # killed at by tests of their own
    assert found - apart == set(STEPS)
