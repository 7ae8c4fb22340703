"""Ranks passages by words and meaning together, those with the exact codes first."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.question.understand import Code, Understood
from assistant.ranking.candidates import NamedCodes, by_words, candidates
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
    of documents of others of their kind."""

    own: frozenset[int] = frozenset()
    others: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Question:
    """A question understood and embedded, and the documents of those whom it names."""

    understood: Understood
    embedding: Embedding
    whose: Whose = Whose()

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
    ids, dense = found.ids, found.cosines
    if not len(ids):
        return []
    lexical = _shares(words, ids)
    rare = naming.rarity(ids, of=library.size)
    scores = {"hybrid": dense + _WORDS * lexical, "dense": dense, "lexical": lexical}[mode]
    if question.whose.own:
        scores = scores + _for_whose(library, ids, question.whose)
    looked, tokens = np.empty(0, np.int64), None
    late_scores = np.full(len(ids), -1.0)
    if late and mode == "hybrid":
        looked = np.lexsort((ids, -scores, -rare))[:_LATE_DEPTH]
        shares = question.token_shares()
        tokens = library.late(question.embedding, ids[looked].tolist(), shares=shares)
        late_scores[looked] = tokens.scores
        scores = (scores + _LATE * late_scores) / _WHOLE
    place = {at: place for place, at in enumerate(looked.tolist())}
    return [
        Hit(
            passage=int(ids[at]),
            score=float(scores[at]),
            lexical=float(lexical[at]),
            dense=float(dense[at]),
            late=float(late_scores[at]) if at in place else None,
            sentences=tokens.sentences(place[at]) if tokens and at in place else (),
            codes=naming.codes(int(ids[at])),
            matches=tokens.matches[place[at]] if tokens and at in place else None,
        )
        for at in np.lexsort((ids, -scores, -rare))[:k].tolist()
    ]


def _for_whose(library: Library, ids: Ids, whose: Whose) -> NDArray[np.float64]:
    """What each passage's score gains or loses by whose document it is of."""
    worth = dict.fromkeys(whose.others, _ANOTHERS) | dict.fromkeys(whose.own, _OWN)
    return np.array([worth.get(one, 0.0) for one in library.version_of(ids.tolist())])


def _shares(words: Ranked, ids: Ids) -> NDArray[np.float64]:
    """BM25 of each passage relative to the best one's, 0 where its words were not found."""
    if not words.ids:
        return np.zeros(len(ids))
    share = dict(zip(words.ids, words.scores, strict=True))
    scores = np.array([share.get(identity, 0.0) for identity in ids.tolist()], np.float64)
    return scores / words.scores[0]
