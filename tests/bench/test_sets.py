"""The harness itself: what it reads, what its metrics say, what its corpora are made of."""

import json
import sys
from collections import Counter
from pathlib import Path

import pytest

# The harness is a folder of scripts, not a package: its modules are found beside this file.
sys.path.insert(0, str(Path(__file__).parent))

from compare import Result, summary
from corpora.made import make_library, make_passages, make_questions, make_set
from corpora.sets import BadSet, read_qrels, read_run, read_set, write_run
from peers.measure import best_by_document, percentile
from tables.comparison import comparison_document, number
from tables.metrics import means, paired_bootstrap, score_run


def write_set(folder: Path, *, splits: bool = False) -> Path:
    """A set of three documents and two questions; `q3` is asked but was never judged."""
    documents = [
        {"id": "d1", "title": "Ablation", "text": "Cryoablation of the breast."},
        {"id": "d2", "title": "", "text": "Guidance by ultrasound."},
        {"id": 3, "text": "No title, and a number for an id."},
    ]
    queries = [{"id": f"q{number}", "text": f"question {number}"} for number in (1, 2, 3)]
    if splits:
        for query, split in zip(queries, ("test", "train", "test"), strict=True):
            query["split"] = split
    for name, rows in (("corpus", documents), ("queries", queries)):
        lines = "".join(json.dumps(row) + "\n" for row in rows)
        (folder / f"{name}.jsonl").write_text(lines, encoding="utf-8")
    qrels = "query-id\tdoc-id\trelevance\nq1\td1\t1\nq1\td2\t0\nq2\t3\t1\n"
    (folder / "qrels.tsv").write_text(qrels, encoding="utf-8")
    return folder


def test_a_set_is_read_with_its_titles_ids_and_grades(tmp_path: Path) -> None:
    found = read_set(write_set(tmp_path))
    assert [document.id for document in found.documents] == ["d1", "d2", "3"]
    assert found.documents[0].whole == "Ablation\n\nCryoablation of the breast."
    assert found.documents[1].whole == "Guidance by ultrasound."
    assert found.qrels == {"q1": {"d1": 1, "d2": 0}, "q2": {"3": 1}}
    assert found.name == tmp_path.name


def test_only_judged_questions_count(tmp_path: Path) -> None:
    assert read_set(write_set(tmp_path)).judged_queries() == ("q1", "q2")


def test_only_the_test_part_counts_where_a_set_names_one(tmp_path: Path) -> None:
    assert read_set(write_set(tmp_path, splits=True)).judged_queries() == ("q1",)


@pytest.mark.parametrize("line", ["{not json", '{"id": "d4"}', '["d4", "text"]'])
def test_a_bad_line_of_a_set_is_named(tmp_path: Path, line: str) -> None:
    corpus = write_set(tmp_path) / "corpus.jsonl"
    corpus.write_text(corpus.read_text(encoding="utf-8") + line + "\n", encoding="utf-8")
    with pytest.raises(BadSet, match=r"corpus\.jsonl, line 4"):
        read_set(tmp_path)


@pytest.mark.parametrize("line", ["q1\td1", "q1\td1\thigh", "q1 d1 1"])
def test_a_bad_judgement_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "qrels.tsv"
    path.write_text(f"query-id\tdoc-id\trelevance\nq1\td1\t1\n{line}\n", encoding="utf-8")
    with pytest.raises(BadSet, match="line 3"):
        read_qrels(path)


def test_a_run_comes_back_in_the_order_in_which_it_was_written(tmp_path: Path) -> None:
    """Equal scores too: a metric that sorts by score would turn these two around."""
    path = tmp_path / "system.run"
    write_run(path, [("q1", [("a", 0.5), ("z", 0.5)]), ("q2", [("m", 2.0)])], system="system")
    assert read_run(path) == {"q1": ["a", "z"], "q2": ["m"]}
    assert path.read_text(encoding="utf-8").splitlines()[1] == "q1 Q0 z 2 0.500000 system"


def test_a_broken_run_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "system.run"
    path.write_text("q1 Q0 d1 1 0.5 system\nq1 d2 2\n", encoding="utf-8")
    with pytest.raises(BadSet, match="line 2"):
        read_run(path)


QRELS = {"q1": {"d1": 1, "d4": 1}, "q2": {"d2": 1}, "q3": {"d3": 1}}

RUN = {
    "q1": [
        "d9",  # unjudged
        "d1",  # relevant
        "d8",  # unjudged
        "d4",  # relevant
    ],
    "q2": [
        "d2",  # relevant
        "d1",  # unjudged
    ],
    # q3 has no answer at all.
}


def test_the_metrics_match_values_worked_by_hand() -> None:
    scores = score_run(RUN, QRELS, queries=["q1", "q2", "q3"])
    # Of q1, by hand: ranks 2 and 4 gain .63093 + .43068, the ideal ranks 1 and 2 gain 1.63093.
    assert scores["nDCG@10"] == pytest.approx({"q1": 0.650921, "q2": 1.0, "q3": 0.0}, abs=1e-6)
    assert scores["R@10"] == {"q1": 1.0, "q2": 1.0, "q3": 0.0}
    assert scores["RR@10"] == {"q1": 0.5, "q2": 1.0, "q3": 0.0}
    assert means(scores)["RR@10"] == pytest.approx(0.5)


def test_a_document_after_the_tenth_counts_for_nothing() -> None:
    run = {"q2": [*(f"x{rank}" for rank in range(10)), "d2"]}  # d2 relevant, at rank 11
    scores = score_run(run, QRELS, queries=["q2"])
    assert {name: values["q2"] for name, values in scores.items()} == {
        "nDCG@10": 0.0,
        "R@10": 0.0,
        "RR@10": 0.0,
    }


def test_questions_that_were_not_asked_for_are_not_scored() -> None:
    assert set(score_run(RUN, QRELS, queries=["q2"])["RR@10"]) == {"q2"}


def test_the_bootstrap_tells_a_steady_gain_from_a_lucky_one() -> None:
    base = {f"q{number}": 0.5 for number in range(50)}
    steady = {query: value + 0.1 for query, value in base.items()}
    lucky = base | {"q0": 1.0}
    gain = paired_bootstrap(steady, base, resamples=500)
    assert (gain.real, gain.p) == (True, 0.0)
    assert (gain.mean, gain.low, gain.high) == pytest.approx((0.1, 0.1, 0.1))
    luck = paired_bootstrap(lucky, base, resamples=500)
    assert (luck.real, luck.low) == (False, 0.0)
    assert luck.mean == pytest.approx(0.01)


def test_the_bootstrap_is_the_same_for_the_same_seed_and_needs_the_same_questions() -> None:
    ours = {f"q{number}": number % 7 / 7 for number in range(40)}
    theirs = {f"q{number}": number % 5 / 5 for number in range(40)}
    first = paired_bootstrap(ours, theirs, resamples=200, seed=1)
    assert first == paired_bootstrap(ours, theirs, resamples=200, seed=1)
    with pytest.raises(ValueError, match="same questions"):
        paired_bootstrap(ours, theirs | {"extra": 1.0})


def test_a_document_stands_where_its_best_passage_stands() -> None:
    passages = [("d2", 0.9), ("d1", 0.8), ("d2", 0.7), ("d3", 0.1)]
    assert best_by_document(passages, depth=2) == [("d2", 0.9), ("d1", 0.8)]


def test_percentiles_are_values_that_were_measured() -> None:
    values = [float(value) for value in range(20, 0, -1)]
    assert (percentile(values, 50), percentile(values, 95)) == (10.0, 19.0)
    assert percentile([3.0], 95) == 3.0


def test_a_corpus_depends_on_its_seed_alone() -> None:
    assert list(make_passages(5, seed=3)) == list(make_passages(5, seed=3))
    assert list(make_passages(5, seed=3)) != list(make_passages(5, seed=8))
    # A larger corpus begins with the smaller one, so that growth compares like with like.
    assert list(make_passages(9, seed=3))[:5] == list(make_passages(5, seed=3))


def test_passages_have_the_lengths_of_prose_and_are_all_different() -> None:
    passages = list(make_passages(200, seed=3))
    lengths = [len(passage.split()) for passage in passages]
    assert min(lengths) >= 70
    assert max(lengths) <= 130
    assert len(set(passages)) == 200
    words = Counter(word.strip(".").lower() for passage in passages for word in passage.split())
    # Zipf: the commonest word is far commoner than the hundredth, and most words are rare.
    counts = sorted(words.values(), reverse=True)
    assert counts[0] > 10 * counts[99]
    assert sum(count == 1 for count in counts) > len(counts) / 3


def test_a_library_holds_every_passage_once_and_nothing_else(tmp_path: Path) -> None:
    files = make_library(tmp_path, 45, seed=3)
    texts = [path.read_text(encoding="utf-8") for path in sorted(tmp_path.rglob("*.md"))]
    paragraphs = [part for text in texts for part in text.split("\n\n") if part[:1] not in "#-"]
    assert files == len(texts) == 3
    assert [part.strip() for part in paragraphs] == list(make_passages(45, seed=3))
    again = tmp_path / "again"
    make_library(again, 45, seed=3)
    assert [path.read_text(encoding="utf-8") for path in sorted(again.rglob("*.md"))] == texts


def test_the_references_get_the_same_passages_as_the_library(tmp_path: Path) -> None:
    make_set(tmp_path, 6, questions=3, seed=3)
    found = read_set(tmp_path)
    assert [document.text for document in found.documents] == list(make_passages(6, seed=3))
    make_library(tmp_path / "library", 6, seed=3)
    (file,) = (tmp_path / "library").rglob("*.md")
    written = file.read_text(encoding="utf-8")
    assert all(f"## {document.whole}" in written for document in found.documents)
    assert [query.text for query in found.queries] == make_questions(3, passages=6, seed=3)


MACHINE: dict[str, object] = {
    "processor": "P",
    "cores": 2,
    "memory_gb": None,
    "system": "S",
    "python": "3.11.7",
    "load_before": None,
    "date": "2026-01-01",
}


def result(system: str, values: list[float]) -> Result:
    """A system that scored `values` in every measure on a set called tiny."""
    by_query = {f"q{number}": value for number, value in enumerate(values)}
    scores = {name: by_query for name in ("nDCG@10", "R@10", "RR@10")}
    return Result(system, "tiny", {"passages": 1234, "query_p50_ms": 0.331}, scores)


def test_a_system_that_did_not_run_is_a_row_that_says_so() -> None:
    missing = Result("codedesk", "tiny", None, None, "no command")
    document = summary([missing, result("bm25s", [0.5, 0.25])], MACHINE)
    text = comparison_document(document)
    assert "| Codedesk | not run | - | - | - | - | - | - | - |" in text
    assert "| bm25s, whole texts | 0.375 | 0.375 | 0.375 | 1,234 | - | 0.33 | - | - |" in text
    assert "Codedesk: no command" in text
    assert document["differences"] == []


def test_a_difference_is_ours_minus_theirs() -> None:
    ours, theirs = result("codedesk", [0.5, 0.75, 0.5]), result("bm25s", [0.25, 0.5, 0.25])
    document = summary([ours, theirs], MACHINE)
    assert document["differences"] == [
        {
            "set": "tiny",
            "system": "bm25s",
            "mean": 0.25,
            "low": 0.25,
            "high": 0.25,
            "p": 0.0,
            "real": True,
        }
    ]
    assert "| tiny, bm25s, whole texts | +0.250 | +0.250 to +0.250 | <0.001 |" in (
        comparison_document(document)
    )


@pytest.mark.parametrize(
    ("value", "shown"),
    [(None, "-"), (1234, "1,234"), (1234.56, "1,235"), (12.34, "12.3"), (0.333, "0.33")],
)
def test_figures_have_the_digits_they_deserve(value: object, shown: str) -> None:
    assert number(value) == shown
