"""What stands beside a question in another clause, and what it points to without saying it."""

from __future__ import annotations

import re

_CLAUSE = re.compile(
    r"[.;!?]\s+|\n+|,\s+(?=(?:so |and |but )?(?:does|do|is|are|can|should|will|what|which)\b)"
)
_ASKING = re.compile(
    r"\W*(?:(?:so|and|but|then|now)\s+)?(?:what|which|who|when|where|why|how|is|are|was|can|could|do"
    r"|does|did|should|may|must|will|would|has|have)\b",
    re.IGNORECASE,
)
_BACK = re.compile(r"\b(?:it|its|this|that|these|those|they|them)\b", re.IGNORECASE)
_NUMBER = re.compile(r"\w*\d[\w.-]*\d\w*")
_UNSAID = re.compile(
    r".*\b(?P<unsaid>(?:the |that |this )?other (?:one|side|way|two|ones|codes?|modifiers?"
    r"|plans?|payers?|policy|form)"
    r"|th(?:is|at|ese|ose)(?: one| two| ones)?|them|it|last (?:year|one|time)|the same|she|he)\b",
    re.IGNORECASE | re.DOTALL,
)


def stands_beside(number: str, question: str) -> bool:
    """Whether a number is named in another clause than the one that asks, which names one itself
    and does not point back: "we billed 76642 last week, does Highmark cover 0581T?" """
    clauses = [clause for clause in _CLAUSE.split(question) if clause.strip()]
    asking = [clause for clause in clauses if _ASKING.match(clause)]
    if len(clauses) == 1 or len(asking) != 1 or _BACK.search(asking[0]):
        return False
    return _NUMBER.search(asking[0]) is not None and _joined(number) not in _joined(asking[0])


def unsaid(question: str) -> str | None:
    """What a question points to without saying it: "and the other side?" None where it does not."""
    found = _UNSAID.match(question)
    return found["unsaid"] if found else None


def _joined(text: str) -> str:
    return "".join(re.findall(r"\w", text.lower()))
