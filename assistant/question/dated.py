"""The day that a question asks about: "did Highmark cover it in 2012?" asks what held then."""

from __future__ import annotations

import re
from datetime import date

from corpus.metadata.written_dates import DATE, read_date

_PAST = r"(?:did|was|were|had|used to|back (?:in|on|then))\b"
_YEAR = re.compile(
    r"\b(?:in|during|for|of|dos|back in)\s+(?P<year>(?:19|20)\d\d)\b"
    r"(?!\s*-?\s*(?:study|paper|trial|model))",
    re.IGNORECASE,
)
_ON = re.compile(
    r"\b(?:on|in|as of|during|dos|dates? of service(?: of| on)?|performed(?: on| in)?"
    r"|in force(?: on| in)?|at|for)\s*:?\s*$",
    re.IGNORECASE,
)
_JOINED_DATE = re.compile(
    rf"(?:\b(?:on|in|as\sof|during|dos|at|for)\s*:?\s*)?(?:{DATE.pattern})",
    re.IGNORECASE | re.VERBOSE,
)
_STANDING = re.compile(
    r"\b(?:cover(?:ed|age)?|policy|polic(?:ies)|position|guideline|version|in force|applied"
    r"|appl(?:y|ies)|valid|paid|pay|say|said|stance|rule|criteria|dos|date of service|as of)\b",
    re.IGNORECASE,
)


def asks_what_holds(question: str) -> bool:
    """Whether a question asks for what holds at a time or at a payer: a position, coverage."""
    return _STANDING.search(question) is not None


def without_days(question: str) -> str:
    """The question without its dates and the words that join them to it: the day is a filter then,
    and no longer something to look for."""
    for dates in (_JOINED_DATE, _YEAR):
        question = dates.sub(" ", question)
    return " ".join(question.split())


def day_asked_about(question: str, *, today: date) -> date | None:
    """A day before today for which a question asks what held then; None where it asks for today.

    Only where it speaks of what holds at a time (a policy, a position, coverage). A month means its
    first day, a year its last: what held when it was over.
    """
    if not asks_what_holds(question):
        return None
    for found in DATE.finditer(question):
        day = read_date(found)
        if day is not None and day < today and _ON.search(question, 0, found.start()):
            return day
    year = _YEAR.search(question)
    if year is None or not re.search(_PAST, question, re.IGNORECASE):
        return None
    return date(int(year["year"]), 12, 31) if int(year["year"]) < today.year else None
