"""What a question takes for granted: "since 0581T is a Category I code, what are its RVUs?"

A reason why somebody asks ("because her pressure dropped") is no claim about what the library says.
"""

from __future__ import annotations

import re

_WH = r"(?:what|which|who|whom|whose|when|where|why|how)\b"
_ASKS = rf"(?:{_WH}|(?:is|are|do|does|did|can|could|should|may|must|will|would)\b)"
_BEFORE = re.compile(
    r"^\W*(?:(?:so|but|and|ok|well|then)\W+)*(?:since|because|given(?: that)?|seeing that|now that"
    rf"|as)\s+(?!{_WH}|of\b|per\b|for\b|far\b|long\b|soon\b|an?\b)(?P<claim>.+?)"
    rf"(?:,\s+(?=.*\b{_ASKS})|\s+(?={_WH}))",
    re.IGNORECASE | re.DOTALL,
)
_AFTER = re.compile(
    rf"^\W*{_ASKS}.+?\b(?:since|because|given that)\s+(?P<claim>(?!when\b|of\b|\d|the\s+\d).+)$",
    re.IGNORECASE | re.DOTALL,
)
_WHY = re.compile(
    r"^\W*(?:so\s+)?why\s+(?:did|does|do|is|are|was|were|has|have)\s+(?P<claim>.+)$",
    re.IGNORECASE | re.DOTALL,
)
_CASE = re.compile(  # of a patient or of the asker, which no document tells
    r"\b(?:her|his|she|he|him|my|mine|our|ours|we|us|(?<!category )(?<!cat )i|patients?|pts?"
    r"|grandma|mom|mother|they|their)\b",
    re.IGNORECASE,
)
_VERB_AT_LEAST = 3  # words; less is no claim


def claimed(question: str) -> str | None:
    """The claim that a question rests on, as typed; None where it rests on none."""
    for form in (_BEFORE, _AFTER):
        found = form.match(question.strip())
        if found is not None:
            return _claim(found["claim"])
    return None


def asks_why(question: str) -> str | None:
    """What a question asks the reason of, and so takes for granted; None where it asks none."""
    found = _WHY.match(question.strip())
    return _claim(found["claim"]) if found is not None else None


def _claim(text: str) -> str | None:
    text = text.strip(" ,.;:!?")
    is_claim = len(text.split()) >= _VERB_AT_LEAST and _CASE.search(text) is None
    return text if is_claim else None
