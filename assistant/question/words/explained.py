"""Short forms that the library's own documents explain, found in a question, and the other way."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence

from assistant.answer import Widening
from index.library import ShortForm
from index.shards.analysis import analyzed

_REASON = "explained in a document"
_LONGEST = 6  # words that a short form stands for
_MEANINGS = 2  # of one short form
_WORD = re.compile(r"[\w&/'’-]*\w")

LookUp = Callable[[Sequence[str], Sequence[str]], Sequence[ShortForm]]


def explained(
    question: str, look_up: LookUp, *, ordinary: Callable[[], Collection[str]]
) -> list[Widening]:
    """What short forms of a question stand for, and short forms of what it says in full.

    `look_up` knows the library's short forms. In small letters a word of `ordinary` is none: "was
    it" is no wide area survey.
    """
    words = list(_WORD.finditer(question))
    runs = dict(_runs(question, words))
    typed = {word.group().lower(): word.group() for word in words if _is_short(word.group())}
    found = look_up(tuple(typed), tuple(runs)) if words else ()
    meanings: dict[str, list[str]] = {}
    widened = []
    for one in found:
        word = typed.get(one.short.lower())
        as_written = word == one.short and not question.isupper()
        if word is not None and (as_written or word.lower() not in ordinary()):
            meanings.setdefault(word, []).append(one.long)
        elif one.stems in runs and one.short.lower() not in typed:
            widened.append(Widening(runs[one.stems], (one.short,), _REASON))
    widened += [Widening(w, tuple(of[:_MEANINGS]), _REASON) for w, of in meanings.items()]
    return widened


def _is_short(word: str) -> bool:
    return 2 <= len(word) <= 8 and not word[0].isdigit()


def _runs(question: str, words: Sequence[re.Match[str]]) -> Iterator[tuple[str, str]]:
    """The stems of every few words that follow each other, with the words as they are typed."""
    stems = [analyzed(word.group()) for word in words]
    for first in range(len(words)):
        run = list(stems[first])
        for last in range(first + 1, min(first + _LONGEST, len(words))):
            run += stems[last]
            yield " ".join(run), question[words[first].start() : words[last].end()]
