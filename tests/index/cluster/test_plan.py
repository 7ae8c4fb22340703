"""What a cluster is sized by is what was measured."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.cluster.plan import (
    ASKED,
    DISK,
    EMBEDDED,
    MAPPED,
    OWN,
    SCANNED,
    TOKENS,
    WORDS,
    Machine,
    plan,
)
from index.errors import IndexProblem

SPEED = Path(__file__).resolve().parents[3] / "docs" / "speed.json"


def test_the_slopes_are_those_that_were_measured() -> None:
    sizes = json.loads(SPEED.read_text("utf-8"))["sizes"]
    disk = sizes["100000"]["index"]["disk"]
    parts = disk["parts"]
    tokens = sum(parts[f"vectors.{name}"] for name in ("tokens", "sentences", "kinds"))
    small, large = sizes["100000"]["warm"]["late"], sizes["1000000"]["warm"]["late"]
    memory = [large["memory"][name] - small["memory"][name] for name in ("now_mb", "own_mb")]
    asked = large["p50_ms"] - small["p50_ms"]
    measured = {
        DISK: disk["total_mb"] * 10,
        TOKENS: tokens * 10,
        WORDS: parts["words"] * 10,
        MAPPED + 41: memory[0] / 0.9,
        OWN: memory[1] / 0.9 * 1,
        EMBEDDED: sizes["10000"]["index"]["passages_per_second"] / 2,
        ASKED: small["p50_ms"],
        SCANNED: asked / 0.9,
    }
    for held, found in measured.items():
        assert held == pytest.approx(found, rel=0.1)


def test_more_passages_take_more_and_no_node_more_than_it_has() -> None:
    machine = Machine(memory_gb=64, disk_gb=2000, cores=16)
    small, large = plan(1_000_000, machine), plan(100_000_000, machine)
    assert small.nodes == 3 < large.nodes
    assert large.memory_gb_a_node <= 64
    assert large.disk_gb_a_node <= 2000
    assert 1_100 < large.disk_gb_published < 1_200
    assert large.token_vectors_gb > 0.7 * large.disk_gb_published


def test_what_no_number_of_machines_holds_is_said() -> None:
    with pytest.raises(IndexProblem, match="catalogue and the words of all"):
        plan(1_000_000_000, Machine(memory_gb=16))
