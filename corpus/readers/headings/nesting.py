"""How headings nest, by the evidence that the document gives: numbers, outline, looks.

Numbers tell most: 60.2.1 stands under 60.2, and B. beside A., whatever their letters look like.
Where there is none, the outline that the file brings tells, and then the looks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum

from corpus.readers.headings.contents import is_contents
from corpus.readers.headings.number import AT_THE_END, Number, numbers_of

_DEEPEST = 9
_NEAR = 12  # headings before and after that can vouch for one
_FAR = 80  # the same for chapters
_GAP = 3  # numbers that may be missing where a heading was not seen
_RANKS = {"part": 0, "volume": 0, "book": 0, "chapter": 1}


Readings = Sequence[Number]


class Doubt(Enum):
    """What a line in plain letters needs to be a heading: a neighbour in its count."""

    NONE = "none"
    SURE = "sure"  # which is surely a heading
    ANY = "any"  # with text between the two


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading and what tells of its place.

    `look` is 1 for what stands out most. `outline` is its level in the file's own outline.
    `told`: the look is a level that the file's author gave (h2, "Heading 2"). `follows`: nothing
    stands between it and the heading before.
    """

    text: str
    look: int
    outline: int | None = None
    told: bool = False
    follows: bool = False
    doubt: Doubt = Doubt.NONE


@dataclass(slots=True)
class _Open:
    at: int
    level: int
    heading: Heading
    number: Number | None = None


@dataclass(slots=True)
class _Nest:
    """The headings that are open, outermost first."""

    mains: frozenset[str]  # numbers that others are parts of: 20 where there is a 20.1
    flat: bool  # every heading was given the same level: only the numbers tell
    goes_on: frozenset[int] = frozenset()  # headings whose count a later one continues
    blind: bool = False  # the first time through, when nobody knows what continues
    open: list[_Open] = field(default_factory=list)
    continued: set[int] = field(default_factory=set)

    def place(self, at: int, heading: Heading, readings: Readings) -> int:
        """The level of the next heading."""
        if self.open and is_contents(self.open[-1].heading.text):
            self.open.pop()
        number, beside = self._counted(readings, heading)
        if beside is not None:
            self.continued.add(beside.at)
            level = beside.level
            del self.open[self.open.index(beside) :]
        else:
            number = self._begun(readings)
            level = self._under(heading, number)
        level = min(level, _DEEPEST)
        self.open.append(_Open(at, level, heading, number))
        return level

    def _counted(self, readings: Readings, heading: Heading) -> tuple[Number | None, _Open | None]:
        """The open heading whose count this one continues, the innermost first."""
        for slack in (0, 1, 2):
            for entry in reversed(self.open):
                for number in readings:
                    if entry.number is not None and _continues(entry, number, heading, slack=slack):
                        return number, entry
        return None, None

    def _begun(self, readings: Readings) -> Number | None:
        """The reading of a number that continues none: of C. and I. the one that is a first."""
        for number in readings:
            if number.is_first:
                return number
        if not readings or readings[0].style == "1":
            return None  # "277 HTTP Response": a figure
        return readings[0]

    def _under(self, heading: Heading, number: Number | None) -> int:
        if number is None:
            self._close_for_plain(heading)
        elif number.label:
            self._close_for_label(number)
            self._close(lambda entry: self._is_beside(entry, heading))
        elif len(number.path) > 1:
            self._close_for_decimal(number, heading)
        elif (
            number.style in ("1", "1-")
            or number.path[0] in self.mains
            or (heading.told and not self.flat)
        ):
            self._close(lambda entry: self._is_beside(entry, heading))
        else:
            self._close(lambda entry: _stands_out_less(entry, heading))
        floor = self.open[-1].level + 1 if self.open else 1
        return max(floor, heading.look) if heading.told else floor

    def _close(self, ends: Callable[[_Open], bool]) -> None:
        while self.open and ends(self.open[-1]):
            self.open.pop()

    def _is_beside(self, entry: _Open, heading: Heading) -> bool:
        """Whether an open heading, such as a preface, ends where a main number begins."""
        told = heading.told and not self.flat
        return entry.heading.look > heading.look or (
            entry.heading.look == heading.look and (entry.number is None or told)
        )

    def _close_for_label(self, number: Number) -> None:
        """A chapter ends what is numbered otherwise; an appendix ends all that is numbered."""
        rank = _RANKS.get(number.label, 2)
        for place, entry in enumerate(self.open):
            if entry.number is None:
                continue
            label = entry.number.label
            if not label or number.label in AT_THE_END or _RANKS.get(label, 2) > rank:
                del self.open[place:]
                return

    def _close_for_decimal(self, number: Number, heading: Heading) -> None:
        """60.2.1 goes under 60.2, or under 60 where 60.2 is no heading."""
        best, length = None, 0
        for place, entry in enumerate(self.open):
            if entry.number is None:
                continue
            path = entry.number.path
            part = len(path) < len(number.path) and number.path[: len(path)] == path
            if part and len(path) >= length:
                best, length = place, len(path)
        if best is not None:
            del self.open[best + 1 :]
            return
        for place, entry in enumerate(self.open):
            if entry.number is not None and entry.number.style.startswith("decimal"):
                del self.open[place:]
                return
        self._close(lambda entry: _stands_out_less(entry, heading))

    def _close_for_plain(self, heading: Heading) -> None:
        if heading.outline is not None and not self._is_subtitle(heading):
            for place, entry in enumerate(self.open):
                outline = entry.heading.outline
                if outline is not None and outline >= heading.outline and not entry.number:
                    del self.open[place:]
                    break
        self._close(lambda entry: self._ends_at(entry, heading))

    def _is_subtitle(self, heading: Heading) -> bool:
        """Whether it stands directly below a chapter's heading, as what the chapter is about."""
        above = self.open[-1] if self.open else None
        return (
            heading.follows
            and above is not None
            and above.number is not None
            and bool(above.number.label)
            and heading.look >= above.heading.look
        )

    def _ends_at(self, entry: _Open, heading: Heading) -> bool:
        """Whether an open heading ends where one without a number begins."""
        above = entry.heading
        if self._is_subtitle(heading):
            return False
        if heading.outline is not None and above.outline is not None:
            if entry.number is None:
                return above.outline >= heading.outline
            if above.outline != heading.outline:
                return above.outline > heading.outline
        if above.look != heading.look:
            return above.look > heading.look
        if entry.number is None or heading.told:
            return True
        return not self.blind and entry.at not in self.goes_on


def nested(headings: Sequence[Heading]) -> list[int]:
    """The level of each heading, 1 the highest; 0 for what is none after all."""
    readings = [numbers_of(heading.text) for heading in headings]
    kept = [at for at in range(len(headings)) if _is_kept(headings, readings, at)]
    mains = frozenset(
        number.path[0] for at in kept for number in readings[at] if len(number.path) > 1
    )
    flat = len({headings[at].look for at in kept}) == 1
    first = _Nest(mains, flat, blind=True)
    for at in kept:
        first.place(at, headings[at], readings[at])
    second = _Nest(mains, flat, frozenset(first.continued))
    levels = [0] * len(headings)
    for at in kept:
        levels[at] = second.place(at, headings[at], readings[at])
    return levels


def _continues(entry: _Open, number: Number, heading: Heading, *, slack: int) -> bool:
    """Whether a number is the next after that of an open heading.

    `slack` 1 lets some be missing, 2 lets a count begin again where it just ran.
    """
    before = entry.number
    assert before is not None
    if entry.heading.told != heading.told:
        return False
    if before.style != number.style or before.path[:-1] != number.path[:-1]:
        return False
    step = number.value - before.value
    tens = number.value % 10 == 0 and before.value % 10 == 0 and not number.label
    if slack == 0:
        return step == 1 or (tens and step == 10)
    alike = entry.heading.look == heading.look or bool(number.label) or len(number.path) > 1
    if slack == 1:
        return alike and 0 < step <= (_GAP * 10 if tens else _GAP)
    return alike and number.style != "1" and (not number.is_first or bool(number.label))


def _stands_out_less(entry: _Open, heading: Heading) -> bool:
    """Whether an open heading ends where one with larger letters begins a count."""
    return entry.heading.look > heading.look


def _is_kept(headings: Sequence[Heading], readings: Sequence[Readings], at: int) -> bool:
    """Whether a doubtful heading is one: it counts on from a neighbour, in a place of its own in
    the count, and is no item of a list."""
    heading = headings[at]
    if heading.doubt is Doubt.NONE:
        return True
    reach = _FAR if any(number.label for number in readings[at]) else _NEAR
    vouched = False
    for other in range(max(at - reach, 0), min(at + reach + 1, len(headings))):
        near = headings[other]
        steps = _steps(readings[at], readings[other]) if other != at else frozenset()
        listed = abs(other - at) == 1 and headings[max(other, at)].follows
        if near.doubt is Doubt.NONE:
            if 0 in steps:
                return False  # the true one stands elsewhere
            vouched = vouched or bool(steps)
        elif listed and other - at in steps:
            return False
        elif heading.doubt is Doubt.ANY and not listed:
            vouched = vouched or bool(steps - {0})
    return vouched


def _steps(mine: Readings, others: Readings) -> frozenset[int | None]:
    """How far the others are after mine in one count, as far as they are near; None where one is
    the part of the other."""
    found: set[int | None] = set()
    for one in mine:
        for other in others:
            if one.style == other.style and one.path[:-1] == other.path[:-1]:
                step = other.value - one.value
                tens = one.value % 10 == 0 and abs(step) == 10 and not one.label
                found |= {step // 10} if tens else {step} & {-1, 0, 1}
            shorter, longer = sorted((one.path, other.path), key=len)
            if len(longer) == len(shorter) + 1 and longer[: len(shorter)] == shorter:
                found.add(None)
    return frozenset(found)
