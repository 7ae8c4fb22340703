"""Passage vectors in FAISS: cosine of unit vectors, so a score is in -1..1 and higher is better.

A shard of few vectors is searched exactly. In a large one every vector is looked at too, but as
codes: four bits for every two of its parts (product quantisation; Jégou, Douze and Schmid, 2011),
32 vectors at once in the processor's registers (André, Kermarrec and Le Scouarnec, 2015). What is
best by its code is then scored from the rows as they were embedded. How many more are scored than
are wanted is measured when the shard is written.

FAISS only proposes. What is found has the scores of `index.shards.exact`, in every shard, so that
none depends on what it was searched with.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from copy import copy
from functools import cached_property
from pathlib import Path
from typing import Any

import faiss
import numpy as np

from index.filters import Allowed
from index.model.embedder import Floats, unit
from index.shards.exact import Scores, can_be_best, cosines, rounding
from index.shards.lexical import Ranked
from index.shards.places import Ids, Places, SummedRows, mapped

APPROXIMATE_FROM = 32_768  # vectors of a shard; fewer are looked at one by one in about 4 ms
QUANTISER = 2  # count it up when the same vectors get other codes
RECALL = 0.985  # of the 50 nearest of what is as far from a passage as hard questions are
ROWS = ".vectors"
INDEX = ".faiss"
_NEAREST = 50
_SAMPLE = 64  # vectors whose true neighbours are looked up to choose how many are scored again
_TRAINED_ON = 20_000  # vectors; 16 centres for each pair of parts need no more
_FAR = np.float32(0.4)  # cosine of a hard question with its nearest passage
_SPARE = 56  # proposed beyond those wanted, at first: rounding may have put them in another order
_FEW = 4_000  # so few vectors that filters leave are all scored as they were embedded


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
        index, how = _codes(vectors, ids)
    data = faiss.serialize_index(index)
    stem.with_name(stem.name + INDEX).write_bytes(data.data)
    return how


def _codes(vectors: Floats, ids: Ids) -> tuple[Any, dict[str, Any]]:
    """An approximate index of many vectors, and what was chosen and measured for it."""
    count, dimension = vectors.shape
    index = faiss.IndexIVFPQFastScan(
        faiss.IndexFlatIP(dimension),
        dimension,
        1,  # one list, of all vectors: the kind without lists knows no filters
        dimension // 2,
        4,
        faiss.METRIC_INNER_PRODUCT,
    )
    index.by_residual = False  # the vectors themselves, not what is left of them beside a centre
    chance = np.random.default_rng(count)  # the same vectors in the same order: the same index
    faiss.omp_set_num_threads(os.cpu_count() or 1)
    try:
        sample = np.sort(chance.choice(count, min(count, _TRAINED_ON), replace=False))
        index.train(vectors[sample])
        index.add_with_ids(vectors, ids)
        more, recall = _more(index, vectors, ids, chance)
    finally:
        faiss.omp_set_num_threads(1)
    return index, {"search": "approximate", "scored_more": more, "recall_50": recall}


def _more(index: Any, vectors: Floats, ids: Ids, chance: np.random.Generator) -> tuple[int, float]:
    """How many more than are wanted must be scored exactly so that enough of the true neighbours
    are among them, and the share that then is.

    Asked are stored vectors turned away in any direction as far as hard questions are from what
    answers them.
    """
    near = vectors[chance.choice(len(vectors), _SAMPLE, replace=False)]
    away = chance.standard_normal(near.shape).astype(np.float32)
    away = unit(away - (away * near).sum(axis=1, keepdims=True) * near)
    asked = unit(_FAR * near + np.sqrt(1 - _FAR**2) * away)
    exact = faiss.knn(asked, vectors, _NEAREST, metric=faiss.METRIC_INNER_PRODUCT)[1]
    truth = ids[exact]
    steps = [step for power in range(4, 20) for step in (1 << power, 3 << power - 1)]
    for more in [step for step in steps if _NEAREST + step < len(ids)]:
        _, found = index.search(asked, _NEAREST + more)
        held = [np.isin(one, other).mean() for one, other in zip(truth, found, strict=True)]
        if (recall := float(np.mean(held))) >= RECALL:
            return more, round(recall, 4)
    return len(ids), 1.0


class DenseShard:
    """An open shard; `stem` is its path without an ending, `how` what the manifest says of it."""

    def __init__(
        self, stem: Path, places: Places, *, dimension: int, how: Mapping[str, Any]
    ) -> None:
        self.places = places
        self._dimension = dimension
        data = np.fromfile(stem.with_name(stem.name + INDEX), np.uint8)
        self._index: Any = faiss.deserialize_index(data)
        path = stem.with_name(stem.name + ROWS)
        self.approximate = not isinstance(self._index, faiss.IndexIDMap2)
        # Mapped now: the generation's files may be gone from their folder when they are looked at.
        self._rows = mapped(path, np.float32, (len(self), dimension)) if self.approximate else None
        # None where an earlier Codedesk wrote the shard, with other codes: they are not used.
        self._more: int | None = how.get("scored_more")
        self._summed = SummedRows(path, places.vector_sums)

    def over(self, places: Places) -> DenseShard:
        """The same vectors, of which others are living."""
        other = copy(self)
        vars(other).pop("_living", None)
        other.places = places
        return other

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @cached_property
    def _living(self) -> Allowed | None:
        """What a search of all may find; None where that is everything."""
        return Allowed.of(np.sort(self.places.ids)) if len(self.places.dead) else None

    @property
    def ids(self) -> Ids:
        """The ids of the living passages as the index itself has them."""
        return self._ids[~np.isin(self._ids, self.places.dead)]

    @cached_property
    def _ids(self) -> Ids:
        if not self.approximate:
            return np.asarray(faiss.vector_to_array(self._index.id_map), np.int64)
        held = self._index.invlists
        lists = range(self._index.nlist)
        parts = [faiss.rev_swig_ptr(held.get_ids(at), held.list_size(at)).copy() for at in lists]
        return np.concatenate(parts).astype(np.int64)

    def rows(self, rows: Ids) -> Floats:
        """Some vectors as they were embedded, by their number in the shard. Raises DamagedIndex."""
        if self._rows is None:
            return np.asarray(self._held[rows])
        found = self._rows[rows]
        for at in np.flatnonzero(self._summed.unseen(rows)).tolist():
            self._summed.compare(int(rows[at]), found[at])
        return np.asarray(found)

    @cached_property
    def _held(self) -> Floats:
        """The vectors of an exact index, which it holds itself."""
        flat = faiss.downcast_index(self._index.index)
        held = faiss.rev_swig_ptr(flat.get_xb(), flat.ntotal * flat.d)
        return np.asarray(held.reshape(-1, flat.d), np.float32)

    def search(
        self, vector: Floats, *, k: int, allowed: Allowed | None, exact: bool
    ) -> tuple[Scores, Ids]:
        """Scores and ids of at least the best `k`, as far as there are so many, in no order."""
        living = None if allowed is not None else self._living
        exact = exact or is_few(living)
        allowed = allowed or living
        if not self.approximate:
            rows = self._proposed(vector, k=k, allowed=allowed)
        elif self._more is None or exact:
            rows = self._one_by_one(vector, k=k, allowed=allowed)
        else:
            rows = self._found(vector, most=k + self._more, allowed=allowed)[1]
        return cosines(self.rows(rows), vector), self.places.all_ids[rows]

    def _proposed(self, vector: Floats, *, k: int, allowed: Allowed | None) -> Ids:
        """The rows that can be among the best `k`. More are asked for until those left out are
        certain to be worse."""
        within, most = rounding(self._dimension), k + _SPARE
        while True:
            scores, rows = self._found(vector, most=most, allowed=allowed)
            near = can_be_best(scores, k=k, within=within)
            if len(rows) < most or not near.all():
                return rows[near]
            most *= 4

    def _found(self, vector: Floats, *, most: int, allowed: Allowed | None) -> tuple[Floats, Ids]:
        """What FAISS finds: its scores, best first, and the rows."""
        selector = faiss.IDSelectorBitmap(allowed.bits) if allowed else None
        parameters = faiss.SearchParametersIVF(sel=selector)
        most = min(most, len(self))
        scores, ids = self._index.search(vector[None, :], most, params=parameters)
        is_found = ids[0] >= 0  # FAISS fills up with -1
        return scores[0][is_found], self.places.rows(ids[0][is_found])

    def _one_by_one(self, vector: Floats, *, k: int, allowed: Allowed | None) -> Ids:
        """The rows that can be among the best `k`, of all that are allowed."""
        rows = np.arange(len(self))
        if allowed:
            rows = self.places.rows(allowed.ids)
            rows = rows[rows >= 0]
        scores = self.rows(rows) @ vector
        return rows[can_be_best(scores, k=k, within=rounding(self._dimension))]


def is_few(allowed: Allowed | None) -> bool:
    """Whether filters leave so few that each is scored as it was embedded."""
    return allowed is not None and len(allowed.ids) <= _FEW


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

        `allowed` narrows to these passages before the ranking (None: all); few of them are searched
        exactly, whatever the size of the index. `exact` scores every vector as it was embedded.
        Raises DamagedIndex.
        """
        return self.scored(vector, k=k, allowed=allowed, exact=exact or is_few(allowed))

    def scored(self, vector: Floats, *, k: int, allowed: Allowed | None, exact: bool) -> Ranked:
        """The same where it is decided already whether every vector is looked at."""
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
