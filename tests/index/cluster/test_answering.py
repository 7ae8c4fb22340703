"""Answers from a cluster: those of one machine to the bit, whoever dies meanwhile."""

from __future__ import annotations

import os
import shutil
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant.answer import Answer
from assistant.desk import MODES, Desk
from assistant.evaluation.golden import read_golden
from assistant.policies.changes import changes
from assistant.policies.differences import compare
from assistant.policies.listing import list_code
from assistant.policies.matrix import matrix
from corpus.codes import CodeSystem
from corpus.starter import DOCUMENTS
from index.audience.audiences import Hidden
from index.cluster import questions as q
from index.cluster.bridge import Reply
from index.cluster.keeper import Loading, SearchAway
from index.cluster.library import ClusterLibrary
from index.cluster.opening import ClusterOpener
from index.embedded import EmbeddedLibrary
from index.errors import IndexProblem
from index.filters import Filters, Named
from index.home import Home
from index.model.embedder import Embedder
from index.replicas.publish import publish
from index.shards import dense
from index.sync import SyncSettings, sync
from index.versions import Status, today
from tests.index.cluster.machines import Machines, workers_of

pytestmark = pytest.mark.xdist_group("ray")
_SHARDS = 4
QUESTIONS = [golden.question for golden in read_golden()][:200]


@dataclass(frozen=True)
class Scene:
    """A published library of several shards, and a cluster of three nodes that answers from it."""

    home: Home
    place: Path
    folder: Path
    machines: Machines
    opener: ClusterOpener
    embedder: Embedder

    def near(self) -> Desk:
        return Desk(self.home, embedder=self.embedder)

    def far(self) -> Desk:
        """Waits for what the nodes are taking up: an earlier test's desk may still be answering."""
        deadline = time.monotonic() + 60
        while True:
            try:
                return Desk(self.home, embedder=self.embedder, opener=self.opener)
            except Loading:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)

    def add(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, "utf-8")
        sync(
            self.home,
            [("starter", self.folder)],
            embedder=lambda: self.embedder,
            settings=SyncSettings(),
        )

    def placed_again(self) -> None:
        """Wait until every shard lies on two living nodes."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            living = {node.node_id for node in self.machines.nodes}
            said = [(n, h) for n, h in self.opener.keeper.holdings() if n.id in living and h]
            key = max(
                (key for _, h in said for key in h.generations), default="", key=_newest(said)
            )
            held = [shard for _, h in said for shard in h.shards.get(key, ())]
            if held and len(held) >= 2 * len(set(held)) and len(set(held)) >= _SHARDS:
                return
            time.sleep(0.5)
        raise AssertionError("not placed again")


def _newest(said: list[Any]) -> Callable[[str], int]:
    return lambda key: max(h.generations.get(key, 0) for _, h in said)


@pytest.fixture(scope="module")
def scene(
    tmp_path_factory: pytest.TempPathFactory,
    models: Path,
    embedder: Embedder,
    ray_files: Path,
) -> Iterator[Scene]:
    root = tmp_path_factory.mktemp("answering")
    home = Home(root / "home")
    home.make()
    home.models.symlink_to(models, target_is_directory=True)
    folder, place = root / "library", root / "place"
    files = sorted(p for p in DOCUMENTS.rglob("*") if p.is_file() and ".meta." not in p.name)[::2]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dense, "APPROXIMATE_FROM", 100)  # so that vectors are searched by codes
        for number in range(_SHARDS):
            for path in files[number::_SHARDS]:
                target = folder / path.relative_to(DOCUMENTS)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, target)
                for sidecar in path.parent.glob(f"{path.stem}*.meta.toml"):
                    shutil.copy(sidecar, target.parent)
            sync(home, [("starter", folder)], embedder=lambda: embedder, settings=SyncSettings())
    publish(home, str(place))
    machines = Machines(ray_files)
    for _ in range(3):
        machines.add()
    opener = ClusterOpener(machines.address, str(place))
    yield Scene(home, place, folder, machines, opener, embedder)
    opener.close()
    machines.end()


@pytest.fixture
def near(scene: Scene) -> Iterator[Desk]:
    with scene.near() as desk:
        yield desk


@pytest.fixture
def far(scene: Scene) -> Iterator[Desk]:
    with scene.far() as desk:
        yield desk


def _same(one: Answer, other: Answer) -> bool:
    return replace(one, seconds=0.0) == replace(other, seconds=0.0)


def test_200_questions_are_answered_alike_to_the_bit(near: Desk, far: Desk) -> None:
    assert isinstance(far.library, ClusterLibrary)
    assert len(far.library.about.searched) == _SHARDS
    differ = [
        question for question in QUESTIONS if not _same(near.ask(question), far.ask(question))
    ]
    assert len(QUESTIONS) == 200
    assert differ == []


_FILTERS = [
    Filters(on=today()),
    Filters(on=date(2021, 7, 1)),
    Filters(on=today(), include_all=True),
    Filters(on=today(), kinds=("policy", "rule")),
    Filters(on=today(), payers=("",)),
    Filters(on=today(), codes=("0581T", "19105")),
    Filters(on=today(), years=(2025, None), include_all=True),
    Filters(on=today(), statuses=(Status.UNDATED,)),
]


@pytest.mark.parametrize("mode", MODES)
def test_a_search_finds_the_same_by_every_mode_and_filter(near: Desk, far: Desk, mode: str) -> None:
    for filters in _FILTERS:
        for query in (*QUESTIONS[:6], '"breast cancer" cryoablation -prior', "0581T OR 0582T"):
            one = near.search(query, filters, k=10, mode=mode, skip=2)
            assert _same(one, far.search(query, filters, k=10, mode=mode, skip=2)), (query, filters)
        mine = near.facets(QUESTIONS[0], filters, fixed=_FILTERS[0], mode=mode)
        assert mine == far.facets(QUESTIONS[0], filters, fixed=_FILTERS[0], mode=mode)


@pytest.mark.slow
def test_reports_by_code_payer_and_date_are_the_same(near: Desk, far: Desk) -> None:
    for code in ("0581T", "76940", "C50.911", "99213"):
        for filters in _FILTERS:
            one = list_code(near.library, code, filters)
            assert one == list_code(far.library, code, filters)
    one, other = near.library, far.library
    for code in ("0581T", "19105"):
        assert matrix(one, code, _FILTERS[0]) == matrix(other, code, _FILTERS[0])
    since = date(2020, 1, 1)
    assert changes(one, since) == changes(other, since)
    first, second, *_ = one.versions.values()
    assert compare(one, first, second) == compare(other, first, second)


def test_every_call_of_a_library_gives_the_same(near: Desk, far: Desk) -> None:
    one, other = near.library, far.library
    assert {**one.versions} == {**other.versions}
    assert dict(zip(one.versions, one.versions.values(), strict=True)) == {**other.versions}
    for version in one.versions:
        assert one.document(version) == other.document(version)
        assert one.text(version) == other.text(version)
        assert one.passages_of(version) == other.passages_of(version)
        assert one.mentions_of_version(version) == other.mentions_of_version(version)
    assert one.approximate == other.approximate is True
    ids = one.allowed(_FILTERS[2])[0]
    some = [*ids[::7].tolist(), int(ids[3]), int(ids[3])]
    assert one.passages(some) == other.passages(some)
    assert one.mentions_of(some) == other.mentions_of(some)
    assert (one.vectors(some) == other.vectors(some)).all()
    assert all(map(np.array_equal, one.printed_codes, other.printed_codes))
    assert all(other.verify(passage) for passage in other.passages(some))
    for word in ("breast", "cryoabl", "nothing-so"):
        assert one.word_weight(word) == other.word_weight(word)
    asked = near._embedder.query(QUESTIONS[0])  # the words as the model has them
    assert (one.cosines(some, asked.vector) == other.cosines(some, asked.vector)).all()
    mine, theirs = one.late(asked, some), other.late(asked, some)
    for name in ("scores", "owner", "number", "alone", "matches"):
        assert np.array_equal(getattr(mine, name), getattr(theirs, name)), name
    named = Named(((CodeSystem.CATEGORY_III, "0581T"),), 1)
    for filters in _FILTERS:
        for how in ({}, {"exact": True}, {"named": named}):
            first = one.by_meaning(asked.vector, filters, k=30, **how)  # type: ignore[arg-type]
            assert first == other.by_meaning(asked.vector, filters, k=30, **how)  # type: ignore[arg-type]
        assert one.select(filters) == other.select(filters)
        for system, code in named.codes:
            assert one.naming(system, code, filters) == other.naming(system, code, filters)
    with pytest.raises(KeyError):
        other.passages([10**9])
    with pytest.raises(KeyError):
        other.text(10**9)


def _asking(
    scene: Scene, far: Desk, near: Desk, during: Callable[[], None], *, least: int
) -> float:
    """Ask all the time, while something happens: no error, no other answer. Gives how long the
    slowest question took."""
    right = {question: near.ask(question) for question in QUESTIONS[:20]}
    stop, slowest, asked = threading.Event(), 0.0, 0

    def ask() -> None:
        nonlocal slowest, asked
        while not stop.is_set() or asked < least:
            for question, wanted in right.items():
                began = time.monotonic()
                assert _same(far.ask(question), wanted)
                slowest = max(slowest, time.monotonic() - began)
                asked += 1

    with ThreadPoolExecutor(2) as people:
        work = [people.submit(ask) for _ in range(2)]
        try:
            during()
        finally:
            stop.set()
        for one in work:
            one.result()
    return slowest


@pytest.mark.slow
def test_a_holder_that_is_killed_is_not_noticed(scene: Scene, near: Desk, far: Desk) -> None:
    def kill() -> None:
        for node in scene.machines.nodes[:1]:
            pids = workers_of(node, b"HoldingActor")
            assert pids
            for pid in pids:
                os.kill(pid, signal.SIGKILL)
        time.sleep(3)

    _asking(scene, far, near, kill, least=60)
    scene.placed_again()


def test_a_node_that_dies_is_not_noticed_and_its_shards_are_placed_again(
    scene: Scene, near: Desk, far: Desk
) -> None:
    def kill() -> None:
        scene.machines.kill(scene.machines.nodes[0])
        time.sleep(2)

    _asking(scene, far, near, kill, least=60)
    scene.placed_again()
    _asking(scene, far, near, lambda: None, least=20)
    scene.machines.add()
    scene.placed_again()


def test_the_head_may_die_and_come_back(scene: Scene, near: Desk, far: Desk) -> None:
    """Its state lies in Redis; who asks goes on meanwhile."""

    def kill() -> None:
        scene.machines.kill_head_process()
        time.sleep(4)
        scene.machines.start_head_process()
        time.sleep(2)

    _asking(scene, far, near, kill, least=60)
    scene.placed_again()


@pytest.mark.slow
def test_the_whole_head_may_be_started_anew(
    scene: Scene, near: Desk, far: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process between dies with it; who asks lives, says that the search is away, and is
    answered again when the head is back."""
    monkeypatch.setattr("index.cluster.keeper.PATIENCE", 2.0)
    right = near.ask(QUESTIONS[0])
    scene.machines.kill_head()
    until = time.monotonic() + 6
    while time.monotonic() < until:
        with suppress(SearchAway):
            assert _same(far.ask(QUESTIONS[0]), right)
    scene.machines.start_head()
    deadline = time.monotonic() + 60
    while True:
        try:
            answer = far.ask(QUESTIONS[0])
            break
        except SearchAway:
            assert time.monotonic() < deadline
    assert _same(answer, right)
    scene.placed_again()


def test_nothing_is_answered_from_half_of_the_shards(
    scene: Scene, near: Desk, far: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where both copies of some shard are gone, the search is away until it is back."""
    monkeypatch.setattr("index.cluster.keeper.PATIENCE", 3.0)
    question = QUESTIONS[0]
    assert _same(near.ask(question), far.ask(question))
    for node in list(scene.machines.nodes):
        scene.machines.kill(node)
    with pytest.raises(SearchAway, match="Search is away"):
        for _ in range(60):  # what a node held may outlive it by a moment, whole
            assert _same(near.ask(question), far.ask(question))
            time.sleep(0.5)
    for _ in range(3):
        scene.machines.add()
    deadline = time.monotonic() + 60
    while True:
        try:
            answer = far.ask(question)
            break
        except SearchAway:
            assert time.monotonic() < deadline
            time.sleep(0.5)
    assert _same(near.ask(question), answer)
    scene.placed_again()


def test_a_newer_state_is_loaded_beside_the_one_that_answers(scene: Scene, far: Desk) -> None:
    """And every answer is of one state, whole: of the one before or of the new one."""
    question = "Does Larch Health Plan cover cryotherapy of warts with code 0581T?"
    with scene.near() as near:
        before = near.ask(question)
        scene.add("warts.md", "# Warts\n\nLarch Health Plan covers cryotherapy of warts, 0581T.\n")
        unpublished = far.ask(question)
        assert unpublished.generation == before.generation
        assert "not published" in " ".join(unpublished.warnings)
        publish(scene.home, str(scene.place))
        after = near.ask(question)
        assert after.generation == before.generation + 1
        seen: list[Answer] = []
        deadline = time.monotonic() + 60
        while (not seen or seen[-1].generation < after.generation) and time.monotonic() < deadline:
            seen.append(far.ask(question))
        for answer in seen:
            whole = before if answer.generation == before.generation else after
            assert _same(replace(answer, warnings=()), replace(whole, warnings=()))
        assert seen[-1].generation == after.generation
        assert seen[-1].warnings == after.warnings


@pytest.mark.slow
def test_a_damaged_file_of_a_node_is_not_believed(scene: Scene, near: Desk, far: Desk) -> None:
    """The other copy answers, and the node fetches its own anew."""
    folder = Path(os.environ["CODEDESK_CLUSTER_FOLDER"])
    objects = [p for p in folder.glob("holders/*/objects/*") if p.stat().st_size > 20_000]
    texts = [p for p in objects if b"0581T" in p.read_bytes()[:200_000]]
    assert texts
    for path in texts[:1]:
        content = path.read_bytes()
        with path.open("r+b") as file:
            file.write(bytes(byte ^ 255 for byte in content))
    for question in QUESTIONS[40:60]:
        assert _same(near.ask(question), far.ask(question))


def test_a_question_whose_words_are_known_takes_seven_round_trips(
    scene: Scene, far: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each goes to all nodes that it is about at once; what was looked up before is not again."""
    link = scene.opener.keeper._link
    sent: list[q.Question] = []
    send = link.ask

    def counted(node: str, content: bytes) -> Future[Reply]:
        request = q.request_in(content)
        if isinstance(request, q.Ask):
            sent.append(request.question)
        return send(node, content)

    monkeypatch.setattr(link, "ask", counted)
    far.ask("is 0581t per lesion or per breast")
    words = [one.word for one in sent if isinstance(one, q.Frequency)]
    assert words
    assert len(words) == len(set(words))
    sent.clear()
    far.ask("is 0581t per lesion or per breast")
    trips = [kind for kind, _ in groupby(type(one) for one in sent)]
    searching = [q.ByWords, q.ByMeaning, q.Cosines, q.Interaction, q.Vectors]
    assert trips == [*searching, q.Passages, q.Mentions]
    assert len(sent) <= len(trips) * len(scene.machines.nodes)


def test_the_library_here_holds_no_shard(far: Desk) -> None:
    library = far.library
    assert isinstance(library, EmbeddedLibrary)
    assert library._shards == {}


def test_who_may_not_see_all_is_not_answered_from_a_cluster(far: Desk) -> None:
    hidden = Hidden(names=frozenset({next(iter(far.library.versions.values())).document}))
    with pytest.raises(IndexProblem, match="private"):
        far.library.without(hidden)
    assert far.library.without(Hidden()) is far.library
