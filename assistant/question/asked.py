"""What is asked besides the words: whether it is a question, and the filters that it brings."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from assistant.answer import Searched
from assistant.question.dated import day_asked_about
from assistant.question.understand import Understood
from corpus.errors import CodedeskError
from index.filters import Filters, Selection
from index.versions import today

LONGEST_QUESTION = 2000  # characters
# Controls but for tab and line ends, and halves of surrogate pairs: bytes that were no UTF-8.
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def check_question(question: str) -> None:
    """Raises CodedeskError, in words, for what is no question."""
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


def with_operators(filters: Filters, understood: Understood) -> Filters:
    """Filters typed as operators narrow the ones that were given beside the question."""
    query = understood.query
    return replace(
        filters,
        on=query.on or filters.on,
        payers=query.payers or filters.payers,
        kinds=query.kinds or filters.kinds,
        documents=query.documents or filters.documents,
        include_all=query.include_all or filters.include_all,
    )


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
