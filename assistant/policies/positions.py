"""Finds the sentence in which a document states a payer's position on a code. None is written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from assistant.question.names.payers import speaks_of_another
from assistant.question.words.phrases import any_of
from corpus.codes import CodeSystem, Coverage, how_covers
from corpus.document import Span, page_at
from corpus.packs import billing
from corpus.text.sentences import sentences
from index.library import Library
from index.shards.stored import StoredMention, StoredPassage
from index.versions import Version

_NEAR = 1500  # characters from the code; what is further away does not speak of it
_BESIDE = 200  # characters between the code and a sentence beside its own
_HEADING_MARKS = 8  # characters that may stand round a heading: "## ", blank lines
_TIERS = {"exact": 0, "range": 1, "blanket": 1}  # the sentence itself names the code
_NAMES = 1
_SERVICE_WEIGHT, _SILENT_WEIGHT = 2, 3
_SERVICE, _NEARBY, _ELSEWHERE = 2, 4, 9  # it names the service; it stands near; it is not taken
_PROCEDURES = (CodeSystem.CPT, CodeSystem.CATEGORY_III, CodeSystem.HCPCS)
_ANSWER = re.compile(r"(?:Yes|No)\.\s+(?=\S)")


@dataclass(frozen=True, slots=True)
class PositionWord:
    """A word of a sentence that states a position; `span` counts in the document's text.

    `says` (for, against, path, open, silent) only serves to flag disagreement; it is not a finding.
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


def quotes(library: Library, version: Version, system: CodeSystem, code: str) -> tuple[Quote, ...]:
    """The sentence of a version that states the position on a code, and behind it one that prints
    the code and uses words of the other side, or says that nothing is known of the code itself.
    Empty where no sentence near the code has any."""
    found = sorted(
        _candidates(library, version, system, code),
        key=lambda one: (_weight(one), one.tier, one.distance, one.quote.span),
    )
    if not found:
        return ()
    best, rest = found[0], found[1:]
    if _weight(best) == _SERVICE_WEIGHT:
        behind = [one.quote for one in rest if _weight(one) == _SILENT_WEIGHT]
    else:
        behind = [
            one.quote
            for one in rest
            if one.tier == 0 and _is_one_sided(one.quote) and one.quote.says != best.quote.says
        ]
    return (best.quote, *behind[:1])


def _weight(found: _Found) -> int:
    """A sentence that names the code and takes a side or a path comes first, then one that leaves
    it open, then one on the service, then one that says the source is silent; then all others."""
    if found.tier > _NAMES:
        return _SERVICE_WEIGHT if found.tier == _SERVICE else _SILENT_WEIGHT + 1
    if found.quote.says <= {"silent"}:
        return _SILENT_WEIGHT
    return 1 if found.quote.says <= {"silent", "open"} else 0


def _is_one_sided(quote: Quote) -> bool:
    return len(quote.says & {"for", "against"}) == 1


def _candidates(
    library: Library, version: Version, system: CodeSystem, code: str
) -> Iterator[_Found]:
    every = library.mentions_of_version(version.id)
    mentions = [one for one in every if how_covers(one.mention, system, code) is not None]
    others = [one for one in every if one.mention.system in _PROCEDURES and one not in mentions]
    named = {stored.passage for stored in mentions}
    service, not_with = _service(code)
    for passage, place, text, words in _statements(library, version):
        tier, distance = _nearness(place, mentions, system, code)
        if tier > _NAMES and (
            _inside(place, others) or speaks_of_another(text, version.metadata.payers)
        ):
            continue
        if tier > _SERVICE and service.search(text):
            tier = _SERVICE
        if tier >= _SERVICE and not_with.search(text):
            tier += 1
        telling = words if tier <= _NAMES else tuple(w for w in words if w.says != "silent")
        close = tier < _NEARBY or (passage.id in named and distance <= _BESIDE)
        close = close or _heads(passage, mentions)
        if telling and tier <= _NEARBY + 1 and close:
            yield _Found(tier, distance, _quote(library, version, passage, place, telling, tier))


def _statements(
    library: Library, version: Version
) -> Iterator[tuple[StoredPassage, Span, str, tuple[PositionWord, ...]]]:
    """The sentences with words of a position, and where they stand; no heading and no question.

    "Yes." and "No." answer a heading that is not quoted with them, so they are left out.
    """
    for passage in library.passages_of(version.id):
        content, words = passage.content, _position_words(passage)
        headings = {version.metadata.title, *content.section}
        for span in sentences(content.text) if words else ():
            text = span.of(content.text)
            answer = _ANSWER.match(text)
            place = _shift(
                Span(span.start + (answer.end() if answer else 0), span.end), content.span.start
            )
            inside = tuple(word for word in words if _holds(place, word.span))
            if inside and text not in headings and not text.endswith("?"):
                yield passage, place, text, inside


def _inside(sentence: Span, mentions: Sequence[StoredMention]) -> bool:
    return any(_holds(sentence, one.mention.span) for one in mentions)


def _heads(passage: StoredPassage, mentions: Sequence[StoredMention]) -> bool:
    """Whether the heading right above a passage's text names the code."""
    content = passage.content
    heading = content.section[-1] if content.section else ""
    end = content.span.start + len(heading) + _HEADING_MARKS
    return any(
        one.passage == passage.id and one.mention.span.end <= end and bool(heading)
        for one in mentions
    )


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
    page = page_at(version.pages, place.start)
    names = ("code", "range or rule", "service", "service", "nearby", "nearby")
    return Quote(
        text=place.of(library.text(version.id)),
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
    kinds = [entry["says"] for entry in billing.table("matrix")["word"]]
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
    words = (
        f"(?P<w{at}>{entry['pattern']})" for at, entry in enumerate(billing.table("matrix")["word"])
    )
    return re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)", re.IGNORECASE)


@cache
def _service(code: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Words for the service behind a code, and words that mean another one; both may match
    nothing."""
    entries = [entry for entry in billing.table("matrix")["service"] if code in entry["codes"]] or [
        entry for entry in billing.table("naming").get("subject", ()) if code in entry["codes"]
    ]
    words = [word for entry in entries for word in entry["words"]]
    not_with = [word for entry in entries for word in entry.get("not_with", ())]
    return any_of(words), any_of(not_with)


def _shift(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by)


def _holds(outer: Span, inner: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end
