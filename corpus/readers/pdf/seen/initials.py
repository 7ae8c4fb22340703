"""Large first letters of a chapter: each belongs to the word beside its head."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.readers.pdf.seen.words import Word

_LARGER = 1.8  # times the letters beside it, at least
_NEAR = 0.7  # of these letters' size: how far the word may stand from it
_APART = 0.35  # of their size: "A" and "I" with a wider gap are words


def with_initials(words: list[Word]) -> list[Word]:
    """The words, each with its large first letter; one that is a word stands before the next."""
    large = max((word.size for word in words), default=0.0)
    if not words or large < _LARGER * min(word.size for word in words):
        return words
    gone: set[int] = set()
    for initial in words:
        if len(initial.text) != 1 or not initial.text.isupper():
            continue
        first = _first_beside(initial, words)
        if first is None:
            continue
        apart = first.left - initial.right
        initial.base, initial.size, initial.bold = first.base, first.size, first.bold
        if initial.text not in "AI" or apart < _APART * first.size:
            first.text, first.left = initial.text + first.text, initial.left
            gone.add(id(initial))
    return [word for word in words if id(word) not in gone]


def _first_beside(initial: Word, words: Sequence[Word]) -> Word | None:
    """The word beside the letter's head, where a line beside its foot tells that it is one."""
    beside = [
        word
        for word in words
        if word.size * _LARGER <= initial.size
        and word.text[:1].isalpha()
        and -0.2 * word.size < word.left - initial.right < _NEAR * word.size
        and initial.top - word.size < word.top
        and word.base <= initial.base + 1
    ]
    first = min(beside, key=lambda word: word.base, default=None)
    if first is None or initial.base - first.base < 0.8 * first.size:
        return None
    return first
