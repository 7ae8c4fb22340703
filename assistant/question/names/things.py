"""The things that a subject has a name for (RVU, APC, timely filing limit), from its data pack."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from assistant.question.kinds import AskedKind, is_yes_or_no
from assistant.question.words.phrases import Found, Phrases, compiled, holds, plain
from corpus.packs import billing


@dataclass(frozen=True, slots=True)
class Thing:
    """A named thing. An answer holds one of its `words`, plain, and where there is a `form` its
    value in the same sentence or row. `soft`: without it an answer is weak. `marked`: the marked
    words, or what stands above them, have the value themselves."""

    name: str
    shown: str
    words: tuple[str, ...]
    form: str | None
    kind: str | None
    near: tuple[str, ...]
    soft: bool
    which: bool
    of_code: bool
    marked: bool
    firm: str | None = None
    heading: str | None = None
    unless: str | None = None

    @property
    def value(self) -> re.Pattern[str] | None:
        return compiled(self.form, re.IGNORECASE) if self.form else None

    def is_decided_by(self, sentence: str) -> bool:
        """Whether a sentence says it beyond doubt, where the form is also that of a mention."""
        if self.firm is None or compiled(self.firm, re.IGNORECASE).search(sentence) is None:
            return False
        return not self.unless or compiled(self.unless, re.IGNORECASE).search(sentence) is None


class Things:
    """Finds the named things that a question asks for."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self.all = tuple(_thing(entry) for entry in raw.get("thing", ()))
        named = [(word, one) for one in self.all for word in one.words]
        self._phrases = Phrases([*named, *((word, None) for word in raw.get("other", ()))])

    @property
    def words(self) -> frozenset[str]:
        """All words of all names."""
        return self._phrases.words

    def asked_in(
        self, question: str, kinds: tuple[AskedKind, ...], *, of_code: bool = False
    ) -> Iterator[tuple[Thing, str]]:
        """The things that a question asks for, as typed; `kinds` are the general ones it asks for.
        With `of_code` they are asked of a code that stands elsewhere.

        A thing of a general kind is asked for by that kind alone: "how much does Medicare pay?"
        """
        if _MEANING.search(question) or _OTHERWISE.match(question):
            return
        yes_or_no = is_yes_or_no(question)
        code = of_code or _CODE.search(question) is not None
        named = {kind.name: kind.typed for kind in kinds}
        seen = set()
        for found in self._phrases.find(question):
            thing = found.value
            if thing.name in seen or (yes_or_no and (thing.kind or thing.which)):
                continue
            if thing.which and not _asks_which(question, found):
                continue
            if (thing.of_code or (thing.kind and thing.kind not in named)) and not code:
                continue
            seen.add(thing.name)
            yield thing, found.typed
        if any(one.kind in named and one.name in seen for one in self.all):
            return
        text = plain(question)
        for thing in self.all:
            if thing.kind in named and any(holds(text, plain(word)) for word in thing.near):
                yield thing, named[thing.kind]
                return

    def named_in(self, text: str) -> Iterator[Thing]:
        """The things whose words stand in a text."""
        return (found.value for found in self._phrases.find(text))


def is_said_above(thing: Thing, section: Sequence[str]) -> bool:
    """Whether the heading above a text says a thing of all that stands there."""
    pattern = compiled(thing.heading, re.IGNORECASE) if thing.heading else None
    return pattern is not None and any(map(pattern.search, section[-1:]))


@cache
def standard_things() -> Things:
    """The things of the billing pack, `corpus/packs/billing/things.toml`."""
    return Things(billing.table("things"))


_MEANING = re.compile(  # then no value is asked for
    r"\b(?:what'?s an|what is an|mean|means|meaning|stands? for|define|definition|explain|why do"
    r"|why does|why is|difference between)\b",
    re.IGNORECASE,
)
_OTHERWISE = re.compile(  # asks for a person, a reason, a place or a way
    r"\W*(?:who|whom|whose|why|where|how (?:do|does|to|can|should|is|are))\b", re.IGNORECASE
)
_CODE = re.compile(r"\b\d{4}[0-9A-Z]\b|\b[A-Z]\d{4}\b", re.IGNORECASE)
_WHICH = re.compile(
    r"\b(?:which|what|whats|what's|wat|need an?y?|any)(?:\s+[\w-]+){0,3}\W*$",
    re.IGNORECASE,
)


def _asks_which(question: str, found: Found[Thing]) -> bool:
    """Whether a question asks which of a kind, in full or by beginning with it: "dx codes for"."""
    before = question[: found.start]
    return _WHICH.search(before) is not None or (not before.strip() and found.typed.endswith("s"))


def _thing(entry: Mapping[str, Any]) -> Thing:
    return Thing(
        name=entry["name"],
        shown=entry["shown"],
        words=tuple(plain(word) for word in entry["words"]),
        form=entry.get("form"),
        kind=entry.get("kind"),
        near=tuple(entry.get("near", ())),
        soft=bool(entry.get("soft")),
        which=bool(entry.get("which")),
        of_code=bool(entry.get("of_code")),
        marked=bool(entry.get("marked")),
        firm=entry.get("firm"),
        heading=entry.get("heading"),
        unless=entry.get("unless"),
    )
