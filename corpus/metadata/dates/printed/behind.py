"""A label and the date that stands right behind it: "Effective Date: October 16, 2025"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.metadata.dates.meaning import LABEL, POLICY
from corpus.metadata.dates.place import is_row, line_at
from corpus.metadata.dates.written import Order, Written, written_at
from corpus.text.dates import YEAR

THIS = r"this\s+" + POLICY
SERVICES = (
    r"(?:(?:for|with|to)\s+)?(?:(?:all|any)\s+)?(?:dates?\s+of\s+(?:service|admission|discharge)s?"
    r"|services|claims|discharges|admissions)"
    r"(?:[\w\s]{0,40}?\b(?:on|beginning|starting|effective)(?:\s+(?:or|and)\s+after)?)?\s+"
)
# Lines of business.
LINES = re.compile(
    r"\b(commercial|medicare(?:\s+advantage)?|medicaid|marketplace|exchange|individual|chip|dual"
    r"|federal\s+employee|self[- ]funded)\b",
    re.IGNORECASE,
)
_GAP = re.compile(
    r"\*?(?:\s*\((?P<aside>[A-Za-z][A-Za-z /&-]{1,40})\))?\*?[ \t*_]*"
    r"(?P<sign>[:;|=–—-]|\.{3,}|…|\n)?[\s*_|:.…]{0,6}"
    r"(?P<change>[A-Z]-?\d{1,3},[ \t]+)?"
    rf"(?P<services>{SERVICES})?(?:(?:on|as\s+of|is|was|since|from|of|date|the|by)\s+){{0,2}}",
    re.IGNORECASE,
)
# Two columns of a page read as one put the next column's word between a label and its date.
_STRAY = re.compile(r"\s+[A-Z][a-z]+\s+(?=\d)")
# Every date holds one of these; labels are sought only in front of them.
DATED = re.compile(rf"(?<!\d){YEAR}|\d[-/.]\d{{1,2}}[-/.]\d\d")
_REACH = 160  # characters from a label to the end of its date, at most


@dataclass(frozen=True, slots=True)
class Behind:
    """A label, what parts it from its date, and the date. `stray`: a word of another column."""

    label: re.Match[str]
    gap: re.Match[str]
    first: Written
    stray: bool = False


def labels(text: str) -> Iterator[re.Match[str]]:
    """The labels that stand shortly before something like a date, each once and in order."""
    place = 0
    for year in DATED.finditer(text):
        start = max(place, year.start() - _REACH)
        while label := LABEL.search(text, start, year.start()):
            yield label
            start = place = label.end()
        place = max(place, year.start())


def date_behind(text: str, label: re.Match[str], order: Order) -> Behind | None:
    gap = _GAP.match(text, label.end())
    if gap is None:
        return None
    bare = gap["sign"] is not None and "\n" not in gap.group()
    found = written_at(text, gap.end(), order, year_alone=bare)
    if found is not None:
        return Behind(label, gap, found)
    stray = _STRAY.match(text, label.end())
    if stray is None or LABEL.search(stray.group()):
        return None
    found = written_at(text, stray.end(), order)
    return Behind(label, gap, found, stray=True) if found else None


def in_another_row(text: str, behind: Behind) -> bool:
    gap = behind.gap
    if "\n" not in gap.group():
        return False
    return is_row(line_at(text, gap.start())) or text.count("\n", *gap.span()) > 2
