"""Puts passages in order: words and meaning, weighed together; exact codes first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from assistant.understand import Understood
from corpus.codes import CodeSystem
from index.embedder import Embedding
from index.library import Library, Selection
from index.lexical import Ranked

_DEPTH = 200  # passages that words and meaning each propose
_DENSE = 0.7  # weight of the cosine; the rest is BM25 relative to its best


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage with its score and the parts of it; higher is better."""

    passage: int
    score: float
    lexical: float
    dense: float
    late: float | None
    codes: frozenset[tuple[CodeSystem, str]]  # of the question, that it names or is covered by


def rank(
    library: Library,
    understood: Understood,
    question: Embedding,
    selection: Selection,
    *,
    k: int,
    mode: str = "hybrid",
) -> list[Hit]:
    """The best `k` passages, best first; ties go to the lower id.

    Passages that name more of the question's codes come before those that name fewer.
    """
    query = understood.query
    words = library.by_words(
        understood.words, selection, k=_DEPTH, phrases=query.phrases, without=query.without
    )
    strict = bool(query.phrases or query.without or query.codes)
    meaning = Ranked((), ())
    if mode != "lexical" and understood.text:
        meaning = library.by_meaning(question.vector, selection, k=_DEPTH)
    naming = _naming(library, understood, selection)
    candidates = set(words.ids) if mode != "dense" else set()
    if not strict or mode == "dense":
        candidates |= set(meaning.ids)
    candidates |= _best_named(library, naming, question, understood)
    if query.codes:
        candidates &= set(naming)
    if not candidates:
        return []
    ids = sorted(candidates)
    top = words.scores[0] if words.scores else 1.0
    lexical = dict(zip(words.ids, (score / top for score in words.scores), strict=True))
    vectors = library.vectors(ids)
    dense = vectors @ question.vector
    weight = {"hybrid": _DENSE, "dense": 1.0, "lexical": 0.0}[mode]
    hits = [
        Hit(
            passage=identity,
            score=float(weight * dense[at] + (1 - weight) * lexical.get(identity, 0.0)),
            lexical=float(lexical.get(identity, 0.0)),
            dense=float(dense[at]),
            late=None,
            codes=naming.get(identity, frozenset()),
        )
        for at, identity in enumerate(ids)
    ]
    hits.sort(key=lambda hit: (-len(hit.codes), -hit.score, hit.passage))
    return hits[:k]


def _naming(
    library: Library, understood: Understood, selection: Selection
) -> dict[int, frozenset[tuple[CodeSystem, str]]]:
    """For each passage that names or covers codes of the question: which."""
    found: dict[int, set[tuple[CodeSystem, str]]] = {}
    for system, code in understood.codes:
        for stored in library.naming(system, code, selection):
            found.setdefault(stored.passage, set()).add((system, code))
    return {passage: frozenset(codes) for passage, codes in found.items()}


def _best_named(
    library: Library,
    naming: dict[int, frozenset[tuple[CodeSystem, str]]],
    question: Embedding,
    understood: Understood,
) -> set[int]:
    """Of the passages that name the codes, the ones worth ranking: all, or the nearest of many."""
    ids = sorted(naming)
    if len(ids) <= _DEPTH:
        return set(ids)
    near = library.vectors(ids) @ question.vector
    many = np.array([len(naming[identity]) for identity in ids])
    order = np.lexsort((np.array(ids), -near, -many))
    return {ids[int(at)] for at in order[:_DEPTH]}
