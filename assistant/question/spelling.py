"""Corrects typing errors: "hosptial" is read as "hospital".

A word is corrected only where neither the library nor the model's vocabulary has it, and a word of
the library is one edit away. An English word stays as typed even where the library lacks it: the
verdict must see that the library lacks it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from string import ascii_lowercase

from assistant.answer import Widening
from index.shards.lexical import analyze

_SHORTEST = 4  # letters; shorter ones are short forms more often than slips
_FREE = 6  # letters from which a letter may also be another one or one too many
_REASON = "read as a slip of the keyboard"
_WORD = re.compile(r"(?<![\w.'’/-])[A-Za-z]{4,24}(?![\w'’/-]|\.\w)")


def repaired(
    question: str,
    *,
    is_word: Callable[[str], bool],
    frequency: Callable[[str], int],
    english: Callable[[], Collection[str]],
) -> tuple[str, tuple[Widening, ...]]:
    """The question without slips, and what was read as what.

    `is_word` tells the words and names that questions are known to use, `frequency` in how many
    passages an analysed word stands, `english` gives the words that people know.
    """
    slips: dict[str, str] = {}
    for match in _WORD.finditer(question):
        typed = match.group()
        word = typed.lower()
        if typed.isupper() or word in slips or is_word(word) or any(map(frequency, analyze(word))):
            continue
        if word not in english() and (meant := _meant(word, frequency)):
            slips[word] = meant
    if not slips:
        return question, ()
    text = _WORD.sub(lambda match: slips.get(match.group().lower(), match.group()), question)
    return text, tuple(Widening(typed, (meant,), _REASON) for typed, meant in slips.items())


def _meant(word: str, frequency: Callable[[str], int]) -> str | None:
    """The commonest word of the library one slip away; None where there is none."""
    near = list(dict.fromkeys(_near(word)))
    counts = [frequency(stem) for stem in analyze(" ".join(near))]
    best = max(range(len(near)), key=lambda at: (counts[at], -at), default=None)
    return near[best] if best is not None and counts[best] else None


def _near(word: str) -> Iterator[str]:
    """Words of which this one is a slip: two letters swapped, one left out, one too many, one
    other. The first letter is almost never the slip."""
    for at in range(1, len(word) - 1):
        yield word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    for at in range(1, len(word) + 1):
        for letter in ascii_lowercase:
            yield word[:at] + letter + word[at:]
    if len(word) >= _FREE:
        for at in range(1, len(word)):
            yield word[:at] + word[at + 1 :]
            for letter in ascii_lowercase:
                yield word[:at] + letter + word[at + 1 :]
