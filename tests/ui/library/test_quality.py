"""Quality as AppTest sees it: failing questions by name, one's own apart from the starter's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from drawn import open_app

from ui.jobs import evaluations

LIBRARY = "desks/library/page.py"


def keep(home: Path, *, own: bool, failing: list[dict[str, Any]]) -> None:
    folder = home / "evaluations" if own else home / "evaluations" / "starter"
    folder.mkdir(parents=True, exist_ok=True)
    figures = dict.fromkeys(evaluations.FIGURES, 0.5)
    kept = {
        **figures,
        "generation": 1,
        "asked": "a",
        "own": own,
        "questions": 2,
        "declined": 1,
        "outcomes": {one["question"]: one["said"] for one in failing},
        "failing": failing,
    }
    (folder / "000001.json").write_text(json.dumps(kept), "utf-8")


def failed(question: str, *, false: bool = False) -> dict[str, Any]:
    expected = "to be declined" if false else "a.md"
    return {
        "question": question,
        "false_answer": false,
        "said": "Answered; first b.md",
        "expected": expected,
    }


def test_failing_questions_stand_by_name_false_answers_first_and_each_set_by_itself(home: Path):
    keep(home, own=True, failing=[failed("wrong one"), failed("false one", false=True)])
    keep(home, own=False, failing=[failed("the starter's")])
    app = open_app(LIBRARY, view="quality")
    told = [one.value for one in app.markdown]
    assert "**1 answered though it should be declined**" in told
    shown = [list(table.value["Question"]) for table in app.dataframe]
    assert shown == [["false one"], ["wrong one"], ["the starter's"]]
    assert "apart from your own" in app.expander[0].label


def test_problems_are_apart_from_what_is_only_to_be_known(home: Path):
    table = open_app(LIBRARY).dataframe[0].value
    assert {"Problems", "To know"} <= set(table.columns)
    assert not any(table["Problems"])
