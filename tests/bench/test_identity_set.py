"""The made documents of `identity/`: what is found in them, as its documentation says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from assistant.evaluation.identity import IdentityScore, read_labels, score_identity

MAKE = Path(__file__).parent / "identity" / "make.py"


@pytest.fixture(scope="module")
def score(tmp_path_factory: pytest.TempPathFactory) -> IdentityScore:
    folder = tmp_path_factory.mktemp("made")
    subprocess.run([sys.executable, str(MAKE), str(folder)], check=True)
    labels = [
        label
        for name in (
            *("labels", "last", "unseen", "fresh", "fresh_last", "fresh_after"),
            *("fresh_third", "fresh_fourth"),
        )
        for label in read_labels(folder / f"{name}.jsonl")
    ]
    return score_identity(labels, [folder], workers=2)


def test_every_made_document_is_read(score: IdentityScore) -> None:
    assert score.documents >= 190
    assert score.unreadable == ()


@pytest.mark.parametrize("field", ["payer", "publisher", "number"])
def test_of_the_made_documents_none_is_given_a_wrong_body_or_number(
    score: IdentityScore, field: str
) -> None:
    assert [one for one in score.judged if one.field == field and one.verdict != "empty"] == []


@pytest.mark.parametrize(("field", "least"), [("payer", 0.95), ("title", 0.9), ("number", 0.95)])
def test_the_share_that_is_right_is_the_one_aimed_at(
    score: IdentityScore, field: str, least: float
) -> None:
    counts = [one for one in score.scores if one.field == field]
    right = sum(one.right for one in counts)
    named = right + sum(one.wrong + one.empty for one in counts)
    assert right >= least * named
