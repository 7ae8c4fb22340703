"""How well a passage covers a question: each telling word, by its best match in the passage.

A word's match is the best cosine of its tokens with any token of the passage or of its headings,
from the vectors that the index keeps; a word of the passage's own, or what the vocabulary says for
it, matches whole. Words count by how rare they are in English, as the model's vocabulary tells:
a library's own size and subject change nothing. Words of names that were compared already (payers,
codes) do not count again.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.question.understand import Understood
from assistant.question.words.grammar import is_grammar
from assistant.question.words.neutral import NEUTRAL
from assistant.question.words.silent import SILENT
from assistant.question.words.vocabulary import standard_vocabulary
from assistant.verdict.meeting import Looked
from index.model.embedder import Embedding, Floats
from index.shards.analysis import analyze, words_in

_WORD = re.compile(r"[A-Za-z0-9][\w.'’-]*[A-Za-z0-9]|[A-Za-z0-9]")
_OF_A_YEAR = re.compile(r"^[CcFf][Yy]\W?((?:19|20)\d\d)$")  # CY2023
_COMMON = 1996  # number of the vocabulary's first whole word: they stand in order of how common
_SHORTEST = 3  # letters of a word; a shorter one is a short form of many meanings: pt, dx, w
_PIECES = 1.0  # weight more of a word that the vocabulary has only in pieces: a rare one
_HEAD = 300  # characters of what a document begins with that say whose it is and what it is of
_LOW = 0.75  # a match below this leaves part of the word open


@dataclass(frozen=True, slots=True)
class TellingWord:
    """A word that tells what is asked: where its tokens are, its stems, what else may stand for it,
    and its weight."""

    typed: str
    tokens: tuple[int, ...]
    stems: frozenset[str]
    instead: tuple[frozenset[str], ...]
    weight: float


@dataclass(frozen=True, slots=True)
class Coverage:
    """`open` is the share of the question's words that a passage leaves open, weighted, in 0..1;
    `missing` are the words that it neither holds nor comes near."""

    open: float
    missing: tuple[str, ...]


def telling_words(
    understood: Understood, embedding: Embedding, named: Collection[str]
) -> tuple[TellingWord, ...]:
    """The telling words of a question. `named` are those, analysed, of names that are compared."""
    widened = (*standard_vocabulary().widen(understood.text), *understood.widened)
    also: Mapping[str, Sequence[str]] = {w.typed.lower(): w.added for w in widened}
    phrases = sorted((typed for typed in also if " " in typed), key=len, reverse=True)
    units = re.compile("|".join((*map(re.escape, phrases), _WORD.pattern)), re.IGNORECASE)
    found = []
    for match in units.finditer(understood.text):
        stems = frozenset(analyze(match.group())) - SILENT - NEUTRAL
        tokens = _tokens_in(embedding, match.start(), match.end())
        short = len(match.group()) < _SHORTEST and match.group().isalpha()
        if is_grammar(match.group()) or not stems or short or not tokens or stems <= set(named):
            continue
        ids = embedding.ids[list(tokens)]
        rarity = math.log(max(int(ids.max()), _COMMON) / (_COMMON / 2))
        said = (
            *also.get(match.group().lower(), ()),
            *standard_vocabulary().also_said(match.group()),
        )
        said += tuple(_OF_A_YEAR.findall(match.group()))
        instead = tuple(frozenset(analyze(one)) for one in said)
        weight = rarity + (_PIECES if len(tokens) > 1 else 0.0)
        found.append(TellingWord(match.group(), tokens, stems, instead, weight))
    return tuple(found)


def coverage(
    passage: Looked, cosines: Floats | None, words: Sequence[TellingWord]
) -> Coverage | None:
    """How well a passage covers the words. `cosines` are the best ones of the question's tokens in
    it. None without words, or without token vectors."""
    if not words or cosines is None:
        return None
    citation = passage.citation
    head = (citation.version.metadata.title, *citation.section, citation.header)
    has = words_in(" ".join((*head, citation.text, passage.opening[:_HEAD])))
    weights = np.array([word.weight for word in words])
    held = np.array([_holds(has, word) for word in words])
    near = np.array([cosines[list(word.tokens)].mean() for word in words])
    left = np.where(held, 0.0, np.clip(_LOW - near, 0, _LOW))
    return Coverage(
        open=float(weights @ left / weights.sum()),
        missing=tuple(word.typed for word, at in zip(words, left, strict=True) if at > 0),
    )


def _holds(has: Collection[str], word: TellingWord) -> bool:
    whole = " " in word.typed  # a phrase that the vocabulary knows is held as a whole
    if word.stems <= set(has) if whole else not word.stems.isdisjoint(has):
        return True
    return any(one and one <= set(has) for one in word.instead)


def _tokens_in(embedding: Embedding, start: int, end: int) -> tuple[int, ...]:
    offsets = embedding.offsets
    inside = (offsets[:, 0] < end) & (offsets[:, 1] > start)
    return tuple(np.flatnonzero(inside).tolist())
