"""How hard a text is to read: the Flesch-Kincaid grade, about the years of school it takes."""

from __future__ import annotations

import re
from statistics import fmean

from corpus.document import BlockKind, Document

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[\"'(]?[A-Z0-9])")
_WORD = re.compile(r"[A-Za-z][A-Za-z'-]*")
_VOWELS = re.compile(r"[aeiouy]+")
_PROSE = (BlockKind.PARAGRAPH, BlockKind.ITEM)


def grade(document: Document) -> float | None:
    """The Flesch-Kincaid grade of its prose; None where it has none.

    Headings and table rows are left out, since they are not sentences; codes and numbers too,
    since they have no syllables.
    """
    sentences = [
        words
        for block in document.blocks
        if block.kind in _PROSE
        for sentence in _SENTENCE_END.split(block.span.of(document.text))
        if (words := _WORD.findall(sentence))
    ]
    if not sentences:
        return None
    words = [word for sentence in sentences for word in sentence]
    length = fmean(len(sentence) for sentence in sentences)
    return 0.39 * length + 11.8 * fmean(syllables(word) for word in words) - 15.59


def syllables(word: str) -> int:
    """By groups of vowels, a silent final e not counted: near enough for a mean over a text."""
    word = word.lower()
    groups = len(_VOWELS.findall(word))
    silent = word.endswith("e") and not word.endswith(("le", "ee")) and groups > 1
    return max(1, groups - silent)
