"""Joining the lines of a paragraph: a space between them, or none where a word was broken."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from corpus.readers.pdf.lines import Line

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_BROKEN = re.compile(r"([^\W\d_]{2,})-$")
_GOES_ON = re.compile(r"[^\W\d_]+")
_PREFIX_WORDS = (
    "anti co cross ex extra high inter intra long low mid multi non off on one out over peri post "
    "pre pro re self semi short sub three two ultra under up well year"
)
_PREFIXES = frozenset(_PREFIX_WORDS.split())


class Hyphens:
    """Decides whether a hyphen at a line's end belongs to the word, by the document's words."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self._words: Counter[str] = Counter()
        for line in lines:
            self._words.update(word.lower() for word in _WORD.findall(line.text))

    def join(self, left: str, line: Line) -> str:
        """`left`, the paragraph so far, and the next line."""
        if not left or line.joined:
            return left + line.text
        broken, rest = _BROKEN.search(left), _GOES_ON.match(line.text)
        if broken is None:
            return f"{left}{line.text}" if _glued(left, line.text) else f"{left} {line.text}"
        if rest is None or not rest[0].islower():
            return f"{left}{line.text}" if rest is not None else f"{left} {line.text}"
        if self._hyphen_belongs(broken[1].lower(), rest[0].lower()):
            return left + line.text
        return left[:-1] + line.text

    def _hyphen_belongs(self, first: str, second: str) -> bool:
        with_hyphen = self._words[f"{first}-{second}"]
        without = self._words[first + second]
        if with_hyphen or without:
            return with_hyphen >= without
        if first in _PREFIXES:
            return True
        return self._words[first] > 1 and self._words[second] > 1


def _glued(left: str, right: str) -> bool:
    """Whether a code or a range was broken after its hyphen or slash: "96360-" "96379"."""
    return bool(re.search(r"\w[-–/]$", left)) and right[:1].isalnum()
