"""The sentence in which a document states a payer's position on a code: found, never written."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from assistant.listing import page_at
from corpus.codes import CodeSystem, Coverage, how_covers
from corpus.document import Span
from corpus.sentences import sentences
from index.library import Library
from index.stored import StoredMention, StoredPassage
from index.versions import Version

DATA = Path(__file__).with_name("matrix.toml")
_ATTRIBUTES = Path(__file__).resolve().parent.parent / "corpus" / "attributes.toml"
_NEAR = 1500  # characters from the code; what is further away does not speak of it
_TIERS = {"exact": 0, "range": 1, "blanket": 1}  # the sentence itself names the code
_SERVICE, _NEARBY, _ELSEWHERE = 2, 4, 9  # it names the service; it stands near; it is not taken


@dataclass(frozen=True, slots=True)
class PositionWord:
    """A word of a sentence that states a position; `span` counts in the document's text.

    `says` (for, against, path, open) serves to flag disagreement alone; it is no finding.
    """

    text: str
    span: Span
    says: str


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence word for word. `near` tells why this one: code, range, rule, service or nearby."""

    text: str
    span: Span
    words: tuple[PositionWord, ...]
    section: tuple[str, ...]
    header: str
    page: int | None
    page_label: str | None
    near: str
    verified: bool

    @property
    def says(self) -> frozenset[str]:
        return frozenset(word.says for word in self.words)


@dataclass(frozen=True, slots=True)
class _Found:
    tier: int
    distance: int
    quote: Quote


@cache
def data() -> dict[str, Any]:
    return tomllib.loads(DATA.read_text("utf-8"))


@cache
def attributes() -> dict[str, Any]:
    return tomllib.loads(_ATTRIBUTES.read_text("utf-8"))


def quotes(library: Library, version: Version, system: CodeSystem, code: str) -> tuple[Quote, ...]:
    """The sentence of a version that states the position on a code, and behind it those that print
    the code and use words of the other side. Empty where no sentence near the code has any."""
    found = sorted(
        _candidates(library, version, system, code),
        key=lambda one: (one.tier, one.distance, one.quote.span),
    )
    if not found:
        return ()
    best = found[0].quote
    others = [
        one.quote
        for one in found[1:]
        if one.tier == 0 and _is_one_sided(one.quote) and one.quote.says != best.says
    ]
    return (best, *others[:1])


def _is_one_sided(quote: Quote) -> bool:
    return len(quote.says & {"for", "against"}) == 1


def _candidates(
    library: Library, version: Version, system: CodeSystem, code: str
) -> Iterator[_Found]:
    passages = library.passages_of(version.id)
    mentions = [
        stored
        for stored in library.mentions_of_version(version.id)
        if how_covers(stored.mention, system, code) is not None
    ]
    named = {stored.passage for stored in mentions}
    service, not_with = _service(code)
    for passage in passages:
        words = _position_words(passage)
        for span in sentences(passage.content.text) if words else ():
            place = _shift(span, passage.content.span.start)
            inside = tuple(word for word in words if _holds(place, word.span))
            text = span.of(passage.content.text)
            if not inside or text.endswith("?"):
                continue
            tier, distance = _nearness(place, mentions, system, code)
            if tier > _SERVICE and service.search(text):
                tier = _SERVICE
            if tier >= _SERVICE and not_with.search(text):
                tier += 1
            if tier <= _NEARBY + 1 and (tier < _NEARBY or passage.id in named or distance < _NEAR):
                yield _Found(tier, distance, _quote(library, version, passage, place, inside, tier))


def _nearness(
    sentence: Span, mentions: Sequence[StoredMention], system: CodeSystem, code: str
) -> tuple[int, int]:
    """(tier, characters to the nearest mention); tier 0 and 1 where the sentence names the code."""
    inside: list[int] = []
    distance = 10**9
    for stored in mentions:
        span = stored.mention.span
        if sentence.start <= span.start < sentence.end:
            how: Coverage = how_covers(stored.mention, system, code) or "range"
            inside.append(_TIERS[how])
        gap = max(span.start - sentence.end, sentence.start - span.end, 0)
        distance = min(distance, gap)
    if inside:
        return min(inside), 0
    return (_NEARBY if distance < _NEAR else _ELSEWHERE), distance


def _quote(
    library: Library,
    version: Version,
    passage: StoredPassage,
    place: Span,
    words: tuple[PositionWord, ...],
    tier: int,
) -> Quote:
    page = page_at(version, place.start)
    names = ("code", "range or rule", "service", "service", "nearby", "nearby")
    return Quote(
        text=place.of(library.store.text(version.id)),
        span=place,
        words=words,
        section=passage.content.section,
        header=passage.content.header,
        page=page.number if page else None,
        page_label=page.label if page else None,
        near=names[tier],
        verified=library.verify(passage),
    )


def _position_words(passage: StoredPassage) -> list[PositionWord]:
    text, start = passage.content.text, passage.content.span.start
    kinds = [entry["says"] for entry in data()["word"]]
    return [
        PositionWord(
            match.group(),
            Span(start + match.start(), start + match.end()),
            kinds[int((match.lastgroup or "w0")[1:])],
        )
        for match in _pattern().finditer(text)
    ]


@cache
def _pattern() -> re.Pattern[str]:
    words = (f"(?P<w{at}>{entry['pattern']})" for at, entry in enumerate(data()["word"]))
    return re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)", re.IGNORECASE)


@cache
def _service(code: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Words for the service behind a code, and words that mean another one; both may match
    nothing."""
    entries = [entry for entry in data()["service"] if code in entry["codes"]] or [
        entry for entry in attributes()["subject"] if code in entry["codes"]
    ]
    words = [word for entry in entries for word in entry["words"]]
    not_with = [word for entry in entries for word in entry.get("not_with", ())]
    return _any_of(words), _any_of(not_with)


def _any_of(words: Sequence[str]) -> re.Pattern[str]:
    if not words:
        return re.compile(r"(?!)")
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", re.IGNORECASE)


def _shift(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by)


def _holds(outer: Span, inner: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end
