"""What a library on a cluster asks: a state of it, as somebody sees it."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from index.audience.audiences import Hidden
from index.cluster.keeper import Keeper, State
from index.cluster.questions import Question, View

Said = TypeVar("Said")


class Held:
    """A state that nodes hold as long as anybody has this. Raises SearchAway where they cannot, and
    without `wait` Loading while they do not yet."""

    def __init__(self, keeper: Keeper, state: State, *, wait: bool) -> None:
        if wait:
            keeper.keep(state)
        else:
            keeper.begin(state)
        self.key = state.key
        self.keeper = keeper
        self._let_go = weakref.finalize(self, keeper.release, state.key)
        self._let_go.atexit = False


@dataclass(frozen=True, slots=True)
class Asking:
    """Asks a state, as somebody sees it."""

    held: Held
    view: View

    @classmethod
    def whole(cls, held: Held) -> Asking:
        return cls(held, View.of(held.key, Hidden()))

    def without(self, hidden: Hidden) -> Asking:
        """The same state without what is hidden."""
        return Asking(self.held, View.of(self.held.key, hidden))

    def ask(
        self,
        numbers: Iterable[int],
        question: Callable[[frozenset[int]], Question],
        kind: type[Said],
    ) -> list[tuple[frozenset[int], Said]]:
        """See Keeper.ask."""
        return self.held.keeper.ask(self.view, numbers, question, kind)
