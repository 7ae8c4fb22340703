"""Ranks passages by words and meaning together, those with the exact codes first."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from assistant.question.understand import Code, Understood
from assistant.ranking.candidates import Candidates, NamedCodes, by_words, candidates
from index.filters import Filters
from index.library import Library
from index.model.embedder import Embedding, Floats
from index.shards.lexical import Ranked
from index.shards.places import Ids

_LATE_DEPTH = 100  # passages whose tokens are looked at
_WORDS = 0.4  # weight of BM25 relative to the question's best passage; the cosine's is 1
_LATE = 1.5  # weight of late interaction
_OWN = 0.2  # for a passage of a document of whom the question names
_ANOTHERS = -0.4  # for one of another's
_LESSER = 0.2  # for a passage that names a modifier or a revenue code of the question
_OF_A_NAME = 0.1  # of what a token weighs in late interaction, where it is of such a name
_WHOLE = 1 + _WORDS + _LATE


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage with its score and the parts of it; higher is better, the score at most 1.

    `sentences` are the scores of the passage's sentences where its tokens were looked at, `matches`
    the best cosines of the question's tokens in the passage (see Late), `also` passages of
    other documents that say the same in the same words (see `alike`).
    """

    passage: int
    score: float
    lexical: float
    dense: float
    late: float | None
    sentences: tuple[float, ...]
    codes: frozenset[Code]  # of the question, that it names or is covered by
    matches: Floats | None = None
    also: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Whose:
    """The versions, by id, of documents of those whom a question names (see Understood.owners), and
    of documents of others of their kind; `perhaps` those of nobody known that may be theirs."""

    own: frozenset[int] = frozenset()
    others: frozenset[int] = frozenset()
    perhaps: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Question:
    """A question understood and embedded, and the documents of those whom it names. `like` is the
    passage that it asks for others like."""

    understood: Understood
    embedding: Embedding
    whose: Whose = Whose()
    like: int | None = None

    def token_shares(self) -> NDArray[np.float64] | None:
        """Of what each token weighs by itself, how much it counts; None where all do wholly."""
        offsets, text = self.embedding.offsets, self.understood.text
        shares = np.ones(len(offsets))
        for name in self.understood.owners:
            for match in re.finditer(re.escape(name), text):
                of_name = (offsets[:, 0] < match.end()) & (offsets[:, 1] > match.start())
                shares[of_name] = _OF_A_NAME
        return shares if (shares == 1).any() else None


def rank(
    library: Library,
    question: Question,
    filters: Filters,
    *,
    k: int,
    mode: str = "hybrid",
    late: bool = True,
) -> list[Hit]:
    """The best `k` passages, best first; ties go to the lower id. Without `late` no passage's
    tokens are looked at: quicker, and ranked less well. Raises DamagedIndex.

    Passages that name more of the question's codes come before those that name fewer; of two codes
    the rarer one says more. Among equals
    the order is that of the cosine + 0.4 BM25 + 1.5 late interaction; a learned combination of
    these and five more signals did not do better on a set it had not seen.
    """
    words = by_words(library, question.understood, filters)
    naming = NamedCodes.of(library, question.understood, filters)
    vector = question.embedding.vector
    found = candidates(library, question.understood, vector, filters, words, naming, mode=mode)
    collected = Collected(found, shares(words, found.ids), naming)
    return ranked(library, question, collected, k=k, mode=mode, late=late)


@dataclass(frozen=True, slots=True)
class Collected:
    """Passages to be ranked: with BM25 relative to the best one's, and the codes they name."""

    found: Candidates
    lexical: NDArray[np.float64]
    naming: NamedCodes


def ranked(
    library: Library,
    question: Question,
    collected: Collected,
    *,
    k: int,
    mode: str,
    late: bool,
) -> list[Hit]:
    """The best `k` of these passages; see `rank`. A passage whose tokens were not looked at comes
    after those of as many codes that were, with a score that is no higher and never below 0."""
    ids, dense = collected.found.ids, collected.found.cosines
    lexical, naming = collected.lexical, collected.naming
    if not len(ids):
        return []
    rare = naming.rarity(ids, of=library.size)
    scores = {"hybrid": dense + _WORDS * lexical, "dense": dense, "lexical": lexical}[mode]
    scores = scores + _LESSER * naming.name_lesser(ids)
    if question.whose.own:
        scores = scores + _for_whose(library, ids, question.whose)
    before = scores
    looked, tokens = np.empty(0, np.int64), None
    late_scores = np.full(len(ids), -1.0)
    if late and mode == "hybrid":
        looked = np.lexsort((ids, -scores, -rare))[:_LATE_DEPTH]
        tokens = library.late(
            question.embedding, ids[looked].tolist(), shares=question.token_shares()
        )
        late_scores[looked] = tokens.scores
        scores = (scores + _LATE * late_scores) / _WHOLE
    place = {at: place for place, at in enumerate(looked.tolist())}
    order = np.lexsort((ids, -scores, -rare))[:k]
    if tokens is not None:
        scores = _scores_shown(scores, before, looked)
    return [
        Hit(
            passage=int(ids[at]),
            score=max(0.0, float(scores[at])),
            lexical=float(lexical[at]),
            dense=float(dense[at]),
            late=float(late_scores[at]) if at in place else None,
            sentences=tokens.sentences(place[at]) if tokens and at in place else (),
            codes=naming.codes(int(ids[at])),
            matches=tokens.matches[place[at]] if tokens and at in place else None,
        )
        for at in order.tolist()
    ]


def without_words(hit: Hit) -> Hit:
    """A hit of a few documents without its share of BM25, which is relative to the best of them:
    its score is then at most that in the whole library."""
    return replace(hit, score=hit.score - _WORDS * hit.lexical / _WHOLE)


def _scores_shown(
    scores: NDArray[np.float64], before: NDArray[np.float64], looked: NDArray[np.int64]
) -> NDArray[np.float64]:
    """The scores with those of passages whose tokens were not looked at: what they were ordered by
    before, on the same scale, and no more than the lowest of those that were."""
    shown: NDArray[np.float64] = np.minimum(before / (1 + _WORDS), scores[looked].min())
    shown[looked] = scores[looked]
    return shown


def _for_whose(library: Library, ids: Ids, whose: Whose) -> NDArray[np.float64]:
    """What each passage's score gains or loses by whose document it is of."""
    worth = dict.fromkeys(whose.others, _ANOTHERS) | dict.fromkeys(whose.own, _OWN)
    return np.array([worth.get(one, 0.0) for one in library.version_of(ids.tolist())])


def shares(words: Ranked, ids: Ids) -> NDArray[np.float64]:
    """BM25 of each passage relative to the best one's, 0 where its words were not found."""
    if not words.ids:
        return np.zeros(len(ids))
    share = dict(zip(words.ids, words.scores, strict=True))
    scores = np.array([share.get(identity, 0.0) for identity in ids.tolist()], np.float64)
    return scores / words.scores[0]
