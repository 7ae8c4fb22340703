"""What is asked besides the words: whether it is a question, and the filters that it brings.

"Did Highmark cover it in 2012?" asks what held on another day: that day is a filter.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from assistant.answer import Searched
from assistant.question.understand import Understood
from corpus.errors import CodedeskError
from corpus.text.dates import DATE, YEAR, read_date
from index.filters import Filters, Selection, is_called
from index.versions import today

LONGEST_QUESTION = 2000  # characters
# Controls but for tab and line ends, and halves of surrogate pairs: bytes that were no UTF-8.
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")

_PAST = r"(?:did|was|were|had|used to|back (?:in|on|then))\b"
_YEAR = re.compile(
    rf"\b(?:in|during|for|of|dos|back in)\s+(?P<year>{YEAR})\b"
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


def check_question(question: str) -> None:
    """Raises CodedeskError for text that is not a question, and says why."""
    if _NO_TEXT.search(question):
        raise CodedeskError(
            "The question holds control characters or bytes that are no text. Type it anew."
        )
    if not question.strip():
        raise CodedeskError("The question is empty. Type what you would ask a colleague.")
    if len(question) > LONGEST_QUESTION:
        raise CodedeskError(
            f"The question has {len(question):,} characters; the most is {LONGEST_QUESTION:,}. "
            "Ask a shorter one."
        )


def without_stray_quotes(question: str) -> str:
    """A question as it is meant: one that stands in quotation marks as a whole asks the same, and
    a mark that is never closed (2" tumor) is no operator."""
    whole = _QUOTED.fullmatch(question)
    if whole and len(whole["inside"].split()) >= _A_QUESTION:
        return whole["inside"]
    if question.count('"') % 2 == 0:
        return question
    inches = _INCHES.search(question)
    at = inches.start() if inches else question.rindex('"')
    return f"{question[:at]} {question[at + 1 :]}"


_A_QUESTION = 4  # words; fewer in quotation marks are a phrase to be looked for
_INCHES = re.compile(r'(?<=\d)"')
_QUOTED = re.compile(r'\s*"(?P<inside>[^"]*)"\W*')


def with_operators(filters: Filters, understood: Understood) -> Filters:
    """Filters typed as operators narrow the ones that were given beside the question."""
    query = understood.query
    return replace(
        filters,
        on=query.on or filters.on,
        payers=query.payers or filters.payers,
        kinds=query.kinds or filters.kinds,
        documents=query.documents or filters.documents,
        statuses=query.statuses or filters.statuses,
        include_all=query.include_all or filters.include_all,
    )


def with_titles(filters: Filters, titled: Sequence[str], titles: Mapping[str, str]) -> Filters:
    """Filters narrowed to documents whose title holds one of these words; `titles` are those of the
    library, by document. Raises CodedeskError where no title does."""
    if not titled:
        return filters
    words = [one.casefold() for one in titled]
    found = [name for name, title in titles.items() if any(w in title.casefold() for w in words)]
    if filters.documents:
        found = [name for name in found if any(is_called(name, one) for one in filters.documents)]
    if not found:
        raise CodedeskError(f"No document's title holds “{'” or “'.join(titled)}”.")
    return replace(filters, documents=tuple(found))


def moved_to_past(filters: Filters, understood: Understood) -> Filters:
    """Filters for the day in the past that a question asks about, where no other day was given."""
    now = today()
    if filters.on != now or filters.include_all or understood.query.on is not None:
        return filters
    day = day_asked_about(understood.query.free, today=now)
    return replace(filters, on=day) if day is not None else filters


def moved_notice(day: date) -> str:
    return (
        f"The question asks about the past, so it is answered as of {day.isoformat()}. "
        "Another day can be given beside the question."
    )


def what_was_searched(filters: Filters, selection: Selection) -> Searched:
    return Searched(
        documents=selection.documents,
        passages=selection.passages,
        filters={
            "as_of": filters.on.isoformat(),
            "payers": list(filters.payers),
            "kinds": list(filters.kinds),
            "documents": list(filters.documents),
            "include_all": filters.include_all,
            "statuses": list(filters.statuses),
            "years": list(filters.years),
            "codes": list(filters.codes),
        },
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

    Only where it asks what holds at a time (a policy, a position, coverage). A month means its
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
