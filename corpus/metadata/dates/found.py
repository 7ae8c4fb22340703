"""Chooses, of all that a document states, the date of each field, and says how sure it is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from msgspec.structs import replace as replace_field

from corpus.document import SURE, Block, FoundDate, FoundText, Page, page_at
from corpus.metadata.dates.marks import MARK, chapter_mark
from corpus.metadata.dates.meaning import Meaning
from corpus.metadata.dates.place import Place, Places
from corpus.metadata.dates.printed.labelled import labelled
from corpus.metadata.dates.printed.sentences import in_sentences
from corpus.metadata.dates.printed.tables import tabled
from corpus.metadata.dates.printed.unlabelled import unlabelled
from corpus.metadata.dates.standing import PROPOSED, Standing, standing_of
from corpus.metadata.dates.stated import Stated
from corpus.metadata.dates.written import Order

FIELDS = ("effective", "retired", "reviewed", "retrieved", "issued", "revised", "next_review")
_FILLED = ("effective", "retired", "reviewed", "retrieved")
_NEAREST = (Place.FACE, Place.RUNNING, Place.CLOSING)
_DOUBTFUL = 0.4
_REACH = 160  # characters of the sentence on either side
_REVISION = re.compile(r"revis(?:ion|ed)\b", re.IGNORECASE)
_SPAN = re.compile(r"(?<=/\d{4})-(?=\d{1,2}/\d{1,2}/\d{4})")  # "11/01/2024-10/31/2025"
_SENTENCE_END = re.compile(r"(?<=[a-z0-9)]\.)\s+(?=[A-Z])")
_OF_FIELD = {
    "effective": (Meaning.EFFECTIVE, Meaning.ORIGINAL),
    "retired": (Meaning.RETIRED,),
    "reviewed": (Meaning.REVIEWED, Meaning.REVISED, Meaning.APPROVED),
    "retrieved": (Meaning.RETRIEVED,),
    "issued": (Meaning.ISSUED,),
    "revised": (Meaning.REVISED, Meaning.CHANGED),
    "next_review": (Meaning.NEXT_REVIEW,),
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What a document says of its dates, for the fields of the metadata, and how it stands where it
    is not in force."""

    found: tuple[FoundDate, ...]
    standing: FoundText | None


def read_dates(
    text: str,
    pages: Sequence[Page] = (),
    blocks: Sequence[Block] = (),
    *,
    on: date | None = None,
) -> Reading:
    """The dates of a document. `on` is the day that tells what is still to come; default today."""
    on = on or datetime.now().astimezone().date()
    places = Places.of(text, pages, blocks)
    stated = _stated(_SPAN.sub("–", text), places, on)
    chosen = _once([one for name in FIELDS for one in _chosen(name, stated, on)], stated)
    standing = _standing(text, places, stated)
    if standing and standing.value == PROPOSED:
        chosen = [(n, replace(one, doubtful=n == "effective" or one.doubtful)) for n, one in chosen]
    elif any(name == "retired" for name, _ in chosen):
        standing = None  # the date says it
    found = tuple(date for name, one in chosen for date in _evidence(text, pages, name, one))
    if standing is None:
        return Reading(found, None)
    sentence = " ".join(text[standing.start : standing.end].split())[: 2 * _REACH]
    page = _page(pages, standing.start)
    return Reading(found, FoundText("standing", standing.value, sentence, page))


def find_dates(
    text: str, pages: Sequence[Page] = (), *, on: date | None = None
) -> tuple[FoundDate, ...]:
    """The sure dates in the order effective, retired, reviewed, retrieved."""
    found = read_dates(text, pages, on=on).found
    return tuple(one for one in found if one.field in _FILLED and one.sure >= SURE)


def all_dates(text: str, pages: Sequence[Page] = ()) -> tuple[FoundDate, ...]:
    """Every dated label of the text, the best of each field first: what `doctor` compares."""
    places = Places.of(text, pages)
    stated = [
        (name, one)
        for one in sorted(_stated(_SPAN.sub("–", text), places, date.max), key=_nearest_first)
        for name in _FILLED
        if one.meaning in _OF_FIELD[name]
    ]
    return tuple(date for name, one in stated for date in _evidence(text, pages, name, one))


def _stated(text: str, places: Places, on: date) -> list[Stated]:
    """All that the text states, wherever it stands."""
    order = Order.of(text, text[: places.face])
    marks = [found.span() for found in MARK.finditer(text)]
    stated = [
        one
        for read in (labelled, in_sentences, tabled)
        for one in read(text, places, order)
        if not any(start <= one.start < end for start, end in marks)
    ]
    stated += chapter_mark(text, places, order)
    stated += _revisions(text, stated)
    stated = [_as_planned(one) if one.value > on else one for one in stated]
    known = {one.meaning for one in stated if one.place in _NEAREST}
    return [*stated, *unlabelled(text, places, order, known)]


def _revisions(text: str, stated: Sequence[Stated]) -> list[Stated]:
    """From when a revised text is in force is also when it was changed, where the document says
    that it began before: it did not begin with its revision."""
    began = [one.value for one in stated if one.meaning is Meaning.ORIGINAL]
    return [
        replace(one, meaning=Meaning.CHANGED)
        for one in stated
        if one.meaning is Meaning.EFFECTIVE
        and any(value < one.value for value in began)
        and _REVISION.match(text, one.start)
    ]


def _as_planned(one: Stated) -> Stated:
    """A review that is still to come is the next one; nothing else that was done is to come."""
    if one.meaning is Meaning.REVIEWED:
        return replace(one, meaning=Meaning.NEXT_REVIEW)
    done = (Meaning.REVISED, Meaning.CHANGED, Meaning.ISSUED, Meaning.RETRIEVED, Meaning.APPROVED)
    return replace(one, meaning=Meaning.OTHER) if one.meaning in done else one


def _chosen(name: str, stated: Iterable[Stated], on: date) -> list[tuple[str, Stated]]:
    """The best date of a field; or several doubtful ones, where nobody can tell."""
    near = _candidates(name, [one for one in stated if one.place in _NEAREST])
    if not near:
        return []
    best = min(near, key=_nearest_first)
    equals = [one for one in near if (one.place, one.strength) == (best.place, best.strength)]
    if name == "effective" and _of_several_lines(equals):
        return [(name, replace(one, doubtful=True)) for one in equals]
    return [(name, _newest(best, equals, on))]


def _once(
    chosen: Sequence[tuple[str, Stated]], stated: Sequence[Stated]
) -> list[tuple[str, Stated]]:
    """Without the revision that already stands for the review, and without a row of the history
    that only says from when it is in force; a change that is stated elsewhere too stays."""
    changed = {one.value for one in stated if one.meaning is Meaning.CHANGED}
    effective = {one.value for name, one in chosen if name == "effective"}
    kept = [
        (name, one)
        for name, one in chosen
        if not (name == "reviewed" and one.row and one.value in effective)
        and not (name == "revised" and one.row and one.value in effective - changed)
    ]
    reviews = [one for name, one in kept if name == "reviewed"]
    return [(name, one) for name, one in kept if name != "revised" or one not in reviews]


def _candidates(name: str, near: Sequence[Stated]) -> list[Stated]:
    """What may be the date of a field: of its first meaning that has any."""
    first, *others = _OF_FIELD[name]
    changes = (Meaning.REVISED, Meaning.CHANGED)
    revised = [one.value for one in near if one.meaning in changes]
    if name == "effective" and revised:
        others = []  # since when the revised words are in force is not said
    if name == "issued":  # what was revised since was issued with other words
        near = [one for one in near if one.value >= max(revised, default=one.value)]
    for meaning in (first, *others):
        found = [one for one in near if one.meaning is meaning]
        if found:
            return found
    return []


def _nearest_first(one: Stated) -> tuple[bool, int, int, int, int]:
    within = one.place not in _NEAREST
    return within, one.meaning is Meaning.ORIGINAL, one.place, -one.strength, one.start


def _of_several_lines(equals: Sequence[Stated]) -> bool:
    """Whether lines of business have different dates."""
    lines = {one.line for one in equals if one.line}
    return len(lines) > 1 and len({one.value for one in equals if one.line}) > 1


def _newest(best: Stated, equals: Sequence[Stated], on: date) -> Stated:
    """Of rows and of a list, the newest that is not still to come; on running lines, the most
    frequent."""
    if best.place is Place.RUNNING:
        most, _ = Counter(one.value for one in equals).most_common(1)[0]
        return next(one for one in equals if one.value == most)
    if not best.row:
        return best
    rows = sorted((one for one in equals if one.row), key=lambda one: one.value)
    past = [one for one in rows if one.value <= on]
    return past[-1] if past else rows[0]


def _standing(text: str, places: Places, stated: Iterable[Stated]) -> Standing | None:
    """A banner, or a date that is only proposed where none is in force."""
    said = standing_of(text, places)
    near = [one for one in stated if one.place in _NEAREST]
    if said is not None or any(one.meaning is Meaning.EFFECTIVE for one in near):
        return said
    proposed = (one for one in near if one.meaning is Meaning.PROPOSED)
    first = min(proposed, key=lambda one: one.start, default=None)
    return Standing(PROPOSED, first.start, first.end) if first else None


def _evidence(text: str, pages: Sequence[Page], name: str, one: Stated) -> Iterator[FoundDate]:
    """A date with the words that say it; two doubtful ones where it may be either of two days."""
    sentence, page = _sentence(text, one.start, one.end), _page(pages, one.start)
    for value in filter(None, (one.value, one.other)):
        found = FoundDate(name, value, sentence, page, precision=one.precision, last=one.last)
        yield replace_field(found, sure=_DOUBTFUL) if one.other or one.doubtful else found


def _sentence(text: str, start: int, end: int) -> str:
    """The sentence, within its line, that holds the date; white space made single blanks.

    It is cut at `_REACH` characters before the label and after the date.
    """
    low, high = max(0, start - _REACH), min(len(text), end + _REACH)
    begin = text.rfind("\n", low, start) + 1 or low
    stop = text.find("\n", end, high)
    stop = stop if stop >= 0 else high
    for over in _SENTENCE_END.finditer(text, begin, start):
        begin = over.end()
    after = _SENTENCE_END.search(text, end, stop)
    return " ".join(text[begin : after.start() if after else stop].split())


def _page(pages: Sequence[Page], offset: int) -> int | None:
    page = page_at(pages, offset)
    return page.number if page else None
