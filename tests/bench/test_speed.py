"""What the speed benchmark computes: edits, slopes, shares of files, and parts put together."""

import os
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

# The harness is a folder of scripts, not a package: its modules are found beside this file.
sys.path.insert(0, str(Path(__file__).parent))

from corpora.base_texts import BASE, base_texts, new_code
from corpora.made import EDITED, passage
from drivers.job import spread
from drivers.standin import moved
from measuring.product import disk, written
from measuring.results import by_size, put, read_results, write_results
from tables.growth import exponent, growth, on_paper, per_passage
from tables.speed import speed_document

TAKEN = {"load_before": 0.25, "commit": "abc1234", "date": "2026-01-01T00:00+00:00"}
MACHINE = {
    "processor": "P",
    "cores": 2,
    "memory_gb": 8.0,
    "system": "S",
    "python": "3.11.7",
    "load_before": 0.25,
    "date": "2026-01-01",
}


def test_an_edit_replaces_a_tenth_to_a_fifth_of_the_words_and_every_code() -> None:
    bases, shares = base_texts(3), []
    for at in range(300):
        edited = passage(2 * BASE + at, seed=3).split(" ")
        assert len(edited) == len(bases[at].words)
        pairs = list(zip(bases[at].words, edited, strict=True))
        changed = [place for place, (old, new) in enumerate(pairs) if old != new]
        # A word may be drawn twice or replaced by itself, so that a few fewer change.
        assert len(changed) - len(bases[at].codes) <= round(EDITED[1] * len(pairs))
        assert set(changed) <= set(bases[at].free) | set(bases[at].codes)
        shares.append(len(changed) / len(pairs))
    assert EDITED[0] < np.mean(shares) < EDITED[1]


def test_base_passages_differ_in_their_headings_and_hold_real_prose() -> None:
    bases = base_texts(3)
    assert len(bases) == len({base.heading for base in bases}) == BASE
    assert any("the" in base.words and "code" in base.words for base in bases)


@pytest.mark.parametrize(
    ("like", "shape"), [("0581T.", "ddddT."), ("G0279,", "Gdddd,"), ("99213", "ddddd"), ("a", "a")]
)
def test_a_new_code_has_the_shape_of_the_old_one(like: str, shape: str) -> None:
    for chance in (0.0, 0.31, 0.999):
        new = new_code(chance, like)
        assert "".join("d" if letter.isdigit() else letter for letter in new) == shape


def test_moved_vectors_are_as_far_as_they_should_be() -> None:
    chance = np.random.default_rng(1)
    vectors = np.float32(chance.normal(size=(3, 384)))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    cosines = np.float32([[0.5], [0.9], [1.0]])
    found = moved(vectors, np.float32(chance.normal(size=(3, 384))), cosines=cosines)
    assert (found * vectors).sum(axis=1) == pytest.approx(cosines[:, 0], abs=1e-5)
    assert np.linalg.norm(found, axis=1) == pytest.approx(1, abs=1e-5)


def test_slopes_are_those_of_the_figures() -> None:
    assert exponent([(1_000, 5.0), (10_000, 5.0), (100_000, 5.0)]) == pytest.approx(0)
    assert exponent([(1_000, 2.0), (10_000, 20.0)]) == pytest.approx(1)
    assert exponent([(100, 3.0), (10_000, 30.0)]) == pytest.approx(0.5)
    assert exponent([(100, 3.0)]) is None
    assert per_passage([(1_000, 1.0), (3_000, 2.0), (2_000, 9.0)]) == pytest.approx(-0.007)
    assert per_passage([(1_000, 1.0)]) is None


def size(passages: int, *, seconds: float, model: str) -> dict[str, Any]:
    return {
        "passages": passages,
        "index": {
            "seconds": seconds,
            "passages_per_second": passages / seconds,
            "model": model,
            "disk": {"total_mb": passages / 100, "parts": {"words": 1.0}},
        },
        "warm": {
            "late": {"p50_ms": 8.0, "p95_ms": 20.0, "memory": {"peak_mb": 2000.0, "own_mb": 500.0}},
            "quick": {"p50_ms": 4.0, "p95_ms": 5.0},
        },
    }


def test_a_hundred_million_is_the_largest_size_many_times() -> None:
    rows = {
        10_000: size(10_000, seconds=100, model="real"),
        1_000_000: size(1_000_000, seconds=500, model="stand-in"),
    }
    paper = on_paper(rows)
    assert paper is not None
    assert (paper["shards"], paper["memory_gb"], paper["disk_gb"]) == (100, 200.0, 1000.0)
    # 16 shards of 2 GB in half of 64 GB, on 16 cores at once: 7 machines, no waiting.
    assert (paper["shards_a_machine"], paper["machines"], paper["p95_ms"]) == (16, 7, 20.0)
    # The real model's 100 a second, not the stand-in's 2,000.
    assert paper["index_days_on_one_machine_like_this"] == pytest.approx(11.6)
    (disk_row,) = (row for row in growth(rows) if row["figure"] == "disk")
    assert disk_row["exponent"] == 1.0
    assert disk_row["per_100000"] == 1000.0
    assert on_paper({10: rows[10_000]}) is None


def test_parts_are_put_together_and_a_failure_does_not_replace_a_figure(tmp_path: Path) -> None:
    path = tmp_path / "speed.json"
    document = read_results(path)
    put(document, "cold", {"median_seconds": 0.9}, size=10_000, taken=TAKEN)
    put(document, "cold", {"median_seconds": 0.8}, size=1_000, taken=TAKEN)
    put(document, "reading", {"reason": "no PDF"}, size=None, taken=TAKEN)
    write_results(path, document)
    document = read_results(path)
    put(document, "cold", {"reason": "busy"}, size=1_000, taken=TAKEN)
    put(document, "cold", {"median_seconds": 0.7}, size=10_000, taken=TAKEN)
    put(document, "reading", {"pages": 2}, size=None, taken=TAKEN)
    rows = by_size(document)
    assert list(rows) == [1_000, 10_000]
    assert rows[1_000]["cold"]["median_seconds"] == 0.8
    assert rows[1_000]["cold"]["failed_since"]["reason"] == "busy"
    assert rows[10_000]["cold"]["median_seconds"] == 0.7
    assert document["parts"]["reading"] == {"pages": 2, "taken": TAKEN}


def test_what_a_generation_writes_anew_is_told_from_what_it_links(tmp_path: Path) -> None:
    before, after = tmp_path / "000001", tmp_path / "000002"
    for folder in (before, after):
        (folder / "shards" / "ab").mkdir(parents=True)
    (after / "shards" / "cd" / "words" / "00").mkdir(parents=True)
    (before / "shards" / "ab" / "vectors.tokens").write_bytes(bytes(3_000_000))
    os.link(before / "shards" / "ab" / "vectors.tokens", after / "shards" / "ab" / "vectors.tokens")
    (after / "shards" / "cd" / "vectors.tokens").write_bytes(bytes(500_000))
    (after / "shards" / "cd" / "words" / "00" / "meta.json").write_bytes(bytes(250_000))
    (after / "catalogue.sqlite3").write_bytes(bytes(1_000_000))
    found = written(before, after)
    assert (found["written_mb"], found["linked_mb"]) == (1.75, 3.0)
    assert found["written"] == {"catalogue.sqlite3": 1.0, "vectors.tokens": 0.5, "words": 0.25}
    assert disk(after) == {
        "total_mb": 4.8,
        "parts": {"catalogue.sqlite3": 1.0, "vectors.tokens": 3.5, "words": 0.2},
    }


def test_a_spread_is_made_of_values_that_were_measured() -> None:
    assert spread([float(n) for n in range(1, 101)]) == {"p50_ms": 50.0, "p95_ms": 95.0}


def test_the_table_says_how_many_times_the_reference_and_what_is_missing() -> None:
    small, large = size(1_000, seconds=5, model="real"), size(100_000, seconds=50, model="stand-in")
    small["reference"] = {"passages_per_second": 40.0, "taken": TAKEN}
    large["crowd"] = {"reason": "no room"}
    rows = {"1000": small, "100000": large}
    text = speed_document({"machine": MACHINE, "sizes": rows, "parts": {}})
    assert "| 1,000 | 40.0 | - | - | - | 200 | 5.00 | 5 | - |" in text
    assert "| 100,000* | - | - | - | - | 2,000 | - | 50 | - |" in text
    assert "Not measured: crowd at 100,000: no room" in text
    assert "Taken at commit abc1234; load before a part 0.25 to 0.25" in text
