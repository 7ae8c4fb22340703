"""What questions are known to name: payers, topics and things, from the billing pack's data."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from functools import cache
from typing import Any

from assistant.question.names.payers import Payer, Payers
from assistant.question.names.things import Things, standard_things
from assistant.question.words.neutral import NEUTRAL
from assistant.question.words.phrases import Phrases, holds, plain
from corpus.errors import CodedeskError
from corpus.metadata.identity.names import Body
from corpus.packs import billing
from index.shards.analysis import analyze


@dataclass(frozen=True, slots=True)
class Topic:
    """An organ, a procedure, a society, a trial or a place, with the plain phrases that name it."""

    name: str
    kind: str  # subject, name or place
    words: tuple[str, ...]
    not_with: tuple[str, ...] = ()


class Naming:
    """Finds the payers, topics and things that a text names."""

    def __init__(self, raw: Mapping[str, Any], things: Things) -> None:
        self.things = things
        self._payers = Payers(raw.get("payer", ()), about=raw.get("about", ()))
        self._topics = Phrases(
            (word, topic) for topic in _topics(raw) for word in (*topic.words, *topic.not_with)
        )

    def with_payers(self, names: Iterable[str], bodies: Iterable[Body] = ()) -> Naming:
        """The same, knowing these payers too: those of a library that the data do not list, by the
        other names that it gives them."""
        payers = self._payers.with_names(names, bodies)
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
        asks = plain(word) in self.things.words
        return asks or self.names(word) or not NEUTRAL.isdisjoint(analyze(word))

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


@cache
def standard_naming() -> Naming:
    """The names of the billing pack, `corpus/packs/billing/naming.toml`, with its things."""
    return _naming(lambda: billing.table("naming"), standard_things())


def read_naming(text: str) -> Naming:
    """Read such a file. Raises CodedeskError for one that is not as it should be."""
    return _naming(lambda: tomllib.loads(text), Things({}))


def _naming(load: Callable[[], Mapping[str, Any]], things: Things) -> Naming:
    try:
        return Naming(load(), things)
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
    for name in raw.get("place", ()):
        yield Topic(name.title(), "place", (plain(name),))
