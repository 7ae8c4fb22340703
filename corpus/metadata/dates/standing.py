"""Whether a document says that it is not in force: proposed, a draft, a prior version, retired.

A banner, a title, a watermark or a line "Status: ..." says so; prose about drafts does not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.metadata.dates.meaning import POLICY
from corpus.metadata.dates.place import Place, Places

PROPOSED, PRIOR, RETIRED = "proposed", "prior", "retired"

_OLD = r"(?:retired|archived?|superseded|withdrawn|rescinded|obsolete|expired|inactive|terminated)"
_OPEN = r"^[\s#>*_\-–—|(\[]*"
_SHUT = r"[\s#*_\-–—|:!.)\]]*(?:$|[-–—|(:]|\d)"
_THING = r"(?:\s+" + POLICY + r"|\s+document|\s+local\s+coverage\b.*|\s+LCD.*)"
_SAYS = (
    (
        PROPOSED,
        re.compile(
            _OPEN + r"(?:DRAFT\b|Draft" + _SHUT + r"|(?i:(?:draft|proposed|pre-?decisional))"
            r"(?:(?i:" + _THING + r"))\b)"
        ),
    ),
    (PROPOSED, re.compile(r"(?i)^\s*action:\s*(?:notice\s+of\s+)?proposed\s+rule")),
    (PROPOSED, re.compile(r"(?i)^\s*a\s+proposed\s+rule\s+by\b")),
    (PROPOSED, re.compile(r"(?i)^.{3,80}[-–—(\[]\s*(?:draft|proposed)\s*[)\]]?\s*$")),
    (
        PRIOR,
        re.compile(
            _OPEN + r"(?i:(?:prior|previous|historical|outdated|old)\s+version" + _SHUT
            + r"|not\s+(?:the\s+)?current(?:\s+(?:version|policy))?" + _SHUT + r")"
        ),
    ),
    (
        RETIRED,
        re.compile(
            _OPEN
            + r"(?:(?-i:RETIRED|ARCHIVED?|SUPERSEDED|WITHDRAWN|RESCINDED|OBSOLETE|EXPIRED)\b"
            r"(?![^\n]*\b(?i:members?|employees?|persons?)\b)"
            r"|(?i:" + _OLD + _SHUT + r")|(?i:" + _OLD + _THING + r")\b)"
        ),
    ),
    (RETIRED, re.compile(rf"(?i)^.{{3,80}}[-–—(\[]\s*{_OLD}\b(?!\s+copy)[^\n]{{0,24}}[)\]]?\s*$")),
    (
        RETIRED,
        re.compile(
            _OPEN + r"(?i:this\s+(?:" + POLICY + r"|document|page)\s+(?:has\s+been|is|was)\s+"
            r"(?:now\s+)?(?:" + _OLD + r"|replaced|no\s+longer\s+"
            r"(?:in\s+(?:effect|force|use)|effective|active|current|valid|maintained)))\b"
        ),
    ),
)  # fmt: skip
_STATUS = re.compile(r"(?i)^[\s#*|_-]*(?:(?:document|policy|version)\s+)?status\s*[:|]\s*(\w+)")
# A proposed rule says so by its number, its action or the end of its title, in lines of any length.
_RULE = re.compile(
    r"\[CMS[-–]\d{4}[-–]P\]|\bACTION:\s*(?:Notice\s+of\s+)?[Pp]roposed\s+[Rr]ule"
    r"|;\s+(?:[CF]Y\s+\d{4}\s+)?Proposed\s+Rule\.?$"
)
_LONGEST = 120
_TOP = 6  # lines in which a title stands


@dataclass(frozen=True, slots=True)
class Standing:
    """What a line says of the document's standing; offsets are those of the line."""

    value: str
    start: int
    end: int


def standing_of(text: str, places: Places) -> Standing | None:
    """The first line on the face, or running on all pages, that says so."""
    offset = told = 0
    for line in text.splitlines(keepends=True):
        start, offset = offset, offset + len(line)
        if not line.strip():
            continue
        told += 1
        place = places.of_line(text, start)
        # A banner that runs on the pages of a text file may be put behind a list of references.
        banner = place is Place.OTHERS and start < places.face and line.strip().isupper()
        if place is Place.FACE or place is Place.RUNNING or banner:
            value = _said(line.strip(), title=told <= _TOP or place is Place.RUNNING)
            if value:
                return Standing(value, start, start + len(line.rstrip()))
        elif not places.running and start >= places.face:
            return None
    return None


def _said(line: str, *, title: bool) -> str | None:
    status = _STATUS.match(line)
    if status:
        return _of_word(status[1].lower())
    if _RULE.search(line):
        return PROPOSED
    if len(line) > _LONGEST:
        return None
    for value, pattern in _SAYS:
        if pattern.search(line) and (title or "this" in line.lower() or line.isupper()):
            return value
    return None


def _of_word(word: str) -> str | None:
    if word in ("draft", "proposed"):
        return PROPOSED
    return RETIRED if re.fullmatch(_OLD, word) else None
