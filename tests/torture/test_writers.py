"""Two syncs at once, a sync that died, and a document that changes while it is read."""

from __future__ import annotations

import json
import os
import signal
import time
from collections import Counter
from pathlib import Path

import pytest
import scene
from stage import Stage

from index.home import Home


@pytest.mark.trust(6)
@pytest.mark.parametrize(
    "turn", [pytest.param(n, marks=() if n < 2 else (pytest.mark.slow,)) for n in range(20)]
)
def test_the_second_of_two_syncs_says_who_holds_the_lock(
    turn: int, stage: Stage, tmp_path: Path, figures: Counter[str]
) -> None:
    home = stage.copy(tmp_path / "home")
    scene.write_after(stage.library, "remove")
    both = [scene.command("sync", stage.library, home=home) for _ in range(2)]
    ended = {}
    began = time.monotonic()
    while len(ended) < 2:
        for process in both:
            if process not in ended and process.poll() is not None:
                ended[process] = time.monotonic() - began
        time.sleep(0.01)
    figures["starts of two syncs at once"] += 1
    codes = sorted(process.returncode for process in both)
    told = {process.pid: process.communicate()[1] for process in both}
    if codes == [0, 1]:  # else the first was done before the second began
        first = next(process for process in both if process.returncode == 0)
        second = next(process for process in both if process.returncode == 1)
        assert f"(process {first.pid} on " in told[second.pid]
        assert "Another process is writing" in told[second.pid]
        figures["second sync refused with the holder's name"] += 1
    else:
        assert codes == [0, 0], told
    assert scene.content(home) == stage.wanted["remove"]


@pytest.mark.trust(6)
def test_a_sync_beside_a_living_one_is_refused_soon_and_a_dead_ones_lock_does_not_count(
    stage: Stage, tmp_path: Path
) -> None:
    home = stage.copy(tmp_path / "home")
    scene.write_after(stage.library, "remove")
    first = scene.command("sync", stage.library, home=home)
    scene.wait_until((home / "writer.json").exists)
    os.kill(first.pid, signal.SIGSTOP)  # it holds the lock for as long as the test likes
    try:
        for arguments in (("sync", stage.library), ("rollback",), ("sync", "--force")):
            refused = scene.run(*arguments, home=home)
            assert refused.returncode == 1
            assert f"(process {first.pid} on " in refused.stderr
        doctor = scene.run("doctor", "--json", home=home)
        assert any(str(first.pid) in f["text"] for f in json.loads(doctor.stdout)["findings"])
    finally:
        os.kill(first.pid, signal.SIGKILL)
        first.communicate()
    after = scene.run("sync", stage.library, home=home)
    assert after.returncode == 0, after.stderr
    assert scene.content(home) == stage.wanted["remove"]


@pytest.mark.trust(6)
def test_a_document_that_changes_while_it_is_read_is_one_of_its_states_and_read_again(
    stage: Stage, tmp_path: Path
) -> None:
    """What is recorded is what was read, so the next sync sees that the file is another one."""
    home = stage.copy(tmp_path / "home")
    library = tmp_path / "policies"
    library.mkdir()
    long = library / "long.md"
    texts = [
        "# Long\n\n" + "\n\n".join(f"Rule {n} of state {state}." for n in range(300))
        for state in ("one", "two")
    ]
    long.write_text(texts[0])
    process = scene.command("sync", library, home=home)
    turn = 0
    while process.poll() is None:
        turn += 1
        fresh = library / ".long.part"
        fresh.write_text(texts[turn % 2])
        fresh.replace(long)
        time.sleep(0.005)
    assert process.returncode == 0, process.communicate()
    assert _states(home) in ({"one"}, {"two"})
    long.write_text(texts[0])
    last = scene.run("sync", library, home=home)
    assert last.returncode == 0, last.stderr
    assert _states(home, latest=True) == {"one"}


def _states(home: Path, *, latest: bool = False) -> set[str]:
    from index.opening import open_library

    library = open_library(Home(home))
    chain = [v for v in library.versions.values() if v.document == "policies-2/long.md"]
    versions = [max(chain, key=lambda v: v.ordinal)] if latest else chain
    texts = [library.text(version.id) for version in versions]
    return {state for text in texts for state in ("one", "two") if f"of state {state}." in text}
