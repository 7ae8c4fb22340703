"""Dates as documents write them: days, months, quarters and years, in the document's own order.

`01.04.2025` is a day of April or of January; only other dates of the same document tell (see
`Order`). What is written for a month, a quarter or a year is its first day, and says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from corpus.text.dates import DATE, YEAR, parse_date, read_date

_BARS = re.compile(rf"(?<![\d|])(\d{{1,2}})\|(\d{{1,2}})\|({YEAR})(?![\d|])")
_QUARTER = re.compile(
    rf"\b(?:Q(?P<q1>[1-4])[ ,]*(?:of\s+)?(?:CY\s*)?(?P<y1>{YEAR})|(?P<y2>{YEAR})[ -]*Q(?P<q2>[1-4])"
    rf"|(?P<q3>first|second|third|fourth|1st|2nd|3rd|4th)\s+quarter,?\s+(?:of\s+)?(?:CY\s*)?"
    rf"(?P<y3>{YEAR}))\b",
    re.IGNORECASE,
)
_QUARTERS = dict(first=1, second=2, third=3, fourth=4)
_YEARS = re.compile(
    rf"\b(?P<kind>CY|calendar\s+year|PY|(?:plan|benefit|contract|rate)\s+year|FFY|federal\s+fiscal"
    rf"\s+year|SFY|FY|(?:state\s+)?fiscal\s+year)[ -]*(?P<year>{YEAR})\b(?![-/]\d)",
    re.IGNORECASE,
)
_YEAR_ALONE = re.compile(rf"{YEAR}(?![\d\w]|[-/.]\d)")
_FOREIGN = (  # by month, as German, French and Spanish have them
    r"januar|janvier|enero", r"februar|février|febrero", r"märz|mars|marzo", r"april|avril|abril",
    r"mai|mayo", r"juni|juin|junio", r"juli|juillet|julio", r"août|agosto", r"septembre|septiembre",
    r"oktober|octobre|octubre", r"novembre|noviembre", r"dezember|décembre|diciembre",
)  # fmt: skip
_IN_WORDS = re.compile(
    rf"(?<!\d)(?P<day>\d{{1,2}})(?:\.|er)?\s+(?:de\s+)?(?P<month>{'|'.join(_FOREIGN)})\s+(?:de\s+)?"
    rf"(?P<year>{YEAR})(?!\d)",
    re.IGNORECASE,
)
# "July 1 through September 30, 2026": the year stands only with the last day.
_SHORT = re.compile(
    r"(?P<month>(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*)\.?\s+"
    r"(?P<day>\d{1,2})(?:st|nd|rd|th)?(?=(?:\s*[-–—]\s*|\s+(?:to|through|thru|until)\s+)"
    rf"(?P<last>[a-z]{{3,9}}\.?\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+{YEAR}))",
    re.IGNORECASE,
)
_GERMAN = re.compile(r"\b(?:der|die|das|und|vom|für|mit|wird|ist|nach)\b")
_NUMERIC = re.compile(r"(?<![\d/.-])(\d{1,2})([-/.])(\d{1,2})\2(?:\d{4}|\d{2})(?![\d]|[-/.]\d)")
_WEEKDAY = re.compile(r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,?\s+", re.IGNORECASE)
_CLOCK = re.compile(r",?\s+(?:at\s+)?\d{1,2}:\d\d")  # a browser prints "23/01/2026, 18:58"
_FEDERAL = re.compile(r"\b(?:Medicare|CMS|IPPS|ICD-10|federal)\b")
UNTIL = re.compile(r"\s*(?:(?:to|through|thru|until|till|bis)\s+|[-–—]\s*)")  # "effective A to B"
_SAMPLE = 20_000  # characters by which the language is told
_MUCH = 20  # such words in a German text
_FEW = 0.1  # a tenth of the dates may be slips or another's

DAY, MONTH, QUARTER, YEARLY = "day", "month", "quarter", "year"


@dataclass(frozen=True, slots=True)
class Written:
    """A date where it stands. `value` is None where it is no day of the calendar. Where nobody can
    tell which of two days is meant, `other` is the second."""

    start: int
    end: int
    value: date | None
    precision: str = DAY
    other: date | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """Whether a document writes the day before the month, by the sign between them.

    True or False where its own dates tell; what is in neither set is undecided. `federal`: a fiscal
    year of it begins in October before; of any other nobody knows when.
    """

    day_first: frozenset[str] = frozenset()
    month_first: frozenset[str] = frozenset()
    conflicting: frozenset[str] = frozenset()
    federal: bool = False

    @classmethod
    def of(cls, text: str, face: str) -> Order:
        """From the dates of the whole text; those of its `face` come before all others."""
        day_first, month_first, conflicting = set[str](), set[str](), set[str]()
        near, far = _counted(face), _counted(text)
        for sign in "-/.":
            told = _told(*near[sign])
            if told is None and not all(near[sign]):
                told = _told(*far[sign])
            if told is not None:
                (day_first if told else month_first).add(sign)
            elif any(near[sign]) or any(far[sign]):
                conflicting.add(sign)
            elif sign == "." and len(_GERMAN.findall(text[:_SAMPLE])) >= _MUCH:
                day_first.add(sign)  # the language has no other order
        return cls(
            frozenset(day_first),
            frozenset(month_first),
            frozenset(conflicting),
            federal=_FEDERAL.search(face) is not None,
        )

    def is_day_first(self, sign: str) -> bool | None:
        """None where nobody can tell. Without any evidence slashes and hyphens are American; dots
        are used by both, and no day is guessed from them."""
        if sign in self.conflicting:
            return None
        if sign in self.day_first or sign in self.month_first:
            return sign in self.day_first
        return False if sign in "-/" and not self.day_first else None


def written_at(text: str, at: int, order: Order, *, year_alone: bool = False) -> Written | None:
    """The date that begins at `at`; a weekday may stand in front. `year_alone`: "2025" is one."""
    weekday = _WEEKDAY.match(text, at)
    at = weekday.end() if weekday else at
    for pattern, read in _READ:
        found = pattern.match(text, at)
        if found:
            return read(found, order)
    numbers = DATE.match(text, at)
    if numbers and not _CLOCK.match(text, numbers.end()):
        return _date(numbers, order)
    alone = _YEAR_ALONE.match(text, at) if year_alone else None
    if alone is None:
        return None
    return Written(at, alone.end(), date(int(alone[0]), 1, 1), YEARLY)


def periods_in(text: str, start: int, end: int, order: Order) -> Iterator[Written]:
    """The quarters and years, named as such, in a stretch of text."""
    for pattern, read in ((_QUARTER, _quarter), (_YEARS, _year)):
        for found in pattern.finditer(text, start, end):
            yield read(found, order)


def dates_in(text: str, start: int, end: int, order: Order) -> Iterator[Written]:
    """The days and months in a stretch of text."""
    for found in DATE.finditer(text, start, end):
        if not _CLOCK.match(text, found.end()):
            yield _date(found, order)


def _date(found: re.Match[str], order: Order) -> Written:
    precise = found.group("d1") or found.group("d2") or found.group("d3") or found.group("d4")
    precision = DAY if precise or found.group("d8") else MONTH
    value = read_date(found)
    sign = found.group("s2")
    if sign is None:
        return Written(*found.span(), value, precision)
    first, second = int(found.group("m2")), int(found.group("d2"))
    if first == second or max(first, second) > 12:
        return Written(*found.span(), value)
    turned = date(value.year, second, first) if value else None
    day_first = order.is_day_first(sign)
    if day_first is None:
        return Written(*found.span(), value, other=turned)
    return Written(*found.span(), turned if day_first else value)


def _bars(found: re.Match[str], order: Order) -> Written:
    month, day, year = map(int, found.groups())
    try:
        return Written(*found.span(), date(year, month, day))
    except ValueError:
        return Written(*found.span(), None)


def _in_words(found: re.Match[str], order: Order) -> Written:
    said = found["month"].lower()
    month = next(n for n, names in enumerate(_FOREIGN, 1) if said in names.split("|"))
    try:
        return Written(*found.span(), date(int(found["year"]), month, int(found["day"])))
    except ValueError:
        return Written(*found.span(), None)


def _quarter(found: re.Match[str], order: Order) -> Written:
    said = found["q1"] or found["q2"] or found["q3"].lower()
    number = _QUARTERS.get(said) or int(said[0])
    year = int(found["y1"] or found["y2"] or found["y3"])
    return Written(*found.span(), date(year, 3 * number - 2, 1), QUARTER)


def _year(found: re.Match[str], order: Order) -> Written:
    kind, year = " ".join(found["kind"].lower().split()), int(found["year"])
    if "fiscal" not in kind and not kind.endswith("fy"):
        return Written(*found.span(), date(year, 1, 1), YEARLY)
    if "state" in kind or kind == "sfy" or not (order.federal or "fed" in kind or kind == "ffy"):
        return Written(*found.span(), date(year - 1, 7, 1), YEARLY, date(year - 1, 10, 1))
    return Written(*found.span(), date(year - 1, 10, 1), YEARLY)


def _first_of_span(found: re.Match[str], order: Order) -> Written:
    last = parse_date(found["last"])
    first = parse_date(f"{found['month'][:3]} {found['day']}, {last.year}") if last else None
    if first and last and first > last:
        first = first.replace(year=last.year - 1)
    return Written(*found.span(), first)


_READ = (
    (_SHORT, _first_of_span),
    (_BARS, _bars),
    (_IN_WORDS, _in_words),
    (_QUARTER, _quarter),
    (_YEARS, _year),
)


def _counted(text: str) -> dict[str, tuple[int, int]]:
    """By sign, how many dates can only have the day first, and how many only the month."""
    counts = {sign: [0, 0] for sign in "-/."}
    for found in _NUMERIC.finditer(text):
        if _CLOCK.match(text, found.end()):
            continue
        first, second = int(found[1]), int(found[3])
        if first <= 31 and second <= 31:
            counts[found[2]][0] += first > 12 >= second
            counts[found[2]][1] += second > 12 >= first
    return {sign: (day, month) for sign, (day, month) in counts.items()}


def _told(day_first: int, month_first: int) -> bool | None:
    if not day_first and not month_first:
        return None
    if min(day_first, month_first) > _FEW * max(day_first, month_first):
        return None
    return day_first > month_first
