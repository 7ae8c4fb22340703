"""An embedder for sizes that no model could embed in the time of a benchmark.

It is the product's own embedder, tokenizer and question model included, but for `passages`: there
the forward pass is replaced by recombined results of it. The real model has embedded every base
passage once, and some hundred edits of base passages. The vector of an edited passage is its base
passage's, moved by as much and in such directions as real edits moved one: the cosine with the base
is drawn from the measured ones, the direction from the span of the measured differences. A token's
vector is that of the same token in the base passage, of the same kind of token elsewhere for a word
that the edit brought in, with a little noise.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any
from zlib import crc32

import numpy as np
from corpora.base_texts import BASE, base_texts
from corpora.made import passage
from numpy.typing import NDArray

from index.model.embedder import Embedder, Embedding, unit
from index.model.source import ConvertedModel

EDITS_MEASURED = 500
"""Passages whose edits the real model embeds to see how far and where to an edit moves a vector."""

_AT_ONCE = 512  # texts recombined together
_NOISE = 1.5  # of an int8 token vector's parts, standard deviation


@dataclass(frozen=True, slots=True)
class Geometry:
    """What the real model said.

    `vectors`: unit rows, shape (BASE, dimension). `rows`: int8, the projected token vectors of all
    base passages one after another, those of passage j from `ends[j]` to `ends[j + 1]`; `ids` their
    token numbers. `moves`: unit rows, the directions in which edits moved a vector, and `cosines`
    how far.
    """

    vectors: NDArray[np.float32]
    rows: NDArray[np.int8]
    ends: NDArray[np.int64]
    ids: NDArray[np.int32]
    moves: NDArray[np.float32]
    cosines: NDArray[np.float32]

    def about(self) -> dict[str, object]:
        """The figures that say what geometry the stand-in's vectors have."""
        low, middle, high = np.percentile(self.cosines, [5, 50, 95])
        pairs = self.vectors[:1000] @ self.vectors[:1000].T
        apart = pairs[~np.eye(len(pairs), dtype=bool)]
        return {
            "base_passages": len(self.vectors),
            "edits_measured": len(self.cosines),
            "edit_cosine_p5": round(float(low), 3),
            "edit_cosine_p50": round(float(middle), 3),
            "edit_cosine_p95": round(float(high), 3),
            "pair_cosine_mean": round(float(apart.mean()), 3),
            "pair_cosine_sd": round(float(apart.std()), 3),
        }


def geometry(model: ConvertedModel, folder: Path, *, seed: int) -> Geometry:
    """The geometry of the base passages of a seed, made once with the real model and kept."""
    path = folder / f"geometry-{model.card.revision}-{seed}-{_mark(seed):08x}.npz"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        fresh = _measured(Embedder(model), seed=seed)
        temporary = path.with_suffix(".tmp.npz")
        np.savez(temporary, **{name: getattr(fresh, name) for name in Geometry.__slots__})
        temporary.replace(path)
    with np.load(path, allow_pickle=False) as arrays:
        return Geometry(**{name: arrays[name] for name in Geometry.__slots__})


class StandIn(Embedder):
    """See the module. `seconds` is what standing in has cost, tokenising included."""

    def __init__(self, model: ConvertedModel, known: Geometry, *, seed: int) -> None:
        super().__init__(model)
        self.seconds = 0.0
        self._known = known
        self._base = {text.heading: at for at, text in enumerate(base_texts(seed))}
        self._texts = [text.text for text in base_texts(seed)]
        # For each kind of token a place where it stands; for one never seen, any place.
        self._example = np.arange(model.card.vocabulary) % len(known.rows)
        self._example[known.ids] = np.arange(len(known.ids))
        noise = np.random.default_rng(seed).normal(0, _NOISE, (4096, known.rows.shape[1]))
        self._noise = noise.astype(np.float32)

    def passages(self, texts: Sequence[str]) -> Iterator[tuple[int, Embedding]]:
        for start in range(0, len(texts), _AT_ONCE):
            begun = perf_counter()
            some = texts[start : start + _AT_ONCE]
            encodings = self._tokenizer.encode_batch(list(some), add_special_tokens=False)
            bases = [self._base_of(text) for text in some]
            marks = [crc32(text.encode()) for text in some]
            vectors = self._vectors(some, marks, bases)
            self.seconds += perf_counter() - begun
            for at, encoding in enumerate(encodings):
                begun = perf_counter()
                ids = np.array(encoding.ids, np.int32)
                embedding = Embedding(
                    vector=vectors[at],
                    tokens=self._tokens(ids, marks[at], bases[at]),
                    offsets=np.array(encoding.offsets, np.int32).reshape(-1, 2),
                    ids=ids,
                )
                self.seconds += perf_counter() - begun
                yield start + at, embedding

    def _base_of(self, text: str) -> int:
        """The base passage whose heading the text carries; any one where it carries none."""
        for line in text.split("\n", 4)[:4]:
            found = self._base.get(line.removeprefix("## "))
            if found is not None:
                return found
        return crc32(text.encode()) % BASE

    def _vectors(
        self, texts: Sequence[str], marks: Sequence[int], bases: Sequence[int]
    ) -> NDArray[np.float32]:
        """Of each text by itself: what stands beside it changes nothing."""
        known = self._known
        directions = np.empty((len(texts), len(known.moves)), np.float32)
        cosines = np.empty((len(texts), 1), np.float32)
        for at, (text, mark, base) in enumerate(zip(texts, marks, bases, strict=True)):
            chance = np.random.Generator(np.random.PCG64(mark))
            directions[at] = chance.standard_normal(len(known.moves), np.float32)
            same = self._texts[base] in text
            cosines[at] = 1.0 if same else known.cosines[chance.integers(len(known.cosines))]
        return moved(known.vectors[list(bases)], directions @ known.moves, cosines=cosines)

    def _tokens(self, ids: NDArray[np.int32], mark: int, base: int) -> NDArray[np.float32]:
        known = self._known
        first, last = known.ends[base], known.ends[base + 1]
        places = np.minimum(first + np.arange(len(ids)), last - 1)
        rows = known.rows[np.where(known.ids[places] == ids, places, self._example[ids])]
        start = mark % (len(self._noise) - len(ids))
        return unit(rows + self._noise[start : start + len(ids)])


def moved(
    vectors: NDArray[np.float32], directions: NDArray[np.float32], *, cosines: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Unit rows at these cosines, shape (n, 1), from unit rows, on the side of `directions`."""
    along = (directions * vectors).sum(axis=1, keepdims=True)
    across = unit(directions - along * vectors)
    return unit(cosines * vectors + np.sqrt(np.maximum(0.0, 1 - cosines**2)) * across)


def _measured(embedder: Embedder, *, seed: int) -> Geometry:
    texts = [_whole(text.heading, text.text) for text in base_texts(seed)]
    edited = [
        _whole(base_texts(seed)[at].heading, passage(BASE + at, seed=seed))
        for at in range(EDITS_MEASURED)
    ]
    vectors = np.zeros((len(texts), embedder.dimension), np.float32)
    rows: list[Any] = [None] * len(texts)
    ids: list[Any] = [None] * len(texts)
    for at, embedding in embedder.passages(texts):
        vectors[at] = embedding.vector
        rows[at] = np.round(embedding.tokens * 127).astype(np.int8)
        ids[at] = embedding.ids
    after = np.zeros((len(edited), embedder.dimension), np.float32)
    for at, embedding in embedder.passages(edited):
        after[at] = embedding.vector
    before = vectors[: len(edited)]
    cosines = (before * after).sum(axis=1)
    return Geometry(
        vectors=vectors,
        rows=np.concatenate(rows),
        ends=np.cumsum([0, *map(len, ids)]),
        ids=np.concatenate(ids),
        moves=unit(after - cosines[:, None] * before),
        cosines=cosines,
    )


def _whole(heading: str, text: str) -> str:
    """As the product embeds a section: its document's title in front, its heading, its text."""
    return f"Policy 0\n{heading}\n\n{text}"


def _mark(seed: int) -> int:
    """Changes when the base passages do."""
    return crc32("".join(text.heading + text.text for text in base_texts(seed)).encode())
