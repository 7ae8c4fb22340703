"""Sentences for when the library does not answer: what is missing, and what to try."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from assistant.answer import AnotherDay, Citation, Searched, Verdict
from assistant.question.kinds import AskedKind
from assistant.question.names.things import Thing
from assistant.question.words.phrases import holds, plain
from assistant.verdict.decide import Decision
from assistant.verdict.here.known import Known
from assistant.verdict.meeting import tells_sums
from assistant.verdict.requirements import Kind, Need
from index.versions import Status

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
    return tuple(dict.fromkeys(_missing(known, decision, on))) or tuple(_sure_of_little(decision))


def on_another_day(other: AnotherDay | None) -> tuple[str, ...]:
    """That what is asked holds on another day."""
    if other is None:
        return ()
    revised = " as revised" if other.revised else ""
    return (f"As of {other.day}, “{other.title}”{revised} answers this.",)


def asking_as_of(other: AnotherDay | None) -> tuple[str, ...]:
    return (f"Ask as of {other.day}.",) if other else ()


def premise_notice(decision: Decision) -> tuple[str, ...]:
    """That a question takes something for granted which the passages do not bear out."""
    if decision.premise is None:
        return ()
    return (f"The question takes for granted: “{decision.premise}”. Check that first.",)


def suggestions(
    known: Known, decision: Decision, searched: Searched, *, on: date
) -> tuple[str, ...]:
    """What to try instead; empty for an answered question."""
    if decision.verdict is Verdict.ANSWERED:
        return ()
    return tuple(dict.fromkeys(_suggestions(known, decision, searched, on)))


def _missing(known: Known, decision: Decision, on: date) -> Iterator[str]:
    yield from premise_notice(decision)
    yield from _of_shares(decision)
    nowhere = [need for need in decision.lacking if need.nowhere]
    if nowhere:
        yield from (_nowhere(known, decision, need) for need in nowhere)
        return
    if not decision.citations:
        yield "No passage was found that has what the question demands."
        return
    for need in decision.needs if decision.gap else decision.lacking:
        if need.payer is not None:
            yield from _of_payer(known, decision, need)
        elif not decision.gap:
            yield from _other_missing(known, decision, need)
    yield from _of_payers(known, decision, on)
    yield from _of_the_question(decision)
    if decision.unknown:
        yield from _unknown_words(known, decision.unknown)
    if decision.gap:
        title = decision.citations[0].version.metadata.title
        yield f"The library says that this is not known: “{title}”."


def _nowhere(known: Known, decision: Decision, need: Need) -> str:
    """That nothing names a number; of a long one only where it does not stand for something else,
    since whether a page that has it calls it a policy is not told by its form."""
    numbers = re.findall(r"(?<!\S)\d{4,}(?!\S)", need.name)
    if decision.citations and any(map(known.named.has_words, numbers)):
        return f"The nearest passage does not name {need.name}."
    return f"No document in the library names {need.name}."


def _of_the_question(decision: Decision) -> Iterator[str]:
    if decision.denied and not decision.gap:
        yield "The nearest passage says itself that this is not known."
    if decision.unsaid is not None:
        pointed = f"“{decision.unsaid}”"
        yield f"The question points to something that it does not name: {pointed}. Name it."
    elif decision.vague and not decision.unknown and not decision.numbered:
        yield "The question names too little to tell what answers it: a code, a payer, a subject."


def _sure_of_little(decision: Decision) -> Iterator[str]:
    """Where nothing is lacking by name: the words that the nearest passage does not have."""
    if decision.missing:
        yield f"The nearest passage does not have the word{_quoted(decision.missing[:_WORDS])}."
    else:
        yield "It is not sure that the nearest passage answers the question."


def _of_shares(decision: Decision) -> Iterator[str]:
    for share in decision.open_shares:
        yield f"This part is not answered: “{share.typed}”. Ask it by itself."
    for share in decision.apart:
        yield f"“{share.typed}” was looked up by itself: check that its passage is of your case."


def _of_payers(known: Known, decision: Decision, on: date) -> Iterator[str]:
    for payer in (need.payer for need in decision.needs):
        if payer is not None and (begins := known.payers.begins_after(payer, on)) is not None:
            revised = " as revised" if known.payers.begins_revised(payer, begins) else ""
            day = begins.isoformat()
            yield f"The library's documents of {payer.name} hold{revised} from {day} on."
        if payer is not None and (ended := known.payers.ended(payer, on)) is not None:
            day = ended.isoformat()
            yield f"The library's documents of {payer.name} are all retired, the last since {day}."


def _unknown_words(known: Known, words: Sequence[str]) -> Iterator[str]:
    yield f"No document in the library has the word{_quoted(words[:_WORDS])}."


def _quoted(words: Sequence[str]) -> str:
    """“one”, or s “one”, “two” or “three” after a noun."""
    *some, last = (f"“{word}”" for word in words)
    return f"s {', '.join(some)} or {last}" if some else f" {last}"


def _of_payer(known: Known, decision: Decision, need: Need) -> Iterator[str]:
    """What is not there of a payer, as far as the whole library was looked through for it."""
    payer = need.payer
    if payer is None:
        return
    if not known.payers.has_document_of(payer):
        if known.payers.may_have_document_of(payer):
            yield f"Of no document it is sure that it is of {need.name}."
        elif not known.named.titles_naming(payer.aliases):
            yield f"The library has no document of {need.name}."
    elif not decision.gap:
        code = next((one.code for one in decision.needs if one.code is not None), None)
        if code is not None and not known.payers.names_code(payer, code):
            yield f"The library has documents of {need.name}, but none of them names {code[1]}."
        else:
            yield f"The nearest passage is not of {need.name}."


def _other_missing(known: Known, decision: Decision, need: Need) -> Iterator[str]:
    nearest = decision.citations[0]
    said = (nearest.version.metadata.title, *nearest.section, nearest.header, nearest.text)
    text = "\n".join(said)
    if need.code is not None and not known.named.names_code(need.code):
        yield f"No document in the library names {need.name}."
    elif need.thing is not None:
        sums = need.thing.kind == "money" and _tells_sums(known, decision)
        yield from _thing_missing(decision, need.thing, text, sums=sums)
    elif need.asked is not None and need.asked.name == "who":
        yield f"The nearest passage does not say “{need.asked.typed}”."
    elif need.asked is not None and _marks(nearest, need.asked):
        pass  # a value of something else: that it is, no search proves
    elif need.asked is not None:
        sums = need.asked.name == "money" and _tells_sums(known, decision)
        if sums or need.asked.says.search(text):
            yield f"The marked words state no {need.asked.shown}."
        else:
            yield f"The nearest passage names no {need.asked.shown}."
    elif need.kind is Kind.MEANING:
        if known.named.has_words(need.typed):
            yield f"The nearest passage does not say what {need.typed} is."
    elif need.kind in (Kind.YEAR, Kind.DAY):
        yield from _of_year(nearest, need, text)
    else:
        yield _unnamed(need)


def _marks(nearest: Citation, asked: AskedKind) -> bool:
    return any(asked.says.search(span.of(nearest.text)) for span in nearest.highlights)


def _unnamed(need: Need) -> str:
    if need.kind is Kind.CONTENT:
        return "The nearest passage only tells of the text itself, or where to look."
    if need.kind is Kind.ROW:
        return f"The marked words do not name {need.name}."
    if need.kind is Kind.LINE and need.typed:
        return f"The nearest passage is of a document on {need.name}."
    if need.kind is Kind.LINE:
        return f"The marked words are of {need.name}, which the question does not name."
    by_name = need.kind in (Kind.CODE, Kind.IDENTIFIER)
    return f"The nearest passage does not name {need.name if by_name else need.typed}."


def _tells_sums(known: Known, decision: Decision) -> bool:
    nearest = decision.citations[0]
    return tells_sums(known.look(nearest, decision.needs), nearest.text)


def _thing_missing(decision: Decision, thing: Thing, text: str, *, sums: bool) -> Iterator[str]:
    """Told only where the passage has no value of its form at all, or not the code. `sums`: it has
    some in a table."""
    if thing.marked:
        yield f"The marked words state no {thing.shown}."
        return
    codes = [one.name for one in decision.needs if one.kind is Kind.CODE]
    absent = [code for code in codes if not holds(plain(text), plain(code))]
    if absent:
        yield f"The nearest passage does not name {absent[0]}."
    elif not sums and (thing.value is None or not thing.value.search(text)):
        about = f" for {' or '.join(codes)}" if codes else ""
        yield f"The nearest passage states no {thing.shown}{about}."


def _of_year(nearest: Citation, need: Need, text: str) -> Iterator[str]:
    metadata = nearest.version.metadata
    if need.kind is Kind.DAY:
        yield _not_yet(nearest, need)
    elif need.typed and need.name not in text:
        yield f"The nearest passage does not speak of {need.name}."
    elif metadata.effective is None:
        yield "The nearest passage is of a document without a date from which it holds."
    elif metadata.copy_of is not None:
        yield f"The nearest passage is of a copy of {metadata.copy_of.isoformat()}."
    else:
        day = metadata.effective.isoformat()
        revised = " as revised" if metadata.begins_revised else ""
        yield f"The nearest passage is of a document that holds{revised} from {day} on."


def _not_yet(nearest: Citation, need: Need) -> str:
    if nearest.status is Status.PROPOSED:
        return "The nearest passage is of a draft or a proposal."
    revised = ", as revised," if nearest.version.metadata.begins_revised else ""
    return f"The nearest passage{revised} is not in force on {need.name}."


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


def _suggestions(known: Known, decision: Decision, searched: Searched, on: date) -> Iterator[str]:
    filters = [key for key in ("payers", "kinds", "documents") if searched.filters.get(key)]
    if filters and decision.verdict is not Verdict.ANSWERED:
        yield f"Search without the filter on {_filters_named(filters)}."
    if not searched.documents:
        if searched.filters.get("payers") and known.payers.names:
            yield _payers_known(known)
        if not searched.filters.get("include_all"):
            yield "Ask for another day with --as-of, or find retired ones with include:retired."
        return
    for need in decision.lacking:
        yield from _of_whom(known, need, on)
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


def _of_whom(known: Known, need: Need, on: date) -> Iterator[str]:
    """What to try where nothing here is of the payer asked about."""
    payer = need.payer
    if payer is None:
        return
    if known.payers.ended(payer, on) is not None:
        yield "Ask for another day with --as-of, or find retired ones with include:retired."
    if not known.payers.has_document_of(payer) and known.payers.names:
        yield _payers_known(known)
    if titles := known.named.titles_naming(payer.aliases):
        yield f"About {need.name} the library has: {'; '.join(titles[:_NEAREST])}."


def _filters_named(keys: list[str]) -> str:
    return " and ".join(
        {"payers": "payer", "kinds": "kind", "documents": "document"}[k] for k in keys
    )


def _payers_known(known: Known) -> str:
    names = known.payers.names
    more = f" and {len(names) - _PAYERS} more" if len(names) > _PAYERS else ""
    return f"Payers of which the library has documents: {', '.join(names[:_PAYERS])}{more}."
