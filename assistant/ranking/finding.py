"""Every passage that a search finds: with its words, near to it in meaning, or with its codes.

Something is always nearest, so a rank alone proves nothing: "zzqx" finds no passage. What is found
hangs on the passage and the query only, never on the filters or on what else is found, so that it
can be counted by facets, and looked for again when the library has changed.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.question.understand import Understood
from assistant.ranking.candidates import Candidates, NamedCodes, weighed
from assistant.ranking.rank import Collected, Hit, Question, ranked, shares
from index.filters import Filters
from index.library import Library
from index.shards.lexical import Ranked
from index.shards.places import Ids, distinct

NEAR = 0.34  # cosine; questions on another subject reach 0.36 with the nearest of 6,000 passages
_LETTERS = 2.5  # of a piece that the model cuts a word into, on average, where it reads a word
_LIKE = 0.6  # the same between two passages, which say more than a query
_SHARE = 0.15  # of the weight of a query's words that a passage holds
_NEAREST = 5_000  # passages that are near in meaning; of more, the nearest
MOST = 20_000  # passages that are ranked; of more, the best by words and the nearest
_ALONE = 1.0  # the score of a passage that is found by conditions alone


def find(
    library: Library, question: Question, filters: Filters, *, mode: str, late: bool = True
) -> tuple[int, list[Hit]]:
    """How many passages are found, and at least the best MOST of them, best first."""
    understood = question.understood
    ids = matching(library, question, filters, mode=mode)
    if not understood.query.free and question.like is None:
        return len(ids), _listed(ids[:MOST])
    query = understood.query
    words = library.by_words(
        understood.words, filters, k=MOST, phrases=query.must, without=query.without
    )
    by_meaning = mode != "lexical" or question.like is not None
    near = _near(library, question, filters) if by_meaning else Ranked((), ())
    if question.like is not None:
        mode, late = "dense", False
    kept = ids if len(ids) <= MOST else _best(ids, words, near)
    found = Candidates.of(library, kept, question.embedding.vector, near=_among(near, kept))
    collected = Collected(found, shares(words, kept), NamedCodes.of(library, understood, filters))
    return len(ids), ranked(library, question, collected, k=len(kept), mode=mode, late=late)


def matching(library: Library, question: Question, filters: Filters, *, mode: str) -> Ids:
    """The passages that a search finds under these filters, by id."""
    found = _by_text(library, question, filters, mode=mode)
    understood = question.understood
    if understood.query.codes:
        found = found[np.isin(found, NamedCodes.of(library, understood, filters).any())]
    return _on_pages(library, understood, found)


def _by_text(library: Library, question: Question, filters: Filters, *, mode: str) -> Ids:
    understood = question.understood
    query = understood.query
    if question.like is not None:
        near = np.array(_near(library, question, filters).ids, np.int64)
        return distinct([near[near != question.like]])
    if not query.free:
        return _all_but(library, filters, query.without)
    if query.strict or mode == "lexical":
        words = () if query.strict and query.either else understood.words
        found = library.matching_words(words, filters, phrases=query.must, without=query.without)
        return distinct([found])
    parts = [np.array(_near(library, question, filters).ids, np.int64)]
    parts.append(NamedCodes.of(library, understood, filters).any())
    if mode == "hybrid":
        parts.append(_with_words(library, understood, filters))
    return distinct(parts)


def _all_but(library: Library, filters: Filters, without: Sequence[str]) -> Ids:
    """All that the filters leave, but for passages with one of these words."""
    ids = library.allowed(filters)[0]
    for word in without:
        ids = ids[~np.isin(ids, library.matching_words((), filters, phrases=(word,)))]
    return ids


def _near(library: Library, question: Question, filters: Filters) -> Ranked:
    alike = question.like is not None
    if not question.understood.text and not alike:
        return Ranked((), ())
    if not alike and not _is_read(library, question):
        return Ranked((), ())
    near = library.by_meaning(question.embedding.vector, filters, k=_NEAREST)
    count = sum(score >= (_LIKE if alike else NEAR) for score in near.scores)
    return Ranked(near.ids[:count], near.scores[:count])


def _is_read(library: Library, question: Question) -> bool:
    """Whether the query means anything. What no passage holds and the model knows by its letters
    alone, as keys struck at random, is near to whatever has such letters: to 0.5 in a large
    library, where a question in plain words is content with less."""
    said = [word for word, weight in question.understood.words if weight >= 1]
    if any(library.word_frequencies(said)):
        return True
    offsets = question.embedding.offsets
    return bool((offsets[:, 1] - offsets[:, 0]).sum() >= _LETTERS * len(offsets))


def _with_words(library: Library, understood: Understood, filters: Filters) -> Ids:
    """The passages that hold enough of the query's words, each as telling as it is here. A word
    that the query was widened by counts less, and none counts that no passage holds."""
    weights = weighed(library, understood)
    whole = sum(
        worth
        for (_, weight), (_, worth) in zip(understood.words, weights, strict=True)
        if weight >= 1
    )
    held: NDArray[np.float64] = np.zeros(0)
    known: Ids = np.empty(0, np.int64)
    for word, worth in weights:
        found = distinct([library.matching_words(((word, 1.0),), filters)])
        union = distinct([known, found])
        grown = np.zeros(len(union))
        grown[np.isin(union, known)] = held
        grown[np.isin(union, found)] += worth
        known, held = union, grown
    return known[held >= _SHARE * whole]


def _on_pages(library: Library, understood: Understood, ids: Ids) -> Ids:
    query = understood.query
    if not query.pages:
        return ids
    contents = (stored.content for stored in library.passages(ids.tolist()))
    return ids[[query.on_page(content.page, content.page_label) for content in contents]]


def _best(ids: Ids, words: Ranked, near: Ranked) -> Ids:
    """Of more passages than are ranked, the best by words and the nearest in meaning."""
    proposed = np.array((*near.ids, *words.ids), np.int64)
    return (
        np.sort(np.unique(proposed[np.isin(proposed, ids)])[:MOST]) if len(proposed) else ids[:MOST]
    )


def _among(near: Ranked, ids: Ids) -> Ranked:
    kept = np.isin(np.array(near.ids, np.int64), ids)
    return Ranked(
        tuple(np.array(near.ids, np.int64)[kept].tolist()),
        tuple(np.array(near.scores, np.float64)[kept].tolist()),
    )


def _listed(ids: Ids) -> list[Hit]:
    """Passages that meet every condition, none better than another: in the order of the library."""
    return [Hit(passage, _ALONE, 0.0, 0.0, None, (), frozenset()) for passage in ids.tolist()]
