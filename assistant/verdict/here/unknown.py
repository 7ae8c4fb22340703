"""The words of a question that stand nowhere in an open library, nor by one slip."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant.question.understand import Understood
from assistant.question.words.courtesy import FAMILY
from assistant.question.words.grammar import without_grammar
from assistant.question.words.neutral import NEUTRAL
from assistant.question.words.silent import SILENT
from assistant.verdict.here.named import NamedHere
from assistant.verdict.requirements import Need
from index.shards.analysis import analyze

_RARE = 20  # a word that stands in fewer than one of so many passages tells a subject by itself
_SHORTEST = 3  # letters of a word that counts as unknown; shorter ones are short forms and slips
_STRANGE = re.compile(r"[a-z]{2,6}(?!(?:19|20)\d\d)\d{1,4}[a-z]?")
_PERSON = re.compile(  # who is named right after these words, in capitals
    r"\b(?:[Pp]atient|PATIENT|[Pp]t|PT|Mr|Mrs|Ms|[Mm]ember|[Nn]ame)\b\.?:?\s+((?:[A-Z][\w.'-]*\s*){1,3})"
)


@dataclass(frozen=True, slots=True)
class Unknown:
    """Words, as typed, that stand nowhere in the library, and their share of what the question's
    words weigh together, in 0..1."""

    words: tuple[str, ...]
    share: float
    known: int  # how many telling words the library does know
    rare: bool  # whether one of them stands in few of its passages
    strange: bool  # whether one is a name with a number, such as ISA27: nothing else stands for it


class UnknownWords:
    """Finds the words that a library does not know."""

    def __init__(self, named: NamedHere) -> None:
        self._named = named

    def of(self, understood: Understood, needs: Sequence[Need]) -> Unknown:
        """The question's telling words that the library does not know, nor by one slip."""
        typed = dict(understood.words)
        explained = set(analyze(" ".join(need.typed for need in needs)))
        for widening in understood.widened:
            explained |= set(analyze(widening.typed))
        persons = set(analyze(" ".join(_PERSON.findall(understood.query.free))))
        telling = set(analyze(without_grammar(understood.query.free)))
        whole, lost, words, count_known = 0.0, 0.0, list[str](), 0
        rare = strange = False
        counts = self._named.frequencies(list(typed))
        for (word, weight), count in zip(typed.items(), counts, strict=True):
            if weight < 1:
                continue
            if word in self.silent or word not in telling:
                continue
            if count:
                count_known += 1
                rare = rare or count * _RARE < self._named.size
                whole += self._weight(count)
            elif _STRANGE.fullmatch(word) and word not in explained:
                strange = True
                words.append(word)
            elif word in persons or any(map(str.isdigit, word)):
                continue  # a patient's name or number is no subject, and is not repeated
            elif len(word) >= _SHORTEST and word not in explained and not self._is_slip(word):
                whole += self._weight(0)
                lost += self._weight(0)
                words.append(word)
        typed_words = _as_typed(understood.query.free, words)
        return Unknown(typed_words, lost / whole if whole else 0.0, count_known, rare, strange)

    def says_nothing(self, text: str) -> bool:
        """Whether a text holds no word that tells a subject."""
        return self.silent.issuperset(analyze(text))

    @cached_property
    def silent(self) -> frozenset[str]:
        return NEUTRAL | SILENT | frozenset(analyze(" ".join(FAMILY)))

    def _weight(self, count: int) -> float:
        """What a word says: nothing where every passage has it."""
        return math.log((self._named.size + 1) / (count + 0.5))

    def _is_slip(self, word: str) -> bool:
        """Whether the library knows a word that differs by a letter too many, too few, another
        vowel or two that are swapped."""
        if word.isdigit() or len(word) < 5:
            return False
        return any(self._named.frequencies(list(_near(word))))


def _near(word: str) -> Iterator[str]:
    """Words that a slip may have turned into this one."""
    for at in range(1, len(word)):
        yield word[:at] + word[at + 1 :]
        yield word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :]
        for letter in "aeiou" + word[at]:
            yield word[:at] + letter + word[at:]
        if word[at] in "aeiou":
            for vowel in "aeiou":
                yield word[:at] + vowel + word[at + 1 :]


def _as_typed(question: str, stems: Sequence[str]) -> tuple[str, ...]:
    """The words of the question behind analysed ones."""
    wanted = set(stems)
    found = [word for word in question.split() if wanted & set(analyze(word))]
    return tuple(dict.fromkeys(word.strip("?!.,;:()¿¡\"'") for word in found))
