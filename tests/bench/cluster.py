"""A cluster beside the embedded index, several nodes of Ray as processes on this one machine.

`make bench SPEED=--cluster` writes docs/cluster.json and docs/cluster-speed.md.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # for tests.index.cluster.machines

from corpora.made import make_library, make_questions
from measuring.machine import describe, state

from assistant.answer import Answer
from assistant.desk import Desk
from index.cluster.making import Cluster
from index.cluster.opening import ClusterOpener
from index.home import Home
from index.model.embedder import Embedder
from index.model.source import converted_model
from index.replicas.publish import publish
from index.sync import SyncSettings, sync
from index.sync.report import SyncReport
from tests.index.cluster.machines import Machines, surroundings

Figures = dict[str, Any]
_QUESTIONS = 60
_FEW = 2_000  # passages on which workers are compared; all are indexed by two of them
_SECONDS = 4.0  # of a crowd
_CROWD = 4  # who ask at once
_NODES = (1, 2, 4)


def main(*, passages: int, seed: int, output: Path, markdown: Path) -> int:
    figures: Figures = {"machine": describe(), "passages": passages, "taken": state()}
    with tempfile.TemporaryDirectory(prefix="codedesk-cluster-") as scratch:
        folder = Path(scratch)
        os.environ.update(surroundings(folder / "workers"))
        library, few = folder / "library", folder / "few"
        make_library(library, passages, seed=seed)
        make_library(few, min(passages, _FEW), seed=seed)
        questions = make_questions(_QUESTIONS, passages=passages, seed=seed)
        models = folder / "models"
        model = converted_model(models)
        figures["indexing"] = {
            "alone": _indexed(folder, "alone", few, models, workers=0),
            "one": _indexed(folder, "one", few, models, workers=1),
            "two": _indexed(folder, "two", few, models, workers=2),
            "all": _indexed(folder, "all", library, models, workers=2),
        }
        home, place = Home(folder / "all"), folder / "place"
        publish(home, str(place))
        asker = Embedder(model, threads=1, streams=1)
        figures["answering"] = [
            _answering(folder, home, place, asker, questions, nodes=nodes) for nodes in _NODES
        ]
        figures["dying"] = _dying(folder, home, place, asker, questions, library)
    output.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")
    markdown.write_text(document(figures), "utf-8")
    print(document(figures))
    return 0


def _indexed(folder: Path, name: str, library: Path, models: Path, *, workers: int) -> Figures:
    """Passages a second: of some workers or, without any, of this process alone with one core."""
    home = Home(folder / name)
    home.make()
    home.models.symlink_to(models, target_is_directory=True)
    embedder = Embedder(converted_model(home.models), threads=1, streams=1)

    def made(settings: SyncSettings) -> SyncReport:
        return sync(home, [("made", library)], embedder=lambda: embedder, settings=settings)

    began = time.perf_counter()
    if not workers:
        report = made(SyncSettings(workers=1))
    else:
        with _machines(folder, workers) as machines:
            began = time.perf_counter()
            with closing(Cluster(home.path, machines.address, embedder)) as cluster:
                report = made(SyncSettings(makers=cluster))
    seconds = time.perf_counter() - began
    return {
        "passages": report.passages,
        "seconds": round(seconds, 1),
        "passages_per_second": round(report.passages / seconds, 1),
    }


@contextmanager
def _machines(folder: Path, nodes: int) -> Iterator[Machines]:
    machines = Machines(folder)
    try:
        for _ in range(nodes):
            machines.add()
        yield machines
    finally:
        machines.end()


@contextmanager
def _desks(
    folder: Path, home: Home, place: Path, asker: Embedder, *, nodes: int
) -> Iterator[tuple[Machines, ClusterOpener, Desk, Desk]]:
    with _machines(folder, nodes) as machines:
        opener = ClusterOpener(machines.address, str(place))
        with (
            closing(opener),
            Desk(home, embedder=asker) as near,
            Desk(home, embedder=asker, opener=opener) as far,
        ):
            yield machines, opener, near, far


def _answering(
    folder: Path, home: Home, place: Path, asker: Embedder, questions: list[str], *, nodes: int
) -> Figures:
    began = time.perf_counter()
    with _desks(folder, home, place, asker, nodes=nodes) as (_, _, near, far):
        opened = time.perf_counter() - began
        for question in questions[:10]:
            near.ask(question), far.ask(question)
        times: dict[str, list[float]] = {"near": [], "far": []}
        differ = 0
        for question in questions:
            answers = []
            for name, desk in (("near", near), ("far", far)):
                began = time.perf_counter()
                answers.append(_bare(desk.ask(question)))
                times[name].append((time.perf_counter() - began) * 1000)
            differ += answers[0] != answers[1]
        return {
            "nodes": nodes,
            "questions": len(questions),
            "differ": differ,
            "opened_seconds": round(opened, 1),
            **_told("near", times["near"]),
            **_told("far", times["far"]),
            "near_a_second": _crowd(near, questions),
            "far_a_second": _crowd(far, questions),
        }


def _told(name: str, times: list[float]) -> Figures:
    ranked = sorted(times)
    return {
        f"{name}_p50_ms": round(statistics.median(ranked), 1),
        f"{name}_p95_ms": round(ranked[int(0.95 * len(ranked))], 1),
    }


def _crowd(desk: Desk, questions: list[str]) -> float:
    """Questions a second that four get answered who ask at once."""
    until = time.perf_counter() + _SECONDS

    def ask(first: int) -> int:
        asked = 0
        while time.perf_counter() < until:
            desk.ask(questions[(first + asked) % len(questions)])
            asked += 1
        return asked

    with ThreadPoolExecutor(_CROWD) as people:
        counted = sum(people.map(ask, range(0, _CROWD * 7, 7)))
    return round(counted / _SECONDS, 1)


def _bare(answer: Answer) -> Answer:
    return replace(answer, seconds=0.0, warnings=())


def _dying(
    folder: Path,
    home: Home,
    place: Path,
    asker: Embedder,
    questions: list[str],
    library: Path,
) -> Figures:
    with _desks(folder, home, place, asker, nodes=3) as (machines, opener, near, far):
        right = [(question, _bare(near.ask(question))) for question in questions[:30]]
        figures: Figures = {"undisturbed": _during(far, right, lambda: time.sleep(3))}

        def node() -> None:
            machines.kill(machines.nodes[0])
            began = time.perf_counter()
            while not _twice(opener, machines):
                time.sleep(0.2)
            figures["placed_again_seconds"] = round(time.perf_counter() - began, 1)

        figures["node_killed"] = _during(far, right, node)

        def head() -> None:
            machines.kill_head_process()
            time.sleep(5)
            machines.start_head_process()
            time.sleep(3)

        figures["head_killed"] = _during(far, right, head)
        (library / "new.md").write_text("# New\n\nBill 0581T once, on Sundays.\n", "utf-8")
        sync(home, [("made", library)], embedder=lambda: asker, settings=SyncSettings())
        began = time.perf_counter()
        publish(home, str(place))
        figures["publish_seconds"] = round(time.perf_counter() - began, 2)
        while far.ask(questions[0]).generation != home.current():
            time.sleep(0.05)
        figures["new_state_answers_after_seconds"] = round(time.perf_counter() - began, 1)
    return figures


def _twice(opener: ClusterOpener, machines: Machines) -> bool:
    """Whether each shard lies on two living nodes."""
    living = {node.node_id for node in machines.nodes}
    held: list[str] = []
    for node, said in opener.keeper.holdings():
        if node.id in living and said is not None:
            held += [shard for shards in said.shards.values() for shard in shards]
    return bool(held) and all(held.count(shard) >= min(2, len(living)) for shard in held)


def _during(desk: Desk, right: list[tuple[str, Answer]], happens: Callable[[], None]) -> Figures:
    """Ask all the time while something happens: how many, how many wrongly, the slowest."""
    thread = threading.Thread(target=happens)
    thread.start()
    asked, errors, differ, slowest = 0, 0, 0, 0.0
    while thread.is_alive() or asked < len(right):
        for question, wanted in right:
            began = time.perf_counter()
            try:
                differ += _bare(desk.ask(question)) != wanted
            except Exception as error:
                print(f"no answer: {error}", file=sys.stderr)
                errors += 1
            slowest = max(slowest, time.perf_counter() - began)
            asked += 1
    return {
        "questions": asked,
        "errors": errors,
        "differ": differ,
        "slowest_seconds": round(slowest, 2),
    }


def document(figures: Figures) -> str:
    machine = figures["machine"]
    indexing, dying = figures["indexing"], figures["dying"]
    lines = [
        "# A cluster beside the embedded index",
        "",
        f"Made by `make bench SPEED=--cluster` on {figures['taken']['date'][:10]}, "
        f"{machine['processor']}, {machine['cores']} cores, load before it "
        f"{figures['taken']['load_before']}. All nodes are processes on this one machine and share "
        "its cores: what is measured is what a cluster adds, not what more machines would give.",
        "",
        "## Indexing, with the start of the workers",
        "",
        "| | passages | passages/s | seconds |",
        "|---|--:|--:|--:|",
    ]
    names = {
        "alone": "one process, one core",
        "one": "one worker",
        "two": "two workers",
        "all": "two workers, the library that is asked below",
    }
    lines += [
        f"| {names[name]} | {row['passages']:,} | {row['passages_per_second']} | {row['seconds']} |"
        for name, row in indexing.items()
    ]
    lines += [
        "",
        "## Answering: the cluster, and the embedded index in the same run",
        "",
        "| nodes | questions | answered otherwise | p50, ms | p95, ms | embedded p50, ms | p95, ms "
        "| four ask at once, a second | embedded |",
        "|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    lines += [
        f"| {row['nodes']} | {row['questions']} | {row['differ']} | {row['far_p50_ms']} | "
        f"{row['far_p95_ms']} | {row['near_p50_ms']} | {row['near_p95_ms']} | "
        f"{row['far_a_second']} | {row['near_a_second']} |"
        for row in figures["answering"]
    ]
    lines += [
        "",
        "## While something dies, three nodes",
        "",
        "| | questions | errors | answered otherwise | slowest, s |",
        "|---|--:|--:|--:|--:|",
    ]
    told = {
        "undisturbed": "nothing",
        "node_killed": "a node is killed",
        "head_killed": "the head's process is killed, and started anew after 5 s",
    }
    lines += [
        f"| {told[name]} | {dying[name]['questions']} | {dying[name]['errors']} | "
        f"{dying[name]['differ']} | {dying[name]['slowest_seconds']} |"
        for name in told
    ]
    lines += [
        "",
        f"After the node's death every shard lay on two nodes again in "
        f"{dying['placed_again_seconds']} s. One changed document was published in "
        f"{dying['publish_seconds']} s, and answered after "
        f"{dying['new_state_answers_after_seconds']} s.",
    ]
    return "\n".join(lines) + "\n"
