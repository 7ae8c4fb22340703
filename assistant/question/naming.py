"""What questions are known to name: payers, topics and attributes, from the billing pack's data."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cache
from typing import Any

from assistant.question.payers import Payer, Payers
from assistant.question.phrases import Phrases, compiled, holds, plain
from assistant.question.things import Things
from corpus.errors import CodedeskError
from corpus.packs import billing
from index.shards.lexical import analyze


@dataclass(frozen=True, slots=True)
class Topic:
    """An organ, a procedure, a society, a trial or a place, with the plain phrases that name it."""

    name: str
    kind: str  # subject, name or place
    words: tuple[str, ...]
    not_with: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Attribute:
    """What can be asked for, and what a passage that has it must hold; `form` is that of a value,
    a regular expression."""

    name: str
    states: str
    holds: tuple[str, ...]
    asks_pattern: re.Pattern[str] | None = None
    form: str | None = None

    @property
    def holds_pattern(self) -> re.Pattern[str] | None:
        return compiled(self.form, re.IGNORECASE) if self.form else None


class Naming:
    """Finds the payers, topics and attributes that a text names."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self.attributes = list(_attributes(raw))
        self._payers = Payers(raw.get("payer", ()))
        self._topics = Phrases(
            (word, topic) for topic in _topics(raw) for word in (*topic.words, *topic.not_with)
        )
        self._attributes = Phrases(_attribute_phrases(raw, self.attributes))
        self._patterns = [a for a in self.attributes if a.asks_pattern]
        self._meaning = [plain(word) for word in raw.get("meaning", {}).get("words", ())]
        self.things = Things(raw)
        self.neutral = frozenset(analyze(str(raw.get("neutral", {}).get("words", ""))))

    def with_payers(self, names: Iterable[str]) -> Naming:
        """The same, knowing these payers too: those of a library that the data do not list."""
        payers = self._payers.with_names(names)
        if payers is self._payers:
            return self
        naming = copy(self)
        naming._payers = payers
        return naming

    def payer_of(self, name: str) -> Payer | None:
        """The payer whom a document's `payer` means: one that has the whole name."""
        return self._payers.named(name)

    def payers_in(self, text: str, *, asked: bool = False) -> list[tuple[Payer, str]]:
        """The payers that a text names, each with the words that name it; only those `asked`
        about, where it says "other than Cigna and Aetna"."""
        return self._payers.found_in(text, asked=asked)

    def payer_like(self, word: str) -> Payer | None:
        """The payer whose one-word name is one slip away from an unknown word."""
        return self._payers.like(word)

    def knows(self, word: str) -> bool:
        """Whether a word is part of a name or of a phrase that questions use, or is neutral."""
        asks = plain(word) in self._attributes.words
        return asks or self.names(word) or not self.neutral.isdisjoint(analyze(word))

    def names(self, word: str) -> bool:
        """Whether a word is part of the name of a payer or a topic."""
        return any(plain(word) in one.words for one in (self._payers, self._topics))

    def topics_in(self, question: str) -> list[tuple[Topic, str]]:
        """The topics that a question names, without those that are harmless in it."""
        found = []
        whole = plain(question)
        for one in self._topics.find(question):
            topic, typed = one.value, plain(one.typed)
            if typed in topic.words and not any(holds(whole, word) for word in topic.not_with):
                found.append((topic, one.typed))
        return list({topic.name: (topic, typed) for topic, typed in found}.values())

    def attributes_in(self, question: str) -> list[tuple[Attribute, str]]:
        """What a question asks for; nothing where it asks what something means."""
        whole = plain(question)
        if any(holds(whole, word) for word in self._meaning):
            return []
        found = {f.value.name: (f.value, f.typed) for f in self._attributes.find(question)}
        for attribute in self._patterns:
            if attribute.asks_pattern and (match := attribute.asks_pattern.search(question)):
                found.setdefault(attribute.name, (attribute, match.group()))
        return list(found.values())


@cache
def standard_naming() -> Naming:
    """The names of the billing pack, `corpus/packs/billing/attributes.toml`."""
    return _naming(lambda: billing.table("attributes"))


def read_naming(text: str) -> Naming:
    """Read such a file. Raises CodedeskError for one that is not as it should be."""
    return _naming(lambda: tomllib.loads(text))


def _naming(load: Callable[[], Mapping[str, Any]]) -> Naming:
    try:
        return Naming(load())
    except (tomllib.TOMLDecodeError, KeyError, TypeError, re.error) as error:
        raise CodedeskError(f"The names of questions cannot be read ({error!r}).") from error


def _topics(raw: Mapping[str, Any]) -> Iterator[Topic]:
    for kind in ("subject", "name"):
        for entry in raw.get(kind, ()):
            yield Topic(
                entry["name"],
                kind,
                tuple(plain(word) for word in entry["words"]),
                tuple(plain(word) for word in entry.get("not_with", ())),
            )
    for entry in raw.get("place", ()):
        for name in entry["names"]:
            yield Topic(name.title(), "place", (plain(name),))


def _attributes(raw: Mapping[str, Any]) -> Iterator[Attribute]:
    for entry in raw.get("attribute", ()):
        yield Attribute(
            name=entry["name"],
            states=entry["states"],
            holds=tuple(plain(word) for word in entry["holds"]),
            asks_pattern=_pattern(entry.get("asks_pattern")),
            form=entry.get("holds_pattern"),
        )


def _attribute_phrases(
    raw: Mapping[str, Any], attributes: Sequence[Attribute]
) -> Iterator[tuple[str, Attribute | None]]:
    for entry, attribute in zip(raw.get("attribute", ()), attributes, strict=True):
        for phrase in entry["asks"]:
            yield phrase, attribute
    for entry in raw.get("attribute", ()):
        for phrase in entry.get("not_asks", ()):
            yield phrase, None


def _pattern(text: str | None) -> re.Pattern[str] | None:
    return re.compile(text, re.IGNORECASE) if text else None
