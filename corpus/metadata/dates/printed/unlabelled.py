"""Dates without a label that a title page gives: a month alone on its line, "CY 2023", "Q3 2025".

A period in the title of a schedule is when it is in force. A day or month that is a line of its own
on the title page is when the document was issued.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from corpus.metadata.dates.meaning import LABEL, Meaning
from corpus.metadata.dates.place import Place, Places, is_row
from corpus.metadata.dates.stated import Stated
from corpus.metadata.dates.written import DAY, MONTH, Order, Written, dates_in, periods_in

_TOP = 8  # lines of a title page
_TITLE = 120  # characters of one of its lines
_VERSION = re.compile(r"(?i)[\s,;|()\-–—]*(?:version|edition|rev\.?)?\s*v?[\d.]*[\s,;|()\-–—]*")
_NEWS = re.compile(
    r"(?i)\b(?:bulletin|news(?:letter)?|notice|memo(?:randum)?|alert|update|transmittal)\b"
)
# Such a title tells of a period; nothing is in force in it.
_REPORT = re.compile(
    r"(?i)\b(?:trends?|reports?|results|minutes|statistics|analysis|volumes|denials|audits?|survey"
    r"|meetings?|training|webinars?)\b"
)
_TOP_LINE = re.compile(r"[^\n]*\S[^\n]*")
_PART = re.compile(r"(?:(?! [|•·–—-] )[^\n])+")  # what bars, dots or dashes part
_WORDS = re.compile(r"[A-Za-z]{3,}")
_SENTENCE = re.compile(
    r"[a-z]\.(?:\s|$)|\b(?:the|is|are|was|were|this|that|in|as)\b.*\b(?:the|is|are|was|were)\b"
)
_END = re.compile(r"\s*(?:[¹²³⁴*†‡]|\d,\d)?\s*(?:[,;]\s*)?$")


def unlabelled(text: str, places: Places, order: Order, known: set[Meaning]) -> Iterator[Stated]:
    """What the title page gives; only the meanings that nothing with a label has."""
    for start, line in _title_lines(text, places):
        if LABEL.search(line) or _REPORT.search(line):
            continue
        if not known & {Meaning.EFFECTIVE, Meaning.PROPOSED}:
            yield from _periods(text, start, line, order)
        if Meaning.ISSUED not in known:
            yield from _issued(text, start, line, order)
    if Meaning.ISSUED not in known:
        yield from _masthead(text, places, order)
        yield from _alone(text, places, order)


def _alone(text: str, places: Places, order: Order) -> list[Stated]:
    """The one day or month that is a line of the face by itself."""
    found = []
    for line in re.finditer(r"[^\n]+", text[: places.face]):
        day = next(dates_in(text, line.start(), line.end(), order), None)
        rest = (text[line.start() : day.start] + text[day.end : line.end()]) if day else line[0]
        if day and day.value and not rest.strip(" *_"):
            found.append(Stated(Meaning.ISSUED, day.value, day.start, day.end, Place.FACE, 0))
    return found if len(found) == 1 else []


def _masthead(text: str, places: Places, order: Order) -> Iterator[Stated]:
    """The day in a line that bars or dots part, with the issue or the name of who puts it out:
    "Lake Health Plan | Issue 12 | May 3, 2026"; no row of a table is such a line."""
    lines = [(found.start(), found[0]) for found in _TOP_LINE.finditer(text, 0, places.face)][:_TOP]
    for at, (start, line) in enumerate(lines):
        around = [one for _, one in lines[max(0, at - 1) : at + 2] if one is not line]
        parts = list(_PART.finditer(line))
        if len(parts) < 2 or len(line) > _TITLE or any(map(is_row, around)) or "\t" in line:
            continue
        dated = [
            day
            for part in parts
            for day in islice(dates_in(text, start + part.start(), start + part.end(), order), 1)
            if day.value and not _rest(text, day, start + part.start(), start + part.end())
        ]
        if len(dated) == 1 and dated[0].value and not _is_labelled(line, dated[0].start - start):
            day = dated[0]
            yield Stated(
                Meaning.ISSUED, dated[0].value, day.start, day.end, Place.FACE, 0, day.precision
            )


def _is_labelled(line: str, at: int) -> bool:
    """Whether a label stands right before a place; the number of an issue is none."""
    before = list(LABEL.finditer(line, 0, at))
    return bool(before) and not line[before[-1].end() : at].strip(" :|•·–—-")


def _rest(text: str, day: Written, start: int, end: int) -> str:
    return (text[start : day.start] + text[day.end : end]).strip(" *_|•·–—-")


def _title_lines(text: str, places: Places) -> Iterator[tuple[int, str]]:
    """The lines of the title page that may be titles, each with its place."""
    offset = told = 0
    for line in text[: places.face].splitlines(keepends=True):
        start, offset = offset, offset + len(line)
        if not line.strip():
            continue
        told += 1
        if told > _TOP:
            return
        if len(line) <= _TITLE and not is_row(line) and not _SENTENCE.search(line):
            yield start, line


def _periods(text: str, start: int, line: str, order: Order) -> Iterator[Stated]:
    for found in periods_in(text, start, start + len(line), order):
        if found.value:
            yield Stated(
                Meaning.EFFECTIVE, found.value, found.start, found.end, Place.FACE, 0,
                found.precision, found.other,
            )  # fmt: skip


def _issued(text: str, start: int, line: str, order: Order) -> Iterator[Stated]:
    """A date that is its line, or that ends a title of its own."""
    for found in dates_in(text, start, start + len(line), order):
        if found.precision not in (DAY, MONTH) or found.value is None:
            continue
        before, after = text[start : found.start], text[found.end : start + len(line)]
        alone = _VERSION.fullmatch(before.lstrip("# ")) and _VERSION.fullmatch(after.rstrip())
        titled = _WORDS if found.precision == MONTH else _NEWS
        ends = _END.fullmatch(after) and titled.search(before)
        if alone or ends:
            yield Stated(
                Meaning.ISSUED, found.value, found.start, found.end, Place.FACE, 0, found.precision
            )
