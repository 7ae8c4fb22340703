"""The page of the verdict's figures, and what is measured where a set is missing."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

# The harness is a folder of scripts, not a package: its modules are found beside this file.
sys.path.insert(0, str(Path(__file__).parent))

import verdict

ROW: dict[str, Any] = {
    "set": "owls",
    "questions": 8,
    "declined": 4,
    "hit_at_1": 0.5,
    "hit_at_3": 1.0,
    "answered_right": 0.5,
    "false_refusals": 0.125,
    "false_answers": 0.25,
    "wrong_answers": 0.0,
    "untrue_reasons": 0,
    "auroc": 0.875,
    "curve": [[1.0, 0.5], [0.75, 0.25], [0.5, 0.0]],
}


def test_a_figure_that_changed_is_shown_with_what_it_was() -> None:
    before = {"sets": [ROW | {"false_answers": 0.75, "untrue_reasons": 3}]}
    text = verdict.page({"date": "2026-01-01", "sets": [ROW]}, before)
    assert "| owls | 8, 4 | .500 | 1.000 | .500 | .125 | .750 → .250 | .000 | 3 → 0 |" in text


def test_the_curve_tells_what_each_share_of_answers_costs() -> None:
    text = verdict.page({"date": "2026-01-01", "sets": [ROW]}, None)
    assert "| owls | .000 | .250 | .250 | .250 | .500 | .500 | .500 |" in text


def test_questions_of_other_people_stay_out_of_the_figures() -> None:
    told = {**ROW, "outcomes": [{"question": "whose?"}], "curve": [], "name": "owls"}
    plan = verdict.Plan("owls", (), "")
    assert "whose" not in json.dumps(verdict._figures(plan, told, "tune"))


def test_a_set_that_is_not_there_is_left_out_and_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    figures = tmp_path / "figures.json"
    arguments = ["--sets", str(tmp_path), "--json", str(figures), "--only", "hospital"]
    monkeypatch.setattr(sys, "argv", ["verdict.py", *arguments])
    verdict.main()
    assert json.loads(figures.read_text("utf-8"))["sets"] == []
    assert "left out: hospital documents alone" in capsys.readouterr().err
