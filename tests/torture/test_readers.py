"""Readers while generations come and go, and what is left of what was removed."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from pathlib import Path

import pytest
import scene
from stage import Stage

from assistant.desk import Desk, _seen
from index.home import Home
from index.opening import open_library
from ui.jobs.syncing import run_sync
from ui.state.settings import read_settings

_CANARY = "zyxwombatquartz"


def _sync(home: Path, library: Path) -> int:
    return run_sync(read_settings({"CODEDESK_HOME": str(home)}), [library]).generation


@pytest.mark.trust(7)
def test_a_reader_of_a_removed_generation_goes_on_answering(stage: Stage, tmp_path: Path) -> None:
    home = stage.copy(tmp_path / "home")
    desk = Desk(Home(home))
    library = desk.library
    held = open_library(Home(home))
    for turn in range(4):
        scene.write_after(stage.library, ("remove", "add")[turn % 2])
        _sync(home, stage.library)
    assert not Home(home).folder(library.generation).exists()
    # The desk would take up the newest: here it has to go on with what it opened long ago.
    desk._seen = _seen(Home(home))
    answers = scene.replies(desk)
    assert {question: told for question, (_, told) in answers.items()} == stage.old
    # Parts that nobody had looked at while their files still had names.
    assert held.document(1).text
    assert len(held.ids()["words"]) == held.size
    assert all(held.verify(p) for v in held.versions for p in held.passages_of(v))


@pytest.mark.trust(7)
@pytest.mark.parametrize(
    "rounds", [pytest.param(3, id="short"), pytest.param(30, id="long", marks=pytest.mark.slow)]
)
def test_four_readers_hear_whole_generations_only(
    rounds: int, stage: Stage, tmp_path: Path, figures: Counter[str]
) -> None:
    home = stage.copy(tmp_path / "home")
    desk = Desk(Home(home))
    heard: set[tuple[int, str, str]] = set()
    seconds, errors, stop = list[float](), list[str](), threading.Event()

    def read(first: int) -> None:
        turn = first
        while not stop.is_set():
            question = scene.QUESTIONS[turn % len(scene.QUESTIONS)]
            began = time.perf_counter()
            try:
                generation, told = scene.reply(desk, question)
                heard.add((generation, question, told))
                seconds.append(time.perf_counter() - began)
            except Exception as error:
                errors.append(repr(error))
            turn += 1
            time.sleep(0.01)

    readers = [threading.Thread(target=read, args=(first,)) for first in range(4)]
    for reader in readers:
        reader.start()
    truth: dict[int, dict[str, str]] = {stage.current: stage.old}
    time.sleep(rounds / 3)
    while not seconds and not errors:  # a machine so busy that no one has been answered yet
        time.sleep(0.1)
    quiet = _p95(seconds)
    seconds.clear()
    try:
        for turn in range(rounds):
            scene.write_after(stage.library, ("remove", "add")[turn % 2])
            synced = scene.run("sync", stage.library, "--json", home=home)
            generation = json.loads(synced.stdout)["generation"]
            fresh = Desk(Home(home))
            truth[generation] = {q: told for q, (_, told) in scene.replies(fresh).items()}
    finally:
        stop.set()
        for reader in readers:
            reader.join()
    wrong = [entry for entry in heard if truth[entry[0]][entry[1]] != entry[2]]
    figures["generations published under four readers"] += rounds
    figures["answers of the four readers"] += len(seconds)
    if rounds > 3:
        figures["p95 of four readers, no sync running, ms"] += round(1000 * quiet)
        figures["p95 of four readers, syncs running all the time, ms"] += round(
            1000 * _p95(seconds)
        )
    figures["answers that were wrong, or errors"] += len(wrong) + len(errors)
    assert (wrong, errors) == ([], [])
    assert len({generation for generation, _, _ in heard}) > 1


def _p95(seconds: list[float]) -> float:
    return sorted(seconds)[len(seconds) * 95 // 100]


@pytest.mark.trust(10)
def test_nothing_of_a_removed_document_is_left_in_the_new_generation(
    stage: Stage, tmp_path: Path
) -> None:
    """Nor in a backup made after, nor in the folder for temporary files."""
    home, temporary = stage.copy(tmp_path / "home"), tmp_path / "temporary"
    temporary.mkdir()
    scene.write_before(stage.library)
    secret = stage.library / "secret.md"
    secret.write_text(f"# A {_CANARY} title\n\nThe {_CANARY} rule, code 0581T.\n\n" * 40)
    generation = _sync(home, stage.library)
    assert _found(Home(home).folder(generation)) != []
    secret.unlink()
    apart = {"TMPDIR": str(temporary)}
    assert scene.run("sync", stage.library, home=home, environment=apart).returncode == 0
    assert _found(Home(home).folder(Home(home).current())) == []
    backup = tmp_path / "made after"
    assert scene.run("backup", backup, home=home, environment=apart).returncode == 0
    assert _CANARY.encode() not in backup.read_bytes().lower()
    assert list(temporary.iterdir()) == []
    answer = Desk(Home(home)).ask(f"What is the {_CANARY} rule?")
    assert all(_CANARY not in citation.text for citation in answer.citations)
    # Kept generations still have it, until they are pruned: then it is nowhere.
    for turn in range(2):
        (stage.library / "more.md").write_text(f"# More\n\nTurn {turn}.\n")
        _sync(home, stage.library)
    assert _found(home) == []


def _found(folder: Path) -> list[str]:
    """Files with the canary, or its stem as the word index has it, in any case."""
    needle = _CANARY.encode()
    return [
        path.name
        for path in folder.rglob("*")
        if path.is_file() and "models" not in path.parts and needle in path.read_bytes().lower()
    ]
