"""Which language a question is in, told by its small words: the library's passages are English.

A question counts as another language's when it holds at least two of that language's words below
and more of them than English ones, or begins as only that language's questions do.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# For whoever reads the answer beside the person who asked.
IN_ENGLISH = "The library's documents are in English: ask in English."
_WORD = re.compile(r"[^\W\d_]+")
_ENOUGH = 2
_COMMON = 0.02  # share of the passages in which a language's words stand if they are written in it
_ENGLISH = _set(
    "a an the of is are was does do did can could should for what which who when where how why in"
    " on to with and or if we our i my you it its not this that by from at be has have there"
)


@dataclass(frozen=True, slots=True)
class Language:
    """Its small words that are no English ones, how only its questions begin, and the sentence
    that asks for English."""

    words: frozenset[str]
    opening: str
    please: str


SPANISH = Language(
    _set(
        "el la los las un una unos unas de del que qué cual cuál cuales cuáles como cómo cuando"
        " cuándo donde dónde cuanto cuánto cuanta cuánta cuantos cuántos cuantas cuántas quien"
        " quién por para con sin sobre entre es son está están hay se su sus y pero cubre cubren"
        " paga pagan cuesta cobra necesito necesita puedo puede debo tiene"
    ),
    "¿",
    "Esta biblioteca responde solo en inglés: por favor, haga la pregunta en inglés.",
)
_LANGUAGES = (SPANISH,)


def please_ask_in_english(question: str, written: Callable[[str], float]) -> str:
    """The sentence that asks for English, in the question's own language; nothing for a question
    in English, or where the library is written in that language. `written` is the share of the
    library's passages in which a word stands."""
    words = frozenset(_WORD.findall(question.casefold()))
    for language in _LANGUAGES:
        met = words & language.words
        opens = question.lstrip().startswith(language.opening) and bool(met)
        if not opens and (len(met) < _ENOUGH or len(met) <= len(words & _ENGLISH)):
            continue
        if sum(written(word) >= _COMMON for word in met) * 2 <= len(met):
            return language.please
    return ""
