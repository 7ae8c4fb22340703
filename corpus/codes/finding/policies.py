"""Numbers that only a name before them gives away.

Payers' policies (`CPB 0100`, `Cigna 0540`, `policy 400`), and sections of the Code of Federal
Regulations (`42 CFR 438.4`, `42 CFR §§ 438.4(c) and 438.7`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.codes.finding.cues import Cues
from corpus.codes.finding.tokens import Candidate
from corpus.codes.systems import CodeSystem
from corpus.text.dates import YEAR

_AFTER_WORD = re.compile(
    r"\s*\(?(?:(?i:no\.?|number|num\.?|#|ID)\s*[:#]?|[:#])?\s*"
    r"(?P<number>[A-Z]{0,4}[-.]?\d[0-9A-Z]*(?:[-.][0-9A-Z]{1,8}){0,3})(?![A-Za-z0-9])"
)
_LABELLED = re.compile(r"\s*\(?(?:no\.?|number|num\.?|#|ID)\s*[:#]?|\s*[:#]", re.IGNORECASE)
_AFTER_PAYER = re.compile(
    r"(?P<gap>[A-Za-z'’.() ]{0,32}?)\b(?P<number>0\d{3}|00\d{3}|20\d{5})(?![0-9A-Za-z,/-]|\.\d)"
)
_NOT_GAP = re.compile(r"\b(?:codes?|CPT|HCPCS|rev|revenue|anesthesia|in|since|by)\b", re.IGNORECASE)
_CFR = re.compile(r"C\.?[ ]?F\.?[ ]?R\b\.?")
_CFR_TITLE = re.compile(r"(?<![\w.])\d{1,2}\s?$")
_FIRST_SECTION = re.compile(
    r"\s*(?:§{1,2}|[Pp]arts?\b|[Ss]ections?\b|[Ss]ec\.)?\s*(?P<section>\d{1,4}(?:\.\d{1,4})?)(?!\d)"
)
_NEXT_SECTION = re.compile(
    r"(?:\s?\([A-Za-z0-9]{1,4}\)(?:[-–]\([A-Za-z0-9]{1,4}\))?)*"
    r"(?:(?P<to>\s(?:through|thru|to)\s|\s?[-–]\s?)|,?\s?(?:and|or)\s|,\s)\s?§{0,2}\s?"
    r"(?P<section>\d{1,4}\.\d{1,4})(?!\d)"
)


def policies(text: str, cues: Cues) -> Iterator[Candidate]:
    """The numbers that follow a word for a policy, or a payer's name."""
    for cue in cues.of("policy"):
        found = _AFTER_WORD.match(text, cue.end)
        if found and _is_policy_number(text, cue.end, found.group("number")):
            yield _policy(found)
    for cue in cues.of("payer"):
        found = _AFTER_PAYER.match(text, cue.end)
        if found and not _NOT_GAP.search(found.group("gap")):
            yield _policy(found)


def _is_policy_number(text: str, after_word: int, number: str) -> bool:
    """Whether what follows the word is a number of its own and not a year, a date or a code."""
    digits = sum(character.isdigit() for character in number)
    if digits < 3 or re.fullmatch(r"\d{4}[TFUM]|[A-Z]\d{4}|L\d{5}", number):
        return False
    if re.fullmatch(YEAR + r"-\d\d(?:-\d\d)?|\d{5}-\d{5}", number):
        return False
    return not re.fullmatch(YEAR, number) or _LABELLED.match(text, after_word) is not None


def _policy(found: re.Match[str]) -> Candidate:
    start, end = found.span("number")
    return Candidate("policy", start, end, found.group("number"), CodeSystem.POLICY)


def sections_of_rules(text: str) -> Iterator[Candidate]:
    """Every section that is named with its title, and those listed after it."""
    for name in _CFR.finditer(text):
        title = _CFR_TITLE.search(text[max(0, name.start() - 4) : name.start()])
        first = _FIRST_SECTION.match(text, name.end())
        if title and first:
            number = title.group().strip()
            start = name.start() - len(title.group())
            yield from _sections(text, number, start, first)


def _sections(text: str, title: str, start: int, found: re.Match[str]) -> Iterator[Candidate]:
    """The section that was found, and the rest of its list; "through" joins two to a range."""
    held = _section(title, start, found)
    while following := _NEXT_SECTION.match(text, found.end()):
        made = _section(title, following.start("section"), following)
        found = following
        if following["to"] and held.last is None:
            held.last, held.end = made.code, made.end
            continue
        yield held
        held = made
    yield held


def _section(title: str, start: int, found: re.Match[str]) -> Candidate:
    code = f"{title} CFR {found['section']}"
    return Candidate("rule", start, found.end("section"), code, CodeSystem.RULE)
