"""Judges whether two documents are versions of one, or one text under two names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from itertools import takewhile
from pathlib import PurePosixPath
from typing import NamedTuple

from msgspec import Struct

from corpus.document import Metadata
from corpus.text.dates import YEAR
from corpus.text.sketch import resemblance
from index.editions.likeness import Likeness, plain_number, plain_title

_SAME = 0.95  # of the text: one under two names, where the dates are equal too
_NUMBERED, _TITLED, _ALIKE = 0.15, 0.35, 0.6  # of the text, by what else is equal
_NEVER = 2.0
_YEAR = re.compile(rf"(?<!\d){YEAR}(?!\d)")
_OLDEST = 1980


class Kin(StrEnum):
    """What two documents are to each other."""

    VERSIONS = "versions"
    DUPLICATE = "duplicate"
    UNORDERED = "unordered"  # versions of which nobody can tell the later one


class Pair(Struct, frozen=True):
    """Two documents that belong together. From `begins` on the later one counts, where they are
    versions. `evidence` are sentences for a person; `alike` is the share of equal text."""

    earlier: str
    later: str
    kin: Kin
    begins: date | None
    alike: float
    evidence: tuple[str, ...]


class Chain(NamedTuple):
    """A document in one file that follows, from a day on, on one in another."""

    earlier: str
    later: str
    begins: date
    agreed: bool


def judge(one: Likeness, other: Likeness) -> Pair | None:
    """The two as a pair, or None where they are two documents."""
    if one.document == other.document or _contradict(one.metadata, other.metadata):
        return None
    alike = resemblance(one.sketch, other.sketch)
    evidence = tuple(_evidence(one.metadata, other.metadata, alike))
    if not evidence:
        return None
    first, second = _day(one), _day(other)
    if first is None or second is None or first == second:
        kin = Kin.DUPLICATE if alike >= _SAME and first == second else Kin.UNORDERED
        names = sorted((one.document, other.document))
        return Pair(names[0], names[1], kin, None, alike, evidence)
    earlier, later = (one, other) if first < second else (other, one)
    dated = (*evidence, f"The dates are {_said(earlier)} and {_said(later)}.")
    begins = max(first, second)
    return Pair(earlier.document, later.document, Kin.VERSIONS, begins, alike, dated)


def _contradict(one: Metadata, other: Metadata) -> bool:
    """Whether what is known of two documents tells them apart, whatever their texts."""
    if one.is_retold or other.is_retold or "proposed" in (one.standing, other.standing):
        return (
            True  # what others write about a policy is no version of it; a draft replaces nothing
        )
    if one.part != other.part:
        return True  # a chapter is no version of the whole, nor of another one
    if set(one.line_of_business) ^ set(other.line_of_business) and one.line_of_business:
        return bool(other.line_of_business)
    names = ("payer", "publisher", "jurisdiction", "kind")
    known = [(getattr(one, name), getattr(other, name)) for name in names]
    return any(a and b and a.casefold() != b.casefold() for a, b in known)


def _evidence(one: Metadata, other: Metadata, alike: float) -> Iterator[str]:
    """Why two documents are one; nothing where too little says so."""
    numbers = plain_number(one.number or ""), plain_number(other.number or "")
    same_number = numbers[0] != "" and numbers[0] == numbers[1]
    titles = plain_title(one.title), plain_title(other.title)
    same_title = titles[0] != "" and titles[0] == titles[1]
    if alike < _least(numbers, titles):
        return
    if one.payer and other.payer:
        yield f"Both are of {one.payer}."
    if same_number:
        yield f"Both have the number {one.number}."
    if same_title and one.title == other.title:
        yield f"Both have the title {one.title}."
    elif same_title:
        yield f"The titles differ in no more than a year or version: {one.title}; {other.title}."
    yield f"{alike:.0%} of the text is the same."


def _least(numbers: tuple[str, str], titles: tuple[str, str]) -> float:
    """How much of the texts must be the same, by what numbers and titles say."""
    same_title = titles[0] != "" and titles[0] == titles[1]
    if all(numbers):
        if numbers[0] == numbers[1]:
            return _NUMBERED if same_title else _TITLED
        # MMP052.13 may be the next version of MMP052.12, or another policy of a series.
        equal = takewhile(lambda pair: pair[0] == pair[1], zip(*numbers, strict=False))
        near = sum(1 for _ in equal) >= 0.6 * max(map(len, numbers))
        return _ALIKE if near and same_title else _NEVER
    if same_title:
        return _TITLED
    return _NEVER if all(titles) else _ALIKE


def _day(likeness: Likeness) -> date | None:
    """The day that tells which of two is the later one."""
    known = likeness.metadata
    for day in (known.effective, known.issued, known.revised, known.reviewed):
        if day is not None:
            return day
    years = _YEAR.findall(f"{known.title} {PurePosixPath(likeness.document).stem}")
    late = [int(year) for year in years if int(year) >= _OLDEST]
    return date(max(late), 1, 1) if late else None


def _said(likeness: Likeness) -> str:
    known = likeness.metadata
    for name in ("effective", "issued", "revised", "reviewed"):
        day = getattr(known, name)
        if day is not None:
            return f"{day} ({name})"
    day = _day(likeness)
    return f"{day.year} (in its name)" if day else "not known"
