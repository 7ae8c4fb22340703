"""Bulk indexing: whoever makes the parts, the index is the same; who dies at it costs time only."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from corpus.text.split import embedded_text
from index.cluster.engine import ClusterProblem
from index.cluster.making import Cluster
from index.embedded import EmbeddedLibrary
from index.home import Home
from index.home.manifest import read_manifest
from index.model.embedder import Embedder
from index.model.source import ConvertedModel
from index.opening import open_library
from index.sync import SyncSettings, sync
from index.sync.report import SyncReport
from index.sync.writing import silent
from tests.index.cluster.machines import Machines, bridges, workers_of

pytestmark = pytest.mark.xdist_group("ray")
_DOCUMENTS = 24
_LEAST = 24  # passages of a part: many parts of a small library


@pytest.fixture(scope="module")
def exact(model: ConvertedModel) -> Embedder:
    """In float32 a vector does not depend on what is embedded with it, but for its last bits."""
    return Embedder(model, threads=1, precision="f32")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Texts, tables, one that cannot be read and one with a sidecar."""
    root = tmp_path / "policies"
    root.mkdir()
    for number in range(_DOCUMENTS):
        rules = "\n\n".join(
            f"## Rule {n} of plan {number}\n\nPlan {number} pays code {number:02d}{n:02d}T "
            f"{'once' if n % 2 else 'twice'} a year, where {'cryoablation ' * (n + 1)}is planned."
            for n in range(8)
        )
        (root / f"plan-{number:02d}.md").write_text(f"# Plan {number}\n\n{rules}\n", "utf-8")
    (root / "same.md").write_text((root / "plan-03.md").read_text("utf-8") + "\nOnce.\n", "utf-8")
    (root / "torn.pdf").write_bytes(b"%PDF-1.7 and then nothing")
    (root / "plan-00.meta.toml").write_text('payer = "Larch Health Plan"\n', "utf-8")
    return root


def _home(tmp_path: Path, name: str, models: Path) -> Home:
    path = tmp_path / name
    path.mkdir()
    (path / "models").symlink_to(models, target_is_directory=True)
    return Home(path)


def _alone(home: Home, folder: Path, embedder: Embedder) -> SyncReport:
    return sync(home, [(None, folder)], embedder=lambda: embedder, settings=SyncSettings())


def _together(
    home: Home,
    folder: Path,
    embedder: Embedder,
    address: str,
    progress: Callable[..., None] = silent,
) -> SyncReport:
    with closing(Cluster(home.path, address, embedder, least=_LEAST)) as cluster:
        return sync(
            home,
            [(None, folder)],
            embedder=lambda: embedder,
            settings=SyncSettings(makers=cluster),
            progress=progress,
        )


def _all_of(library: EmbeddedLibrary) -> dict[int, tuple[object, ...]]:
    """Every passage with its document, text, codes and sum, by its id."""
    found: dict[int, tuple[object, ...]] = {}
    for version in library.versions.values():
        mentions = [(m.passage, m.mention) for m in library.mentions_of_version(version.id)]
        for passage in library.passages_of(version.id):
            codes = [mention for identity, mention in mentions if identity == passage.id]
            found[passage.id] = (version.document, version.metadata, passage, codes)
            assert library.verify(passage)
    return found


def _assert_same(one: Home, other: Home) -> None:
    """The same documents, passages, ids, sums, words; vectors as near as float32 has them."""
    with open_library(one) as first, open_library(other) as second:
        held = _all_of(first)
        assert held == _all_of(second)
        ids = sorted(held)
        assert np.abs(first.vectors(ids) - second.vectors(ids)).max() < 1e-5
        for identity in ids:
            (_, mine), (_, theirs) = first.vectors_of(identity), second.vectors_of(identity)
            assert (mine.kinds == theirs.kinds).all()
            assert (mine.sentences == theirs.sentences).all()
            apart = np.abs(mine.vectors.astype(int) - theirs.vectors.astype(int))
            assert apart.max(initial=0) <= 1  # they are rounded to whole numbers
        words = ["cryoablat", "plan", "twice"]
        assert first.word_frequencies(words) == second.word_frequencies(words)
        failed = [(f.document, f.state, f.reason) for f in first.files() if f.state == "failed"]
        assert failed == [(f.document, f.state, f.reason) for f in second.files() if f.reason]
        assert failed


def test_two_workers_make_what_one_process_makes(
    machines: Machines, tmp_path: Path, models: Path, folder: Path, exact: Embedder
) -> None:
    one, other = _home(tmp_path, "one", models), _home(tmp_path, "other", models)
    machines.add()
    machines.add()
    seen: list[tuple[str, int, int, str]] = []
    alone = _alone(one, folder, exact)
    together = _together(other, folder, exact, machines.address, lambda *told: seen.append(told))
    assert together.passages == alone.passages > 8 * _DOCUMENTS
    assert together.failed == alone.failed != []
    _assert_same(one, other)
    embedding = [told for told in seen if told[0] == "embed"]
    assert embedding[-1][1:] == (alone.passages, alone.passages, "2 workers on 1 machine")
    assert len({told[1] for told in embedding}) > 2  # it moved


def test_a_worker_embeds_equal_passages_once_in_whatever_parts_they_are(
    machines: Machines, tmp_path: Path, models: Path, folder: Path, exact: Embedder
) -> None:
    one, other = _home(tmp_path, "one", models), _home(tmp_path, "other", models)
    machines.add()
    for number in range(0, _DOCUMENTS, 2):  # each comes after a plan of its own, so in other parts
        copy = folder / f"plan-{number:02d}-copy.md"
        copy.write_bytes((folder / "plan-03.md").read_bytes())
    alone = _alone(one, folder, exact)
    together = _together(other, folder, exact, machines.address)
    with open_library(other) as library:
        texts = {embedded_text(p.content) for p in library.passages(library.ids()["passages"])}
    assert together.passages == alone.passages > len(texts) + 8 * 12
    assert together.embedded == alone.embedded == len(texts)
    _assert_same(one, other)


@pytest.mark.slow
def test_an_edit_after_it_keeps_the_vectors_that_are_there(
    machines: Machines, tmp_path: Path, models: Path, folder: Path, exact: Embedder
) -> None:
    home = _home(tmp_path, "home", models)
    machines.add()
    _together(home, folder, exact, machines.address)
    text = (folder / "plan-05.md").read_text("utf-8")
    (folder / "plan-05.md").write_text(text + "\n## A new rule\n\nIt is new.\n", "utf-8")
    report = _together(home, folder, exact, machines.address)
    assert report.changed == ["policies/plan-05.md"]
    assert report.embedded == 1


@pytest.mark.parametrize(
    "who",
    ["a worker", "the process between", pytest.param("a node", marks=pytest.mark.slow)],
)
def test_who_is_killed_at_it_costs_time_and_nothing_else(
    machines: Machines, tmp_path: Path, models: Path, folder: Path, exact: Embedder, who: str
) -> None:
    one, other = _home(tmp_path, "one", models), _home(tmp_path, "other", models)
    first = machines.add()
    machines.add()
    killed = threading.Event()

    def kill(step: str, done: int, total: int, what: str = "") -> None:
        if step == "embed" and 0 < done < total and not killed.is_set():
            killed.set()
            if who == "a node":
                machines.kill(first)
            elif who == "a worker":
                for pid in workers_of(first):
                    os.kill(pid, signal.SIGKILL)
            else:
                (bridge,) = bridges()
                os.kill(bridge, signal.SIGSEGV)

    _alone(one, folder, exact)
    report = _together(other, folder, exact, machines.address, kill)
    assert killed.is_set()
    assert report.embedded > 0
    _assert_same(one, other)
    assert bridges() == []


def test_a_part_that_is_whole_when_the_process_between_ends_is_not_asked_for_again(
    machines: Machines,
    tmp_path: Path,
    models: Path,
    folder: Path,
    exact: Embedder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one, other = _home(tmp_path, "one", models), _home(tmp_path, "other", models)
    machines.add()
    killed = threading.Event()

    def at(step: str) -> None:
        if step == "part-fetched" and not killed.is_set():
            killed.set()
            (bridge,) = bridges()
            os.kill(bridge, signal.SIGSEGV)
            while bridge in bridges():
                time.sleep(0.05)

    monkeypatch.setattr("index.cluster.parts.crash_point", at)
    _alone(one, folder, exact)
    _together(other, folder, exact, machines.address)
    assert killed.is_set()
    _assert_same(one, other)


def test_a_process_between_that_always_ends_ends_the_sync_with_a_sentence(
    machines: Machines,
    tmp_path: Path,
    models: Path,
    folder: Path,
    exact: Embedder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """And the next one goes on with the parts that are whole."""
    one, other = _home(tmp_path, "one", models), _home(tmp_path, "other", models)
    machines.add()
    stop = threading.Event()

    def kill_all() -> None:
        while not stop.wait(0.05):
            for pid in bridges():
                os.kill(pid, signal.SIGSEGV)

    killing = threading.Thread(target=kill_all)

    def kill(step: str, done: int, total: int, what: str = "") -> None:
        if step == "embed" and 0 < done < total and not killing.ident:
            killing.start()
            monkeypatch.setattr("index.cluster.pool._PATIENCE", 3.0)

    alone = _alone(one, folder, exact)
    try:
        with pytest.raises(ClusterProblem, match="run the same command again"):
            _together(other, folder, exact, machines.address, kill)
    finally:
        stop.set()
        killing.join()
    monkeypatch.setattr("index.cluster.pool._PATIENCE", 300.0)
    report = _together(other, folder, exact, machines.address)
    assert 0 < report.embedded < alone.embedded
    _assert_same(one, other)


_STOPPED = """
import sys
from contextlib import closing
from pathlib import Path
from index.cluster.making import Cluster
from index.home import Home
from index.model.embedder import Embedder
from index.model.source import converted_model
from index.sync import SyncSettings, sync

home, folder, address = Home(Path(sys.argv[1])), Path(sys.argv[2]), sys.argv[3]
embedder = Embedder(converted_model(home.models), threads=1, precision="f32")
with closing(Cluster(home.path, address, embedder, least=24)) as cluster:
    sync(home, [(None, folder)], embedder=lambda: embedder, settings=SyncSettings(makers=cluster))
"""


def test_a_run_that_is_killed_goes_on_where_it_was(
    machines: Machines, tmp_path: Path, models: Path, folder: Path, exact: Embedder
) -> None:
    one, other = _home(tmp_path, "one", models), _home(tmp_path, "other", models)
    machines.add()
    alone = _alone(one, folder, exact)
    stopped = subprocess.run(
        [sys.executable, "-c", _STOPPED, str(other.path), str(folder), machines.address],
        env={**os.environ, "CODEDESK_CRASH_AT": "part-fetched"},
        capture_output=True,
        timeout=120,
    )
    assert stopped.returncode == 137, stopped.stderr
    assert other.kept() == []
    made = list((other.path / "cluster" / "shards").iterdir())
    assert made != []
    deadline = time.monotonic() + 60
    report = _together(other, folder, exact, machines.address)
    assert time.monotonic() < deadline
    assert 0 < report.embedded < alone.embedded
    _assert_same(one, other)


@pytest.mark.slow
def test_a_damaged_part_is_made_again(
    machines: Machines, tmp_path: Path, models: Path, folder: Path, exact: Embedder
) -> None:
    one, other = _home(tmp_path, "one", models), _home(tmp_path, "other", models)
    machines.add()
    _alone(one, folder, exact)
    first = _together(other, folder, exact, machines.address)
    generation = other.folder(other.current())
    for number in other.kept():
        assert read_manifest(other.folder(number)).counts["passages"] == first.passages
    (other.path / "CURRENT").unlink()
    for path in generation.rglob("*"):
        if path.is_file():
            path.unlink()
    victim = next((other.path / "cluster" / "shards").rglob("vectors.tokens"))
    content = bytearray(victim.read_bytes())
    content[0] ^= 1
    victim.unlink()  # a link to what was published: only this one is changed
    victim.write_bytes(content)
    for path in sorted(other.generations.iterdir()):
        for inside in sorted(path.rglob("*"), reverse=True):
            inside.rmdir() if inside.is_dir() else inside.unlink()
        path.rmdir()
    again = _together(other, folder, exact, machines.address)
    assert 0 < again.embedded <= _LEAST * 2
    _assert_same(one, other)
