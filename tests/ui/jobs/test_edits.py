"""Documents that are switched off, edits that are published at once, generations that are kept."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

from small_library import POLICY

from index.home import Home
from index.opening import open_library
from ui.jobs import evaluations, jobs
from ui.jobs.evaluations import Changed, is_worse
from ui.jobs.syncing import run_sync
from ui.state.records import Records
from ui.state.settings import Settings

QUESTION = "Does Lakeside Health ask for prior authorization before cryoablation?"
LOWERED = POLICY.replace(
    "Lakeside Health asks for prior authorization before every cryoablation reported with 0581T.\n"
    "Send the request ten working days before the procedure.",
    "The plan has nothing to say on this matter any more.",
)


def documents(home: Path) -> set[str]:
    with open_library(Home(home)) as library:
        return {version.document.rpartition("/")[2] for version in library.versions.values()}


def test_a_document_of_any_folder_is_switched_off_and_on_again_and_its_file_stays(
    home: Path, tmp_path: Path
) -> None:
    watched = tmp_path / "watched"
    watched.mkdir()
    (watched / "theirs.md").write_text("# Theirs\n\nTheirs is on 0581T.\n", "utf-8")
    settings = Settings(home=home, workers=1)
    run_sync(settings, [watched])
    assert "theirs.md" in documents(home)
    Records(home).switch_off(["watched/theirs.md"])
    run_sync(settings, [watched])
    assert "theirs.md" not in documents(home)
    assert (watched / "theirs.md").exists()
    Records(home).switch_on("watched/theirs.md")
    run_sync(settings, [watched])
    assert "theirs.md" in documents(home)


def test_generations_are_kept_by_number_and_by_age(home: Path) -> None:
    path = home / "library" / "growing.md"

    def grow(number: int, settings: Settings) -> list[int]:
        path.write_text(f"# Growing\n\nVersion {number} is on 0581T.\n", "utf-8")
        run_sync(settings, [home / "library"])
        return Home(home).kept()

    def age(number: int, *, days: int) -> None:
        then = time.time() - days * 86_400
        os.utime(Home(home).folder(number), (then, then))

    young = Settings(home=home, workers=1, keep=1, keep_days=7)
    assert grow(1, young) == [2], "of one day the last is kept"
    age(2, days=1)
    assert grow(2, young) == [2, 3]
    age(2, days=8)
    age(3, days=2)
    assert grow(3, young) == [3, 4]


def test_an_edit_is_published_before_the_golden_questions_are_asked(home: Path) -> None:
    """Held up by the gate, as a changed file would be, it would not answer."""
    (home / "questions.jsonl").write_text(
        '{"id": "1", "kind": "policy", "document": "lakeside.md", '
        f'"question": "{QUESTION}", "quote": "asks for prior authorization before every"}}\n',
        "utf-8",
    )
    (home / "library" / "lakeside.md").write_text(LOWERED, "utf-8")
    Records(home).add_question(
        QUESTION, verdict="answered", generation=1, as_of="2026-01-01", filters={}, seconds=0.1
    )
    job = jobs.start(home, "sync", edit=True)
    while (ended := jobs.read(home, job.number)) and ended.state == "running":
        time.sleep(0.1)
    assert ended is not None
    assert ended.state == "done", jobs.log_tail(home, job.number)
    assert Home(home).current() == 2
    assert ended.report["gate"]["lowered"], "and what it made worse is told"
    (logged,) = ended.report["logged"]
    assert logged["question"] == QUESTION
    (failing,) = evaluations.read(home, 2)["failing"]
    assert (failing["question"], failing["false_answer"]) == (QUESTION, False)
    assert evaluations.read(home, 1)["failing"] == []


def asked(generation: int, *, questions: str = "a", **figures: float) -> dict[str, Any]:
    whole = dict.fromkeys(evaluations.FIGURES, 1.0) | {"false_answers": 0.0} | figures
    return {**whole, "generation": generation, "asked": questions, "outcomes": {}}


def test_the_gate_lets_a_small_loss_pass_but_no_new_false_answer() -> None:
    before = asked(1)
    small = evaluations.compared(asked(2, hit_at_1=0.995), before, tolerance=0.01)
    assert small.lowered == {}
    large = evaluations.compared(asked(2, hit_at_1=0.98), before, tolerance=0.01)
    assert large.lowered == {"hit_at_1": (1.0, 0.98)}
    false = evaluations.compared(asked(2, false_answers=0.001), before, tolerance=0.01)
    assert set(false.lowered) == {"false_answers"}


def test_quality_compares_with_a_generation_that_was_asked_the_same(tmp_path: Path) -> None:
    (tmp_path / "evaluations").mkdir()
    for generation, questions in ((1, "a"), (2, "b")):
        file = tmp_path / "evaluations" / f"{generation:06d}.json"
        file.write_text(json.dumps(asked(generation, questions=questions)), "utf-8")
    nearest = evaluations.before(tmp_path, asked(3, questions="a"))
    assert nearest is not None
    assert nearest["generation"] == 1
    assert evaluations.before(tmp_path, asked(3, questions="c")) is None


def test_a_changed_answer_is_worse_only_where_it_is_further_from_what_is_expected() -> None:
    right, second = "Answered; first a.md, as expected", "Answered; first b.md, expected at 2"
    wrong, declined = "Answered; first b.md, not the expected passage", "Not found; first b.md"
    weak, false = "Weak; first a.md, as expected", "Answered; first b.md"
    worse = [(right, second), (second, wrong), (right, weak), (declined, false)]
    assert all(is_worse(Changed("q", before, after)) for before, after in worse)
    assert not any(is_worse(Changed("q", after, before)) for before, after in worse)
