"""Joining the lines of a paragraph: a space between them, or none where a word was broken."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from corpus.readers.pdf.seen.lines import Line

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_BROKEN = re.compile(r"([^\W\d_]{2,})-$")
_GOES_ON = re.compile(r"[^\W\d_]+")
_PREFIX_WORDS = (
    "anti co cross ex extra high inter intra long low mid multi non off on one out over peri post "
    "pre pro re self semi short sub three two ultra under up well year"
)
_PREFIXES = frozenset(_PREFIX_WORDS.split())
_SUFFIXES = frozenset(
    ["based", "free", "of", "related", "specific", "the", "to", "up"]
)  # no syllables of words


class Hyphens:
    """Decides whether a hyphen at a line's end belongs to the word, by the document's words."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self._lines = lines
        self._counted: Counter[str] | None = None

    @property
    def _words(self) -> Counter[str]:
        """Counted when the first word is broken at a line's end: many documents have none."""
        if self._counted is None:
            text = "\n".join([line.text for line in self._lines]).lower()
            self._counted = Counter(_WORD.findall(text))
        return self._counted

    def joined(self, lines: Sequence[str]) -> str:
        """Lines of one paragraph or cell as one text."""
        text = ""
        for line in lines:
            text = self._joined(text, line)
        return text

    def _joined(self, left: str, right: str) -> str:
        if not left or not right:
            return left + right
        if left[-1] not in "-–/":
            return f"{left} {right}"
        broken, rest = _BROKEN.search(left[-60:]), _GOES_ON.match(right)
        if broken is None:
            return f"{left}{right}" if _glued(left, right) else f"{left} {right}"
        if rest is None or not rest[0].islower():
            return f"{left}{right}" if rest is not None else f"{left} {right}"
        if self._hyphen_belongs(broken[1].lower(), rest[0].lower()):
            return left + right
        return left[:-1] + right

    def _hyphen_belongs(self, first: str, second: str) -> bool:
        with_hyphen = self._words[f"{first}-{second}"]
        without = self._words[first + second]
        if with_hyphen or without:
            return with_hyphen >= without
        if first in _PREFIXES or second in _SUFFIXES:
            return True
        return self._words[first] > 1 and self._words[second] > 1


def _glued(left: str, right: str) -> bool:
    """Whether a code or a range was broken after its hyphen or slash: "96360-" "96379"."""
    return bool(re.search(r"\w[-–/]$", left[-2:])) and right[:1].isalnum()
