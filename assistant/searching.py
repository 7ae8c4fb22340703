"""A search: every passage that is found can be reached, a page at a time, in several orders."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant.answer import Answer
from assistant.question.asked import what_was_searched, with_operators, with_titles
from assistant.ranking.alike import collapse
from assistant.ranking.cite import cite
from assistant.ranking.finding import find
from assistant.ranking.rank import Hit, Question
from assistant.verdict.decide import LOOKED_AT, Decision, decide
from assistant.verdict.here.known import Known
from assistant.verdict.suggest import missing_sentences, suggestions
from assistant.verdict.trusting import Matches
from corpus.errors import CodedeskError
from index.filters import Filters
from index.library import Library

MODES = ("hybrid", "lexical", "dense")
_ALIKE = 400  # best passages that are compared with each other: those that say the same are one

_Key = Callable[[Library, int, int], tuple[object, ...]]  # of a version and a passage


def _by_document(library: Library, version: int, passage: int) -> tuple[object, ...]:
    return library.versions[version].document, version, passage


def _by_payer(library: Library, version: int, passage: int) -> tuple[object, ...]:
    payer = (library.versions[version].metadata.payer or "").casefold()
    return not payer, payer, *_by_document(library, version, passage)


def _newest(library: Library, version: int, passage: int) -> tuple[object, ...]:
    start = library.terms[version].start or date.min
    return -start.toordinal(), *_by_document(library, version, passage)


ORDERS: Mapping[str, _Key | None] = {
    "best": None,
    "newest": _newest,
    "payer": _by_payer,
    "document": _by_document,
}


@dataclass(frozen=True, slots=True)
class Search:
    """What is searched for: `k` passages after `skip`, in one of ORDERS."""

    query: str
    mode: str
    k: int
    skip: int = 0
    order: str = "best"

    def __post_init__(self) -> None:
        if self.mode not in MODES or self.order not in ORDERS:
            raise CodedeskError(
                f"A search is {', '.join(MODES)}, in the order {', '.join(ORDERS)}; not "
                f"{self.mode}, {self.order}."
            )


def search(
    library: Library,
    known: Known,
    question: Question,
    filters: Filters,
    asked: Search,
    *,
    late: bool,
    warnings: Sequence[str],
) -> Answer:
    """The passages that are found, as one page of them."""
    understood = question.understood
    filters = narrowed(library, question, filters)
    count, hits = find(library, question, filters, mode=asked.mode, late=late)
    best = collapse(library, hits[:_ALIKE], on=filters.on)
    hits = [*best, *_but_those(hits[_ALIKE:], best)]
    ordered = _ordered(library, hits, asked.order)
    decision = _decided(
        library, known, question, filters, hits, scored=asked.mode == "hybrid" and late
    )
    searched = what_was_searched(filters, library.select(filters))
    page = ordered[asked.skip : asked.skip + asked.k]
    if asked.order == "best":
        page = _as_decided(hits, decision)[asked.skip : asked.skip + asked.k]
    unmet = {one.passage: one.why.unmet for one in decision.citations}
    citations = tuple(
        replace(
            one,
            rank=asked.skip + one.rank,
            why=replace(one.why, unmet=unmet.get(one.passage, ())),
        )
        for one in cite(library, page, understood, on=filters.on)
    )
    return Answer(
        question=asked.query,
        verdict=decision.verdict,
        as_of=filters.on,
        generation=library.generation,
        citations=citations,
        searched=searched,
        widened=understood.widened,
        missing=missing_sentences(known, decision, searched, on=filters.on),
        suggestions=suggestions(known, decision, searched, on=filters.on),
        open_parts=tuple(share.typed for share in decision.open_shares),
        trust=decision.trust,
        warnings=tuple(warnings),
        found=count,
        shown=len(hits),
    )


def narrowed(library: Library, question: Question, filters: Filters) -> Filters:
    """The filters with those that the query brings. Raises CodedeskError."""
    understood = question.understood
    filters = with_operators(filters, understood)
    return with_titles(filters, understood.query.titles, library.titles())


def _but_those(hits: Sequence[Hit], best: Sequence[Hit]) -> list[Hit]:
    stood_for = {passage for one in best for passage in one.also}
    return [one for one in hits if one.passage not in stood_for]


def _ordered(library: Library, hits: list[Hit], order: str) -> list[Hit]:
    key = ORDERS[order]
    if key is None:
        return hits
    versions = library.version_of([hit.passage for hit in hits])
    of = dict(zip((hit.passage for hit in hits), versions, strict=True))
    return sorted(hits, key=lambda hit: key(library, of[hit.passage], hit.passage))


def _decided(
    library: Library,
    known: Known,
    question: Question,
    filters: Filters,
    hits: Sequence[Hit],
    *,
    scored: bool,
) -> Decision:
    """What the best passages come to. One that says what a code is goes in front where nothing but
    the code was typed."""
    first = hits[:LOOKED_AT]
    of = {hit.passage: hit.matches for hit in first if hit.matches is not None}
    return decide(
        known,
        question.understood,
        cite(library, first, question.understood, on=filters.on),
        matches=Matches(question.embedding, of) if scored else None,
        on=filters.on,
        reorder=question.understood.alone is not None,
    )


def _as_decided(hits: Sequence[Hit], decision: Decision) -> list[Hit]:
    place = {one.passage: one.rank for one in decision.citations}
    first = sorted(hits[: len(place)], key=lambda hit: place.get(hit.passage, len(place)))
    return [*first, *hits[len(place) :]]
