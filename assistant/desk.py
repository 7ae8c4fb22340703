"""The desk: an open library and a model, ready to answer. What every face talks to."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from time import perf_counter
from typing import NamedTuple, Self

from assistant.answer import Answer, Verdict
from assistant.question.asked import (
    check_question,
    moved_notice,
    moved_to_past,
    what_was_searched,
    with_operators,
    without_days,
    without_stray_quotes,
)
from assistant.question.understand import Names, Understood, understand
from assistant.question.words.language import IN_ENGLISH, please_ask_in_english
from assistant.ranking.alike import collapse
from assistant.ranking.cite import cite
from assistant.ranking.facets import Facets, count_facets
from assistant.ranking.finding import matching
from assistant.ranking.rank import Question, rank
from assistant.searching import MODES, ORDERS, Search, narrowed, search
from assistant.showing import passage_at
from assistant.verdict.another_day import another_day
from assistant.verdict.decide import LOOKED_AT, Ask, Decision, decide
from assistant.verdict.known import Known
from assistant.verdict.overruled import with_overruling
from assistant.verdict.suggest import (
    asking_as_of,
    missing_sentences,
    on_another_day,
    premise_notice,
    suggestions,
)
from assistant.verdict.theirs import with_theirs
from assistant.verdict.trusting import Matches
from corpus.metadata.identity.names import names_stamp
from index.agreement import require_agreement
from index.audience.audiences import Audiences, Hidden
from index.audience.rules import Rules, read_rules, rules_stamp
from index.audience.sight import Sight
from index.editions.decisions import Decisions
from index.embedded import EmbeddedLibrary
from index.errors import Away, DamagedIndex, IndexProblem
from index.filters import Filters
from index.home import Home
from index.library import Library
from index.model.embedder import Embedder, Embedding, asker, unit
from index.opening import Opener, instead, open_last_good, open_other
from index.recent import Recent
from index.shards.places import Ids
from index.versions import today

__all__ = ["MODES", "ORDERS", "Desk", "Serving"]
_SIGHTS, _VIEWS = 512, 16  # of how many people is known what they may not see; views kept open
_SPARE = 2  # times as many passages as are wanted are ranked: some say the same


class Serving(NamedTuple):
    """Who answers, warnings to those who read it, and what is known of the library.

    Whoever holds it keeps the library open: a question holds it to its end.
    """

    library: Library
    warnings: tuple[str, ...]
    known: Known

    @classmethod
    def of(cls, library: Library) -> Serving:
        return cls(library, library.warnings, Known(library))


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
        self._views: _Views | None = None

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

    def _ruled(self, library: Library) -> _Views:
        """The views of a library under the rules that hold now."""
        stamp = rules_stamp(self._home.path)
        if stamp != self._rules[0]:
            self._rules = stamp, read_rules(self._home.path)
        rules, views = self._rules[1], self._views
        if views is None or views.library is not library or views.audiences.rules is not rules:
            views = self._views = _Views(library, rules)
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
        return self._answer(question, lambda serving: self._asked(serving, question, filters, k))

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
                self._sought(query, serving),
                filters or Filters(on=today()),
                asked,
                late=self._late,
                warnings=serving.warnings,
            )

        return self._answer(query, searched)

    def found(self, query: str, filters: Filters, *, mode: str) -> tuple[Library, Ids]:
        """The ids of all passages that a search finds, and the library that they are of."""
        serving = self.serving()
        sought = self._sought(query, serving)
        library = serving.library
        return library, matching(library, sought, narrowed(library, sought, filters), mode=mode)

    def facets(self, query: str, filters: Filters, *, fixed: Filters, mode: str) -> Facets:
        """How many passages a search finds, by payer, kind and so on; see count_facets."""
        serving = self.serving()
        library, sought = serving.library, self._sought(query, serving)
        return count_facets(
            library,
            sought,
            narrowed(library, sought, filters),
            fixed=narrowed(library, sought, fixed),
            mode=mode,
        )

    def _sought(self, query: str, serving: Serving) -> Question:
        understood = self._understood(query, serving.known, searching=True)
        embedding = self._embedded(understood, query)
        if understood.query.like is None:
            return Question(understood, embedding, serving.known.whose(understood.query.free))
        passage = passage_at(serving.library, *understood.query.like)
        vector = serving.library.vectors([passage.id])[0]
        return Question(understood, replace(embedding, vector=vector), like=passage.id)

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

    def _asked(self, serving: Serving, question: str, filters: Filters | None, k: int, /) -> Answer:
        """The answer of one generation; how long it took is filled in later."""
        library, warnings, known = serving
        understood = self._understood(without_stray_quotes(question), known)
        filters = with_operators(filters or Filters(on=today()), understood)
        if (moved := moved_to_past(filters, understood)) is not filters:
            filters, warnings = moved, (*warnings, moved_notice(moved.on))
            understood = understood.sought_as(without_days(understood.text))
        selection = library.select(filters)

        def sought_as(part: Understood) -> Question:
            return Question(part, self._embedded(part, question), known.whose(part.query.free))

        whole = sought_as(understood)  # embedded once, on whatever days it is asked

        def decided(
            part: Understood, *, ask: Ask | None = None, filters: Filters = filters
        ) -> Decision:
            sought = whole if part is understood else sought_as(part)
            most = max(k, LOOKED_AT)
            hits = rank(library, sought, filters, k=_SPARE * most, late=self._late)
            hits = collapse(library, hits, on=filters.on)[:most]
            if self._late:
                hits = with_theirs(library, sought, filters, hits, within=LOOKED_AT)
            hits = with_overruling(library, known.naming, sought, filters, hits, within=LOOKED_AT)
            of = {hit.passage: hit.matches for hit in hits if hit.matches is not None}

            def alone(text: str) -> float:
                return float(self._embedder.query(text).vector @ sought.embedding.vector)

            return decide(
                known,
                part,
                cite(library, hits, part, on=filters.on),
                matches=Matches(sought.embedding, of, alone) if self._late else None,
                on=filters.on,
                ask=ask,
            )

        def apart(part: str) -> Decision:
            """What operators narrow holds for every part of a question."""
            alone = self._understood(part, known)
            return decided(replace(alone, query=replace(understood.query, free=alone.query.free)))

        please = please_ask_in_english(understood.query.free, known.share_with)
        decision = decided(understood, ask=None if please else apart)
        searched = what_was_searched(filters, selection)
        other = None
        if decision.verdict is Verdict.ANSWERED:
            warnings = (*warnings, *premise_notice(decision))
        elif not please:
            other = another_day(
                library,
                whole,
                filters,
                lambda then: decided(understood, filters=then),
            )
        return Answer(
            question=question,
            verdict=Verdict.NOT_FOUND if please else decision.verdict,
            as_of=filters.on,
            generation=library.generation,
            citations=decision.citations[:k],
            searched=searched,
            widened=understood.widened,
            missing=(please, IN_ENGLISH)
            if please
            else (
                *on_another_day(other),
                *missing_sentences(known, decision, searched, on=filters.on),
            ),
            suggestions=()
            if please
            else (
                *asking_as_of(other),
                *suggestions(known, decision, searched, on=filters.on),
            ),
            open_parts=() if please else tuple(share.typed for share in decision.open_shares),
            another_day=other,
            trust=0.0 if please else decision.trust,
            warnings=warnings,
            seconds=0.0,
        )

    def _understood(self, question: str, known: Known, *, searching: bool = False) -> Understood:
        """A question taken apart, without asides, its slips read as words of the library."""
        return understand(
            question,
            searching=searching,
            spelling=lambda text: known.repaired(text, lambda: self._embedder.words),
            asked=known.asked,
            names=Names(
                proper=known.proper_names,
                owners=known.owners,
                explained=lambda text: known.explained(text, lambda: self._embedder.words),
            ),
        )

    def _embedded(self, part: Understood, question: str) -> Embedding:
        """What is embedded of a question. Half of its meaning is that without the names of those
        who have documents here: every passage of such a document may name its owner."""
        text, bare = part.text or question, part.without_owners
        if bare == part.text:
            return self._embedder.query(text)
        whole, rest = self._embedder.queries((text, bare))
        return replace(whole, vector=unit(whole.vector + rest.vector))

    def _check_model(self, library: Library) -> None:
        require_agreement(self._home, library, self._embedder)


class _Views:
    """A library as it is seen by those who may not see all of it; the last few are kept open."""

    def __init__(self, library: Library, rules: Rules) -> None:
        self.library = library
        self.audiences = library.audiences(rules)
        self._hidden: Recent[Sight, Hidden] = Recent(_SIGHTS)
        self._open: Recent[Hidden, Serving] = Recent(_VIEWS)

    def hidden_from(self, sight: Sight) -> Hidden:
        return self._hidden.get(sight, lambda: self.audiences.hidden_from(sight))

    def of(self, serving: Serving, sight: Sight) -> Serving:
        hidden = self.hidden_from(sight)
        warnings = serving.warnings
        if broken := self.audiences.rules.broken:
            warnings = (*warnings, broken)
        if hidden:
            serving = self._open.get(hidden, lambda: Serving.of(self.library.without(hidden)))
        return serving._replace(warnings=warnings)


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
