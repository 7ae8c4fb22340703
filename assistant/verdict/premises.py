"""Whether the passages found bear out what a question takes for granted, or say otherwise."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answer import Citation
from assistant.question.premise import asks_why, claimed
from assistant.question.understand import Understood
from assistant.question.words.silent import SILENT
from assistant.question.words.telling import Ways, says, telling
from corpus.text.sentences import sentences
from index.shards.analysis import analyze

_MOST = 0.6  # of a claim's words: a sentence with so many speaks of what is claimed
_WHOLE = 0.99
_NOT = re.compile(
    r"\b(?:no|not|never|none|nobody|neither|nor|without|cannot|\w+n['’]t|unlisted|non)\b",
    re.IGNORECASE,
)
_NOT_THIS = re.compile(rf"{_NOT.pattern}\s+(?P<denied>(?:\w+\W+){{0,2}}\w+)", re.IGNORECASE)
_VALUE = re.compile(
    r"\b(?P<word>[a-z]{4,})\s+(?P<value>[ivx]+|\d[\w.%-]*|[a-z]\d+)\b", re.IGNORECASE
)
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6"}


@dataclass(frozen=True, slots=True)
class Premise:
    """A claim that is not borne out, as typed. `against` is the position of the first passage
    that says otherwise, where one does; `why`: the reason is asked of what is not so."""

    typed: str
    against: int | None
    why: bool = False


def unfounded(understood: Understood, citations: Sequence[Citation]) -> Premise | None:
    """The claim of a question that no passage bears out; of one that asks why, only a claim that a
    passage speaks against. None where there is none."""
    question = understood.query.free
    claim = claimed(question)
    why = asks_why(question) if claim is None else None
    typed = claim or why
    if typed is None:
        return None
    also = {widening.typed.lower(): widening.added for widening in understood.widened}
    words = tuple(telling(typed, also))
    if not words:
        return None
    said = [
        (_share(_above(citation) + sentence, words), -at, sentence)
        for at, citation in enumerate(citations)
        for sentence in (span.of(citation.text) for span in sentences(citation.text))
    ]
    # The "not visible" in a cell of a row is of that cell alone.
    told = [one for one in said if " | " not in one[2]]
    against = [one for one in told if one[0] >= _MOST and _denies(one[2], typed)]
    if against:
        return Premise(typed, -max(against)[1], why is not None)
    borne_out = any(share >= _WHOLE and not _denies(one, typed) for share, _, one in said)
    return None if why is not None or borne_out else Premise(typed, None)


def _above(citation: Citation) -> str:
    metadata = citation.version.metadata
    return " ".join((metadata.title, metadata.payer or "", *citation.section, citation.header, ""))


def _share(sentence: str, words: Sequence[Ways]) -> float:
    held = frozenset(analyze(sentence))
    return sum(says(held, word) for word in words) / len(words)


def _denies(sentence: str, claim: str) -> bool:
    """Whether a sentence says no to a word of the claim where the claim says yes, or the other way
    round, or gives another value."""
    differs = _denied(sentence, claim) != (_NOT.search(claim) is not None)
    return differs or _has_other_value(sentence, claim)


def _denied(sentence: str, claim: str) -> bool:
    """Whether a sentence says no right before a word of the claim."""
    told = frozenset(analyze(claim)) - SILENT
    return any(
        not told.isdisjoint(analyze(match["denied"])) for match in _NOT_THIS.finditer(sentence)
    )


def _has_other_value(sentence: str, claim: str) -> bool:
    """Whether a sentence gives another value of what the claim names: Category III, not I."""
    theirs = _values(sentence)
    return any(
        word in theirs and values.isdisjoint(theirs[word])
        for word, values in _values(claim).items()
    )


def _values(text: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for match in _VALUE.finditer(text):
        value = match["value"].lower()
        found.setdefault(match["word"].lower(), set()).add(_ROMAN.get(value, value))
    return found
