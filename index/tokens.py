"""The token vectors of the passages, small: for late interaction and for the highlight.

A token vector is projected on the leading axes of the model's word embeddings, brought to length 1
and kept as int8: 64 bytes. Only the best passages of a question are looked at, so the vectors lie
on the disk and are mapped, not loaded. An index without them still ranks, less well.

A shard is four files: `N.tokens` (the vectors, rows of int8), `N.sentences` (for each row the
number of its sentence in the passage, counted from 1; 0 is the context in front of the text),
`N.kinds` (the distinct token numbers of each passage, int32) and `N.places.npz` (which rows are
whose, and in how many passages each kind of token stands).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.document import Passage
from corpus.sentences import sentences
from index.dense import Ids
from index.embedder import Embedding, Floats, unit

_MOST_SENTENCES = 255
_SCALE = 127.0


@dataclass(frozen=True, slots=True)
class TokenVectors:
    """The tokens of one passage. `vectors`: int8, shape (tokens, dimension), 127 is length 1.
    `sentences`: uint8, shape (tokens,). `kinds`: the distinct token numbers, int32."""

    vectors: NDArray[np.int8]
    sentences: NDArray[np.uint8]
    kinds: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Late:
    """Late interaction of a question with one passage, in -1..1.

    `score` is that of the best sentence together with the context in front of the passage;
    `sentences` those of each sentence by itself, in order.
    """

    score: float
    sentences: tuple[float, ...]


def small(embedding: Embedding, passage: Passage, projection: Floats) -> TokenVectors:
    """The token vectors of a passage as they are kept."""
    front = len(passage.context) + 1 if passage.context else 0
    starts = np.array([span.start + front for span in sentences(passage.text)], np.int32)
    numbers = np.searchsorted(starts, embedding.offsets[:, 0], side="right")
    return TokenVectors(
        vectors=np.round(project(embedding.tokens, projection) * _SCALE).astype(np.int8),
        sentences=np.minimum(numbers, _MOST_SENTENCES).astype(np.uint8),
        kinds=np.unique(embedding.ids),
    )


def project(tokens: Floats, projection: Floats) -> Floats:
    """Unit rows on fewer axes; `tokens` shape (n, dimension), result (n, fewer)."""
    return unit(unit(tokens) @ projection)


class TokenShardWriter:
    """Writes a shard passage by passage; nothing but the places is held in memory."""

    def __init__(self, stem: Path, *, vocabulary: int) -> None:
        self._stem = stem
        self._vectors = stem.with_suffix(".tokens").open("wb")
        self._sentences = stem.with_suffix(".sentences").open("wb")
        self._kinds = stem.with_suffix(".kinds").open("wb")
        self._ids: list[int] = []
        self._ends: list[tuple[int, int]] = [(0, 0)]
        self._frequency = np.zeros(vocabulary, np.int32)

    def add(self, passage: int, tokens: TokenVectors) -> None:
        self._vectors.write(tokens.vectors.tobytes())
        self._sentences.write(tokens.sentences.tobytes())
        self._kinds.write(tokens.kinds.astype(np.int32).tobytes())
        self._ids.append(passage)
        rows, kinds = self._ends[-1]
        self._ends.append((rows + len(tokens.vectors), kinds + len(tokens.kinds)))
        self._frequency[tokens.kinds] += 1

    def finish(self) -> None:
        for file in (self._vectors, self._sentences, self._kinds):
            file.close()
        np.savez(
            self._stem.with_suffix(".places.npz"),
            ids=np.array(self._ids, np.int64),
            ends=np.array(self._ends, np.int64),
            frequency=self._frequency,
        )


class TokenShard:
    """An open shard; `stem` is its path without an ending."""

    def __init__(self, stem: Path, *, dimension: int) -> None:
        with np.load(stem.with_suffix(".places.npz"), allow_pickle=False) as arrays:
            self.ids: Ids = arrays["ids"]
            self._ends: Ids = arrays["ends"]
            self.frequency: NDArray[np.int32] = arrays["frequency"]
        rows, _ = self._ends[-1]
        self._vectors = _mapped(stem.with_suffix(".tokens"), np.int8, (int(rows), dimension))
        self._sentences = _mapped(stem.with_suffix(".sentences"), np.uint8, (int(rows),))
        self._kinds = stem.with_suffix(".kinds")
        self._place = {int(identity): at for at, identity in enumerate(self.ids)}

    def __contains__(self, passage: int) -> bool:
        return passage in self._place

    def rows(self, passage: int) -> tuple[NDArray[np.int8], NDArray[np.uint8]]:
        """The vectors and sentence numbers of a passage."""
        at = self._place[passage]
        rows = slice(int(self._ends[at, 0]), int(self._ends[at + 1, 0]))
        return self._vectors[rows], self._sentences[rows]

    def tokens(self, passage: int) -> TokenVectors:
        """A passage's tokens, to be written to another shard. Raises KeyError."""
        vectors, sentence = self.rows(passage)
        at = self._place[passage]
        first, last = int(self._ends[at, 1]), int(self._ends[at + 1, 1])
        kinds = np.fromfile(self._kinds, np.int32, count=last - first, offset=4 * first)
        return TokenVectors(np.array(vectors), np.array(sentence), kinds)


def _mapped(path: Path, kind: type, shape: tuple[int, ...]) -> NDArray[Any]:
    """A file as an array on the disk; an empty file cannot be mapped and needs not be."""
    return np.memmap(path, kind, "r", shape=shape) if shape[0] else np.empty(shape, kind)


class TokenIndex:
    """The open token shards of a generation. Safe to share between threads."""

    def __init__(self, shards: Sequence[TokenShard]) -> None:
        self._shards = shards
        self._passages = sum(len(shard.ids) for shard in shards)
        self._frequency = sum((shard.frequency for shard in shards), start=np.zeros(1, np.int32))

    def __len__(self) -> int:
        return self._passages

    def weights(self, kinds: NDArray[np.int32]) -> Floats:
        """How much each token of a question counts, shape (tokens,), together 1: rare ones more.

        The inverse document frequency of BM25 (Robertson and Spärck Jones, as Lucene has it).
        """
        frequency = self._frequency[kinds].astype(np.float64)
        idf = np.log1p((self._passages - frequency + 0.5) / (frequency + 0.5))
        return np.asarray(idf / max(float(idf.sum()), 1e-9), np.float32)

    def late(self, question: Floats, weights: Floats, passages: Sequence[int]) -> list[Late]:
        """Late interaction with each passage. `question`: projected unit rows, (tokens, dimension).

        A sentence's score is the weighted sum, over the question's tokens, of the best cosine with
        a token of that sentence (after ColBERT: Khattab and Zaharia, 2020); tokens of the context
        may serve any sentence. Raises KeyError for a passage without token vectors.
        """
        parts, numbers, lengths = [], [], []
        for identity in passages:
            vectors, of_token = self._shard(identity).rows(identity)
            parts.append(vectors)
            numbers.append(of_token)
            lengths.append(len(of_token))
        if not sum(lengths) or not len(question):
            return [Late(-1.0, ()) for _ in passages]
        cosines = np.concatenate(parts).astype(np.float32) @ (question.T / _SCALE)
        sentence = np.concatenate(numbers).astype(np.int64)
        owner = np.repeat(np.arange(len(passages)), lengths)
        turns = np.flatnonzero(
            np.r_[True, (sentence[1:] != sentence[:-1]) | (owner[1:] != owner[:-1])]
        )
        best = np.maximum.reduceat(cosines, turns, axis=0)  # of each sentence, for each token
        number, of = sentence[turns], owner[turns]
        front = np.full((len(passages), cosines.shape[1]), -1.0, np.float32)
        front[of[number == 0]] = best[number == 0]
        alone = best @ weights
        together = np.maximum(best, front[of]) @ weights
        return _collect(len(passages), of, number, alone, together)

    def _shard(self, passage: int) -> TokenShard:
        for shard in self._shards:
            if passage in shard:
                return shard
        raise KeyError(passage)


def _collect(
    passages: int,
    of: NDArray[np.int64],
    number: NDArray[np.int64],
    alone: Floats,
    together: Floats,
) -> list[Late]:
    """The scores of sentences, put together by passage; sentence 0 is the context, not its own."""
    scores = [-1.0] * passages
    by_sentence: list[list[float]] = [[] for _ in range(passages)]
    rows = zip(of.tolist(), number.tolist(), alone.tolist(), together.tolist(), strict=True)
    for passage, sentence, own, both in rows:
        if sentence:
            scores[passage] = max(scores[passage], both)
            known = by_sentence[passage]
            known += [-1.0] * (sentence - len(known))
            known[sentence - 1] = max(known[sentence - 1], own)
    return [Late(score, tuple(found)) for score, found in zip(scores, by_sentence, strict=True)]
