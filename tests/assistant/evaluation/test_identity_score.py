"""Scoring what documents say of themselves: right, wrong and empty, each for itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.evaluation.identity import FieldScore, Label, read_labels, score_identity
from corpus.errors import CodedeskError

DOCUMENT = """---
title: Knee Braces
payer: UHC
line_of_business: [commercial, Medicaid]
effective: 2025-01-05
---
# Knee braces

## 10.1 - What is covered

A brace is covered.
"""


def test_each_field_is_right_wrong_or_empty_and_what_nobody_said_is_invented(
    tmp_path: Path,
) -> None:
    (tmp_path / "braces.md").write_text(DOCUMENT)
    expect = {
        "title": "Knee  braces",
        "payer": {"any": ["Aetna", "UnitedHealthcare"]},  # an alias is the same payer
        "line_of_business": ["Medicaid", "commercial"],
        "effective": None,
        "number": "MP-1",
        "kind": None,
        "publisher": None,
        "reviewed": "2025-01-05",
    }
    sections = (("10.1", "What is covered"), ("10.2", "What is not"))
    score = score_identity([Label("braces.md", "tune", expect, sections)], [tmp_path], workers=1)
    fields = {one.field: one for one in score.scores}
    for name in ("title", "payer", "line_of_business"):
        assert fields[name] == FieldScore("tune", name, 1, 0, 0, 0, 0)
    assert fields["effective"].invented == 1
    assert fields["number"].empty == 1
    assert fields["kind"].unsaid == 1
    assert (fields["section"].right, fields["section"].empty) == (1, 1)
    assert {one.field for one in score.judged} == {"effective", "number", "reviewed", "section"}


def test_a_labelled_file_that_is_not_there_is_told_and_not_scored(tmp_path: Path) -> None:
    score = score_identity([Label("a/b.md", "tune", {"title": "B"})], [tmp_path], workers=1)
    assert (score.documents, score.scores, score.absent) == (0, (), ("a/b.md",))


def test_labels_that_are_none_are_refused_with_their_line(tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    path.write_text('{"file": "a", "half": "tune", "expect": {}}\n{"file": "a", "half": "x"}\n')
    with pytest.raises(CodedeskError, match="Line 2"):
        read_labels(path)
