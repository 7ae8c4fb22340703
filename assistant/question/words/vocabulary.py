"""The vocabulary: how people type a term, and what a search adds for it. The data are TOML."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any, TypeVar

from assistant.answer import Widening
from corpus.errors import CodedeskError
from corpus.packs import billing

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Entry:
    """What is typed, what it widens to, why, and the words without which it does not. `also_said`
    is what a passage may say of it instead; a search does not look for that. `same_as` is the term
    that means just the same, wherever the words stand."""

    typed: str
    added: tuple[str, ...]
    reason: str
    only_with: tuple[str, ...] = ()
    exact_case: bool = False
    is_code: bool = False
    also_said: tuple[str, ...] = ()
    same_as: str | None = None


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
        plain = _plain(question)
        found = (one for _, _, of in self._found(question, partial(self._of, plain)) for one in of)
        return tuple(dict.fromkeys(found))

    def in_terms(self, question: str) -> str:
        """The question with one way of saying for all that means the same: the term."""
        said, last = [], 0
        for start, end, (term, *_) in self._found(question, self._terms):
            said += [question[last:start], term]
            last = end
        return "".join((*said, question[last:]))

    def _found(
        self, question: str, of: Callable[[str], Sequence[Found]]
    ) -> Iterator[tuple[int, int, Sequence[Found]]]:
        """Where a text has words `of` which there is something, with that; the longest first."""
        words = [match.span() for match in _WORD.finditer(question)]
        position = 0
        while position < len(words):
            step = 1
            for count in range(min(self._longest, len(words) - position), 0, -1):
                start, end = words[position][0], words[position + count - 1][1]
                if found := of(question[start:end]):
                    yield start, end, found
                    step = count
                    break
            position += step

    def _terms(self, typed: str) -> Sequence[str]:
        entries = self._entries.get(_plain(typed), ())
        return [entry.same_as for entry in entries if entry.same_as is not None]

    def _of(self, question: str, typed: str) -> list[Widening]:
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

    conditions = any(item.get(key) for key in ("only_with", "exact_case", "kind"))
    same_as = term if item.get("way") == "both" and not conditions else None

    def entry(word: str, added: Sequence[str], *, exact_case: bool) -> Entry:
        return Entry(
            typed=word,
            added=tuple(added),
            reason=str(item["reason"]),
            only_with=tuple(item.get("only_with", ())),
            exact_case=exact_case,
            is_code=item.get("kind") == "code",
            also_said=tuple(item.get("also_said", ())),
            same_as=same_as,
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
