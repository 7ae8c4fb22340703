"""The vocabulary: how people type a term, and what a search adds for it. The data are TOML."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from assistant.answer import Widening
from corpus.errors import CodedeskError
from corpus.packs import billing


@dataclass(frozen=True, slots=True)
class Entry:
    """What is typed, what it widens to, why, and the words without which it does not. `also_said`
    is what a passage may say of it instead; a search does not look for that."""

    typed: str
    added: tuple[str, ...]
    reason: str
    only_with: tuple[str, ...] = ()
    exact_case: bool = False
    is_code: bool = False
    also_said: tuple[str, ...] = ()


class Vocabulary:
    """Finds what a question widens to. Matching is by whole words, the longest first."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        by_typed: dict[str, list[Entry]] = defaultdict(list)
        for entry in entries:
            by_typed[_plain(entry.typed)].append(entry)
        self._entries: Mapping[str, list[Entry]] = by_typed
        self._words = frozenset(word for key in by_typed for word in key.split())
        self._longest = max((len(key.split()) for key in by_typed), default=0)

    def has(self, word: str) -> bool:
        """Whether a word is part of anything that people are known to type."""
        return _plain(word) in self._words

    def also_said(self, word: str) -> tuple[str, ...]:
        """What a passage may say of a word that was typed, instead of it."""
        entries = self._entries.get(_plain(word), ())
        return tuple(said for entry in entries for said in entry.also_said)

    def widen(self, question: str) -> tuple[Widening, ...]:
        """What the question's words widen to, in the order typed; nothing that is typed already."""
        words = [(match.group(), match.start(), match.end()) for match in _WORD.finditer(question)]
        plain = _plain(question)
        found: list[Widening] = []
        position = 0
        while position < len(words):
            step = 1
            for count in range(min(self._longest, len(words) - position), 0, -1):
                first, last = words[position], words[position + count - 1]
                typed = question[first[1] : last[2]]
                widenings = self._of(typed, plain)
                if widenings:
                    found += widenings
                    step = count
                    break
            position += step
        return tuple(dict.fromkeys(found))

    def _of(self, typed: str, question: str) -> list[Widening]:
        widenings = []
        for entry in self._entries.get(_plain(typed), ()):
            if entry.exact_case and typed != entry.typed:
                continue
            if entry.only_with and not any(_holds(question, word) for word in entry.only_with):
                continue
            added = tuple(word for word in entry.added if not _holds(question, word))
            if added:
                widenings.append(Widening(typed, added, entry.reason, entry.is_code))
        return widenings


@cache
def standard_vocabulary() -> Vocabulary:
    """The vocabulary of the billing pack, `corpus/packs/billing/vocabulary.toml`."""
    return _vocabulary(billing.table("vocabulary"))


def read_vocabulary(text: str) -> Vocabulary:
    """Read a vocabulary. Raises CodedeskError naming the entry that is not as it should be."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CodedeskError(f"The vocabulary is not valid TOML ({error}). Mend it.") from error
    return _vocabulary(raw)


def _vocabulary(raw: Mapping[str, Any]) -> Vocabulary:
    entries: list[Entry] = []
    for number, item in enumerate(raw.get("entry", []), 1):
        entries += _entries(item, number)
    return Vocabulary(entries)


def _entries(item: Mapping[str, Any], number: int) -> list[Entry]:
    missing = [key for key in ("term", "typed", "reason") if not item.get(key)]
    if missing:
        raise CodedeskError(f"Entry {number} of the vocabulary lacks {', '.join(missing)}. Add it.")
    term, typed = str(item["term"]), [str(word) for word in item["typed"]]

    def entry(word: str, added: Sequence[str], *, exact_case: bool) -> Entry:
        return Entry(
            typed=word,
            added=tuple(added),
            reason=str(item["reason"]),
            only_with=tuple(item.get("only_with", ())),
            exact_case=exact_case,
            is_code=item.get("kind") == "code",
            also_said=tuple(item.get("also_said", ())),
        )

    exact_case = bool(item.get("exact_case", False))
    entries = [entry(word, [term], exact_case=exact_case) for word in typed]
    if item.get("way", "to_term") == "both":
        entries.append(entry(term, typed, exact_case=False))
    return entries


_WORD = re.compile(r"[\w&+./'-]*\w[+%]?|\+")


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[\w&+]+", text.casefold()))


def _holds(plain: str, words: str) -> bool:
    return f" {_plain(words)} " in f" {plain} "
