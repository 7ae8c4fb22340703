"""The kinds of thing that a question asks for: who, how many, how long, which code."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.question.phrases import compiled, plain
from index.shards.lexical import analyze


@dataclass(frozen=True, slots=True)
class Thing:
    """A kind of thing. `form` is what a passage says near its marked sentence, a regular
    expression."""

    name: str
    states: str
    asks: re.Pattern[str]
    form: str | None
    counted: bool  # the word is to be counted: a number stands before it

    @property
    def holds(self) -> re.Pattern[str] | None:
        return compiled(self.form) if self.form else None


@dataclass(frozen=True, slots=True)
class AskedThing:
    """A thing that is asked for; `word` finds the word that must be there too ("how many nurses"),
    in any of its forms or as another that says the same, after a number where one is counted."""

    thing: Thing
    typed: str
    word: re.Pattern[str] | None = None


class Things:
    """Finds the kinds of thing that a question asks for."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self._things = [
            Thing(
                name=entry["name"],
                states=entry["states"],
                asks=re.compile(entry["asks"], re.IGNORECASE),
                form=entry.get("holds"),
                counted=bool(entry.get("counted", False)),
            )
            for entry in raw.get("thing", ())
        ]
        self._same = [frozenset(entry["words"]) for entry in raw.get("same", ())]

    def __iter__(self) -> Iterator[Thing]:
        return iter(self._things)

    def asked_in(self, question: str, also: Mapping[str, Sequence[str]]) -> Iterator[AskedThing]:
        """What a question asks for. `also` gives what short forms stand for ("pts": patients)."""
        for thing in self._things:
            match = thing.asks.search(question)
            if match is None:
                continue
            word = match.groupdict().get("word")
            pattern = self._forms(word.lower(), also, counted=thing.counted) if word else None
            yield AskedThing(thing, match.group(), pattern)

    def _forms(
        self, word: str, also: Mapping[str, Sequence[str]], *, counted: bool
    ) -> re.Pattern[str]:
        words = {word, *also.get(word, ())}
        words |= {one for same in self._same if word in same for one in same}
        stems = sorted({stem for one in words for stem in analyze(plain(one))[:1]})
        before = _COUNT if counted else ""
        return re.compile(rf"{before}\b(?:{'|'.join(map(re.escape, stems))}){_ENDINGS}\b")


_COUNT = (  # a number and up to three words: "206 eligible patients"
    r"\b(?:\d{1,3}(?:,\d{3})+|\d{1,6}|no|none|one|two|three|four|five|six|seven|eight|nine|ten|single"
    r"|each|per|both|many|several|all)\b(?:\W+[\w'-]+){0,3}?\W+"
)
_ENDINGS = "(?:e|s|es|d|ed|er|ers|ing|or|ors|y|ies|ment|ments|ation)?"
