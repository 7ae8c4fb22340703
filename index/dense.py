"""Passage vectors in FAISS: cosine of unit vectors, so a score is in -1..1 and higher is better.

A shard of few vectors is searched exactly. A large one is searched approximately: its vectors lie
in the lists of their nearest centroids (IVF; Jégou, Douze and Schmid, 2011), a signed byte for each
dimension, of which a question looks at the nearest; what that finds is then scored exactly, from
the rows as they were embedded. How many lists are looked at is measured when the shard is written.
"""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import faiss
import numpy as np

from index.embedder import Floats, unit
from index.filters import Allowed
from index.lexical import Ranked
from index.places import Ids, Places, SummedRows, mapped

APPROXIMATE_FROM = 32_768  # vectors of a shard; fewer are looked at one by one in about 4 ms
RECALL = 0.985  # of the 50 nearest of what is as far from a passage as hard questions are
ROWS = ".vectors"
INDEX = ".faiss"
_NEAREST = 50
_SAMPLE = 64  # vectors whose true neighbours are looked up to choose the number of lists
_TRAINED_ON = 40  # vectors for each list
_ROUNDS = 8  # of k-means
_WIDEST = 6  # standard deviations of a unit vector's parts that a signed byte still tells apart
_FAR = np.float32(0.4)  # cosine of a hard question with its nearest passage
_SCORED = 4_000  # so few vectors that filters leave are scored as they were embedded
_SCANNED = 100_000  # and so few are all looked at
_MOST = 0.5  # share of all passages from which on a filter is applied to what was found


def write_dense(stem: Path, ids: Ids, dimension: int) -> dict[str, Any]:
    """Index the rows in `STEM.vectors`, unit, float32, shape (len(ids), dimension).

    Gives what the manifest says of it. A small index holds the rows itself, and the file of rows
    is removed. Through bytes and Python's own file calls: FAISS's writer truncates the file it
    fails to write, and cannot open every path on Windows.
    """
    rows = stem.with_name(stem.name + ROWS)
    vectors = np.fromfile(rows, np.float32).reshape(-1, dimension)
    if len(ids) < APPROXIMATE_FROM:
        index = faiss.IndexIDMap2(faiss.IndexFlatIP(dimension))
        index.add_with_ids(vectors, ids)
        rows.unlink()
        how: dict[str, Any] = {"search": "exact"}
    else:
        index, how = _lists(vectors, ids)
    data = faiss.serialize_index(index)
    stem.with_name(stem.name + INDEX).write_bytes(data.data)
    return how


def _lists(vectors: Floats, ids: Ids) -> tuple[Any, dict[str, Any]]:
    """An approximate index of many vectors, and what was chosen and measured for it."""
    count, dimension = vectors.shape
    lists = 1 << round(np.log2(2.5 * np.sqrt(count)))
    index = faiss.IndexIVFScalarQuantizer(
        faiss.IndexFlatIP(dimension),
        dimension,
        lists,
        faiss.ScalarQuantizer.QT_8bit_direct_signed,
        faiss.METRIC_INNER_PRODUCT,
        False,  # the vectors themselves, not what is left of them beside their centroid
    )
    index.cp.niter = _ROUNDS
    chance = np.random.default_rng(count)  # the same vectors in the same order: the same index
    faiss.omp_set_num_threads(os.cpu_count() or 1)
    try:
        sample = np.sort(chance.choice(count, min(count, _TRAINED_ON * lists), replace=False))
        small = _as_bytes(vectors)
        index.train(small[sample])
        index.add_with_ids(small, ids)
        probes, recall = _probes(index, vectors, ids, chance)
    finally:
        faiss.omp_set_num_threads(1)
    index.nprobe = probes
    how = {"search": "approximate", "lists": lists, "probes": probes, "recall_50": recall}
    return index, how


def _probes(
    index: Any, vectors: Floats, ids: Ids, chance: np.random.Generator
) -> tuple[int, float]:
    """The fewest lists that find enough of the true neighbours, and the share they find.

    Asked are stored vectors turned away in any direction as far as hard questions are from what
    answers them. On 100,000 passages these needed as many lists as questions did; stored vectors
    themselves a quarter of them.
    """
    near = vectors[chance.choice(len(vectors), _SAMPLE, replace=False)]
    away = chance.standard_normal(near.shape).astype(np.float32)
    away = unit(away - (away * near).sum(axis=1, keepdims=True) * near)
    asked = unit(_FAR * near + np.sqrt(1 - _FAR**2) * away)
    exact = faiss.knn(asked, vectors, _NEAREST, metric=faiss.METRIC_INNER_PRODUCT)[1]
    truth = ids[exact]
    steps = [step for power in range(3, 20) for step in (1 << power, 3 << power - 1)]
    recall = 0.0
    for probes in [step for step in steps if step < index.nlist]:
        index.nprobe = probes
        _, found = index.search(_as_bytes(asked), _NEAREST + _NEAREST // 4)
        held = [np.isin(one, other).mean() for one, other in zip(truth, found, strict=True)]
        recall = float(np.mean(held))
        if recall >= RECALL:
            return probes, round(recall, 4)
    return int(index.nlist), 1.0


def _as_bytes(vectors: Floats) -> Floats:
    """Unit vectors at the scale at which each part is rounded to a signed byte."""
    largest = min(1.0, _WIDEST / math.sqrt(vectors.shape[1]))
    return np.asarray(np.clip(np.round(vectors * (127 / largest)), -127, 127), np.float32)


class DenseShard:
    """An open shard; `stem` is its path without an ending."""

    def __init__(self, stem: Path, places: Places, *, dimension: int) -> None:
        self.places = places
        self._dimension = dimension
        data = np.fromfile(stem.with_name(stem.name + INDEX), np.uint8)
        self._index: Any = faiss.deserialize_index(data)
        self._path = stem.with_name(stem.name + ROWS)
        self.approximate = not isinstance(self._index, faiss.IndexIDMap2)
        self._summed = SummedRows(self._path, places.vector_sums)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @cached_property
    def ids(self) -> Ids:
        """The passage ids as the index itself has them."""
        if not self.approximate:
            return np.asarray(faiss.vector_to_array(self._index.id_map), np.int64)
        held = self._index.invlists
        lists = range(self._index.nlist)
        parts = [faiss.rev_swig_ptr(held.get_ids(at), held.list_size(at)).copy() for at in lists]
        return np.concatenate(parts).astype(np.int64)

    def rows(self, rows: Ids) -> Floats:
        """Some vectors as they were embedded, by their number in the shard. Raises DamagedIndex."""
        if not self.approximate:
            return np.asarray(self._held[rows])
        found = self._mapped[rows]
        for at in np.flatnonzero(self._summed.unseen(rows)).tolist():
            self._summed.compare(int(rows[at]), found[at])
        return np.asarray(found)

    @cached_property
    def _held(self) -> Floats:
        """The vectors of an exact index, which it holds itself."""
        flat = faiss.downcast_index(self._index.index)
        held = faiss.rev_swig_ptr(flat.get_xb(), flat.ntotal * flat.d)
        return np.asarray(held.reshape(-1, flat.d), np.float32)

    @cached_property
    def _mapped(self) -> Floats:
        """The rows on the disk; few of them are looked at, and each is small."""
        return mapped(self._path, np.float32, (len(self), self._dimension))

    def search(
        self, vector: Floats, *, k: int, allowed: Allowed | None, exact: bool
    ) -> tuple[Floats, Ids]:
        """Scores and ids of at least the best `k`, as far as there are so many, in no order."""
        few = allowed is not None and len(allowed.ids) <= _SCORED
        if self.approximate and (exact or few):
            return self._one_by_one(vector, k=k, allowed=allowed)
        if allowed is not None and allowed.share >= _MOST:
            # Of so many the best are among the best of all: looked for without a filter, which
            # would be asked of every vector.
            scores, ids = self._nearest(vector, k=math.ceil(1.2 * k / allowed.share), allowed=None)
            kept = allowed.among(ids)
            if kept.sum() >= k or len(ids) == len(self):
                return scores[kept], ids[kept]
        return self._nearest(vector, k=k, allowed=allowed)

    def _nearest(self, vector: Floats, *, k: int, allowed: Allowed | None) -> tuple[Floats, Ids]:
        selector = faiss.IDSelectorBitmap(allowed.bits) if allowed else None
        parameters = faiss.SearchParameters(sel=selector)
        asked = vector[None, :]
        if self.approximate:
            asked = _as_bytes(asked)
            parameters = faiss.SearchParametersIVF(sel=selector, nprobe=self._lists(allowed))
            k += k // 4  # by bytes the order of those that are alike is uncertain
        scores, ids = self._index.search(asked, min(k, len(self)), params=parameters)
        found = ids[0][ids[0] >= 0]  # FAISS fills up with -1
        if not self.approximate:
            return scores[0][: len(found)], found
        return self.rows(self.places.rows(found)) @ vector, found

    def _lists(self, allowed: Allowed | None) -> int:
        """How many lists to look at: more where filters leave less, all where they leave little."""
        probes, lists = int(self._index.nprobe), int(self._index.nlist)
        if allowed is None:
            return probes
        if len(allowed.ids) <= _SCANNED or allowed.share >= _MOST:  # what was found was left out
            return lists
        return min(lists, math.ceil(probes / allowed.share))

    def _one_by_one(self, vector: Floats, *, k: int, allowed: Allowed | None) -> tuple[Floats, Ids]:
        rows = np.arange(len(self))
        if allowed:
            rows = self.places.rows(allowed.ids)
            rows = rows[rows >= 0]
        scores, ids = self.rows(rows) @ vector, self.places.ids[rows]
        best = np.argsort(-scores, kind="stable")[:k]
        return scores[best], ids[best]


class DenseIndex:
    """The open shards of a generation. Safe to share between threads: nothing is ever added."""

    def __init__(self, shards: Sequence[DenseShard], *, dimension: int) -> None:
        self._shards = shards
        self._dimension = dimension

    def __len__(self) -> int:
        return sum(len(shard) for shard in self._shards)

    @property
    def approximate(self) -> bool:
        """Whether any shard is searched approximately."""
        return any(shard.approximate for shard in self._shards)

    def ids(self) -> list[int]:
        """The passage ids of all shards."""
        return [identity for shard in self._shards for identity in shard.ids.tolist()]

    def search(
        self, vector: Floats, *, k: int, allowed: Allowed | None = None, exact: bool = False
    ) -> Ranked:
        """The best `k` passages by cosine with a unit vector of shape (dimension,).

        `allowed` narrows to these passages before the ranking (None: all); few of them are all
        looked at, whatever the size of the index. `exact` looks at every vector. Raises
        DamagedIndex.
        """
        if k < 1 or (allowed is not None and not len(allowed.ids)):
            return Ranked((), ())
        # Many askers share the cores: their OpenMP teams would fight, and a team that waits spins.
        faiss.omp_set_num_threads(1)  # of the thread that calls it, no other
        found = [
            shard.search(vector, k=k, allowed=allowed, exact=exact)
            for shard in self._shards
            if len(shard)
        ]
        if not found:
            return Ranked((), ())
        scores = np.concatenate([part for part, _ in found])
        ids = np.concatenate([part for _, part in found])
        best = np.lexsort((ids, -scores))[:k]
        return Ranked(tuple(ids[best].tolist()), tuple(scores[best].tolist()))

    def vectors(self, ids: Sequence[int] | Ids) -> Floats:
        """The vectors of these passages, shape (n, dimension). Raises KeyError, DamagedIndex."""
        wanted = np.asarray(ids, np.int64)
        found = np.empty((len(wanted), self._dimension), np.float32)
        left = np.ones(len(wanted), bool)
        for shard in self._shards:
            rows = shard.places.rows(wanted)
            here = rows >= 0
            found[here] = shard.rows(rows[here])
            left &= ~here
        if left.any():
            raise KeyError(int(wanted[left][0]))
        return found
