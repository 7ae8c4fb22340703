"""How dates, years and spans of time are written. Everything that reads one from text starts here.

Dates: ISO, American, written out, or a month alone. Spans: "5 yrs" and "five-year" are equal.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

YEAR = r"(?:19|20)\d\d"
"""A year, as a regular expression."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?\.?|July?\.?"
    r"|Aug(?:ust|\.)?|Sept?(?:ember|\.)?\.?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
DATE = re.compile(
    rf"""(?<![\d/.-])(?:
      (?P<y1>\d{{4}})[-/.](?P<m1>\d{{1,2}})[-/.](?P<d1>\d{{1,2}})
    | (?P<m2>\d{{1,2}})(?P<s2>[-/.])(?P<d2>\d{{1,2}})(?P=s2)(?P<y2>\d{{4}}|\d{{2}})
    | (?P<m3>{_MONTH})[ ]?\s?(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y3>\d{{4}})
    | (?P<d4>\d{{1,2}})(?:st|nd|rd|th)?(?:\ day)?(?:\s+of)?[ -](?P<m4>{_MONTH}),?[ -](?P<y4>\d{{4}})
    | (?P<m5>{_MONTH})(?:\s+of)?,?\s+(?P<y5>\d{{4}})
    | (?P<m6>\d{{1,2}})/(?P<y6>{YEAR})
    | (?P<y7>{YEAR})-(?P<m7>\d{{2}})
    | (?P<y8>{YEAR})(?P<m8>\d{{2}})(?P<d8>\d{{2}})
    )(?![\d]|[-/.]\d)""",
    re.IGNORECASE | re.VERBOSE,
)
"""A date in any usual spelling. It compiles with IGNORECASE and VERBOSE; see `read_date`."""

_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_YEARS = re.compile(rf"\b({YEAR}) (?:to|through|until|[-\u2013]) ({YEAR})\b")
_PART_OF_MONTH = re.compile(r"\b(?:early|mid|late)-(?=[A-Z])")
_NUMBERS = dict(
    one=1, two=2, three=3, four=4, five=5, six=6, seven=7, eight=8, nine=9, ten=10, twelve=12
)
_UNITS = {"yr": "year", "y": "year", "mo": "month", "wk": "week", "hr": "hour"}
_PERIOD = re.compile(
    rf"\b(\d{{1,3}}|{'|'.join(_NUMBERS)})[ -]?(year|yr|y|month|mo|week|wk|day|hour|hr)s?\b(?! old)",
    re.IGNORECASE,
)


def read_date(found: re.Match[str]) -> date | None:
    """The day of a match of DATE; None when the calendar has no such day.

    A month without a day is its first day. A year of two digits is in this century. A number above
    12 in front of a slash is the day, since no month has that number.
    """
    parts = {key[0]: text for key, text in found.groupdict().items() if text and key[0] in "ymd"}
    year, month, day = int(parts["y"]), _month(parts["m"]), int(parts.get("d", "1"))
    year += 2000 if year < 100 else 0
    if found.group("m2") and month > 12 >= day:
        month, day = day, month
    try:
        value = date(year, month, day)
    except ValueError:
        return None
    return value if 1950 <= year <= 2100 else None


def _month(text: str) -> int:
    return int(text) if text.isdigit() else _MONTHS.index(text[:3].lower()) + 1


def parse_date(text: str) -> date | None:
    """A date that a person typed (`2025-03-01`, `3/1/2025`, `March 2025`, `1 Nov 2025`).

    None when the whole text is not one date that the calendar has.
    """
    found = DATE.fullmatch(text.strip())
    return read_date(found) if found else None


def parse_iso_date(text: str) -> date | None:
    """A date written as YYYY-MM-DD and in no other way; None for any other text."""
    found = _ISO.fullmatch(text.strip())
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def without_days_after(day: date, text: str) -> str:
    """The text without the dates later than `day`, their "early", "mid" and "late" included."""

    def kept(found: re.Match[str]) -> str:
        written = read_date(found)
        return " " if written is not None and written > day else found.group()

    return DATE.sub(kept, _PART_OF_MONTH.sub("", text))


def year_ranges(text: str) -> Iterator[tuple[int, int]]:
    """The first and the last year of each range of years that a text names: "2019 to 2023"."""
    for first, last in _YEARS.findall(text):
        yield int(first), int(last)


def periods(text: str) -> frozenset[tuple[int, str]]:
    """Each span of time that a text names, as its number and its unit in full."""
    found = ((match[1].lower(), match[2].lower()) for match in _PERIOD.finditer(text))
    return frozenset(
        (_NUMBERS.get(number) or int(number), _UNITS.get(unit, unit)) for number, unit in found
    )


def names_period(text: str, asked: str) -> bool:
    """Whether `text` names one of the spans of time that `asked` names."""
    return not periods(text).isdisjoint(periods(asked))
