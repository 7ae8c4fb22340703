"""Which node holds which shard. Everybody who knows the same nodes comes to the same answer, so
several who ask need nobody to tell them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b

from index.cluster.engine import Node

COPIES = 2


def placed(shards: Iterable[str], nodes: Sequence[Node]) -> Mapping[str, list[str]]:
    """For each shard the ids of the nodes that hold it, the first choice first: as many as there
    are copies, or nodes where they are fewer.

    Rendezvous hashing (Thaler and Ravishankar, 1996), weighted by the nodes' memory: one that comes
    or goes moves its own share and no other. A node is known by its address, which it keeps when it
    is started anew; of several at one address, by its id as well.
    """
    weights = {node.id: max(node.resources.get("memory", 0.0), 1.0) for node in nodes}
    at = Counter(node.address for node in nodes)
    known = {n.id: n.address if at[n.address] == 1 else f"{n.address} {n.id}" for n in nodes}

    def rank(shard: str, node: str) -> float:
        digest = blake2b(f"{shard} {known[node]}".encode(), digest_size=8).digest()
        chance = (int.from_bytes(digest) + 1) / (2**64 + 2)
        return math.log(chance) / weights[node]

    return {
        shard: sorted(weights, key=lambda node, shard=shard: rank(shard, node), reverse=True)[  # type: ignore[misc]
            :COPIES
        ]
        for shard in shards
    }


def holding(nodes: Iterable[Node]) -> list[Node]:
    """The nodes that hold shards: those that offer a processor. A head that offers none is only
    the head."""
    return [node for node in nodes if node.resources.get("CPU", 0) > 0]
