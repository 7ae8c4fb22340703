"""The desk: an open library and a model, ready to answer. What every face talks to."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from time import perf_counter
from typing import Self

from assistant.answer import Answer
from assistant.asking import Asker
from assistant.question.asked import (
    check_question,
)
from assistant.ranking.facets import Facets, count_facets
from assistant.ranking.finding import matching
from assistant.searching import MODES, ORDERS, Search, narrowed, search
from assistant.serving import Serving, Views
from corpus.metadata.identity.names import names_stamp
from index.agreement import require_agreement
from index.audience.audiences import Audiences, Hidden
from index.audience.rules import read_rules, rules_stamp
from index.audience.sight import Sight
from index.editions.decisions import Decisions
from index.embedded import EmbeddedLibrary
from index.errors import Away, DamagedIndex, IndexProblem
from index.filters import Filters
from index.home import Home
from index.library import Library
from index.model.embedder import Embedder, asker
from index.opening import Opener, instead, open_last_good, open_other
from index.shards.places import Ids
from index.versions import today

__all__ = ["MODES", "ORDERS", "Desk", "Serving"]


class Desk:
    """Answers questions from the current generation; a newer one is taken up by itself.

    Where the current one is damaged or cannot be opened, the last good one answers, and every
    answer says so. Safe to share between threads. A generation that no longer answers is let go,
    and on `close` the last one: its files close with the end of its last question.

    `embedder` embeds the questions; it is by default the default model's. `late` false ranks
    without late interaction, and judges without the thresholds that belong to it. With a
    `generation` that one answers, whichever is current. `opener` opens generations, by default from
    the files on this machine.
    Raises NoIndex, DamagedIndex, DamagedPointer, IndexMismatch, ModelProblem when nothing can
    answer, Away when what answers cannot be reached.
    """

    def __init__(
        self,
        home: Home,
        *,
        embedder: Embedder | None = None,
        late: bool = True,
        generation: int | None = None,
        opener: Opener = EmbeddedLibrary,
    ) -> None:
        self._home = home
        self._opener = opener
        self._late = late
        self._fixed = generation is not None
        self._lock = threading.Lock()
        self._seen = _seen(home)  # as it was when it was last acted on
        if self._seen[0] is None:
            home.current()  # says what is wrong with it
        self._embedder = embedder or asker(home)
        library: Library = (
            opener(home, generation) if generation else open_last_good(home, opener=opener)
        )
        self._check_model(library)
        self._serving: Serving | None = Serving.of(library)
        self._rules = rules_stamp(home.path), read_rules(home.path)
        self._views: Views | None = None

    def close(self) -> None:
        """Answer no more; questions that are being answered are answered to the end."""
        with self._lock:
            self._serve(None)

    def seen_by(self, sight: Sight) -> Desk:
        """The desk of somebody who may not see everything: it answers from what they may see, as
        if there were nothing else. The rules of the home are looked at anew for every question."""
        return self if sight.everything else _SeenDesk(self, sight)

    def hidden_from(self, sight: Sight) -> Hidden:
        """What of the library somebody may not see."""
        return self._ruled(self.serving().library).hidden_from(sight)

    def audiences(self) -> Audiences:
        """Whom the documents of the library are for."""
        return self._ruled(self.serving().library).audiences

    def _view(self, serving: Serving, sight: Sight) -> Serving:
        return self._ruled(serving.library).of(serving, sight)

    def _ruled(self, library: Library) -> Views:
        """The views of a library under the rules that hold now."""
        stamp = rules_stamp(self._home.path)
        if stamp != self._rules[0]:
            self._rules = stamp, read_rules(self._home.path)
        rules, views = self._rules[1], self._views
        if views is None or views.library is not library or views.audiences.rules is not rules:
            views = self._views = Views(library, rules)
        return views

    def _serve(self, serving: Serving | None) -> None:
        self._serving = serving
        self._views = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    @property
    def library(self) -> Library:
        """The generation that answers now, open for as long as it is held; see `serving`."""
        return self.serving().library

    def serving(self) -> Serving:
        """The generation that answers, opened anew when another one was published, and warnings
        where it is not the current one. Raises ValueError when the desk is closed."""
        if self._is_behind() and self._lock.acquire(blocking=False):
            # Who comes meanwhile is answered from the one that is open.
            try:
                self._take_up()
            finally:
                self._lock.release()
        serving = self._serving
        if serving is None:
            raise ValueError("The desk is closed.")
        return serving

    def _is_behind(self) -> bool:
        return not self._fixed and _seen(self._home) != self._seen

    def _take_up(self) -> None:
        """Open what is current now; where that cannot be, keep what is open, with a warning."""
        if self._serving is None:
            return
        seen = _seen(self._home)
        number = self._serving.library.generation
        try:
            if seen[0] != number or seen[1] != self._seen[1]:
                opened = open_last_good(self._home, self._check_model, self._opener)
                self._serve(Serving.of(opened))
            else:
                self._serving = self._serving._replace(warnings=())
            self._seen = seen
        except Away as problem:  # tried again with the next question
            self._serving = self._serving._replace(warnings=(instead(problem, number),))
        except IndexProblem as problem:
            self._serving = self._serving._replace(warnings=(instead(problem, number),))
            self._seen = seen
        except OSError as error:  # it may pass: tried again with the next question
            self._serving = self._serving._replace(warnings=(instead(error, number),))

    def ask(self, question: str, filters: Filters | None = None, *, k: int = 5) -> Answer:
        """The cited answer. Raises BadQuery, and CodedeskError for what is no question."""
        return self._answer(
            question, lambda serving: self._asker(serving).answer(question, filters, k=k)
        )

    def search(
        self,
        query: str,
        filters: Filters | None = None,
        *,
        k: int = 20,
        mode: str = "hybrid",
        skip: int = 0,
        order: str = "best",
    ) -> Answer:
        """Passages that a search finds, by words, by meaning or by both (see MODES): `k` of them
        after `skip`, in one of ORDERS; `found` of the answer says how many there are. Raises
        BadQuery, CodedeskError."""
        asked = Search(query, mode, k, skip, order)

        def searched(serving: Serving) -> Answer:
            return search(
                serving.library,
                serving.known,
                self._asker(serving).sought(query),
                filters or Filters(on=today()),
                asked,
                late=self._late,
                warnings=serving.warnings,
            )

        return self._answer(query, searched)

    def found(self, query: str, filters: Filters, *, mode: str) -> tuple[Library, Ids]:
        """The ids of all passages that a search finds, and the library that they are of."""
        serving = self.serving()
        sought = self._asker(serving).sought(query)
        library = serving.library
        return library, matching(library, sought, narrowed(library, sought, filters), mode=mode)

    def facets(self, query: str, filters: Filters, *, fixed: Filters, mode: str) -> Facets:
        """How many passages a search finds, by payer, kind and so on; see count_facets."""
        serving = self.serving()
        library, sought = serving.library, self._asker(serving).sought(query)
        return count_facets(
            library,
            sought,
            narrowed(library, sought, filters),
            fixed=narrowed(library, sought, fixed),
            mode=mode,
        )

    def _asker(self, serving: Serving) -> Asker:
        return Asker(serving, self._embedder, self._late)

    def _answer(self, question: str, answering: Callable[[Serving], Answer]) -> Answer:
        """The answer of the generation that answers or, where it proves damaged, of the last good
        one."""
        started = perf_counter()
        check_question(question)
        serving = self.serving()
        try:
            answer = answering(serving)
        except DamagedIndex as problem:  # rows that were not compared when it was opened
            answer = answering(self._instead_of(serving.library, problem))
        return replace(answer, seconds=perf_counter() - started)

    def _instead_of(self, damaged: Library, problem: DamagedIndex) -> Serving:
        """The last good generation, which answers from now on. Raises the problem without one."""
        with self._lock:
            if self._serving is None:
                raise problem
            if self._serving.library.generation == damaged.generation:
                other = open_other(
                    self._home, damaged.generation, problem, self._check_model, self._opener
                )
                self._serve(Serving.of(other))
            return self._serving

    def _check_model(self, library: Library) -> None:
        require_agreement(self._home, library, self._embedder)


class _SeenDesk(Desk):
    """A desk before which somebody sits who may not see everything. It opens nothing of its own."""

    def __init__(self, whole: Desk, sight: Sight) -> None:
        self._whole = whole
        self._sight = sight
        self._home, self._embedder, self._late = whole._home, whole._embedder, whole._late

    def close(self) -> None:
        """The whole one is somebody else's."""

    def seen_by(self, sight: Sight) -> Desk:
        """Raises ValueError: what was left out once stays out."""
        raise ValueError("A desk is narrowed once.")

    def serving(self) -> Serving:
        return self._whole._view(self._whole.serving(), self._sight)

    def hidden_from(self, sight: Sight) -> Hidden:
        return self._whole.hidden_from(sight)

    def audiences(self) -> Audiences:
        return self._whole.audiences()

    def _instead_of(self, damaged: Library, problem: DamagedIndex) -> Serving:
        return self._whole._view(self._whole._instead_of(damaged, problem), self._sight)


def _seen(home: Home) -> tuple[int | None, int]:
    """The current generation's number, None where nothing names one, and a number that changes with
    what people decide on versions in several files, and with the names that they add."""
    decided = hash((Decisions(home).stamp(), names_stamp(home.path)))
    try:
        return home.current(), decided
    except IndexProblem:
        return None, decided
