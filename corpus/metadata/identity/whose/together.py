"""A document that speaks for several payers: they share its head, or it says to whom it applies."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from corpus.document import FoundText
from corpus.metadata.identity.face import Face, Line
from corpus.metadata.identity.whose.evidence import Speaker

# Where a payer speaks; one that is only mentioned stands in none of these.
_HEADS = frozenset({"letterhead", "running head", "running", "head", "rights", "page title"})
_JOINT = re.compile(r"^[\s,/|&+®™•·.-]*(?:(?:and|or|und|Inc|LLC)\b[\s,./|&-]*)*$", re.IGNORECASE)
_APPLIES = re.compile(
    r"\b(?:(?:policy|document|guideline|bulletin|notice|manual|list|it|this)\s+(?:\w+\s+)?"
    r"(?:applies|is\s+applicable)\s+to|(?:applies|applicable)\s+to\s*:|on\s+behalf\s+of"
    r"|(?:health\s+plans|payers|companies|affiliates|plans)\s*(?::|\|))\s*",
    re.IGNORECASE,
)
_WITHIN = 300  # letters behind such words
_SURE = 0.85


def speak_together(one: Speaker, other: Speaker) -> bool:
    """Whether two payers stand side by side, with nothing but "and" or a bar between them, where
    whoever speaks stands."""
    if not (one.body.pays and other.body.pays):
        return False
    heads = (shown.line for shown in (*one.evidence, *other.evidence) if shown.kind in _HEADS)
    return any(_side_by_side(line.text, one, other) for line in heads)


def others_of(face: Face, speakers: Sequence[Speaker], speaker: Speaker) -> Iterator[FoundText]:
    """The other payers whose policy it is, as its head or its own words have it."""
    for other in speakers:
        if other is speaker or not other.body.pays or _overlap(speaker, other):
            continue
        line = other.best if speak_together(speaker, other) else _told(face, other)
        if line is not None:
            yield FoundText("other_payers", other.body.name, line.text[:300], line.page, _SURE)


def _told(face: Face, other: Speaker) -> Line | None:
    for line in face.lines:
        for found in _APPLIES.finditer(line.text):
            if _place(line.text[found.end() : found.end() + _WITHIN], other) is not None:
                return line
    return None


def _side_by_side(text: str, one: Speaker, other: Speaker) -> bool:
    first, second = _place(text, one), _place(text, other)
    if first is None or second is None:
        return False
    (_, end), (start, _) = sorted((first, second))
    return end <= start and _JOINT.match(text[end:start]) is not None


def _place(text: str, speaker: Speaker) -> tuple[int, int] | None:
    """Where a text names a body, by the longest of its names."""
    for name in sorted((speaker.body.name, *speaker.body.printed), key=len, reverse=True):
        at = text.casefold().find(name.casefold())
        if at >= 0:
            return at, at + len(name)
    return None


def _overlap(one: Speaker, other: Speaker) -> bool:
    """Whether one name is part of the other: a plan and its programme are no two payers."""
    mine, its = one.body.name.casefold(), other.body.name.casefold()
    return mine in its or its in mine
