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
from assistant.question.words.written import TOKEN, Frequencies, Written, as_written
from index.shards.analysis import analyze

_SHORTEST = 4  # letters; shorter ones are short forms more often than slips
_FREE = 6  # letters from which a letter may also be another one or one too many
_LONG = 8  # letters from which a word may be two
_REASON = "read as a slip of the keyboard"
_WRITTEN = "the library writes it so"
_WORD = re.compile(r"(?<![\w.'’/-])[A-Za-z]{4,24}(?![\w'’/-]|\.\w)")


def repaired(
    question: str,
    *,
    is_word: Callable[[str], bool],
    frequencies: Frequencies,
    english: Callable[[], Collection[str]],
    written: Written,
) -> tuple[str, tuple[Widening, ...]]:
    """The question without slips, and what was read as what.

    `is_word` tells the words and names that questions are known to use, `frequencies` in how many
    passages analysed words stand, `english` gives the words that people know; `written`: see
    `as_written`.
    """
    question, others = _as_the_library_writes(
        question, frequencies=frequencies, english=english, written=written
    )
    slips: dict[str, str] = {}
    for match in _WORD.finditer(question):
        typed = match.group()
        word = typed.lower()
        if typed.isupper() or word in slips or is_word(word) or any(frequencies(analyze(word))):
            continue
        if word not in english() and (meant := _meant(word, frequencies)):
            slips[word] = meant
    if not slips:
        return question, others
    text = _WORD.sub(lambda match: slips.get(match.group().lower(), match.group()), question)
    told = tuple(Widening(typed, (meant,), _REASON) for typed, meant in slips.items())
    return text, (*others, *told)


def _as_the_library_writes(
    question: str,
    *,
    frequencies: Frequencies,
    english: Callable[[], Collection[str]],
    written: Written,
) -> tuple[str, tuple[Widening, ...]]:
    parts: list[str] = []
    told: list[Widening] = []
    end = 0
    for match in TOKEN.finditer(question):
        word = match[0].lower()
        if word.isalpha() and (len(word) < _LONG or word in english()):
            continue
        if said := as_written(match, frequencies=frequencies, written=written):
            parts += [question[end : match.start()], said]
            end = match.end()
            told.append(Widening(match[0], (said,), _WRITTEN))
    return "".join(parts) + question[end:], tuple(told)


def _meant(word: str, frequencies: Frequencies) -> str | None:
    """The commonest word of the library one slip away; None where there is none."""
    near = list(dict.fromkeys(_near(word)))
    counts = frequencies(analyze(" ".join(near)))
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
