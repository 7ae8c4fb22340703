"""The names and attributes that questions are known to use: the billing pack's, ready."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

from assistant.question.phrases import Found, Phrases, compiled, holds, plain
from assistant.question.things import Things
from corpus.errors import CodedeskError
from index.shards.lexical import analyze

_FUZZY = 6  # letters; shorter names have too many neighbours


@dataclass(frozen=True, slots=True)
class Payer:
    """A payer. `aliases` are plain phrases; `within` is the payer for whom it speaks too."""

    name: str
    aliases: tuple[str, ...]
    line: str
    within: str | None = None
    generic: bool = False


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
        self._raw = raw
        self.payers = {payer.name: payer for payer in _payers(raw)}
        self.attributes = list(_attributes(raw))
        self._payers = Phrases(_payer_phrases(raw, self.payers))
        self._topics = Phrases(
            (word, topic) for topic in _topics(raw) for word in (*topic.words, *topic.not_with)
        )
        self._attributes = Phrases(_attribute_phrases(raw, self.attributes))
        self._patterns = [a for a in self.attributes if a.asks_pattern]
        self._meaning = [plain(word) for word in raw.get("meaning", {}).get("words", ())]
        self.things = Things(raw)
        self.neutral = frozenset(analyze(str(raw.get("neutral", {}).get("words", ""))))

    @cached_property
    def _typos(self) -> dict[str, Payer]:
        return _typos(self.payers.values())

    def with_payers(self, names: Iterable[str]) -> Naming:
        """The same, knowing these payers too: those of a library that the data do not list."""
        more = [Payer(n, (plain(n),), "other") for n in names if plain(n) and not self.payer_of(n)]
        if not more:
            return self
        naming = copy(self)
        naming.payers = self.payers | {payer.name: payer for payer in more}
        naming._payers = Phrases(_payer_phrases(self._raw, naming.payers))
        naming.__dict__.pop("_typos", None)
        naming.__dict__.pop("_by_alias", None)
        naming.__dict__.pop("_words", None)
        return naming

    def payer_of(self, name: str) -> Payer | None:
        """The payer whom a document's `payer` means: one that has the whole name."""
        return self._by_alias.get(plain(name))

    @cached_property
    def _by_alias(self) -> dict[str, Payer]:
        return {alias: payer for payer in self.payers.values() for alias in payer.aliases}

    @cached_property
    def _words(self) -> frozenset[str]:
        phrases = (self._payers, self._topics, self._attributes)
        return frozenset(word for one in phrases for word in one.words)

    def payers_in(self, text: str, *, asked: bool = False) -> list[tuple[Payer, str]]:
        """The payers that a text names, each with the words that name it; only those `asked`
        about, where it says "other than Cigna and Aetna"."""
        found = self._payers.find(text)
        if asked:
            found = _without_excepted(text, found)
        return list({f.value.name: (f.value, f.typed) for f in reversed(found)}.values())[::-1]

    def payer_like(self, word: str) -> Payer | None:
        """The payer whose one-word name is one slip away from an unknown word."""
        if len(word) < _FUZZY:
            return None
        return next((self._typos[form] for form in _forms(word) if form in self._typos), None)

    def knows(self, word: str) -> bool:
        """Whether a word is part of a name or of a phrase that questions use, or is neutral."""
        return plain(word) in self._words or not self.neutral.isdisjoint(analyze(word))

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


def _without_excepted(text: str, found: Sequence[Found[Payer]]) -> list[Found[Payer]]:
    """What is named without standing after "other than", "except" and the like."""
    kept: list[Found[Payer]] = []
    excepted_to = -1  # where the last payer that is excepted ends
    for one in found:
        joined = excepted_to >= 0 and _JOINED.fullmatch(text, excepted_to, one.start)
        if joined or _EXCEPT.search(text, 0, one.start):
            excepted_to = one.end
        else:
            kept.append(one)
    return kept


_EXCEPT = re.compile(
    r"\b(?:other than|except(?:ing)?(?: for)?|besides|apart from|aside from|excluding|but not"
    r"|not counting|not from|outside of) (?:the |for )?$",
    re.IGNORECASE,
)
_JOINED = re.compile(r"[\s,/&]*(?:and|or)?\s*", re.IGNORECASE)


@cache
def standard_naming() -> Naming:
    """The names of the starter library, `corpus/packs/billing/attributes.toml`."""
    return read_naming(files("corpus.packs.billing").joinpath("attributes.toml").read_text("utf-8"))


def read_naming(text: str) -> Naming:
    """Read such a file. Raises CodedeskError for one that is not as it should be."""
    try:
        return Naming(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, KeyError, TypeError, re.error) as error:
        raise CodedeskError(f"The names of questions cannot be read ({error!r}).") from error


def _payers(raw: Mapping[str, Any]) -> Iterator[Payer]:
    for entry in raw.get("payer", ()):
        names = (entry["name"], *entry["aliases"])
        yield Payer(
            name=entry["name"],
            aliases=tuple(dict.fromkeys(plain(name) for name in names)),
            line=entry["line"],
            within=entry.get("within"),
            generic=bool(entry.get("generic", False)),
        )


def _payer_phrases(
    raw: Mapping[str, Any], payers: Mapping[str, Payer]
) -> Iterator[tuple[str, Payer | None]]:
    for entry in raw.get("payer", ()):
        for phrase in entry.get("not_with", ()):
            if plain(phrase) not in {alias for payer in payers.values() for alias in payer.aliases}:
                yield phrase, None
    for payer in payers.values():
        for alias in payer.aliases:
            yield alias, payer


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


def _typos(payers: Iterable[Payer]) -> dict[str, Payer]:
    """One-word names by their spellings with one letter left out."""
    found: dict[str, Payer] = {}
    for payer in payers:
        for alias in payer.aliases:
            if " " not in alias and len(alias) >= _FUZZY:
                for form in _forms(alias):
                    found.setdefault(form, payer)
    return found


def _forms(word: str) -> Iterator[str]:
    """A word, and the word with each letter left out: two words that differ by one letter, by one
    more or by two swapped letters share a form."""
    yield word
    for at in range(len(word)):
        yield word[:at] + word[at + 1 :]
