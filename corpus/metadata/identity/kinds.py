"""What kind of document it is, by what it calls itself in its title, headings and running lines."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.document import FoundText
from corpus.metadata.identity.face import Face, Line

# In order: what a policy is called beats what a guide is called, since a policy says "guideline".
_KINDS = (
    ("glossary", r"^(?:glossary|definitions of terms)\b", 0.85),
    ("rule", r"^[\w ]*\bmanual,? chapter \d+", 0.8),
    ("faq", r"\b(?:FAQs?|frequently asked questions)\b", 0.85),
    (
        "policy",
        r"\b(?:(?:medical|clinical|payment|coverage|reimbursement|commissioning|pharmacy"
        r"|corporate|drug)"
        r"(?: coverage| clinical| medical| payment)? (?:polic(?:y|ies)"
        r"|necessity guideline)(?: bulletins?| manual| statement)?"
        r"|clinical um guideline|medical necessity (?:guidelines?|criteria)"
        r"|utilization management guideline|medical management policy"
        r"|local coverage (?:determination|article)|national coverage determination"
        r"|coverage determination"
        r"|prior authori[sz]ation (?:list|policy))\b|^(?:LCD|NCD)\b"
        r"|^(?:Article - )?Billing and Coding:",
        0.85,
    ),
    (
        "rule",
        r"\b(?:final rule|proposed rule|interim final rule|42 CFR parts?|CMS manual system"
        r"|richtlinie"
        r"|beschluss|fee schedule|addendum [A-Z]\b|federal register)\b|\btransmittal letter\b",
        0.8,
    ),
    (
        "guide",
        r"\b(?:companion guide|implementation guide|provider (?:manual|guide|handbook|news"
        r"|bulletin)"
        r"|(?:rate|billing|reference|user|development|quick reference|claims) guide|handbook"
        r"|toolkit|(?:procedures|appraisal|clinical) guidance"
        r"|quick reference|fact sheet|MLN (?:matters|booklet)|newsletter|bulletin|leitfaden"
        r"|(?:policy|physician|billing) manual"
        r"|coding policy manual|infobulletin)\b",
        0.8,
    ),
    ("form", r"\b(?:request form|claim form|enrollment form|checklist|application for)\b", 0.8),
    ("evidence", r"^abstract\b.*|^(?:methods|materials and methods)\b", 0.8),
)
# What only a rule prints at its top, whatever else its title says.
_RULE = re.compile(
    r"^ACTION:|^Dear State Medicaid Director|^SMD\b"
    r"|^\W*42 CFR Parts?\b|\[CMS[-–]\d{4}|^CMS Manual System\b"
)
_PATTERNS = tuple((kind, re.compile(form, re.IGNORECASE), sure) for kind, form, sure in _KINDS)
_TYPE_BEGINS = 60  # letters of the first lines, however long they are
_PAIR = 2  # cells of a label and its value; rows of more say it of what they list
_QUESTIONS = 3
_TYPE_LINE = 130  # letters: longer lines are prose


def kinds(face: Face, title: str) -> Iterator[FoundText]:
    """The likeliest first: what the title says, then the top lines, then the running ones."""
    for line in face.opening[:15]:
        if _RULE.search(line.text):
            yield FoundText("kind", "rule", line.text[:300], line.page, 0.95)
            return
    asked = [line for line in face.lines if line.level and line.text.endswith("?")]
    if len(asked) >= _QUESTIONS and 2 * len(asked) > sum(1 for line in face.lines if line.level):
        yield FoundText("kind", "faq", asked[0].text[:300], asked[0].page, 0.8)
        return
    for place, line in enumerate(_places(face, title)):
        for kind, pattern, sure in _PATTERNS:
            if pattern.search(line.text) and (kind != "evidence" or _is_study(face)):
                yield FoundText("kind", kind, line.text[:300], line.page, sure - place * 0.0001)
                break


def _is_study(face: Face) -> bool:
    """An abstract alone is also in an essay: a study tells its methods or results."""
    return len(re.findall(r"\b(?:methods?|results|conclusions?|purpose)\b", face.said, re.I)) > 2


def _places(face: Face, title: str) -> Iterator[Line]:
    yield Line(title)
    short = [
        line
        for line in face.opening[:30]
        if len(line.text) <= _TYPE_LINE and len(line.cells) <= _PAIR
    ]
    yield from (line for line in short if line.level)
    yield from (Line(line.text[:_TYPE_BEGINS], line.page) for line in face.opening[:3])
    yield from face.repeated
    yield from (line for line in short if not line.level)
    yield Line(face.properties.get("title", ""))
