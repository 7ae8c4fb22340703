"""Puts passages in order: words and meaning, weighed together; exact codes first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from assistant.understand import Code, Understood
from index.embedder import Embedding, Floats
from index.lexical import Ranked
from index.library import Library, Selection
from index.tokens import Late

_DEPTH = 200  # passages that words and meaning each propose
_LATE_DEPTH = 100  # passages whose tokens are looked at
_WORDS = 0.4  # weight of BM25 relative to the question's best passage; the cosine's is 1
_LATE = 1.5  # weight of late interaction
_WHOLE = 1 + _WORDS + _LATE


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage with its score and the parts of it; higher is better, the score at most 1.

    `sentences` are the scores of the passage's sentences where its tokens were looked at.
    """

    passage: int
    score: float
    lexical: float
    dense: float
    late: float | None
    sentences: tuple[float, ...]
    codes: frozenset[Code]  # of the question, that it names or is covered by


@dataclass(frozen=True, slots=True)
class Question:
    """A question understood and embedded; `projection` brings its tokens to those of the index."""

    understood: Understood
    embedding: Embedding
    projection: Floats


def rank(
    library: Library,
    question: Question,
    selection: Selection,
    *,
    k: int,
    mode: str = "hybrid",
    late: bool = True,
) -> list[Hit]:
    """The best `k` passages, best first; ties go to the lower id. Without `late` no passage's
    tokens are looked at: quicker, and ranked less well.

    Passages that name more of the question's codes come before those that name fewer. Among equals
    the order is that of the cosine + 0.4 BM25 + 1.5 late interaction; a learned combination of
    these and five more signals did not do better on a set it had not seen.
    """
    query = question.understood.query
    words = library.by_words(
        question.understood.words, selection, k=_DEPTH, phrases=query.phrases, without=query.without
    )
    naming = _naming(library, question.understood, selection)
    ids = _candidates(library, question, selection, words, naming, mode=mode)
    if not ids:
        return []
    top = words.scores[0] if words.scores else 1.0
    share = dict(zip(words.ids, (score / top for score in words.scores), strict=True))
    lexical = np.array([share.get(identity, 0.0) for identity in ids])
    dense = (library.vectors(ids) @ question.embedding.vector).astype(np.float64)
    base = {"hybrid": dense + _WORDS * lexical, "dense": dense, "lexical": lexical}[mode]
    many = np.array([len(naming.get(identity, ())) for identity in ids])
    order = np.lexsort((np.array(ids), -base, -many)).tolist()
    looked_at = [ids[at] for at in order[:_LATE_DEPTH]] if late else []
    close = _late(library, question, looked_at, mode=mode)
    hits = [
        Hit(
            passage=ids[at],
            score=float(base[at] + _LATE * (close[ids[at]].score if ids[at] in close else -1.0))
            / _WHOLE
            if mode == "hybrid"
            else float(base[at]),
            lexical=float(lexical[at]),
            dense=float(dense[at]),
            late=close[ids[at]].score if ids[at] in close else None,
            sentences=close[ids[at]].sentences if ids[at] in close else (),
            codes=naming.get(ids[at], frozenset()),
        )
        for at in order
    ]
    hits.sort(key=lambda hit: (-len(hit.codes), -hit.score, hit.passage))
    return hits[:k]


def _candidates(
    library: Library,
    question: Question,
    selection: Selection,
    words: Ranked,
    naming: dict[int, frozenset[Code]],
    *,
    mode: str,
) -> list[int]:
    """The passages worth ranking. What operators demand (phrases, words left out, codes) is a
    condition: a passage that is only near in meaning does not meet it."""
    query = question.understood.query
    found = set(words.ids) if mode != "dense" else set()
    strict = bool(query.phrases or query.without)
    if strict:
        found = set(words.ids)
    elif mode != "lexical" and question.understood.text:
        found |= set(library.by_meaning(question.embedding.vector, selection, k=_DEPTH).ids)
    if not strict:
        found |= _best_named(library, naming, question.embedding)
    return sorted(found & set(naming) if query.codes else found)


def _late(
    library: Library, question: Question, passages: list[int], *, mode: str
) -> dict[int, Late]:
    """Late interaction of the best passages; only the full ranking uses it."""
    if mode != "hybrid" or not passages:
        return {}
    scores = library.late(question.embedding, question.projection, passages)
    return dict(zip(passages, scores, strict=True))


def _naming(
    library: Library, understood: Understood, selection: Selection
) -> dict[int, frozenset[Code]]:
    """For each passage that names or covers codes of the question: which."""
    found: dict[int, set[Code]] = {}
    for system, code in understood.codes:
        for stored in library.naming(system, code, selection):
            found.setdefault(stored.passage, set()).add((system, code))
    return {passage: frozenset(codes) for passage, codes in found.items()}


def _best_named(
    library: Library, naming: dict[int, frozenset[Code]], question: Embedding
) -> set[int]:
    """Of the passages that name the codes, the ones worth ranking: all, or the nearest of many."""
    ids = sorted(naming)
    if len(ids) <= _DEPTH:
        return set(ids)
    near = library.vectors(ids) @ question.vector
    many = np.array([len(naming[identity]) for identity in ids])
    order = np.lexsort((np.array(ids), -near, -many))
    return {ids[int(at)] for at in order[:_DEPTH]}
