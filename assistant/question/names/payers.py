"""What payers are called: found in a text, and one name for each, however it is written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Any

from assistant.question.words.phrases import Found, Phrases, any_of, plain
from corpus.metadata.identity.calling import short_names
from corpus.metadata.identity.names import Body
from corpus.packs import billing

_JOINERS = ("of", "and", "&", "the")
_FUZZY = 6  # letters; shorter names have too many neighbours
_SHORT = 6  # letters; a shorter name may be a word as well: "dean", "oscar"
# Programs that a payer runs for others: a sentence on its Medicare plan is about the payer itself.
PROGRAMS = frozenset(
    ("Medicare", "Medicare Advantage", "Medicaid", "TRICARE", "VA", "Federal Employee Program")
)
_EXCEPT = re.compile(
    r"\b(?:other than|except(?:ing)?(?: for)?|besides|apart from|aside from|excluding|but not"
    r"|not counting|not from|outside of) (?:the |for )?$",
    re.IGNORECASE,
)
_CODE = re.compile(r"\b\d{4}[0-9A-Z]\b|\b[A-Z]\d{4}\b")
_JOINED = re.compile(r"[\s,/&]*(?:and|or)?\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Payer:
    """A payer. `aliases` are plain phrases; `within` is the payer for whom it speaks too."""

    name: str
    aliases: tuple[str, ...]
    line: str
    within: str | None = None
    generic: bool = False
    ordinary: tuple[str, ...] = ()  # aliases that are everyday words as well


class Payers:
    """Finds payers by their names. `entries` are the data's, `more` the library's own; a name that
    is an everyday word as well counts in a question beside a word of `about` alone."""

    def __init__(
        self,
        entries: Sequence[Mapping[str, Any]],
        more: Mapping[str, Payer] | None = None,
        *,
        about: Sequence[str] = (),
    ) -> None:
        self._entries = entries
        self._about = frozenset(map(plain, about))
        self.by_name = {payer.name: payer for payer in map(_payer, entries)} | dict(more or {})
        self._phrases = Phrases(_phrases(entries, self.by_name.values()), joiners=_JOINERS)

    @property
    def words(self) -> frozenset[str]:
        """All words of all names."""
        return self._phrases.words

    def with_names(self, names: Iterable[str], bodies: Iterable[Body] = ()) -> Payers:
        """The same payers, those of `names` that are not known yet, and their other names, as the
        library's own `bodies` have them."""
        own = {plain(said): body for body in bodies for said in (body.name, *body.printed)}
        more: dict[str, Payer] = {}
        for name in filter(plain, names):
            payer = self.named(name) or self._unlisted(name, more.values())
            body = own.get(plain(name))
            also = map(plain, (body.name, *body.printed)) if body else ()
            aliases = tuple(dict.fromkeys((*payer.aliases, *also)))
            if payer.name not in self.by_name or aliases != payer.aliases:
                more[payer.name] = replace(payer, aliases=aliases)
        if not more:
            return self
        return Payers(self._entries, self.by_name | more, about=tuple(self._about))

    def _unlisted(self, name: str, others: Iterable[Payer]) -> Payer:
        """A payer that no data list, with the short forms of its name that no other has; where one
        of the `others` has the same short form it is that one, by another name."""
        short = [one for one in map(plain, short_names(name)) if one not in self._by_alias]
        same = next(
            (p for p in others if not set(p.aliases).isdisjoint((*short, plain(name)))), None
        )
        if same is not None:
            return replace(same, aliases=tuple(dict.fromkeys((*same.aliases, plain(name), *short))))
        single = tuple(one for one in short if " " not in one)
        return Payer(name, (plain(name), *short), "other", ordinary=single)

    def named(self, name: str) -> Payer | None:
        """The payer that has exactly this name or alias, as plain words."""
        return self._by_alias.get(_bare(name))

    def found_in(self, text: str, *, asked: bool = False) -> list[tuple[Payer, str]]:
        """The payers that a text names, each once, with the words that name it.

        With `asked`, without those that stand after "other than", "except" and the like.
        """
        found = self._phrases.find(text)
        if asked:
            found = _without_excepted(text, found)
            if self._about.isdisjoint(plain(text).split()) and not _CODE.search(text):
                found = [one for one in found if not _is_ordinary(one)]
        return list({f.value.name: (f.value, f.typed) for f in reversed(found)}.values())[::-1]

    def like(self, word: str) -> Payer | None:
        """The payer whose one-word name is one slip away from an unknown word."""
        if len(word) < _FUZZY:
            return None
        return next((self._slips[form] for form in _forms(word) if form in self._slips), None)

    @cached_property
    def _by_alias(self) -> dict[str, Payer]:
        return {_bare(a): payer for payer in self.by_name.values() for a in payer.aliases}

    @cached_property
    def _slips(self) -> dict[str, Payer]:
        """One-word names by their spellings with one letter left out."""
        found: dict[str, Payer] = {}
        for alias, payer in self._by_alias.items():
            if " " not in alias and len(alias) >= _FUZZY:
                for form in _forms(alias):
                    found.setdefault(form, payer)
        return found


def canonical(payer: str) -> str:
    """One name for a payer, whatever a document calls it: "uhc" is UnitedHealthcare."""
    return _names().get(payer.casefold(), payer)


def speaks_of_another(text: str, own: Sequence[str]) -> bool:
    """Whether a sentence names another payer, and none of `own`, whose document it is in."""
    if not own or any(name.casefold() in text.casefold() for name in own):
        return False
    named = {canonical(found.group()) for found in _pattern().finditer(text)}
    return bool(named - PROGRAMS) and named.isdisjoint(map(canonical, own))


@cache
def _names() -> dict[str, str]:
    return {
        called.casefold(): entry["name"]
        for entry in billing.table("naming").get("payer", ())
        for called in (*entry["aliases"], entry["name"])
    }


@cache
def _pattern() -> re.Pattern[str]:
    return any_of([name for name in _names() if len(name) >= _SHORT and name != "united"])


def _payer(entry: Mapping[str, Any]) -> Payer:
    names = (entry["name"], *entry["aliases"])
    return Payer(
        name=entry["name"],
        aliases=tuple(dict.fromkeys(plain(name) for name in names)),
        line=entry["line"],
        within=entry.get("within"),
        generic=bool(entry.get("generic", False)),
        ordinary=tuple(plain(name) for name in entry.get("ordinary", ())),
    )


def _phrases(
    entries: Sequence[Mapping[str, Any]], payers: Iterable[Payer]
) -> Iterator[tuple[str, Payer | None]]:
    payers = list(payers)
    aliases = {alias for payer in payers for alias in payer.aliases}
    for entry in entries:
        for phrase in entry.get("not_with", ()):
            if plain(phrase) not in aliases:
                yield phrase, None
    for payer in payers:
        for alias in payer.aliases:
            yield alias, payer


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


def _is_ordinary(found: Found[Payer]) -> bool:
    """Whether what names a payer may be an everyday word here: it has no capital, or begins the
    text."""
    is_name = found.start > 0 and found.typed[0].isupper()
    return plain(found.typed) in found.value.ordinary and not is_name


def _bare(name: str) -> str:
    """A name in plain words without those that only join them."""
    return " ".join(word for word in plain(name).split() if word not in _JOINERS)


def _forms(word: str) -> Iterator[str]:
    """A word, and the word with each letter left out: two words that differ by one letter, by one
    more or by two swapped letters share a form."""
    yield word
    for at in range(len(word)):
        yield word[:at] + word[at + 1 :]
