"""Who may not see all of a library is answered from a cluster as from one machine, to the bit."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.desk import MODES, Desk
from index.audience.audiences import Hidden
from index.audience.rules import Rules, write_rules
from index.audience.sight import EVERYTHING, PUBLIC, Sight
from index.cluster import questions as q
from index.cluster.holder import Holder
from index.cluster.library import ClusterLibrary
from index.embedded.generation import Generation
from index.model.embedder import Embedder
from index.shards.texts import FILES
from tests.index.cluster.alike import (
    answered_otherwise,
    answered_while,
    every_call_is_alike,
    reports_are_alike,
    same,
    searches_are_alike,
)
from tests.index.cluster.scenes import QUESTIONS, Scene, scene_in

pytestmark = pytest.mark.xdist_group("ray")
RULES = Rules(
    {
        "starter/payers": ("contracting",),
        "starter/payers/tricare.md": (),
        "starter/code/units-per-breast.md": ("legal",),
        "starter/medicare": ("legal", "contracting"),
        "starter/gaps/mue.md": ("board",),
    }
)
SIGHTS = [
    pytest.param(EVERYTHING, id="who sees everything", marks=pytest.mark.slow),
    pytest.param(Sight(frozenset({"contracting"})), id="contracting"),
    pytest.param(Sight(frozenset({"legal"})), id="legal", marks=pytest.mark.slow),
    pytest.param(PUBLIC, id="somebody in no group", marks=pytest.mark.slow),
]


@pytest.fixture(scope="module")
def scene(
    tmp_path_factory: pytest.TempPathFactory, models: Path, embedder: Embedder, ray_files: Path
) -> Iterator[Scene]:
    root = tmp_path_factory.mktemp("views")
    with scene_in(
        root,
        models=models,
        embedder=embedder,
        ray_files=ray_files,
        rules=RULES,
        approximate_from=65,
    ) as made:
        yield made


@pytest.fixture(scope="module")
def desks(scene: Scene) -> Iterator[tuple[Desk, Desk]]:
    with scene.near() as near, scene.far() as far:
        yield near, far


@pytest.fixture(params=SIGHTS)
def pair(desks: tuple[Desk, Desk], request: pytest.FixtureRequest) -> tuple[Desk, Desk]:
    """The desk on this machine and the one on the cluster, as somebody has them."""
    near, far = desks
    return near.seen_by(request.param), far.seen_by(request.param)


def test_200_questions_are_answered_alike_whoever_asks(pair: tuple[Desk, Desk]) -> None:
    near, far = pair
    assert isinstance(far.library, ClusterLibrary)
    assert far.library.hidden == near.library.hidden
    assert answered_otherwise(near, far, QUESTIONS) == []


@pytest.mark.parametrize("mode", MODES)
def test_a_search_finds_the_same_whoever_asks(pair: tuple[Desk, Desk], mode: str) -> None:
    searches_are_alike(*pair, mode)


def test_every_call_gives_the_same_whoever_asks(pair: tuple[Desk, Desk]) -> None:
    every_call_is_alike(*pair)


@pytest.mark.slow
def test_reports_are_the_same_whoever_asks(pair: tuple[Desk, Desk]) -> None:
    reports_are_alike(*pair)


def test_what_is_hidden_is_not_there(desks: tuple[Desk, Desk]) -> None:
    far = desks[1]
    whole, seen = far.library, far.seen_by(PUBLIC).library
    hidden = [v for v in whole.versions.values() if v.document in seen.hidden.names]
    assert {v.document for v in hidden} >= {"starter/gaps/mue.md", "starter/payers/cigna-0558.md"}
    for version in hidden:
        for call in (seen.text, seen.document):
            with pytest.raises(KeyError):
                call(version.id)
        for passage in whole.passages_of(version.id):
            with pytest.raises(KeyError):
                seen.passages([passage.id])
        assert seen.passages_of(version.id) == []
    assert seen.size == whole.size - sum(len(whole.passages_of(v.id)) for v in hidden)


def test_a_rule_counts_at_once_also_where_a_shard_holds_what_is_hidden_and_what_is_not(
    scene: Scene, desks: tuple[Desk, Desk]
) -> None:
    """The words of such a shard are written anew on every node, of texts that are fetched for it
    and removed again."""
    near, far = (desk.seen_by(Sight(frozenset({"board"}))) for desk in desks)
    try:
        write_rules(scene.home.path, Rules({"starter/workflow": ("legal",), **RULES.groups}))
        hidden = near.library.hidden
        opened = Generation(scene.home, scene.home.current())
        divided = {opened.names[number] for number in opened.catalogue.divided_by(hidden.names)}
        opened.close()
        assert divided
        assert far.library.approximate
        assert answered_otherwise(near, far, QUESTIONS[:60]) == []
        every_call_is_alike(near, far)
        folder = Path(os.environ["CODEDESK_CLUSTER_FOLDER"])
        for node in folder.glob("holders/*/states/*/generations/*/shards"):
            for shard in node.iterdir():
                texts = {path.name for path in shard.iterdir()} & FILES
                assert not texts or (shard / "vectors.tokens").exists()
    finally:
        write_rules(scene.home.path, RULES)


def test_who_sees_nothing_is_told_of_nothing(scene: Scene, desks: tuple[Desk, Desk]) -> None:
    near, far = (desk.seen_by(PUBLIC) for desk in desks)
    try:
        write_rules(scene.home.path, Rules({"starter": ("nobody",)}))
        assert far.library.size == 0
        assert answered_otherwise(near, far, QUESTIONS[:20]) == []
        for mode in MODES:
            searches_are_alike(near, far, mode)
    finally:
        write_rules(scene.home.path, RULES)


def test_rules_that_cannot_be_read_hide_everything(scene: Scene, desks: tuple[Desk, Desk]) -> None:
    near, far = (desk.seen_by(Sight(frozenset({"legal"}))) for desk in desks)
    try:
        (scene.home.path / "private.toml").write_text("[groups\n", "utf-8")
        assert far.library.size == 0
        assert same(near.ask(QUESTIONS[0]), far.ask(QUESTIONS[0]))
    finally:
        write_rules(scene.home.path, RULES)


def test_a_node_that_was_started_anew_is_told_again_what_is_hidden(
    scene: Scene, desks: tuple[Desk, Desk]
) -> None:
    near, far = (desk.seen_by(Sight(frozenset({"legal"}))) for desk in desks)

    def kill() -> None:
        for node in scene.machines.nodes[:2]:
            scene.machines.kill_holder(node)
            time.sleep(4)

    answered_while(near, far, kill, least=60)
    scene.placed_again()
    assert answered_otherwise(near, far, QUESTIONS[:20]) == []


def test_a_view_that_is_not_known_is_not_answered_from_all(scene: Scene, tmp_path: Path) -> None:
    """Neither where nobody says what is hidden, nor where that is not what the view is named by."""
    far = scene.far()
    library = far.library
    assert isinstance(library, ClusterLibrary)
    state = scene.opener.keeper._states[library._asking.held.key]
    holder = Holder(tmp_path / "holder")
    shards = tuple(state.names.values())
    held = q.answer_in(holder.ask(q.packed(q.Hold(state.key, state.source, shards))))
    assert isinstance(held, q.Holding)
    hidden = Hidden(names=frozenset({"starter/workflow/prior-authorization.md"}))
    sum_of, question = q.sum_of(hidden), q.Counts()
    numbers = tuple(state.names)

    def asked(view: str, hidden: Hidden | None) -> q.Answer:
        return q.answer_in(holder.ask(q.packed(q.Ask(state.key, numbers, question, view, hidden))))

    assert asked(sum_of, None) == q.Unseen()
    assert isinstance(asked(sum_of, Hidden()), q.Broken)
    assert isinstance(asked(q.sum_of(Hidden(told=hidden.names)), hidden), q.Broken)
    seen, whole = asked(sum_of, hidden), asked("", None)
    assert isinstance(seen, q.Arrays)
    assert seen == asked(sum_of, None) != whole
    far.close()
