"""The day on which a text that is not in force now would answer: of what begins later or is over, a
person learns that it is there, from when to when, and asks as of that day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from assistant.answer import AnotherDay, Verdict
from assistant.ranking.rank import Question, rank
from assistant.verdict.decide import Decision
from index.filters import Filters
from index.library import Library
from index.versions import Status, Term

_NEAREST = 2  # passages: what is further off answers on no day
_OUT_OF_FORCE = (Status.FUTURE, Status.RETIRED)


def another_day(
    library: Library,
    question: Question,
    filters: Filters,
    decided: Callable[[Filters], Decision],
) -> AnotherDay | None:
    """The day on which the passage nearest to a question holds, where it holds on another than the
    one asked about and the question as `decided` is answered by it then. None where other days were
    let in already."""
    if filters.include_all or filters.statuses:
        return None
    hits = rank(library, question, replace(filters, include_all=True), k=_NEAREST, late=False)
    terms = library.terms
    of = library.version_of([hit.passage for hit in hits])
    day = next((held for one in of if (held := _held(terms[one], filters.on))), None)
    if day is None:
        return None
    decision = decided(replace(filters, on=day))
    if decision.verdict is not Verdict.ANSWERED:
        return None
    version = decision.citations[0].version
    status = terms[version.id].status(filters.on)
    revised = status is Status.FUTURE and version.metadata.begins_revised
    over = status in _OUT_OF_FORCE
    return AnotherDay(day, version.metadata.title, revised=revised) if over else None


def _held(term: Term, on: date) -> date | None:
    """The day nearest to `on` on which a version held that does not hold then; none of one that
    another took the place of: that one is asked already."""
    if term.start is not None and term.start > on:
        return term.start
    if term.end is not None and term.end <= on and not term.superseded:
        return term.end - timedelta(days=1)
    return None
