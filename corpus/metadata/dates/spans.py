"""The time for which a passage's own words hold: "Prior to July 1, 2025, bill two lines."

Only what opens the passage, or its heading, and only where nothing in it tells what holds
afterwards: "Prior to ... Beginning July 1, 2025, bill one line" speaks of today too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

from corpus.metadata.dates.written import UNTIL, Order, written_at

_OPENS = r"[\s#*•>_(\[|–-]*(?:\d+(?:\.\d+)*[.)]?\s+)?"
_FOR = (
    r"(?:(?:for|claims\s+(?:for|with)|with)\s+)?(?:(?:all|any)\s+)?"
    r"(?:(?:claims|services|items|dates?\s+of\s+(?:service|admission|discharge)|admissions|discharges)"
    r"\s+(?:(?:furnished|performed|provided|rendered|billed|received|submitted|with\s+dates?\s+of"
    r"\s+service)\s+)?)?"
)
_BEFORE = re.compile(
    rf"{_OPENS}{_FOR}(?P<how>prior\s+to|before|(?:effective\s+)?(?:through|until|up\s+to|ending))\s+"
    r"(?:and\s+including\s+)?",
    re.IGNORECASE,
)
_FROM = re.compile(
    rf"{_OPENS}{_FOR}(?:in\s+effect\s+)?(?:effective|from|between)\s+(?:from\s+)?", re.IGNORECASE
)
_AND = re.compile(r"\s+and\s+", re.IGNORECASE)
_AFTERWARDS = re.compile(
    r"\b(?:beginning|starting|effective|on\s+(?:or|and)\s+after|as\s+of|since|from|after)\s+"
    r"(?:on\s+|with\s+)?(?:services\s+|claims\s+|dates?\s+of\s+service\s+(?:on\s+or\s+after\s+)?)?"
    r"|\b(?:now|today|currently|thereafter|afterwards?|going\s+forward|until\s+then)\b",
    re.IGNORECASE,
)


def held_until(text: str, section: Sequence[str] = ()) -> date | None:
    """The first day on which a passage's words no longer hold; None where they do not say."""
    order = Order.of(text, text)
    for opening in (_below_headings(text, section), *section[-1:]):
        found = _ended(opening, order)
        if found is not None and not _tells_of_later(text, found, order):
            return found
    return None


def _below_headings(text: str, section: Sequence[str]) -> str:
    """A passage without the headings that it begins with."""
    headings = {heading.strip() for heading in section}
    lines = text.split("\n")
    while len(lines) > 1 and (not lines[0].strip() or lines[0].strip(" #") in headings):
        lines = lines[1:]
    return "\n".join(lines)


def _ended(text: str, order: Order) -> date | None:
    before = _BEFORE.match(text)
    if before is not None:
        day = written_at(text, before.end(), order)
        if day is None or day.value is None or day.other:
            return None
        including = not re.match(r"(?:prior|before)", before["how"], re.IGNORECASE)
        return day.value + timedelta(days=including)
    return _end_of_span(text, order)


def _end_of_span(text: str, order: Order) -> date | None:
    """The day after "From January 1, 2022 through December 31, 2023"."""
    opens = _FROM.match(text)
    first = written_at(text, opens.end(), order) if opens else None
    joint = first and (UNTIL.match(text, first.end) or _AND.match(text, first.end))
    last = written_at(text, joint.end(), order) if joint else None
    if first is None or last is None or last.value is None or first.value is None or last.other:
        return None
    return last.value + timedelta(days=1) if last.value > first.value else None


def _tells_of_later(text: str, end: date, order: Order) -> bool:
    """Whether the passage also tells what holds from its end on."""
    for found in _AFTERWARDS.finditer(text):
        day = written_at(text, found.end(), order)
        if day is None and found.group().split()[0].lower() in _NOW:
            return True
        if day is not None and day.value is not None and day.value >= end:
            return True
    return False


_NOW = frozenset(
    ("now", "today", "currently", "thereafter", "afterward", "afterwards", "going", "until")
)
