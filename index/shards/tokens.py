"""The token vectors of the passages, small: for late interaction and for the highlight.

A token vector is projected on the leading axes of the model's word embeddings, brought to length 1
and kept as int8: 64 bytes. Or in half of that: each of its parts in four bits, as a share of the
largest, which stands behind them; what was packed so and is packed again is the same.

Only the best passages of a question are looked at, so the vectors lie on the disk and are read from
there. An index without them still ranks, less well.

A shard has three files of them: `N.tokens` (the vectors, rows of int8), `N.sentences` (for each row
the number of its sentence in the passage, counted from 1; 0 is the context in front of the text)
and `N.kinds` (the distinct token numbers of each passage, int32). `Places` says what is whose.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from math import fsum
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.document import Passage
from corpus.text.sentences import sentences
from index.model.embedder import Embedding, Floats
from index.shards.exact import Scores
from index.shards.places import Ids, Places, Rows, SummedRows, mapped, row_sum
from index.shards.records import BUFFER

VECTORS = ".tokens"
SENTENCES = ".sentences"
KINDS = ".kinds"
_MOST_SENTENCES = 255
_SCALE = 127.0
_SEVENTHS = 7.0
# A question's tokens are whole numbers too. The sums of products of two such vectors stay below
# 2^19 (Cauchy and Schwarz), and a float32 is exact to 2^24: no order of adding changes a score.
_ASKED = 2047.0
_WHOLE = _SCALE * _ASKED
_WEIGHED = 2.0**26  # and so are the weights, whose sums a float64 holds


@dataclass(frozen=True, slots=True)
class TokenVectors:
    """The tokens of one passage. `vectors`: int8, shape (tokens, dimension), 127 is length 1; with
    4 `bits` shape (tokens, dimension // 2 + 1), see `packed`. `sentences`: uint8, shape (tokens,).
    `kinds`: the distinct token numbers, int32."""

    vectors: NDArray[np.int8]
    sentences: NDArray[np.uint8]
    kinds: NDArray[np.int32]
    bits: int = 8


def packed(vectors: NDArray[np.int8]) -> NDArray[np.int8]:
    """Rows of parts in -127..127 as rows of half as many bytes and one: two parts each, and last
    the largest part, of which they are sevenths."""
    most = np.abs(vectors.astype(np.int16)).max(axis=1, keepdims=True, initial=1)
    parts = np.rint(vectors * (_SEVENTHS / most)).astype(np.int8) & 0xF
    both = parts[:, ::2] | (parts[:, 1::2] << 4)
    return np.asarray(np.hstack([both, most.astype(np.int8)]), np.int8)


def unpacked(rows: NDArray[np.int8]) -> NDArray[np.int8]:
    """As near to what was packed as four bits have it."""
    most = rows[:, -1:].astype(np.float32)
    both = rows[:, :-1]
    parts = np.empty((len(rows), 2 * both.shape[1]), np.int8)
    parts[:, ::2] = (both << 4) >> 4  # the sign comes along
    parts[:, 1::2] = both >> 4
    whole = np.rint(parts * (most / np.float32(_SEVENTHS)))
    return np.asarray(whole, np.int8)


@dataclass(frozen=True, slots=True)
class Late:
    """Late interaction of a question with passages, in -1..1.

    `scores`, shape (passages,): that of the best sentence together with the context in front of the
    passage; -1 where there is nothing to score. `owner`, `number` and `alone` have a row for each
    sentence that has tokens: whose it is, its number from 1, its score by itself. `matches`, shape
    (passages, tokens), has the best cosine of each token of the question in the whole passage.
    """

    scores: Scores
    owner: Ids
    number: Ids
    alone: Scores
    matches: Floats

    def sentences(self, at: int) -> tuple[float, ...]:
        """The scores of the sentences of the passage at this place, in order, each by itself."""
        first, last = np.searchsorted(self.owner, [at, at + 1])
        numbers = self.number[first:last]
        scores = np.full(int(numbers.max(initial=0)), -1.0)
        scores[numbers - 1] = self.alone[first:last]
        return tuple(scores.tolist())


def small(embedding: Embedding, passage: Passage, *, bits: int = 8) -> TokenVectors:
    """The token vectors of a passage as they are kept, each part in 8 or 4 bits."""
    front = len(passage.context) + 1 if passage.context else 0
    starts = np.array([span.start + front for span in sentences(passage.text)], np.int32)
    numbers = np.searchsorted(starts, embedding.offsets[:, 0], side="right")
    vectors = np.round(embedding.tokens * _SCALE).astype(np.int8)
    return TokenVectors(
        vectors=vectors if bits == 8 else packed(vectors),
        sentences=np.minimum(numbers, _MOST_SENTENCES).astype(np.uint8),
        kinds=np.unique(embedding.ids),
        bits=bits,
    )


def bits_told(bits: int) -> dict[str, NDArray[Any]]:
    """What `Places` is to know of them; nothing of the usual ones, as it always was."""
    return {} if bits == 8 else {"token_bits": np.array([bits])}


class TokenShardWriter:
    """Writes the token files of a shard, passage by passage; only the places are held in memory."""

    def __init__(self, stem: Path, *, vocabulary: int) -> None:
        self._vectors = stem.with_name(stem.name + VECTORS).open("wb", BUFFER)
        self._sentences = stem.with_name(stem.name + SENTENCES).open("wb", BUFFER)
        self._kinds = stem.with_name(stem.name + KINDS).open("wb", BUFFER)
        self._ends: list[tuple[int, int]] = [(0, 0)]
        self._sums: list[int] = []
        self._kind_sums: list[int] = []
        self._frequency = np.zeros(vocabulary, np.int32)
        self._dimension = 0  # told by what is written, and so are the bits
        self._bits = 8

    def add(self, tokens: TokenVectors) -> None:
        self._dimension = tokens.vectors.shape[1]
        self._bits = tokens.bits
        self._vectors.write(tokens.vectors.tobytes())
        self._sentences.write(tokens.sentences.tobytes())
        numbers = tokens.kinds.astype(np.int32)
        self._kinds.write(numbers.tobytes())
        self._kind_sums.append(row_sum(numbers))
        self._sums.append(row_sum(tokens.vectors, tokens.sentences))
        rows, kinds = self._ends[-1]
        self._ends.append((rows + len(tokens.vectors), kinds + len(tokens.kinds)))
        self._frequency[tokens.kinds] += 1

    def written(self, row: int) -> TokenVectors:
        """What was added as number `row`, counted from 0."""
        for file in (self._vectors, self._sentences, self._kinds):
            file.flush()
        (start, first), (end, last) = self._ends[row : row + 2]
        width = self._dimension
        vectors = np.fromfile(
            self._vectors.name, np.int8, (end - start) * width, offset=start * width
        )
        return TokenVectors(
            vectors.reshape(end - start, width),
            np.fromfile(self._sentences.name, np.uint8, end - start, offset=start),
            np.fromfile(self._kinds.name, np.int32, last - first, offset=4 * first),
            self._bits,
        )

    def finish(self) -> dict[str, NDArray[Any]]:
        """Close the files; gives what `Places` is to know of them."""
        for file in (self._vectors, self._sentences, self._kinds):
            file.close()
        return {
            **bits_told(self._bits),
            "ends": np.array(self._ends, np.int64),
            "frequency": self._frequency,
            "token_sums": np.array(self._sums, np.uint32),
            "kind_sums": np.array(self._kind_sums, np.uint32),
        }


class TokenShard:
    """The open token files of a shard; `stem` is its path without an ending."""

    def __init__(self, stem: Path, places: Places, *, dimension: int) -> None:
        self.places = places
        rows = int(places.ends[-1, 0])
        path = stem.with_name(stem.name + VECTORS)
        width = dimension if places.token_bits == 8 else dimension // 2 + 1
        self._vectors = Rows(path, np.int8, rows=rows, dimension=width)
        self._sentences = mapped(stem.with_name(stem.name + SENTENCES), np.uint8, (rows,))
        self._kinds = stem.with_name(stem.name + KINDS)
        self._summed = SummedRows(path, places.token_sums)
        self._kinds_summed = SummedRows(self._kinds, places.kind_sums)

    def over(self, places: Places) -> TokenShard:
        """The same vectors, of which others are living."""
        other = copy(self)
        other.places = places
        return other

    def close(self) -> None:
        """Close what is read from file by file; a map goes with who holds it."""
        self._vectors.close()

    def rows(self, row: int) -> tuple[NDArray[np.int8], NDArray[np.uint8]]:
        """The vectors and sentence numbers of the passage with this number in the shard. Raises
        DamagedIndex."""
        vectors, sentence = self._kept(row)
        return (vectors if self.places.token_bits == 8 else unpacked(vectors)), sentence

    def _kept(self, row: int) -> tuple[NDArray[np.int8], NDArray[np.uint8]]:
        start, end = self.places.ends[row : row + 2, 0].tolist()
        vectors = self._vectors.read(start, end)
        sentence = self._sentences[start:end]
        self._summed.compare(row, vectors, sentence)
        return vectors, sentence

    def tokens(self, row: int) -> TokenVectors:
        """All of a passage, to be written to another shard. Raises DamagedIndex."""
        vectors, sentence = self._kept(row)
        kinds, bits = self.kinds(row), self.places.token_bits
        return TokenVectors(np.array(vectors), np.array(sentence), kinds, bits)

    def kinds(self, row: int) -> NDArray[np.int32]:
        """The distinct token numbers of a passage. Raises DamagedIndex."""
        first, last = (int(end) for end in self.places.ends[row : row + 2, 1])
        found = np.fromfile(self._kinds, np.int32, count=last - first, offset=4 * first)
        self._kinds_summed.compare(row, found)
        return found


@dataclass(frozen=True, slots=True)
class Counted:
    """How many passages there are, and in how many of them each kind of token stands."""

    passages: int
    frequency: NDArray[np.int32]


class TokenIndex:
    """The open token shards of a generation. Safe to share between threads."""

    def __init__(self, shards: Sequence[TokenShard], counted: Counted | None = None) -> None:
        """`counted` is what counts in these and in shards that lie elsewhere."""
        self._shards = shards
        frequencies = (shard.places.frequency for shard in shards)
        self.counted = counted or Counted(
            sum(len(shard.places.ids) for shard in shards),
            sum(frequencies, start=np.zeros(1, np.int32)),
        )

    def __len__(self) -> int:
        return self.counted.passages

    def ids(self) -> list[int]:
        """The passage ids of all shards."""
        return [identity for shard in self._shards for identity in shard.places.ids.tolist()]

    def weights(self, kinds: NDArray[np.int32], shares: Scores | None = None) -> Scores:
        """How much each token of a question counts, shape (tokens,), together 1: rare ones more. Of
        what a token weighs by itself, `shares` are taken.

        The inverse document frequency of BM25 (Robertson and Spärck Jones, as Lucene has it).
        """
        frequency = self.counted.frequency[kinds].astype(np.float64)
        idf = np.log1p((self.counted.passages - frequency + 0.5) / (frequency + 0.5))
        if shares is not None:
            idf = idf * shares
        return np.asarray(idf / max(fsum(idf.tolist()), 1e-9))

    def late(self, question: Floats, weights: Scores, passages: Sequence[int]) -> Late:
        """Late interaction with each passage. `question`: unit rows, shape (tokens, dimension).

        A sentence's score is the weighted sum, over the question's tokens, of the best cosine with
        a token of that sentence (after ColBERT: Khattab and Zaharia, 2020); tokens of the context
        may serve any sentence. Raises KeyError for a passage without token vectors, DamagedIndex.
        """
        rows = self._rows(passages)
        lengths = [len(sentence) for _, sentence in rows]
        if not sum(lengths) or not len(question):
            nothing = np.empty(0, np.int64)
            bare = np.full((len(passages), len(question)), -1.0, np.float32)
            return Late(np.full(len(passages), -1.0), nothing, nothing, np.empty(0), bare)
        vectors = np.concatenate([part for part, _ in rows])
        asked = np.rint(question * _ASKED)
        cosines = vectors.astype(np.float32) @ asked.T  # times _WHOLE
        # One run of rows for each sentence of each passage, in order.
        run = np.concatenate([part for _, part in rows]).astype(np.int64)
        run += np.repeat(np.arange(len(passages)) << 8, lengths)
        turns = np.flatnonzero(np.r_[True, run[1:] != run[:-1]])
        best = np.maximum.reduceat(cosines, turns, axis=0)  # of each sentence, for each token
        owner, number = run[turns] >> 8, run[turns] & 255
        front = np.full((len(passages), cosines.shape[1]), -_WHOLE, np.float32)
        front[owner[number == 0]] = best[number == 0]
        whole = np.full_like(front, -_WHOLE)
        begins = np.flatnonzero(np.r_[True, owner[1:] != owner[:-1]])
        whole[owner[begins]] = np.maximum.reduceat(best, begins, axis=0)
        own = number > 0  # number 0 is the context, no sentence
        owner, number, best = owner[own], number[own], best[own]
        scores = np.full(len(passages), -1.0)
        np.maximum.at(scores, owner, _weighed(np.maximum(best, front[owner]), weights))
        matches = np.asarray(whole / _WHOLE, np.float32)
        return Late(scores, owner, number, _weighed(best, weights), matches)

    def _rows(self, passages: Sequence[int]) -> list[tuple[NDArray[np.int8], NDArray[np.uint8]]]:
        places = [shard.places.rows(passages).tolist() for shard in self._shards]
        found = []
        for at, identity in enumerate(passages):
            for shard, rows in zip(self._shards, places, strict=True):
                if rows[at] >= 0:
                    found.append(shard.rows(rows[at]))
                    break
            else:
                raise KeyError(identity)
        return found


def _weighed(best: Floats, weights: Scores) -> Scores:
    """The weighted sum of each row of cosines times _WHOLE."""
    whole = best.astype(np.float64) @ np.rint(weights * _WEIGHED)
    return np.asarray(whole / (_WHOLE * _WEIGHED))
