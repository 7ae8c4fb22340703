"""What every reference is measured by: one protocol, one clock, one report.

A peer's script gives a `Peer` to `main`, which indexes the set, asks every question one after the
other, and writes `NAME.run` (TREC, documents) and `NAME.json` into the output folder.
"""

import argparse
import json
import platform
import resource
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Protocol

from corpora.sets import RetrievalSet, SetDocument, SetQuery, read_set, write_run

DEPTH = 100
"""Documents written for each question."""

WARM_UP = 5
"""Questions asked before the clock runs: the first calls of a library pay for its start."""

Ranking = list[tuple[str, float]]
"""(document id, score), best first; higher is better."""


class Peer(Protocol):
    """One reference system, its model already loaded when it is constructed."""

    def index(self, documents: Sequence[SetDocument]) -> int:
        """Split, embed and index; the number of passages."""

    def search(self, query: str, *, depth: int) -> Ranking:
        """The best documents for one question, its embedding included."""


def main(name: str, make_peer: Callable[[], Peer], *, packages: Sequence[str]) -> None:
    """Run the peer on the set named on the command line."""
    parser = argparse.ArgumentParser(prog=name)
    parser.add_argument("set_dir", type=Path)
    parser.add_argument("out_dir", type=Path)
    arguments = parser.parse_args()
    arguments.out_dir.mkdir(parents=True, exist_ok=True)

    retrieval_set = read_set(arguments.set_dir)
    report, rankings = measure(make_peer, retrieval_set)
    report["versions"] = {package: version(package) for package in packages}
    write_run(arguments.out_dir / f"{name}.run", rankings, system=name)
    path = arguments.out_dir / f"{name}.json"
    path.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


def measure(
    make_peer: Callable[[], Peer], retrieval_set: RetrievalSet
) -> tuple[dict[str, object], list[tuple[str, Ranking]]]:
    """Sizes, rates and memory of one peer on one set, and its ranking for every question."""
    started = time.perf_counter()
    peer = make_peer()
    loaded = time.perf_counter()
    passages = peer.index(retrieval_set.documents)
    indexed = time.perf_counter()
    rankings, milliseconds = ask_all(peer, retrieval_set.queries)
    report: dict[str, object] = {
        "documents": len(retrieval_set.documents),
        "passages": passages,
        "load_seconds": round(loaded - started, 3),
        "index_seconds": round(indexed - loaded, 3),
        "passages_per_second": round(passages / (indexed - loaded), 2),
        "queries": len(milliseconds),
        "query_p50_ms": round(percentile(milliseconds, 50), 3),
        "query_p95_ms": round(percentile(milliseconds, 95), 3),
        "peak_memory_mb": round(peak_memory_mb(), 1),
        "python": platform.python_version(),
    }
    return report, rankings


def ask_all(
    peer: Peer, queries: Sequence[SetQuery]
) -> tuple[list[tuple[str, Ranking]], list[float]]:
    """Every question's ranking, and its time in milliseconds, asked one after the other."""
    for query in queries[:WARM_UP]:
        peer.search(query.text, depth=DEPTH)
    rankings: list[tuple[str, Ranking]] = []
    milliseconds: list[float] = []
    for query in queries:
        started = time.perf_counter()
        ranking = peer.search(query.text, depth=DEPTH)
        milliseconds.append((time.perf_counter() - started) * 1000)
        rankings.append((query.id, ranking[:DEPTH]))
    return rankings, milliseconds


def best_by_document(passages: Iterable[tuple[str, float]], *, depth: int) -> Ranking:
    """Documents in the order in which their first passage comes, with that passage's score."""
    first: dict[str, float] = {}
    for document, score in passages:
        first.setdefault(document, score)
    return list(first.items())[:depth]


def percentile(values: Sequence[float], percent: int) -> float:
    """The smallest value that at least `percent` of the values do not exceed (nearest rank)."""
    if not values:
        raise ValueError("no values, no percentile")
    ordered = sorted(values)
    rank = -(-len(ordered) * percent // 100)
    return ordered[max(rank, 1) - 1]


def peak_memory_mb() -> float:
    """The most resident memory this process has held, in MB of 10^6 bytes.

    On Linux from /proc: `ru_maxrss` there starts at what the process that forked us had held.
    """
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024 / 1e6
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6
