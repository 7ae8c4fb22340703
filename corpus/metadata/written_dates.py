"""Dates as people write them: ISO, American, written out, or a month alone."""

from __future__ import annotations

import re
from datetime import date

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
    | (?P<d4>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?[ -](?P<m4>{_MONTH}),?[ -](?P<y4>\d{{4}})
    | (?P<m5>{_MONTH})(?:\s+of)?,?\s+(?P<y5>\d{{4}})
    | (?P<m6>\d{{1,2}})/(?P<y6>(?:19|20)\d\d)
    | (?P<y7>(?:19|20)\d\d)-(?P<m7>\d{{2}})
    | (?P<y8>(?:19|20)\d\d)(?P<m8>\d{{2}})(?P<d8>\d{{2}})
    )(?![\d]|[-/.]\d)""",
    re.IGNORECASE | re.VERBOSE,
)


def read_date(found: re.Match[str]) -> date | None:
    """The day of a match of DATE; None when the calendar has no such day.

    A month without a day is its first day; a year of two digits is in this century; a day above 12
    in front of a slash is read as day and month, as no month has that number.
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
