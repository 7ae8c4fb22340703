"""Answers a question from one library: takes it apart, ranks, cites, decides, and says what is
missing."""

from __future__ import annotations

from dataclasses import dataclass, replace

from assistant.answer import AnotherDay, Answer, Verdict
from assistant.question.asked import (
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
from assistant.ranking.rank import Question, rank
from assistant.serving import Serving
from assistant.showing import passage_at
from assistant.verdict.another_day import another_day
from assistant.verdict.decide import LOOKED_AT, Ask, Decision, decide
from assistant.verdict.deciding import with_deciding
from assistant.verdict.overruled import with_overruling
from assistant.verdict.own_day import with_own_day
from assistant.verdict.suggest import (
    asking_as_of,
    missing_sentences,
    on_another_day,
    premise_notice,
    suggestions,
)
from assistant.verdict.theirs import with_theirs
from assistant.verdict.trusting import Matches
from index.filters import Filters
from index.model.embedder import Embedder, Embedding, unit
from index.versions import today

_SPARE = 2  # times as many passages as are wanted are ranked: some say the same


@dataclass(frozen=True, slots=True)
class Asker:
    """Asks one library. `late` false ranks without late interaction, and judges without the
    thresholds that belong to it."""

    serving: Serving
    embedder: Embedder
    late: bool

    def answer(self, question: str, filters: Filters | None, *, k: int) -> Answer:
        """The answer, but for how long it took. Raises BadQuery."""
        known, warnings = self.serving.known, self.serving.warnings
        understood = self.understood(without_stray_quotes(question))
        filters = with_operators(filters or Filters(on=today()), understood)
        if (moved := moved_to_past(filters, understood)) is not filters:
            filters, warnings = moved, (*warnings, moved_notice(moved.on))
            understood = understood.sought_as(without_days(understood.text))
        asked = _Asked(self, question, understood, self.sought_as(understood, question), k)
        please = please_ask_in_english(understood.query.free, known.named.share_with)
        decision = asked.decided(filters, apart=not please)
        if decision.verdict is Verdict.ANSWERED:
            warnings = (*warnings, *premise_notice(decision))
        answer = Answer(
            question=question,
            verdict=Verdict.NOT_FOUND,
            as_of=filters.on,
            generation=self.serving.library.generation,
            citations=decision.citations[:k],
            searched=what_was_searched(filters, self.serving.library.select(filters)),
            widened=understood.widened,
            missing=(please, IN_ENGLISH) if please else (),
            warnings=warnings,
        )
        if please:
            return answer
        other = None
        if decision.verdict is not Verdict.ANSWERED:
            other = another_day(self.serving.library, asked.whole, filters, asked.decided)
        return self._with_verdict(answer, decision, other)

    def _with_verdict(self, answer: Answer, decision: Decision, other: AnotherDay | None) -> Answer:
        known, searched, on = self.serving.known, answer.searched, answer.as_of
        missing = missing_sentences(known, decision, searched, on=on)
        return replace(
            answer,
            verdict=decision.verdict,
            missing=(*on_another_day(other), *missing),
            suggestions=(
                *asking_as_of(other),
                *suggestions(known, decision, searched, on=on),
            ),
            open_parts=tuple(share.typed for share in decision.open_shares),
            another_day=other,
            trust=decision.trust,
        )

    def sought(self, query: str) -> Question:
        """What a search looks for. Raises BadQuery, CodedeskError."""
        library = self.serving.library
        understood = self.understood(query, searching=True)
        if understood.query.like is None:
            return self.sought_as(understood, query)
        passage = passage_at(library, *understood.query.like)
        vector = library.vectors([passage.id])[0]
        embedding = replace(self._embedded(understood, query), vector=vector)
        return Question(understood, embedding, like=passage.id)

    def sought_as(self, part: Understood, question: str) -> Question:
        whose = self.serving.known.payers.whose(part.query.free)
        return Question(part, self._embedded(part, question), whose)

    def understood(self, question: str, *, searching: bool = False) -> Understood:
        """A question taken apart, without asides, its slips read as words of the library."""
        known = self.serving.known
        return understand(
            question,
            searching=searching,
            spelling=lambda text: known.reading.repaired(text, lambda: self.embedder.words),
            asked=known.reading.asked,
            names=Names(
                proper=known.payers.proper_names,
                owners=known.payers.owners,
                explained=lambda text: known.reading.explained(text, lambda: self.embedder.words),
            ),
        )

    def _embedded(self, part: Understood, question: str) -> Embedding:
        """What is embedded of a question. Half of its meaning is that without the names of those
        who have documents here: every passage of such a document may name its owner."""
        text, bare = part.text or question, part.without_owners
        if bare == part.text:
            return self.embedder.query(text)
        whole, rest = self.embedder.queries((text, bare))
        return replace(whole, vector=unit(whole.vector + rest.vector))


@dataclass(frozen=True, slots=True)
class _Asked:
    """One question. `whole` is embedded once, on whatever days it is asked."""

    asker: Asker
    question: str
    understood: Understood
    whole: Question
    k: int

    def decided(self, filters: Filters, *, apart: bool = False) -> Decision:
        """With `apart`, of several things asked each that nothing answers is asked by itself."""

        def alone(part: str) -> Decision:
            """What operators narrow holds for every part of a question."""
            taken = self.asker.understood(part)
            query = replace(self.understood.query, free=taken.query.free)
            taken = replace(taken, query=query)
            return self._decided(self.asker.sought_as(taken, self.question), filters)

        return self._decided(self.whole, filters, ask=alone if apart else None)

    def _decided(self, sought: Question, filters: Filters, *, ask: Ask | None = None) -> Decision:
        library, known, late = self.asker.serving.library, self.asker.serving.known, self.asker.late
        most = max(self.k, LOOKED_AT)
        hits = rank(library, sought, filters, k=_SPARE * most, late=late)
        hits = collapse(library, hits, on=filters.on)[:most]
        if late:
            hits = with_theirs(library, sought, filters, hits, within=LOOKED_AT)
        hits = with_overruling(library, known.naming, sought, filters, hits, within=LOOKED_AT)
        hits = with_deciding(library, known.naming, sought, filters, hits, within=LOOKED_AT)
        hits = with_own_day(library, sought, filters, hits, within=LOOKED_AT)
        of = {hit.passage: hit.matches for hit in hits if hit.matches is not None}

        def near(text: str) -> float:
            return float(self.asker.embedder.query(text).vector @ sought.embedding.vector)

        part = sought.understood
        return decide(
            known,
            part,
            cite(library, hits, part, on=filters.on),
            matches=Matches(sought.embedding, of, near) if late else None,
            on=filters.on,
            ask=ask,
        )
