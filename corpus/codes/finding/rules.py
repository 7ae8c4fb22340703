"""Sections of the Code of Federal Regulations: `42 CFR 438.4`, `42 CFR §§ 438.4(c) and 438.7`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.codes.finding.tokens import Candidate
from corpus.codes.systems import CodeSystem

_NAME = re.compile(r"C\.?[ ]?F\.?[ ]?R\b\.?")
_TITLE = re.compile(r"(?<![\w.])\d{1,2}\s?$")
_FIRST = re.compile(
    r"\s*(?:§{1,2}|[Pp]arts?\b|[Ss]ections?\b|[Ss]ec\.)?\s*(?P<section>\d{1,4}(?:\.\d{1,4})?)(?!\d)"
)
_NEXT = re.compile(
    r"(?:\s?\([A-Za-z0-9]{1,4}\)(?:[-–]\([A-Za-z0-9]{1,4}\))?)*"
    r"(?:(?P<to>\s(?:through|thru|to)\s|\s?[-–]\s?)|,?\s?(?:and|or)\s|,\s)\s?§{0,2}\s?"
    r"(?P<section>\d{1,4}\.\d{1,4})(?!\d)"
)


def rules(text: str) -> Iterator[Candidate]:
    """Every section that is named with its title, and those listed after it."""
    for name in _NAME.finditer(text):
        title = _TITLE.search(text[max(0, name.start() - 4) : name.start()])
        first = _FIRST.match(text, name.end())
        if title and first:
            number = title.group().strip()
            start = name.start() - len(title.group())
            yield from _listed(text, number, start, first)


def _listed(text: str, title: str, start: int, found: re.Match[str]) -> Iterator[Candidate]:
    """The section that was found, and the rest of its list; "through" joins two to a range."""
    held = _candidate(title, start, found)
    while following := _NEXT.match(text, found.end()):
        made = _candidate(title, following.start("section"), following)
        found = following
        if following["to"] and held.last is None:
            held.last, held.end = made.code, made.end
            continue
        yield held
        held = made
    yield held


def _candidate(title: str, start: int, found: re.Match[str]) -> Candidate:
    code = f"{title} CFR {found['section']}"
    return Candidate("rule", start, found.end("section"), code, CodeSystem.RULE)
