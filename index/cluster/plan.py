"""How many machines a library takes: worked out from what was measured, not tried at that size.

The slopes are those of docs/speed.json (a test compares them): bytes of disk at 100,000 passages;
memory and time of a question between 100,000 and 1,000,000; indexing with the real model at 10,000.
"""

from __future__ import annotations

from dataclasses import dataclass

from index.cluster.placing import COPIES
from index.errors import IndexProblem

DISK = 11_413  # bytes of a passage
TOKENS = 8_465  # of them, those of token vectors
WORDS = 275  # of them, what every node holds of all passages
MAPPED = 2_048  # bytes of memory that questions come to look at, of a passage that is held
OWN = 186  # bytes of memory for each passage that there is: the catalogue, on every node
BASE = 500_000_000  # bytes of memory of a node that holds little
EMBEDDED = 90.5  # passages a second and core
ASKED = 14.35  # milliseconds of a question on a small library
SCANNED = 26.6  # milliseconds more for each million passages that one node looks at
_FEWEST = 3  # nodes: one may go, and two copies are left
_MOST = 1_000


@dataclass(frozen=True, slots=True)
class Machine:
    """What one node offers."""

    memory_gb: float = 64.0
    disk_gb: float = 2_000.0
    cores: int = 16


@dataclass(frozen=True, slots=True)
class Plan:
    """Nodes of one kind, and what each of them is to hold; `days` and `hours` index everything
    once, on all their cores; `question_ms` is what nodes and network take at least."""

    passages: int
    nodes: int
    copies: int
    memory_gb_a_node: float
    disk_gb_a_node: float
    disk_gb_published: float
    token_vectors_gb: float
    indexing_hours: float
    question_ms: float


def plan(passages: int, machine: Machine) -> Plan:
    """The fewest nodes that hold a library. Raises IndexProblem where no number of them does."""
    for nodes in range(_FEWEST, _MOST):
        memory, disk = _memory(passages, nodes), _disk(passages, nodes)
        if memory <= machine.memory_gb * 1e9 and disk <= machine.disk_gb * 1e9:
            break
    else:
        raise IndexProblem(
            f"No number of machines with {machine.memory_gb:g} GB of memory and "
            f"{machine.disk_gb:g} GB of disk holds {passages:,} passages: each has to hold the "
            f"catalogue and the words of all, {_memory(passages, _MOST) / 1e9:,.1f} GB of memory "
            f"and {_disk(passages, _MOST) / 1e9:,.0f} GB of disk."
        )
    seconds = passages / (EMBEDDED * machine.cores * nodes)
    return Plan(
        passages=passages,
        nodes=nodes,
        copies=COPIES,
        memory_gb_a_node=round(memory / 1e9, 1),
        disk_gb_a_node=round(disk / 1e9, 1),
        disk_gb_published=round(passages * DISK / 1e9, 1),
        token_vectors_gb=round(passages * TOKENS / 1e9, 1),
        indexing_hours=round(seconds / 3600, 2),
        question_ms=round(ASKED + SCANNED * passages / 1e6 / nodes, 1),
    )


def _memory(passages: int, nodes: int) -> float:
    """Of a node, while it holds one state; the pages of the one before give way."""
    return BASE + passages * (OWN + MAPPED * COPIES / nodes)


def _disk(passages: int, nodes: int) -> float:
    """Of a node; half as much again is left for the state that is loaded beside."""
    return 1.5 * passages * (WORDS + (DISK - WORDS) * COPIES / nodes)
