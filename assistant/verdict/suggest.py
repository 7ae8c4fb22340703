"""Sentences for when the library does not answer: what is missing, and what to try."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from assistant.answer import Searched, Verdict
from assistant.verdict.decide import Decision
from assistant.verdict.known import Known
from assistant.verdict.requirements import Kind, Need
from index.versions import today

_NEAREST = 3  # documents that are named
_WORDS = 3  # unknown words that are named
_PAYERS = 8  # payers that are named


def missing_sentences(
    known: Known, decision: Decision, searched: Searched, *, on: date
) -> tuple[str, ...]:
    """What the library does not state on a day, in sentences; empty for an answered question."""
    if decision.verdict is Verdict.ANSWERED:
        return ()
    if not searched.documents:
        return (_nothing_left(searched),)
    return tuple(dict.fromkeys(_missing(known, decision, on)))


def suggestions(known: Known, decision: Decision, searched: Searched) -> tuple[str, ...]:
    """What to try instead; empty for an answered question."""
    if decision.verdict is Verdict.ANSWERED:
        return ()
    return tuple(dict.fromkeys(_suggestions(known, decision, searched)))


def _missing(known: Known, decision: Decision, on: date) -> Iterator[str]:
    code = next((need.name for need in decision.needs if need.kind is Kind.CODE), None)
    payer = next((need.name for need in decision.needs if need.kind is Kind.PAYER), None)
    gap = bool(decision.citations) and decision.citations[0].version.metadata.kind == "gap"
    yield from _of_shares(decision)
    nowhere = [need for need in decision.lacking if need.nowhere]
    if nowhere:
        yield from (f"No document in the library names {need.name}." for need in nowhere)
        return
    for need in _told(decision.needs if gap else decision.lacking):
        if need.attribute is not None:
            states = need.attribute.states
            about = f" for {code}" if code else f" for {payer}" if payer else ""
            yield f"Nothing here states {states}{about}."
        elif need.payer is not None and not (gap and known.has_document_of(need.payer)):
            yield _payer_missing(known, need, code)
        elif not gap:
            yield _other_missing(known, need, on)
    yield from _of_payers(known, decision, on)
    if decision.denied and not gap:
        yield "The nearest passage says itself that this is not known."
    if decision.vague and not decision.unknown:
        yield "The question names too little to tell what answers it: a code, a payer, a subject."
    if decision.unknown:
        yield from _unknown_words(known, decision.unknown)
    if gap:
        title = decision.citations[0].version.metadata.title
        yield f"The library says that this is not known: “{title}”."


def _of_shares(decision: Decision) -> Iterator[str]:
    for share in decision.open_shares:
        yield f"This part is not answered: “{share.typed}”. Ask it by itself."
    for share in decision.apart:
        yield f"“{share.typed}” was looked up by itself: check that its passage is of your case."


def _of_payers(known: Known, decision: Decision, on: date) -> Iterator[str]:
    for payer in (need.payer for need in decision.needs):
        if payer is not None and (begins := known.begins_after(payer, on)) is not None:
            yield f"The library's documents of {payer.name} hold from {begins.isoformat()} on."


def _unknown_words(known: Known, words: Sequence[str]) -> Iterator[str]:
    yield f"No document in the library has the word{_quoted(words[:_WORDS])}."


def _told(needs: Sequence[Need]) -> Iterator[Need]:
    """The needs worth a sentence: what a code is goes without saying where none names the code."""
    nowhere = {need.name for need in needs if need.kind is Kind.CODE}
    return (n for n in needs if n.kind is not Kind.MEANING or n.typed not in nowhere)


def _quoted(words: Sequence[str]) -> str:
    """“one”, or s “one”, “two” or “three” after a noun."""
    *some, last = (f"“{word}”" for word in words)
    return f"s {', '.join(some)} or {last}" if some else f" {last}"


def _payer_missing(known: Known, need: Need, code: str | None) -> str:
    if need.payer is not None and known.has_document_of(need.payer):
        about = f" on {code}" if code else " on this"
        return f"The library has documents of {need.name}, but none of them says anything{about}."
    return f"The library has no document of {need.name}."


def _other_missing(known: Known, need: Need, on: date) -> str:
    if need.kind is Kind.CODE:
        if not known.has_words(need.name):
            return f"No document in the library names {need.name}."
        return f"No passage that comes near names {need.name}."
    if need.identifier is not None:
        return f"No passage that comes near names {need.name}."
    if need.thing is not None:
        asked = need.typed.strip()
        return f"The nearest passage does not state {need.thing.thing.states} (“{asked}”)."
    if need.kind is Kind.MEANING:
        return f"The nearest passage does not say what {need.typed} is."
    if need.kind is Kind.YEAR:
        if need.name == str(on.year) and on < today():
            return f"The nearest passage does not say what held on {on.isoformat()}."
        return f"The nearest passage does not speak of {need.name}."
    return f"No passage that comes near speaks of {need.typed}."


def _nothing_left(searched: Searched) -> str:
    named, on = _filters(searched), searched.filters.get("as_of", "")
    if searched.filters.get("include_all"):
        return f"No document is left to search: {named}." if named else "The library is empty."
    if named:
        return f"No document is left to search: {named}, in force on {on}."
    return f"No document is in force on {on}."


def _filters(searched: Searched) -> str:
    """The filters that narrow, in words."""
    return " and ".join(
        f"{name} {', '.join(str(value) for value in values)}"
        for name, key in (("payer", "payers"), ("kind", "kinds"), ("document", "documents"))
        if isinstance(values := searched.filters.get(key), list) and values
    )


def _suggestions(known: Known, decision: Decision, searched: Searched) -> Iterator[str]:
    filters = [key for key in ("payers", "kinds", "documents") if searched.filters.get(key)]
    if filters and decision.verdict is not Verdict.ANSWERED:
        yield f"Search without the filter on {_filters_named(filters)}."
    if not searched.documents:
        if searched.filters.get("payers") and known.payer_names:
            yield _payers_known(known)
        if not searched.filters.get("include_all"):
            yield "Ask for another day with --as-of, or find retired ones with include:retired."
        return
    for need in decision.lacking:
        if need.payer is not None and not known.has_document_of(need.payer) and known.payer_names:
            yield _payers_known(known)
        if need.payer is not None and (titles := known.titles_naming(need.payer.aliases)):
            yield f"About {need.name} the library has: {'; '.join(titles[:_NEAREST])}."
    retired = [c for c in decision.citations if c.superseded]
    if retired:
        yield "Ask for the day of service with --as-of, where the answer depends on the date."
    near = dict.fromkeys(
        citation.version.metadata.title
        for citation in decision.citations
        if citation.version.metadata.kind != "gap"
    )
    for title in list(near)[:_NEAREST]:
        yield f"Ask about “{title}”."


def _filters_named(keys: list[str]) -> str:
    return " and ".join(
        {"payers": "payer", "kinds": "kind", "documents": "document"}[k] for k in keys
    )


def _payers_known(known: Known) -> str:
    names = known.payer_names
    more = f" and {len(names) - _PAYERS} more" if len(names) > _PAYERS else ""
    return f"Payers of which the library has documents: {', '.join(names[:_PAYERS])}{more}."
