"""Readers while generations come and go, and what is left of what was removed."""

from __future__ import annotations

import threading
import time
from collections import Counter
from pathlib import Path

import pytest
import scene
from conftest import Stage

from assistant.desk import Desk
from index.home import Home
from index.opening import open_library
from ui.settings import read_settings
from ui.syncing import run_sync

_CANARY = "zyxwombatquartz"


def _sync(home: Path, library: Path) -> int:
    return run_sync(read_settings({"CODEDESK_HOME": str(home)}), [library]).generation


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
    desk._seen = Home(home).current()
    answers = scene.replies(desk)
    assert {question: told for question, (_, told) in answers.items()} == stage.old
    # Parts that nobody had looked at while their files still had names.
    assert held.document(1).text
    assert len(held.ids()["words"]) == held.size
    assert all(held.verify(p) for v in held.versions for p in held.passages_of(v))


@pytest.mark.parametrize(
    "rounds", [pytest.param(3, id="short"), pytest.param(25, id="long", marks=pytest.mark.slow)]
)
def test_four_readers_hear_whole_generations_only(
    rounds: int, stage: Stage, tmp_path: Path, figures: Counter[str]
) -> None:
    home = stage.copy(tmp_path / "home")
    desk = Desk(Home(home))
    heard: set[tuple[int, str, str]] = set()
    counted, errors, stop = Counter[str](), list[str](), threading.Event()

    def read(first: int) -> None:
        turn = first
        while not stop.is_set():
            question = scene.QUESTIONS[turn % len(scene.QUESTIONS)]
            try:
                generation, told = scene.reply(desk, question)
                heard.add((generation, question, told))
                counted["asked"] += 1
            except Exception as error:
                errors.append(repr(error))
            turn += 1
            time.sleep(0.01)

    readers = [threading.Thread(target=read, args=(first,)) for first in range(4)]
    for reader in readers:
        reader.start()
    truth: dict[int, dict[str, str]] = {stage.current: stage.old}
    try:
        for turn in range(rounds):
            scene.write_after(stage.library, ("remove", "add")[turn % 2])
            generation = _sync(home, stage.library)
            quiet = Desk(Home(home))
            truth[generation] = {q: told for q, (_, told) in scene.replies(quiet).items()}
    finally:
        stop.set()
        for reader in readers:
            reader.join()
    wrong = [entry for entry in heard if truth[entry[0]][entry[1]] != entry[2]]
    figures["generations published under four readers"] += rounds
    figures["answers of the four readers"] += counted["asked"]
    figures["answers that were wrong, or errors"] += len(wrong) + len(errors)
    assert (wrong, errors) == ([], [])
    assert len({generation for generation, _, _ in heard}) > 1


def test_nothing_of_a_removed_document_is_left_in_the_new_generation(
    stage: Stage, tmp_path: Path
) -> None:
    home = stage.copy(tmp_path / "home")
    scene.write_before(stage.library)
    secret = stage.library / "secret.md"
    secret.write_text(f"# A {_CANARY} title\n\nThe {_CANARY} rule, code 0581T.\n\n" * 40)
    generation = _sync(home, stage.library)
    assert _found(Home(home).folder(generation)) != []
    secret.unlink()
    generation = _sync(home, stage.library)
    assert _found(Home(home).folder(generation)) == []
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
