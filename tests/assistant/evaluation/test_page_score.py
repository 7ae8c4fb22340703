"""Labels of other people's documents are scored where the documents are, and only there."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from assistant.evaluation.code_score import read_pages, score_pages

TEXT = "CPT 19105 and 19105 again, then codes 19081-19083.\n\nMail goes to Dayton, OH 45402.\n"


def labels_of(folder: Path, text: str, **row: object) -> Path:
    """A label file for one text, which is written into the folder."""
    folder.mkdir(exist_ok=True)
    (folder / "theirs.txt").write_text(text, encoding="utf-8")
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    entry = {"document": "theirs.txt", "sha256": sha256, "page": None, "half": "tune"} | row
    labels = folder.parent / "labels.jsonl"
    labels.write_text(json.dumps(entry) + "\n", encoding="utf-8")
    return labels


def test_a_code_counts_as_often_as_it_stands_on_its_page(tmp_path: Path) -> None:
    labels = labels_of(
        tmp_path / "theirs",
        TEXT,
        codes=[["cpt", "19105"], ["cpt", "19105"], ["cpt", "19081", "19083"]],
        look_alikes=[["45402", "ZIP code"]],
    )
    score = score_pages(tmp_path / "theirs", labels)
    every = score.scores["tune"][-1]
    assert (every.right, every.wrong, every.missed) == (3, 0, 0)
    assert (score.pages, score.look_alikes, score.taken) == (1, 1, 0)


def test_what_is_found_beside_the_labels_is_wrong_and_a_look_alike_among_it_is_counted(
    tmp_path: Path,
) -> None:
    labels = labels_of(
        tmp_path / "theirs", TEXT, codes=[["cpt", "19999"]], look_alikes=[["19105", "a ticket"]]
    )
    score = score_pages(tmp_path / "theirs", labels)
    every = score.scores["tune"][-1]
    assert (every.right, every.wrong, every.missed) == (0, 3, 1)
    assert score.taken == 1


def test_a_document_that_is_not_at_hand_is_named_and_not_scored(tmp_path: Path) -> None:
    labels = labels_of(tmp_path / "theirs", TEXT, codes=[["cpt", "19105"]])
    (tmp_path / "theirs" / "theirs.txt").write_text("another edition", encoding="utf-8")
    score = score_pages(tmp_path / "theirs", labels)
    assert (score.pages, dict(score.scores), score.absent) == (0, {}, ("theirs.txt",))


def test_the_shipped_labels_are_many_and_hold_codes_and_look_alikes_in_both_halves() -> None:
    pages = read_pages()
    assert sum(len(page.codes) for page in pages) >= 300
    for half in ("tune", "held_out"):
        chosen = [page for page in pages if page.half == half]
        assert sum(code[0] == "cpt" for page in chosen for code in page.codes) >= 150
        assert sum(len(page.look_alikes) for page in chosen) >= 20


def test_no_text_of_a_document_stands_in_the_shipped_labels() -> None:
    for page in read_pages():
        assert all(len(text) <= 12 for text in page.look_alikes)
        assert all(len(part or "") <= 16 for code in page.codes for part in code)


@pytest.mark.parametrize("half", ["tune", "held_out"])
def test_every_shipped_page_is_labelled_once(half: str) -> None:
    places = [(page.sha256, page.page) for page in read_pages() if page.half == half]
    assert len(places) == len(set(places))
