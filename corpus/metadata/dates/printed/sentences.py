"""Dates that a sentence gives: what a letter announces, by what a document was replaced."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.metadata.dates.meaning import Meaning
from corpus.metadata.dates.place import Place, Places
from corpus.metadata.dates.printed.behind import SERVICES, THIS
from corpus.metadata.dates.printed.itself import LINE_START, TITLE
from corpus.metadata.dates.stated import Stated
from corpus.metadata.dates.written import Order, Written, written_at

_ITEM = re.compile(r"(?m)^[ \t#*]*\d{1,2}[.)]?[ \t]+[A-Z][^\n]{3,80}$")
_ENTERS = re.compile(r"(?:tritt|treten)\s+(?:rückwirkend\s+)?(?:am|zum)\s+", re.IGNORECASE)
_IN_KRAFT = re.compile(r"\s+in\s+Kraft\b", re.IGNORECASE)
_NEWS = re.compile(
    r"\b(?:bulletins?|infobulletin|notices?|alerts?|letter|memo(?:randum)?|notification|news"
    r"|announcement|provider\s+update)\b|^(?:dear|re:|subject:|posted\b|published\b)",
    re.IGNORECASE | re.MULTILINE,
)
_ANNOUNCES = re.compile(
    rf"(?:(?:^|(?<=\n)|(?<=[.:]\s))(?:[Ee]ffective(?:\s+(?:on|as\s+of|from))?|[Bb]eginning"
    rf"|[Ss]tarting|[Aa]s\s+of)\s+(?:{SERVICES})?"
    # Within a sentence what a plan will do says from when: "will pay ... beginning July 1, 2025".
    r"|(?<=\s)(?:beginning|starting|(?:becomes?|is|are|will\s+be)\s+effective"
    r"|takes?\s+effect)(?:\s+(?:on|from))?\s+"
    r"|(?<=\s)(?:changes?|increases?|decreases?|moves?|switch(?:es)?)\s+(?:on|effective|as\s+of)\s+"
    r"|(?:^|(?<=\n)|(?<=[.:]\s))On\s+(?=[^.\n]{6,24}\d{4},?\s[^.\n]{3,80}?\s(?:changes?|moves?|begins?"
    r"|starts?|switch(?:es)?|replaces?|requires?)\b)"
    rf"|(?<=\s)(?=(?:for|with|to)\s[^.\n]{{0,60}}\son\s+(?:or|and)\s+after\s){SERVICES}"
    r"|(?<=\s)will\s[^.\n]{3,120}?\seffective\s+(?:on\s+|as\s+of\s+)?"
    r"|(?<=\s)will\s+(?:implement|begin|start|introduce|adopt)\b[^.\n]{0,60}?\s(?:on|from|beginning)\s+)"
)
_SHORT, _DAY_WITHIN = 1_500, 4  # characters, lines
# What is announced is the document's one change, or all that it says.
_CHANGES = re.compile(
    r"\b[Tt]h(?:is|(?:e|is|ese)\s+(?:new\s+|same\s+)?(?:changes?|requirements?|limits?|edits?|rules?"
    r"|updates?|revisions?|rates?|polic(?:y|ies)|guidelines?)(?:\s+(?:above|below|described\s+\w+))?)"
    r"\s+(?:will\s+)?"
    r"(?:takes?\s+effect|(?:goes|go)\s+into\s+effect|(?:is|are|be|becomes?)\s+(?:effective|in\s+force)"
    rf"|begins?|starts?|(?:(?:is|are|be)\s+applied|appl(?:y|ies))(?=\s+to\s+{SERVICES}))"
    rf"(?:\s+(?:on|from|as\s+of|beginning))?\s+(?:{SERVICES})?"
)
_LABEL_FIRST = re.compile(
    r"(?m)^[ \t#*]*(?:[Pp]olicy\s+)?(?:[Ee]ffective|EFFECTIVE)(?:\s+(?:[Dd]ate|DATE))?:?\s+"
)
_SENTENCE = re.compile(r"\.?\s+(?=[A-Z][\w’'-]*\s+(?:\w+\s+){2})")
# When something begins, wherever it stands in a sentence.
_BEGINS = re.compile(
    r"\b(?:from|beginning|starting|effective|on\s+(?:or|and)\s+after)\s+(?:on\s+)?", re.IGNORECASE
)
_OPENS = re.compile(r"(?:^|[.:\n])\s*$")  # what stands before the first word of a sentence
_REPLACED = re.compile(
    rf"(?:(?P<itself>{THIS}|this)\s+(?:is|was|has\s+been|will\s+be)\s+)?"
    r"(?:replaced|superseded)\s+by\s+[^\n]{1,80}?[\s,]+(?:as\s+of|on|effective|since|from)\s+",
    re.IGNORECASE,
)


def in_sentences(text: str, places: Places, order: Order) -> Iterator[Stated]:
    """The dates of sentences, wherever they stand."""
    yield from _replaced(text, places, order)
    yield from _entering(text, places, order)
    yield from _announced(text, places, order)


def _entering(text: str, places: Places, order: Order) -> Iterator[Stated]:
    """German contracts and directives: "tritt am 05.09.2024 in Kraft"."""
    for found in _ENTERS.finditer(text):
        day = written_at(text, found.end(), order)
        if day and day.value and _IN_KRAFT.match(text, day.end):
            place = places.of_line(text, found.start())
            yield Stated(
                Meaning.EFFECTIVE, day.value, found.start(), day.end, place, 2, other=day.other
            )


def _announced(text: str, places: Places, order: Order) -> Iterator[Stated]:
    """What a letter or bulletin announces for a day: "Effective April 1, 2025, the plan ...", and
    what any document says of its one change: "The limit takes effect April 15, 2026". Only where it
    announces one day, and not in a section about one thing of several."""
    announcing = (_CHANGES, _ANNOUNCES) if _is_news(text, order) else (_CHANGES,)
    found = [
        (start, day)
        for pattern in announcing
        for start in pattern.finditer(text, 0, places.face)
        if not is_one_of_items(text, start.start(), places.face)
        and (day := written_at(text, start.end(), order))
        and day.value
    ]
    found += _run_on(text, places, order)
    if any(places.is_of_one_thing(start.start()) for start, _ in found):
        return
    if len({day.value for _, day in found}) == 1 and not _announces_more(
        text, found[0], places, order
    ):
        start, day = found[0]
        if day.value is not None:
            yield Stated(
                Meaning.EFFECTIVE, day.value, start.start(), day.end, Place.FACE, 1, day.precision,
                day.other,
            )  # fmt: skip


def _is_news(text: str, order: Order) -> bool:
    """Whether a document calls itself news, or is short and begins with its day."""
    if _NEWS.search(text[:TITLE]):
        return True
    top = [line.strip(" #*_") for line in text[:TITLE].splitlines() if line.strip()][:_DAY_WITHIN]
    days = (written_at(line, 0, order) for line in top)
    dated = any(day and day.end >= len(line) for day, line in zip(days, top, strict=True))
    return dated and len(text) < _SHORT


def _run_on(text: str, places: Places, order: Order) -> list[tuple[re.Match[str], Written]]:
    """The day behind the only label that opens a line, where the next sentence was put behind it:
    "Effective 05/01/2019 Harbor pays for ...". One of several such lines tells what changed when.
    """
    found = [
        (label, day)
        for label in _LABEL_FIRST.finditer(text, 0, places.face)
        if (day := written_at(text, label.end(), order))
    ]
    if len(found) != 1 or found[0][0].start() > TITLE:
        return []
    return found if _SENTENCE.match(text, found[0][1].end) else []


def _announces_more(
    text: str, first: tuple[re.Match[str], Written], places: Places, order: Order
) -> bool:
    """Whether other sentences say of other things that they begin on other days."""
    start, day = first
    for found in _BEGINS.finditer(text, 0, places.face):
        other = written_at(text, found.end(), order)
        if other is None or other.value is None or day.value is None or other.value == day.value:
            continue
        opens = _OPENS.search(text[max(0, found.start() - 8) : found.start()]) is not None
        if (other.value < day.value or start.re is _CHANGES) and not opens:
            continue  # from when something held until now, or within the one change
        if not _same_sentence(text, start.start(), found.start()):
            return True
    return False


def _same_sentence(text: str, one: int, other: int) -> bool:
    return re.search(r"[.\n]", text[min(one, other) : max(one, other)]) is None


def _replaced(text: str, places: Places, order: Order) -> Iterator[Stated]:
    """The day from which another document stands in this one's place."""
    for found in _REPLACED.finditer(text):
        day = written_at(text, found.end(), order)
        opens = LINE_START.search(text[max(0, found.start() - 64) : found.start()] or "\n")
        if day and day.value and (found["itself"] or opens):
            place = places.of_line(text, found.start())
            yield Stated(Meaning.RETIRED, day.value, found.start(), day.end, place, 3)


def is_one_of_items(text: str, start: int, face: int) -> bool:
    """Whether a place on the face is within one of several numbered items: it speaks of that."""
    items = [found.start() for found in _ITEM.finditer(text[:face])]
    return len(items) > 1 and items[0] < start
