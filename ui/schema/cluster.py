"""How large a cluster is to be, and what lies where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.schema.model import Model

if TYPE_CHECKING:
    from index.cluster.keeper import Keeper
    from index.home import Home


class ClusterPlan(Model):
    """As in index.cluster.plan."""

    passages: int
    nodes: int
    copies: int
    memory_gb_a_node: float
    disk_gb_a_node: float
    disk_gb_published: float
    token_vectors_gb: float
    indexing_hours: float
    question_ms: float


class ClusterNode(Model):
    """A node: which generations it holds, how many shards of the one that answers, and what it
    takes. `answers` is false for one that does not say."""

    node: str
    host: str
    address: str
    answers: bool
    generations: tuple[int, ...] = ()
    shards: int = 0
    memory_mb: float = 0.0
    disk_mb: float = 0.0


class ClusterStatus(Model):
    """`copies` counts the shards of the current generation by how many nodes hold them; `whole`
    says whether each is held by some node."""

    generation: int
    shards: int
    copies: dict[str, int]
    whole: bool
    nodes: tuple[ClusterNode, ...]


def cluster_of(home: Home, keeper: Keeper) -> ClusterStatus:
    """Raises Away where the head does not answer."""
    from collections import Counter

    from index.home.manifest import read_manifest

    generation = home.current()
    wanted = set(read_manifest(home.folder(generation)).shards)
    nodes, held = [], Counter[str]()
    for node, said in keeper.holdings():
        shards: set[str] = set()
        if said is not None:
            for key, names in said.shards.items():
                if said.generations.get(key) == generation:
                    shards |= wanted & set(names)
        held.update(shards)
        nodes.append(
            ClusterNode(
                node=node.id[:12],
                host=node.host,
                address=node.address,
                answers=said is not None,
                generations=tuple(sorted(set(said.generations.values()))) if said else (),
                shards=len(shards),
                memory_mb=round(said.memory / 1e6, 1) if said else 0.0,
                disk_mb=round(said.disk / 1e6, 1) if said else 0.0,
            )
        )
    counted = Counter(held[shard] for shard in wanted)
    return ClusterStatus(
        generation=generation,
        shards=len(wanted),
        copies={str(copies): counted[copies] for copies in sorted(counted)},
        whole=not counted[0],
        nodes=tuple(nodes),
    )
