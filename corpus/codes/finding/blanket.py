"""Rules that cover codes without printing one: "all Category III codes", "any T code"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.codes.finding.cues import Cue, Cues
from corpus.codes.finding.tokens import Candidate
from corpus.codes.systems import CodeSystem

_BLANKET = re.compile(
    r"""(?<![A-Za-z])(?:
      (?P<three>(?:(?:all|any|every|each|no|most)\s+(?:other\s+|new\s+|such\s+|AMA\s+|CPT\s+)*)?
        categor(?:y|ies)[ -](?:III|3)\s+(?:\(?CPT®?\)?\s+)?codes
        |(?:any|every|each|no|all)\s+(?:other\s+|CPT\s+)*categor(?:y|ies)[ -](?:III|3)\s+
          (?:CPT®?\s+)?code(?!s)
        |(?:CPT\s+)?codes?\s+(?:that\s+)?end(?:s|ing)?\s+(?:in|with)\s+
          (?:the\s+letter\s+|an?\s+)?["“']?T\b
        |(?:(?:all|any|every|each|no)\s+)["“']?T["”']?[- ]codes?
        |["“']?(?-i:T)["”']?[- ]codes
        |(?:all\s+)?(?:emerging|temporary)\s+technology\s+codes)
    | (?P<two>(?:(?:all|any)\s+)?categor(?:y|ies)[ -](?:II|2)\s+(?:CPT®?\s+)?codes)
    | (?P<pla>(?:(?:all|any)\s+)?(?:PLA|proprietary\s+laboratory\s+analys[ei]s)\s+codes)
    | (?P<unlisted>(?:(?:all|any|an|every|no)\s+)?unlisted\s+
          (?:CPT®?\s+|procedure\s+|service\s+|or\s+\w+\s+)*codes
        |(?:any|every|no)\s+unlisted\s+(?:CPT®?\s+|procedure\s+|service\s+)*code(?!s))
    | (?P<letter>(?:(?:all|any|every|each|no)\s+)(?:HCPCS\s+)?["“']?
          (?-i:[ABCEGHJKLQSV])["”']?[- ]codes?
        |HCPCS\s+(?:level\s+II\s+)?["“']?(?-i:[A-V])["”']?[- ]codes
        |["“']?(?-i:[CGJQS])["”']?[- ]codes)
    | (?P<hcpcs>(?:all|any|every)\s+HCPCS\s+(?:level\s+II\s+)?codes)
    )(?![A-Za-z])""",
    re.IGNORECASE | re.VERBOSE,
)
# "codes 0581T and 0971T" names codes; it is not a rule about all of them.
_NAMES_CODES = re.compile(
    r"\s*[(:,]?\s*(?:such as\s+|e\.g\.,?\s*)?#?(?:\d{4}[0-9A-Z]|[A-V]\d{4})\b"
)
_RULES = {
    "three": (CodeSystem.CATEGORY_III, "*"),
    "two": (CodeSystem.CPT, "*F"),
    "pla": (CodeSystem.CPT, "*U"),
    "unlisted": (CodeSystem.CPT, "unlisted"),
    "hcpcs": (CodeSystem.HCPCS, "*"),
}


# All of them hold the word "code"; only where one of these stands before it, or "end" after it, or
# a letter alone just before it, is the expression tried.
_HINTS = (
    "ateg",
    "nlisted",
    "pla ",
    "laborator",
    "technolog",
    "all hcpcs",
    "any hcpcs",
    "ery hcpcs",
)


def _hinted(text: str, cue: Cue) -> bool:
    before = text[max(0, cue.start - 40) : cue.start].lower()
    if any(hint in before for hint in _HINTS) or "end" in text[cue.end : cue.end + 10]:
        return True
    letter = before.rstrip(" -\"”'")[-2:]
    return bool(letter) and letter[-1].isalpha() and not letter[:-1].isalpha()


def _found(text: str, cues: Cues) -> Iterator[re.Match[str]]:
    end = 0
    for cue in cues.of("code"):
        if cue.start < end or not _hinted(text, cue):
            continue
        found = _BLANKET.search(text, max(end, cue.start - 64), cue.end + 40)
        if found is not None and found.start() <= cue.start < found.end():
            end = found.end()
            yield found


# "many Category III codes" are some of them: whether a given one is, the sentence does not say.
_SOME = re.compile(
    r"\b(?:many|some|several|certain|few|various|selected|specific|particular|these|those|two|three"
    r"|four|five|six|seven|eight|nine|ten|\d+)(?: of (?:the|its|their))?(?: other)?\s+$",
    re.IGNORECASE,
)
# "the G codes" just after G0480 are those; "these T codes" are the ones before, whichever.
_POINTS_BACK = re.compile(r"\b(?:these|those|this|such|same|either|both)(?: of)?(?: the)?\s$", re.I)
_SERIES = re.compile(
    r"(?<![A-Za-z])(?P<letters>(?:[A-V](?:,\s(?:or\s|and\s)?|\s(?:or|and)\s|/))*[A-V])[ -]series"
    r"\s+(?:of\s+)?(?:HCPCS\s+)?(?:[Ll]evel\s+II\s+)?[Cc]odes?\b"
)


def _points_back(text: str, start: int, letter: str) -> bool:
    before = text[max(0, start - 20) : start]
    if _POINTS_BACK.search(before):
        return True
    named = re.compile(rf"\b{letter}\d{{4}}\b")
    return before[-4:].lower() == "the " and bool(named.search(text, max(0, start - 400), start))


def _series(text: str) -> Iterator[Candidate]:
    """One rule for each letter of "H, S, or T series HCPCS Level II codes"."""
    for word in re.finditer(r"[ -]series\b", text):
        found = _SERIES.search(text, max(0, word.start() - 40), word.end() + 40)
        for letter in re.finditer(r"\b[A-V]\b", found["letters"]) if found else ():
            start = found.start("letters") + letter.start() if found else 0
            yield Candidate("blanket", start, start + 1, f"{letter.group()}*", CodeSystem.HCPCS)


def blankets(text: str, cues: Cues) -> Iterator[Candidate]:
    """The rules about a whole class of codes; the class is in `code`, as CodeMention says."""
    yield from _series(text)
    for found in _found(text, cues):
        quantified = re.match(r"(?:all|any|every|each|no|most)\b", found.group(), re.IGNORECASE)
        if not quantified and (
            _NAMES_CODES.match(text, found.end())
            or _SOME.search(text, max(0, found.start() - 40), found.start())
        ):
            continue
        if found.lastgroup == "letter":
            letter = re.findall(r"(?<![A-Za-z])[A-V](?![A-Za-z])", found.group())[-1]
            if not quantified and _points_back(text, found.start(), letter):
                continue
            system, code = CodeSystem.HCPCS, f"{letter}*"
        else:
            system, code = _RULES[found.lastgroup or ""]
        yield Candidate("blanket", found.start(), found.end(), code, system)
