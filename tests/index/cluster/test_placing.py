"""Where shards lie: on two nodes each, by the nodes' memory, and nearly all stay where they are."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from index.cluster.engine import Node
from index.cluster.placing import holding, placed

_GIB = float(1 << 30)
_SHARDS = [f"{number:016x}" for number in range(600)]


def _node(name: str, memory: float = 64 * _GIB, cpus: float = 8) -> Node:
    return Node(name, name, name, {"CPU": cpus, "memory": memory})


def test_each_shard_lies_on_two_nodes_and_on_one_where_there_is_one() -> None:
    assert all(len(set(at)) == 2 for at in placed(_SHARDS, [*map(_node, "abc")]).values())
    assert set(placed(_SHARDS, [_node("a")])[_SHARDS[0]]) == {"a"}
    assert placed(_SHARDS, [])[_SHARDS[0]] == []


def test_whoever_works_it_out_comes_to_the_same_answer() -> None:
    nodes = [*map(_node, "abcd")]
    assert placed(_SHARDS, nodes) == placed(reversed(_SHARDS), nodes[::-1])


def test_a_node_with_more_memory_holds_more() -> None:
    nodes = [_node("a", 32 * _GIB), _node("b", 64 * _GIB), _node("c", 64 * _GIB)]
    counted = Counter(node for at in placed(_SHARDS, nodes).values() for node in at)
    assert counted["a"] < 0.75 * min(counted["b"], counted["c"])


def test_one_that_goes_moves_only_what_it_held() -> None:
    before = placed(_SHARDS, [*map(_node, "abcde")])
    after = placed(_SHARDS, [*map(_node, "abde")])
    for shard in _SHARDS:
        assert set(before[shard]) - {"c"} <= set(after[shard])


def test_a_machine_that_is_started_anew_holds_what_it_held() -> None:
    before = placed(_SHARDS, [*map(_node, "abc")])
    anew = replace(_node("c"), id="another")
    after = placed(_SHARDS, [_node("a"), _node("b"), anew])
    for shard in _SHARDS:
        assert ["another" if node == "c" else node for node in before[shard]] == after[shard]


def test_a_head_without_a_processor_holds_nothing() -> None:
    assert holding([_node("head", cpus=0), _node("a")]) == [_node("a")]
