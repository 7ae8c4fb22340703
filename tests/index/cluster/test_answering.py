"""Answers from a cluster: those of one machine to the bit, whoever dies meanwhile."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import replace
from itertools import groupby
from pathlib import Path

import pytest

from assistant.answer import Answer
from assistant.desk import MODES, Desk
from index.cluster import questions as q
from index.cluster.bridge import Reply
from index.cluster.keeper import SearchAway
from index.cluster.library import ClusterLibrary
from index.embedded import EmbeddedLibrary
from index.model.embedder import Embedder
from index.replicas.publish import publish
from tests.index.cluster.alike import (
    answered_otherwise,
    answered_while,
    every_call_is_alike,
    reports_are_alike,
    same,
    searches_are_alike,
)
from tests.index.cluster.scenes import QUESTIONS, SHARDS, Scene, scene_in

pytestmark = pytest.mark.xdist_group("ray")


@pytest.fixture(scope="module")
def scene(
    tmp_path_factory: pytest.TempPathFactory, models: Path, embedder: Embedder, ray_files: Path
) -> Iterator[Scene]:
    root = tmp_path_factory.mktemp("answering")
    with scene_in(root, models=models, embedder=embedder, ray_files=ray_files) as made:
        yield made


@pytest.fixture
def near(scene: Scene) -> Iterator[Desk]:
    with scene.near() as desk:
        yield desk


@pytest.fixture
def far(scene: Scene) -> Iterator[Desk]:
    with scene.far() as desk:
        yield desk


def test_200_questions_are_answered_alike_to_the_bit(near: Desk, far: Desk) -> None:
    assert isinstance(far.library, ClusterLibrary)
    assert len(far.library.about.searched) == SHARDS
    assert len(QUESTIONS) == 200
    assert answered_otherwise(near, far, QUESTIONS) == []


@pytest.mark.parametrize("mode", MODES)
def test_a_search_finds_the_same_by_every_mode_and_filter(near: Desk, far: Desk, mode: str) -> None:
    searches_are_alike(near, far, mode)


@pytest.mark.slow
def test_reports_by_code_payer_and_date_are_the_same(near: Desk, far: Desk) -> None:
    reports_are_alike(near, far)


def test_every_call_of_a_library_gives_the_same(near: Desk, far: Desk) -> None:
    assert far.library.approximate
    every_call_is_alike(near, far)


@pytest.mark.slow
def test_a_holder_that_is_killed_is_not_noticed(scene: Scene, near: Desk, far: Desk) -> None:
    def kill() -> None:
        scene.machines.kill_holder(scene.machines.nodes[0])
        time.sleep(3)

    answered_while(near, far, kill, least=60)
    scene.placed_again()


def test_a_node_that_dies_is_not_noticed_and_its_shards_are_placed_again(
    scene: Scene, near: Desk, far: Desk
) -> None:
    def kill() -> None:
        scene.machines.kill(scene.machines.nodes[0])
        time.sleep(2)

    answered_while(near, far, kill, least=60)
    scene.placed_again()
    answered_while(near, far, lambda: None, least=20)
    scene.machines.add()
    scene.placed_again()


def test_the_head_may_die_and_come_back(scene: Scene, near: Desk, far: Desk) -> None:
    """Its state lies in Redis; who asks goes on meanwhile."""

    def kill() -> None:
        scene.machines.kill_head_process()
        time.sleep(4)
        scene.machines.start_head_process()
        time.sleep(2)

    answered_while(near, far, kill, least=60)
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
            assert same(far.ask(QUESTIONS[0]), right)
    scene.machines.start_head()
    deadline = time.monotonic() + 60
    while True:
        try:
            answer = far.ask(QUESTIONS[0])
            break
        except SearchAway:
            assert time.monotonic() < deadline
    assert same(answer, right)
    scene.placed_again()


def test_nothing_is_answered_from_half_of_the_shards(
    scene: Scene, near: Desk, far: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where both copies of some shard are gone, the search is away until it is back."""
    monkeypatch.setattr("index.cluster.keeper.PATIENCE", 3.0)
    question = QUESTIONS[0]
    assert same(near.ask(question), far.ask(question))
    for node in list(scene.machines.nodes):
        scene.machines.kill(node)
    with pytest.raises(SearchAway, match="Search is away"):
        for _ in range(60):  # what a node held may outlive it by a moment, whole
            assert same(near.ask(question), far.ask(question))
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
    assert same(near.ask(question), answer)
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
            assert same(replace(answer, warnings=()), replace(whole, warnings=()))
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
        assert same(near.ask(question), far.ask(question))


@pytest.fixture
def sent(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> list[q.Question]:
    """What nodes are asked from now on."""
    link = scene.opener.keeper._link
    asked: list[q.Question] = []
    send = link.ask

    def counted(node: str, content: bytes) -> Future[Reply]:
        request = q.request_in(content)
        if isinstance(request, q.Ask):
            asked.append(request.question)
        return send(node, content)

    monkeypatch.setattr(link, "ask", counted)
    return asked


def test_a_question_whose_words_are_known_takes_seven_round_trips(
    scene: Scene, far: Desk, sent: list[q.Question]
) -> None:
    """Each goes to all nodes that it is about at once; what was looked up before is not again."""
    far.ask("is 0581t per lesion or per breast")
    words = [word for one in sent if isinstance(one, q.Frequencies) for word in one.words]
    assert words
    assert len(words) == len(set(words))
    sent.clear()
    far.ask("is 0581t per lesion or per breast")
    trips = [kind for kind, _ in groupby(type(one) for one in sent)]
    searching = [q.ByWords, q.ByMeaning, q.Cosines, q.Interaction, q.Vectors]
    assert trips == [*searching, q.Passages, q.Mentions]
    assert len(sent) <= len(trips) * len(scene.machines.nodes)


def test_all_that_a_strange_word_may_mean_is_asked_for_in_one_call(
    far: Desk, sent: list[q.Question]
) -> None:
    far.ask("write me pythonn to parse an 835 file")
    asked = [one for one in sent if isinstance(one, q.Frequencies)]
    assert max(len(one.words) for one in asked) > 200
    assert len(asked) <= 8  # for the question, and what may be meant by pythonn, parse and 835


def test_the_library_here_holds_no_shard(far: Desk) -> None:
    library = far.library
    assert isinstance(library, EmbeddedLibrary)
    assert library._shards == {}
