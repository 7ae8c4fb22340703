"""Finds known phrases in a text by whole words, the longest first, in one pass."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Generic, TypeVar

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Found(Generic[Value]):
    """A phrase found: what it stands for, and as it was typed, `text[start:end]`."""

    value: Value
    typed: str
    start: int
    end: int


class Phrases(Generic[Value]):
    """Phrases and what they stand for. A phrase that stands for None only takes its words away,
    so that no shorter one is found in them ("cms 1500" is not Medicare). Words of `joiners` are
    passed over: "BCBS of Iowa" is "bcbs iowa"."""

    def __init__(
        self, entries: Iterable[tuple[str, Value | None]], *, joiners: Collection[str] = ()
    ) -> None:
        self._joiners = frozenset(joiners)
        self._values: dict[tuple[str, ...], Value | None] = {}
        self._longest: dict[str, int] = {}
        for phrase, value in entries:
            words = tuple(word for word in plain(phrase).split() if word not in self._joiners)
            if words:
                self._values.setdefault(words, value)
                self._longest[words[0]] = max(self._longest.get(words[0], 0), len(words))

    @cached_property
    def words(self) -> frozenset[str]:
        """All words of all phrases."""
        return frozenset(word for words in self._values for word in words)

    def find(self, text: str) -> list[Found[Value]]:
        """What is named, in the order of the text."""
        matches = [m for m in _WORD.finditer(text) if m.group().lower() not in self._joiners]
        words = [_PLURAL.sub("", match.group().lower()) for match in matches]
        found: list[Found[Value]] = []
        at = 0
        while at < len(words):
            step = 1
            for count in range(min(self._longest.get(words[at], 0), len(words) - at), 0, -1):
                key = tuple(words[at : at + count])
                if key in self._values:
                    value = self._values[key]
                    start, end = matches[at].start(), matches[at + count - 1].end()
                    if value is not None:
                        found.append(Found(value, text[start:end], start, end))
                    step = count
                    break
            at += step
        return found


@cache
def compiled(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """A regular expression of the data, compiled on first use. A question needs few of them, and
    compiling all takes 20 ms."""
    return re.compile(pattern, flags)


def any_of(words: Sequence[str]) -> re.Pattern[str]:
    """Any of the words or phrases, whole and in either case; nothing when there are none."""
    if not words:
        return re.compile(r"(?!)")
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", re.IGNORECASE)


def plain(text: str) -> str:
    """The words of a text in lower case with one space between them, plurals as singulars."""
    return " ".join(_words(text))


def holds(text: str, phrase: str) -> bool:
    """Whether a plain text holds a plain phrase as whole words."""
    return f" {phrase} " in f" {text} "


def _words(text: str) -> list[str]:
    return _WORD.findall(_PLURAL.sub("", text.lower()))


_WORD = re.compile(r"\w+|[&#%$]")
_PLURAL = re.compile(r"(?<=\w\w[^\Ws])s\b")  # any final s of a long word, the same on both sides
