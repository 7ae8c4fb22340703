"""What the words that answer have by their form: the value that is asked for, what a payer decides,
the year that is named. Of two sentences that say about the same of a question, the one with it is
to be marked, and not the one that repeats the question or gives another year's value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.question.kinds import kinds_asked
from assistant.question.names.things import standard_things
from assistant.question.understand import Understood
from corpus.text.dates import YEAR

_WORTH = 0.3  # of a sentence's score
_LOOSE = ("who", "reason", "code", "size")  # kinds whose form nearly every sentence has
_YEAR = re.compile(rf"(?<![\d/.-]){YEAR}(?![\d/.-])")


def wanted(understood: Understood) -> tuple[re.Pattern[str], ...]:
    """The forms that the marked words of an answer are to have."""
    return tuple(_forms(understood))


def worth(sentence: str, forms: Sequence[re.Pattern[str]]) -> float:
    """What a sentence has more than one without any of the forms."""
    return _WORTH * sum(form.search(sentence) is not None for form in forms) / max(len(forms), 1)


def _forms(understood: Understood) -> Iterator[re.Pattern[str]]:
    question = understood.query.free
    also = {widening.typed.lower(): widening.added for widening in understood.widened}
    kinds = tuple(kinds_asked(question, also))
    yield from (kind.says for kind in kinds if kind.name not in _LOOSE)
    for thing, typed in standard_things().asked_in(question, kinds):
        if thing.marked and thing.value is not None and typed in question:
            yield thing.value
    for year in dict.fromkeys(_YEAR.findall(question)):
        yield re.compile(rf"(?<!\d){year}(?!\d)")
