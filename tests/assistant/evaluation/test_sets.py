"""What a set is, and what the figures count."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.answer import Verdict
from assistant.desk import Desk
from assistant.evaluation.golden import auroc, evaluate
from assistant.evaluation.reasons import Reasons
from assistant.evaluation.sets import read_sets
from corpus.errors import CodedeskError
from index.home import Home
from index.model.embedder import Embedder
from index.sync import SyncSettings, sync

_PARKING = (
    "# Parking at Hill Clinic\n\n## Where do visitors park?\n\n"
    "Visitors park in garage B on Elm Street; the first hour is free.\n"
)
_OWLS = (
    "---\nfacts: [F1]\n---\n# Owls\n\n## What do owls eat?\n\n"
    "Barn owls eat voles, shrews and mice at night.\n"
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, models: Path, embedder: Embedder) -> Desk:
    folder = tmp_path_factory.mktemp("sets")
    home = Home(folder / "home")
    home.make()
    home.models.symlink_to(models, target_is_directory=True)
    library = folder / "library"
    library.mkdir()
    (library / "parking.txt").write_text(_PARKING, "utf-8")
    (library / "owls.md").write_text(_OWLS, "utf-8")
    settings = SyncSettings(workers=1)
    sync(home, [("small", library)], embedder=lambda: embedder, settings=settings)
    return Desk(home)


def write(path: Path, rows: Sequence[Mapping[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


QUESTIONS = [
    {
        "id": "a",
        "question": "what do barn owls eat",
        "kind": "answerable",
        "document": "owls.md",
        "quote": "voles, shrews and mice",
        "half": "tune",
    },
    {"id": "b", "question": "who won the cup", "kind": "unanswerable", "half": "held"},
]


def test_a_folder_of_files_is_as_many_sets(tmp_path: Path) -> None:
    write(tmp_path / "one.jsonl", QUESTIONS)
    write(tmp_path / "two.jsonl", QUESTIONS[:1])
    assert [(s.name, len(s.questions)) for s in read_sets([tmp_path])] == [("one", 2), ("two", 1)]


def test_the_other_half_is_not_asked(tmp_path: Path) -> None:
    path = write(tmp_path / "one.jsonl", QUESTIONS)
    (only,) = read_sets([path], half="tune")
    assert [question.id for question in only.questions] == ["a"]


def test_a_folder_without_questions_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CodedeskError, match="holds no questions"):
        read_sets([tmp_path])


def test_what_nothing_in_the_library_answers_is_to_be_declined(tmp_path: Path) -> None:
    """A retrieval set's question is, whose documents are not there or which says so itself."""
    write(
        tmp_path / "queries.jsonl",
        [
            {"id": "1", "text": "what do owls eat"},
            {"id": "2", "text": "where do foxes sleep"},
            {"id": "3", "text": "how old are owls", "answerable": False},
        ],
    )
    write(
        tmp_path / "answers.jsonl",
        [{"query_id": "1", "doc_id": "owls", "answer_text": "voles", "start": 10}],
    )
    judged = "query-id\tdoc-id\tgrade\n1\towls\t1\n2\tfoxes\t1\n3\towls\t1\n"
    (tmp_path / "qrels.tsv").write_text(judged, "utf-8")
    (one,) = read_sets([tmp_path], held={"small/owls.txt"})
    assert [(q.decline, [t.quote for t in q.truths]) for q in one.questions] == [
        (False, ["voles"]),
        (True, []),
        (True, []),
    ]


def test_a_right_answer_counts_once_and_a_wrong_one_is_told_apart(
    desk: Desk, tmp_path: Path
) -> None:
    wrong = QUESTIONS[0] | {"id": "c", "document": "parking.txt", "quote": "garage B"}
    (one,) = read_sets([write(tmp_path / "q.jsonl", [QUESTIONS[0], wrong])])
    figures = evaluate(desk, one.questions, reasons=Reasons(desk.library))
    assert [outcome.verdict for outcome in figures.outcomes] == [Verdict.ANSWERED] * 2
    assert figures.outcomes[0].rank == 1
    assert (figures.answered_right, figures.wrong_first) == (0.5, 0.5)
    assert (figures.false_refusals, figures.untrue_reasons) == (0.0, 0)
    assert replace(figures.outcomes[0], rank=4).is_right is False


def test_a_fact_is_answered_by_a_passage_that_has_the_wanted_words(
    desk: Desk, tmp_path: Path
) -> None:
    """The document cites the fact; a passage of it that tells something else is not right."""
    row = {"question": "what do owls eat", "kind": "billing", "answer_facts": ["F1: owls"]}
    rows = [
        row | {"id": "1", "want": "voles and mice"},
        row | {"id": "2", "want": "frogs, toads"},
        row | {"id": "3", "answer_facts": ["F2"]},
    ]
    (one,) = read_sets([write(tmp_path / "q.jsonl", rows)])
    figures = evaluate(desk, one.questions)
    assert [outcome.rank for outcome in figures.outcomes] == [1, None, None]


def test_auroc_is_the_share_of_pairs_in_order() -> None:
    assert auroc([0.9, 0.4], [0.1, 0.4]) == (1 + 1 + 1 + 0.5) / 4
    assert auroc([], [0.1]) is None
