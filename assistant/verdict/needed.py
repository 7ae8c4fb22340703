"""What a question needs of an answer in this library, where that hangs on what the library has."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from assistant.answer import Citation
from assistant.question.asked import asks_what_holds
from assistant.question.understand import Understood
from assistant.verdict.here.known import Known
from assistant.verdict.meeting import may_hold
from assistant.verdict.requirements import Kind, Need, requirements
from index.versions import today


def needed(
    known: Known, understood: Understood, citations: Sequence[Citation], on: date
) -> tuple[Need, ...]:
    """What the question names and, where it is asked for another day than today or of something
    that is not in force yet, that day."""
    needs = known.named.looked_up(requirements(understood, known.naming))
    needs = tuple(need for need in needs if not _is_no_code(known, need, understood))
    needs = (*needs, *_lacking_of_a_series(known, understood, needs))
    if any(need.kind is Kind.YEAR for need in needs):
        return needs
    if on < today():
        return (*needs, Need(Kind.YEAR, str(on.year), "", hard=False))
    other_times = not all(map(may_hold, citations))
    if other_times and asks_what_holds(understood.query.free):
        return (*needs, Need(Kind.DAY, on.isoformat(), "", hard=False))
    return needs


def _is_no_code(known: Known, need: Need, understood: Understood) -> bool:
    """Whether what was read as a code stands in the library as something else, as it was typed:
    N706, a remark, is no diagnosis N70.6, and the end of L99121 no procedure."""
    if need.code is None or known.named.names_code(need.code):
        return False
    joined = need.name.replace(".", "").casefold()
    typed = (word.strip("?!.,;:()") for word in understood.query.free.split())
    return any(
        one.casefold().endswith(joined)
        and one.casefold() != need.name.casefold()
        and known.named.has_words(one)
        for one in typed
    )


def _lacking_of_a_series(
    known: Known, understood: Understood, needs: Sequence[Need]
) -> Iterator[Need]:
    """The numbers that the library lacks of a series of which it has others: PFS-32, of PFS-31.
    Those of a known kind are compared by themselves."""
    told = " ".join(need.typed for need in needs).upper()
    for match in _OF_A_SERIES.finditer(understood.query.free):
        letters, number = match.group("letters"), match.group()
        if number in told:
            continue
        if known.named.has_words(letters) and not known.named.has_phrase(number):
            yield Need(Kind.NUMBER, number, number, nowhere=True)


_OF_A_SERIES = re.compile(r"(?<![\w-])(?P<letters>[A-Z]{2,5})-\d{2,5}(?![\w.-])")
