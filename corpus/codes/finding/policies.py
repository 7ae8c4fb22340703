"""Payers' own policy numbers, which no shape gives away: `CPB 0100`, `Cigna 0540`, `policy 400`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.codes.finding.cues import Cues
from corpus.codes.finding.tokens import Candidate
from corpus.codes.systems import CodeSystem

_AFTER_WORD = re.compile(
    r"\s*\(?(?:(?i:no\.?|number|num\.?|#|ID)\s*[:#]?|[:#])?\s*"
    r"(?P<number>[A-Z]{0,4}[-.]?\d[0-9A-Z]*(?:[-.][0-9A-Z]{1,8}){0,3})(?![A-Za-z0-9])"
)
_LABELLED = re.compile(r"\s*\(?(?:no\.?|number|num\.?|#|ID)\s*[:#]?|\s*[:#]", re.IGNORECASE)
_AFTER_PAYER = re.compile(
    r"(?P<gap>[A-Za-z'’.() ]{0,32}?)\b(?P<number>0\d{3}|00\d{3}|20\d{5})(?![0-9A-Za-z,/-]|\.\d)"
)
_NOT_GAP = re.compile(r"\b(?:codes?|CPT|HCPCS|rev|revenue|anesthesia|in|since|by)\b", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d")


def policies(text: str, cues: Cues) -> Iterator[Candidate]:
    """The numbers that follow a word for a policy, or a payer's name."""
    for cue in cues.of("policy"):
        found = _AFTER_WORD.match(text, cue.end)
        if found and _is_number(text, cue.end, found.group("number")):
            yield _made(found)
    for cue in cues.of("payer"):
        found = _AFTER_PAYER.match(text, cue.end)
        if found and not _NOT_GAP.search(found.group("gap")):
            yield _made(found)


def _is_number(text: str, after_word: int, number: str) -> bool:
    """Whether what follows the word is a number of its own and not a year, a date or a code."""
    digits = sum(character.isdigit() for character in number)
    if digits < 3 or re.fullmatch(r"\d{4}[TFUM]|[A-Z]\d{4}|L\d{5}", number):
        return False
    if re.fullmatch(r"(?:19|20)\d\d-\d\d(?:-\d\d)?|\d{5}-\d{5}", number):
        return False
    return not _YEAR.fullmatch(number) or _LABELLED.match(text, after_word) is not None


def _made(found: re.Match[str]) -> Candidate:
    start, end = found.span("number")
    return Candidate("policy", start, end, found.group("number"), CodeSystem.POLICY)
