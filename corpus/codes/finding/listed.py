"""Finds short codes that need a word before them: `revenue codes 0490, 0270/0272`,
`modifiers LT and RT`, `NCD 110.24`, `APC 5091`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from corpus.codes.finding.columns import Columns
from corpus.codes.finding.cues import Cue, Cues
from corpus.codes.finding.tokens import Candidate
from corpus.codes.shapes import MODIFIERS
from corpus.codes.systems import CodeSystem

_ITEMS = {
    "revenue": re.compile(r"(?<![$\d])0?\d{3}(?![\dA-Za-z%]|,\d|\.\d|\))|(?<!\d)0?\d{2}[xX](?!\w)"),
    "modifier": re.compile(r"(?:[A-Z][A-Z0-9]|\d\d)(?![\w%]|,\d|\.\d)"),
    "apc": re.compile(r"\d{4}(?![\w%]|,\d|\.\d)"),
    "ncd": re.compile(r"\d{1,3}\.\d{1,2}(?:\.\d{1,2})?(?![\d%])"),
}
_SYSTEMS = {
    "revenue": CodeSystem.REVENUE,
    "modifier": CodeSystem.MODIFIER,
    "apc": CodeSystem.APC,
    "ncd": CodeSystem.NCD,
}
_LEAD = re.compile(
    r"(?:\s*\([A-Za-z -]{1,12}\)|\s*[“\"':#(-]|\s+(?:no\.?|numbers?|such as|for|of|is|are|was"
    r"|lines?|series|the|either|like|e\.g\.,?|including|with|on|manual|section|\d{4}(?=:)))*\s*[“\"'#(-]*"
)
_BETWEEN = re.compile(
    r"(?:\s?\([^()\n]{1,160}\))?[”\"']?\s*(?:[,;/&|+]|\s)\s*(?:and/or|and|or|nor|versus|vs\.?|plus|not|both)?\s*"
    r"(?:(?:rev(?:enue)?|modifiers?|codes?|NCDs?)\s)*[“\"'(-]*|\s?[-–]\s?|\s(?:to|through)\s",
    re.IGNORECASE,
)
_TO = re.compile(r"\s?[-–]\s?|\s(?:to|through)\s")
_BEFORE = re.compile(
    r"(?:(?<![A-Za-z0-9])-?(?:[A-Z][A-Z0-9]|\d\d)(?:\s?(?:/|,|or|and|, or|, and)\s?-?)?){1,6}\s$"
)
_ENGLISH = "IF IN IS TO OF BY NO AN OR ON IT BE WE DO SO AT ME MY UP US HE PM"
_WORDS = frozenset(_ENGLISH.split())
_ATTACHED = re.compile(
    r"(?:[-/]| ?[–] ?|\s(?=[RL]T))(?P<one>[A-Z][A-Z0-9]|\d\d)"
    r"(?:[-/,](?P<two>[A-Z][A-Z0-9]|\d\d))?(?!\w|\.\d)"
)
_SIDES = re.compile(r"[RL]T\s?(?:/|and|or)\s?[RL]T(?!\w)")
# "PO Box", "Atlanta, GA 30348" and "Q1 2025" are none.
_BARE = re.compile(
    r"(?:RT|LT|G[AXYZ]|P[ON](?![ ]Box)|Q[01]|KX|X[EPSU]|TC)(?![\w%-]|[.,]\d|\s\d{4,5}(?!\d))"
)
_NO_WORD_START = frozenset("-/.$&_ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
_RADIATION = re.compile(
    r"radi(?:ation|otherapy)|whole.breast|adjuvant|boost|\bGy\b|fraction|XRT|oncolog"
    r"|with or without|omit|respiratory|therapist|dose",
    re.IGNORECASE,
)


def listed(text: str, cues: Cues, columns: Columns) -> Iterator[Candidate]:
    """The numbers that follow their cue words, and the cells of columns that say what they are."""
    for kind in _ITEMS:
        end = 0  # a list may repeat its word; each stretch is read once
        for cue in cues.of(kind):
            if cue.start < end:
                continue
            for made in _after(text, cue):
                end = made.end
                yield made
            if kind == "modifier":
                yield from _ahead(text, cue)
    for kind in _ITEMS:
        for start, end in columns.cells(kind):
            yield from _items(text, kind, start, end)


def _candidate(text: str, kind: str, start: int, end: int) -> Candidate | None:
    """A listed number as a candidate; None when the system has no such number."""
    code, last = text[start:end].upper(), None
    if kind == "modifier" and (code not in MODIFIERS or code in _WORDS):
        return None
    if kind == "revenue":
        code = code.zfill(4)
        if code.endswith("X"):
            code, last = code[:-1] + "0", code[:-1] + "9"
    return Candidate(kind, start, end, code, _SYSTEMS[kind], last)


def _after(text: str, cue: Cue) -> Iterator[Candidate]:
    """The list that a cue word opens, joined by commas, strokes and small words."""
    kind, lead = cue.kind, _LEAD.match(text, cue.end)
    place = lead.end() if lead else cue.end
    previous: Candidate | None = None
    while found := _ITEMS[kind].match(text, place):
        made = _candidate(text, kind, found.start(), found.end())
        if made is None:
            break
        between = _TO.fullmatch(text, previous.end, made.start) if previous else None
        if previous and between and _may_range(previous, made):
            previous.last, previous.end = made.code, made.end
        else:
            if previous:
                yield previous
            previous = made
        link = _BETWEEN.match(text, made.end)
        if link is None:
            break
        place = link.end()
    if previous:
        yield previous


# In a text that has named a revenue code, four digits where a claim's line has one.
_BARE_REVENUE = re.compile(
    r"(?:\b(?:under|in|on|with|from|and|or|line)\s|\|\s?)(?P<number>0[1-9]\d\d)(?![\w-]|[.,/]\d|\s?[-T]|%)"
)
_CLAIM_FORM = re.compile(r"\bUB-?04\b|\b837I\b")


def bare_revenue(text: str, cues: Cues, taken: Sequence[Candidate]) -> Iterator[Candidate]:
    """Revenue codes without their word, where the text mentions any; never a policy's number."""
    if not cues.of("revenue") and not _CLAIM_FORM.search(text):
        return
    policies = {one.code for one in taken if one.system is CodeSystem.POLICY}
    for found in _BARE_REVENUE.finditer(text):
        start, end = found.span("number")
        if found["number"] not in policies:
            yield Candidate("revenue", start, end, found["number"], CodeSystem.REVENUE)
    for found in re.finditer(r"\bUB-?04\b[^\n|]{0,16}:\s(?P<number>0[1-9]\d\d)(?=\s?\|)", text):
        start, end = found.span("number")
        yield Candidate("revenue", start, end, found["number"], CodeSystem.REVENUE)


def _may_range(first: Candidate, last: Candidate) -> bool:
    """Whether two numbers with a dash between may be the ends of a range; `E1-E4` may, `RT-59` are
    two modifiers."""
    if first.last is not None or first.code >= last.code:
        return False
    if first.kind == "modifier":
        return first.code[0].isalpha() and first.code[0] == last.code[0] and last.code[1].isdigit()
    return first.kind in ("revenue", "apc")


def _ahead(text: str, cue: Cue) -> Iterator[Candidate]:
    """The modifiers written before the word: `LT/RT modifiers`, `a GZ modifier`."""
    found = _BEFORE.search(text[max(0, cue.start - 36) : cue.start])
    if found:
        start = max(0, cue.start - 36) + found.start()
        yield from _items(text, "modifier", start, cue.start)


def _items(text: str, kind: str, start: int, end: int) -> Iterator[Candidate]:
    """All numbers of a kind between two offsets."""
    for found in _ITEMS[kind].finditer(text, start, end):
        if found.start() > start and text[found.start() - 1].isalnum():
            continue
        made = _candidate(text, kind, found.start(), found.end())
        if made is not None:
            yield made


def attached(text: str, end: int) -> Iterator[Candidate]:
    """The modifiers joined to a code that ends at `end`: `0581T-RT`, `0581T/RT`, `19105-59-LT`."""
    found = _ATTACHED.match(text, end)
    if found is None:
        return
    for group in ("one", "two"):
        if found.group(group) in MODIFIERS:
            start = found.start(group)
            yield Candidate("modifier", start, start + 2, found.group(group), CodeSystem.MODIFIER)


def bare_modifiers(text: str, cues: Cues) -> Iterator[Candidate]:
    """Well-known modifiers without the word: a pair of sides, or any in a text about modifiers.

    "RT" is a side only where nothing near is about radiation.
    """
    for pair in _SIDES.finditer(text):
        if text[pair.start() - 1 : pair.start()].isalnum():
            continue
        for start in (pair.start(), pair.end() - 2):
            yield _bare(text, start)
    about = bool(cues.of("modifier"))
    for found in _BARE.finditer(text):
        start, code = found.start(), found.group()
        if text[start - 1 : start] in _NO_WORD_START or not (about or _names_side(text, start)):
            continue
        around = text[max(0, start - 50) : found.end() + 50]
        if code != "RT" or _names_side(text, start) or not _RADIATION.search(around):
            yield _bare(text, start)


# "(59 or XS)" behind a code: brackets with nothing but modifiers, one of them unmistakable.
_BRACKETS = re.compile(
    r"\((?P<list>(?:[A-Z][A-Z0-9]|\d\d)(?:(?:,\s?|/|\s(?:or|and)\s)(?:[A-Z][A-Z0-9]|\d\d))*)\)"
)
_UNMISTAKABLE = re.compile(r"\b(?:X[EPSU]|RT|LT|GZ|GY|GX)\b")


def in_brackets(text: str) -> Iterator[Candidate]:
    for found in _BRACKETS.finditer(text):
        if _UNMISTAKABLE.search(found["list"]) and found["list"] not in ("RT", "LT"):
            yield from _items(text, "modifier", *found.span("list"))


def _names_side(text: str, start: int) -> bool:
    """Whether "right" stands beside RT, or "left" beside LT."""
    side = {"RT": "right", "LT": "left"}.get(text[start : start + 2])
    around = text[max(0, start - 12) : start + 24].lower()
    return side is not None and (side in around or " side" in around[12:24])


def _bare(text: str, start: int) -> Candidate:
    return Candidate("modifier", start, start + 2, text[start : start + 2], CodeSystem.MODIFIER)
