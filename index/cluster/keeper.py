"""Keeps the shards of published states on the nodes, each on at least two, and asks them.

Who asks knows which generation is meant, so it is here that a state is placed: on living nodes,
again when one comes or goes. Several who ask the same cluster place alike, each by itself.
"""

from __future__ import annotations

import itertools
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from index.cluster import questions as q
from index.cluster.bridge import Reply
from index.cluster.engine import Node
from index.cluster.link import Gone, Link
from index.cluster.placing import holding, placed
from index.cluster.questions import Answer, Question, Source, View, answer_in, packed
from index.errors import Away

Said = TypeVar("Said")
_LOOK_EVERY = 1.0  # seconds
_CHECK_EVERY = 3  # looks after which the nodes are asked what they hold
_NODES_IN = 5.0  # seconds for a list of nodes; without a head there is none
HEDGE = 1.5  # seconds after which the other copy is asked as well
PATIENCE = 20.0  # seconds until a question is given up
_COPIES_IN = 60.0  # seconds for the other copies, once each shard is there
_SLOW = 10.0  # seconds for which a node that did not answer is asked only where nobody else can be
_READY_IN = 900.0  # seconds for a new state to be loaded


class SearchAway(Away):
    """The nodes that hold the library cannot be asked now, or not all of its shards."""

    def __init__(self, why: str) -> None:
        super().__init__(
            f"Search is away: {why}. It comes back by itself when the cluster does; "
            "`codedesk cluster status` says what is missing."
        )


class Loading(Away):
    """The nodes are taking up a newer state."""

    def __init__(self, generation: int) -> None:
        super().__init__(f"Generation {generation} is being loaded by the nodes of the cluster.")


@dataclass(slots=True)
class State:
    """A state that is kept: where it comes from, its shards' names by number, and who holds which
    shard, as far as they said so. `told` are the nodes that know a view of it, with its sum."""

    key: str
    source: Source
    names: Mapping[int, str]
    held: dict[str, frozenset[str]] = field(default_factory=dict)
    loading: dict[str, Future[Reply]] = field(default_factory=dict)
    told: set[tuple[str, str]] = field(default_factory=set)
    problem: str = ""
    since: float = field(default_factory=time.monotonic)
    waited_for: bool = False  # nobody asks it yet
    users: int = 0


class Keeper:
    """Safe to share between threads. `close` it."""

    def __init__(self, address: str) -> None:
        self._link = Link(address)
        self._states: dict[str, State] = {}
        self._nodes: list[Node] = []
        self._changed = threading.Condition()
        self._turn = 0
        self._slow: dict[str, float] = {}  # until when
        self._closed = threading.Event()
        threading.Thread(target=self._watch, name="cluster-keeper", daemon=True).start()

    def close(self) -> None:
        self._closed.set()
        self._link.close()

    # Placing

    @property
    def is_asked(self) -> bool:
        """Whether some state answers."""
        with self._changed:
            return any(state.users for state in self._states.values())

    def begin(self, state: State) -> None:
        """Have a state held from now on, beside the one that is asked. Raises Loading until every
        shard of it can be asked; SearchAway where that cannot be."""
        with self._changed:
            known = self._states.setdefault(state.key, state)
            for key in [key for key, other in self._states.items() if other.waited_for]:
                if key != state.key:
                    del self._states[key]
            known.waited_for = True
        if not self._is_ready(known, since=known.since):
            if known.problem:
                self.release(state.key)
                raise SearchAway(known.problem)
            raise Loading(state.source.generation)
        with self._changed:
            known.waited_for = False
            known.users += 1

    def keep(self, state: State) -> None:
        """The same; returns when every shard can be asked. Raises SearchAway where that takes too
        long or cannot be."""
        with self._changed:
            state = self._states.setdefault(state.key, state)
            state.users += 1
        self._link.up.wait(timeout=PATIENCE)
        began = time.monotonic()
        deadline = began + _READY_IN
        while not self._is_ready(state, since=began):
            self._look()
            if not self._nodes and time.monotonic() > began + PATIENCE:
                self.release(state.key)
                raise SearchAway(self._link.problem or "no node answers")
            if state.problem or time.monotonic() > deadline:
                self.release(state.key)
                raise SearchAway(state.problem or "its nodes are not ready")
            with self._changed:
                self._changed.wait(timeout=0.1)

    def release(self, key: str) -> None:
        """One less asks this state. Where nobody does, it is not kept any more, and the nodes let
        go of it when newer ones come."""
        with self._changed:
            state = self._states.get(key)
            if state is not None:
                state.users -= 1
                if state.users < 1:
                    del self._states[key]

    def _is_ready(self, state: State, *, since: float) -> bool:
        """Whether every shard can be asked and, but where that takes long, is where it belongs."""
        loads = state.loading and time.monotonic() < since + _COPIES_IN
        return self._is_whole(state) and not loads

    def _is_whole(self, state: State) -> bool:
        living = {node.id for node in self._nodes}
        found: set[str] = set()
        for node, shards in state.held.items():
            if node in living:
                found |= shards
        return set(state.names.values()) <= found

    def _watch(self) -> None:
        for turn in itertools.count():
            if self._closed.wait(_LOOK_EVERY):
                return
            self._look()
            if turn % _CHECK_EVERY == 0:
                for node in self._nodes:
                    future = self._link.ask(node.id, packed(q.What()))
                    future.add_done_callback(partial(self._checked, node.id))

    def _checked(self, node: str, done: Future[Reply]) -> None:
        """A holder that was started anew holds nothing, and was perhaps not asked since."""
        with suppress(Gone, ValueError):
            answer = answer_in(done.result().content)
            if isinstance(answer, q.Holding):
                with self._changed:
                    for state in self._states.values():
                        if node not in state.loading:
                            state.held[node] = frozenset(answer.shards.get(state.key, ()))

    def _look(self) -> None:
        """See who is there, and have them hold what they are to hold."""
        try:
            nodes = holding(self._link.nodes(timeout=_NODES_IN))
        except Gone:  # without the head nobody comes or goes
            nodes = self._nodes
        with self._changed:
            self._nodes = nodes
            for state in list(self._states.values()):
                self._place(state, nodes)
            self._changed.notify_all()

    def _place(self, state: State, nodes: Sequence[Node]) -> None:
        wanted: dict[str, set[str]] = defaultdict(set)
        for shard, owners in placed(state.names.values(), nodes).items():
            for owner in owners:
                wanted[owner].add(shard)
        for node in nodes:
            shards = frozenset(wanted[node.id])
            if state.held.get(node.id) == shards or node.id in state.loading:
                continue
            asked = packed(q.Hold(state.key, state.source, tuple(sorted(shards))))
            future = state.loading[node.id] = self._link.ask(node.id, asked)
            future.add_done_callback(partial(self._loaded, state, node.id))

    def _loaded(self, state: State, node: str, done: Future[Reply]) -> None:
        try:
            answer = answer_in(done.result().content)
        except (Gone, ValueError):
            answer = q.Missing()
        held = answer.shards.get(state.key) if isinstance(answer, q.Holding) else None
        threading.Thread(target=self._note, args=(state, node, held, answer), daemon=True).start()

    def _note(self, state: State, node: str, held: tuple[str, ...] | None, answer: Answer) -> None:
        if held is None:
            time.sleep(_LOOK_EVERY)
        with self._changed:
            state.loading.pop(node, None)
            if held is not None:
                state.held[node] = frozenset(held)
            elif isinstance(answer, q.Broken):
                state.problem = answer.problem.rstrip(".")
            self._changed.notify_all()

    # Asking

    def ask(
        self,
        view: View,
        numbers: Iterable[int],
        question: Callable[[frozenset[int]], Question],
        kind: type[Said],
    ) -> list[tuple[frozenset[int], Said]]:
        """Ask the nodes that hold some shards of what somebody sees, each shard once: what they
        say, with the shards about which they say it. `question` makes the question for some.

        Where a node does not answer, the other one that holds its shards is asked. There are
        answers about all of them, or SearchAway is raised. Raises KeyError, DamagedIndex.
        """
        deadline = time.monotonic() + PATIENCE
        found: list[tuple[frozenset[int], Said]] = []
        left, avoided = frozenset(numbers), frozenset[str]()
        while left:
            state = self._state(view.key)
            cover = self._cover(state, left, avoided)
            if not cover and avoided:
                avoided = frozenset()  # whoever was slow may be quick now
                cover = self._cover(state, left, avoided)
            asked = {
                node: self._link.ask(
                    node, view.asks(part, question(part), known=(node, view.sum) in state.told)
                )
                for node, part in cover.items()
            }
            until = time.monotonic() + HEDGE
            for node, future in asked.items():
                answer = self._answer(future, until)
                if isinstance(answer, kind):
                    found.append((cover[node], answer))
                    left -= cover[node]
                    state.told.add((node, view.sum))
                elif isinstance(answer, q.Unseen):
                    state.told.discard((node, view.sum))
                elif isinstance(answer, q.Unknown):
                    raise KeyError(answer.key)
                else:
                    avoided |= {node}
                    self._doubt(state, node, answer)
            if left and time.monotonic() > deadline:
                raise SearchAway(f"{len(left)} of its shards cannot be asked")
            if left and not cover:
                with self._changed:
                    self._changed.wait(timeout=0.1)
        return found

    def _answer(self, future: Future[Reply], until: float) -> Answer | None:
        try:
            return answer_in(future.result(timeout=max(until - time.monotonic(), 0.001)).content)
        except (Gone, TimeoutError, ValueError):
            return None

    def _doubt(self, state: State, node: str, answer: Answer | None) -> None:
        """Have a node that lacks what it should hold, or holds it damaged, load it again; spare one
        that does not answer."""
        if answer is None:
            self._slow[node] = time.monotonic() + _SLOW
        if not isinstance(answer, q.Missing | q.Damaged):
            return
        with self._changed:
            state.held.pop(node, None)

    def _state(self, key: str) -> State:
        state = self._states.get(key)
        if state is None:
            raise SearchAway("this state of the library was let go")
        return state

    def _cover(
        self, state: State, numbers: frozenset[int], avoided: frozenset[str]
    ) -> dict[str, frozenset[int]]:
        """Who is asked about which shards: every shard of one node, the copies by turns. Empty
        where some shard is nobody's now."""
        with self._changed:
            living = [n.id for n in self._nodes if n.id not in avoided]
            held = {node: state.held.get(node, frozenset()) for node in living}
            self._turn += 1
            turn = self._turn
        cover: dict[str, set[int]] = defaultdict(set)
        now = time.monotonic()
        for number in sorted(numbers):
            owners = [node for node in living if state.names[number] in held[node]]
            if not owners:
                return {}
            # One that is asked already takes more: fewer nodes, fewer waits.
            quick = [node for node in owners if self._slow.get(node, 0.0) < now] or owners
            chosen = next((node for node in quick if node in cover), quick[turn % len(quick)])
            cover[chosen].add(number)
        return {node: frozenset(part) for node, part in cover.items()}

    # Saying

    def holdings(self) -> list[tuple[Node, q.Holding | None]]:
        """What each node says that it holds; None from one that does not say."""
        self._link.up.wait(timeout=PATIENCE)
        try:
            nodes = holding(self._link.nodes(timeout=PATIENCE))
        except Gone as error:
            raise SearchAway(str(error)) from error
        asked = {node.id: self._link.ask(node.id, packed(q.What())) for node in nodes}
        found: list[tuple[Node, q.Holding | None]] = []
        for node in nodes:
            answer = self._answer(asked[node.id], time.monotonic() + PATIENCE)
            found.append((node, answer if isinstance(answer, q.Holding) else None))
        return found
