"""Takes a question apart: codes, words, phrases, filters, and words that the vocabulary adds."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from assistant.answer import Widening
from assistant.question.names.beside import stands_beside
from assistant.question.names.code_meaning import asking_what, code_alone
from assistant.question.words.neutral import NEUTRAL
from assistant.question.words.operators import Query, parse_query
from assistant.question.words.silent import SILENT
from assistant.question.words.vocabulary import Vocabulary, standard_vocabulary
from corpus.codes import CodeSystem, codes_in_question
from index.shards.analysis import analyze

_WIDENED = 0.4  # weight of a word that was not typed; of one among four that mean the same, half
_OF_A_NAME = 0.25  # of a word's weight, where it is of the name of somebody who has documents here
_NAMING = frozenset(  # systems whose codes decide a ranking; a modifier or a revenue code does not
    {
        CodeSystem.CPT,
        CodeSystem.CATEGORY_III,
        CodeSystem.HCPCS,
        CodeSystem.ICD10CM,
        CodeSystem.ICD10PCS,
        CodeSystem.LCD,
        CodeSystem.NCD,
        CodeSystem.ARTICLE,
        CodeSystem.POLICY,
        CodeSystem.TRIAL,
        CodeSystem.FDA,
        CodeSystem.APC,
        CodeSystem.RULE,
    }
)
_COUNTING = frozenset({CodeSystem.MODIFIER, CodeSystem.REVENUE})  # that only count in it


Code = tuple[CodeSystem, str]
Spelling = Callable[[str], tuple[str, tuple[Widening, ...]]]


@dataclass(frozen=True, slots=True)
class Names:
    """What a library knows of the names in a question: the `proper` names of those that it calls
    otherwise; the names, as typed, of the `owners` of documents; and what documents say that short
    forms stand for, or their short forms of what is said in full (`explained`)."""

    proper: Callable[[str], Sequence[Widening]]
    owners: Callable[[str], Sequence[str]]
    explained: Callable[[str], Sequence[Widening]]


@dataclass(frozen=True, slots=True)
class Understood:
    """A question, ready to search with.

    `text` is what is embedded: as typed, with slips in codes repaired and one word for all that
    mean the same. `words` are analysed words
    with their weights for BM25. `codes` are normalised, in the order typed; `alone` is the one of
    a question that asks nothing further than what it is. `lesser` are codes of systems that decide
    no ranking and count in it: modifiers, revenue codes. `owners` are the names in `text` of those
    who have documents here: ranking prefers these documents, so the names' own words say little.
    """

    query: Query
    text: str
    words: tuple[tuple[str, float], ...]
    codes: tuple[Code, ...]
    widened: tuple[Widening, ...]
    alone: str | None = None
    owners: tuple[str, ...] = ()
    lesser: tuple[Code, ...] = ()

    @property
    def without_owners(self) -> str:
        """The text without the owners' names; the whole text, where too little would be left."""
        left = self.text
        for name in self.owners:
            left = left.replace(name, " ")
        left = " ".join(left.split())
        return left if len(_telling(analyze(left))) > 1 else self.text

    def sought_as(self, text: str) -> Understood:
        """The same question, searched for by a part of its text: it names what it named."""
        kept = set(analyze(text))
        words = tuple(one for one in self.words if one[1] < 1 or one[0] in kept)
        return replace(self, text=text, words=words)


def understand(
    question: str,
    *,
    vocabulary: Vocabulary | None = None,
    operators: bool = True,
    searching: bool = False,
    spelling: Spelling | None = None,
    asked: Callable[[str], str] | None = None,
    names: Names | None = None,
) -> Understood:
    """Take a question apart. Raises BadQuery for operators that cannot be read; without
    `operators` every character is text; `searching` knows those of searches. `spelling` reads slips
    of the keyboard as what was meant, where nothing in the query is meant to the letter; `asked`
    takes off what is no part of the question; `names` is what the library knows of what it
    names."""
    vocabulary = vocabulary or standard_vocabulary()
    query = parse_query(question, searching=searching) if operators else Query(question, question)
    if asked and not query.strict:
        query = replace(query, free=asked(query.free))
    slips: tuple[Widening, ...] = ()
    typed = query.free
    if spelling and not query.strict:
        free, slips = spelling(query.free)
        query = replace(query, free=free)
    both = dict.fromkeys((query.free, typed))  # what was typed stands for what it stands for
    known = (widening for text in both for widening in vocabulary.widen(text))
    proper = tuple(names.proper(query.free)) if names else ()
    widened = tuple(dict.fromkeys((*slips, *proper, *known)))
    told = {widening.typed.lower() for widening in widened}
    learned = names.explained(query.free) if names else ()
    widened += tuple(one for one in learned if one.typed.lower() not in told)
    query = replace(query, free=_with_codes_as_written(query.free, widened))
    repaired = [added for widening in widened if widening.is_code for added in widening.added]
    named = " ".join([query.free, *(f"code {code}" for code in (*query.codes, *repaired))])
    found = [(m.system, m.code) for m in codes_in_question(named) if m.coverage == "exact"]
    codes = tuple(
        dict.fromkeys(
            code
            for code in found
            if code[0] in _NAMING
            and (code[1] in repaired or not stands_beside(code[1], query.free))
        )
    )
    alone = code_alone(query.free, codes)
    weights = dict.fromkeys(_telling(analyze(alone or query.free)), 1.0)
    for widening in widened:
        for added in widening.added:
            for word in _telling(analyze(added)):
                weights.setdefault(word, _WIDENED / math.sqrt(len(widening.added)))
    whose = tuple(names.owners(query.free)) if names else ()
    others = [one for one in proper if one.typed not in whose]
    light = set(analyze(" ".join((*whose, *(w.added[0] for w in proper if w.typed in whose)))))
    return Understood(
        query=query,
        text=asking_what(alone) if alone else _embedded(vocabulary.in_terms(query.free), others),
        words=tuple(
            (word, weight * _OF_A_NAME if word in light else weight)
            for word, weight in weights.items()
        ),
        codes=codes,
        widened=widened,
        alone=alone,
        owners=whose,
        lesser=tuple(dict.fromkeys(code for code in found if code[0] in _COUNTING)),
    )


def _with_codes_as_written(text: str, widened: Sequence[Widening]) -> str:
    """The text with slips in codes read as the code: "0581-T" is 0581T."""
    for one in widened:
        if one.is_code and len(one.added) == 1:
            text = re.sub(rf"(?<!\w){re.escape(one.typed)}(?!\w)", one.added[0], text)
    return text


def _embedded(text: str, proper: Sequence[Widening]) -> str:
    """What is embedded of a question: without courtesy, without signs at its end, without the
    auxiliaries that only make it one ("does Oscar cover it" and "Oscar cover it" ask the same), and
    without the word before a code that says what kind of code it is."""
    text = _with_names(_without_courtesy(text), proper)
    if len(_AUXILIARY.findall(text)) == 1:  # more of them may ask several things
        text = _AUXILIARY.sub("", text) or text
    return _BEFORE_CODE.sub("", text.rstrip(" ?!.…;:,-")) or text


_AUXILIARY = re.compile(r"\b(?:is|are|do|does)\s", re.IGNORECASE)
_BEFORE_CODE = re.compile(
    r"\b(?:cpt|hcpcs)(?: codes?)?:? (?=[A-Z]?\d{4}[0-9A-Z]?\b)", re.IGNORECASE
)


def _with_names(text: str, proper: Sequence[Widening]) -> str:
    """The text with the proper names of what it calls otherwise: "UHC (UnitedHealthcare)"."""
    for one in proper:
        text = text.replace(one.typed, f"{one.typed} ({one.added[0]})", 1)
    return text


def as_typed(text: str) -> Understood:
    """A text that is only looked through for what it names."""
    return Understood(Query(text, text), text, (), (), ())


def _without_courtesy(text: str) -> str:
    """The text without sentences that say nothing of a subject: greetings, thanks."""
    sentences = _SENTENCE_END.split(text)
    silent = SILENT | NEUTRAL
    kept = [one for one in sentences if not silent.issuperset(analyze(one))]
    return " ".join(kept) if 0 < len(kept) < len(sentences) else text


_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")


def _telling(words: list[str]) -> list[str]:
    """The words without those that every question holds; all of them, where nothing is left."""
    return [word for word in words if word not in SILENT] or words
