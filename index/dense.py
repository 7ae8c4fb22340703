"""Passage vectors in FAISS: cosine of unit vectors, so a score is in -1..1 and higher is better.

Vectors lie in shards that never change: a sync adds one, so that what did not change is not written
again. Ids are explicit passage ids, never positions.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from index.embedder import Floats
from index.lexical import Ranked

Ids = NDArray[np.int64]


def write_vectors(path: Path, ids: Ids, vectors: Floats) -> None:
    """Write a shard. `ids` shape (n,), `vectors` unit rows, float32, shape (n, dimension).

    Through bytes and Python's own file calls: FAISS's writer truncates the file it fails to write,
    and cannot open every path on Windows.
    """
    index = faiss.IndexIDMap2(faiss.IndexFlatIP(vectors.shape[1]))
    index.add_with_ids(np.ascontiguousarray(vectors, np.float32), np.ascontiguousarray(ids))
    path.write_bytes(faiss.serialize_index(index).tobytes())


def read_vectors(path: Path) -> tuple[Ids, Floats]:
    """The ids and vectors of a shard, as they were written. Check the file's sum before."""
    index = faiss.deserialize_index(np.fromfile(path, np.uint8))
    ids = faiss.vector_to_array(index.id_map).astype(np.int64)
    flat = faiss.downcast_index(index.index)
    vectors = faiss.rev_swig_ptr(flat.get_xb(), flat.ntotal * flat.d).reshape(-1, flat.d).copy()
    return ids, vectors


class DenseIndex:
    """The open shards of a generation. Safe to share between threads: nothing is ever added."""

    def __init__(self, paths: Sequence[Path]) -> None:
        faiss.omp_set_num_threads(1)  # many askers share the cores; OpenMP teams would fight
        self._shards = [faiss.deserialize_index(np.fromfile(path, np.uint8)) for path in paths]

    def __len__(self) -> int:
        return sum(int(shard.ntotal) for shard in self._shards)

    def ids(self) -> list[int]:
        """The passage ids of all shards."""
        return [
            int(identity)
            for shard in self._shards
            for identity in faiss.vector_to_array(shard.id_map)
        ]

    def search(self, vector: Floats, *, k: int, allowed: Ids | None = None) -> Ranked:
        """The best `k` passages by cosine with a unit vector of shape (dimension,).

        `allowed` narrows to these passage ids before the ranking (None: all).
        """
        if k < 1 or (allowed is not None and not len(allowed)):
            return Ranked((), ())
        parameters = None
        if allowed is not None:
            parameters = faiss.SearchParameters(sel=faiss.IDSelectorBatch(allowed))
        found: list[tuple[float, int]] = []
        for shard in self._shards:
            count = min(k, int(shard.ntotal))
            if count:
                scores, ids = shard.search(vector[None, :], count, params=parameters)
                found += [
                    (float(score), int(identity))
                    for score, identity in zip(scores[0], ids[0], strict=True)
                    if identity >= 0  # FAISS fills up with -1
                ]
        found.sort(key=lambda pair: (-pair[0], pair[1]))
        return Ranked(tuple(i for _, i in found[:k]), tuple(s for s, _ in found[:k]))

    def vectors(self, ids: Sequence[int]) -> Floats:
        """The vectors of these passages, shape (n, dimension). Raises KeyError."""
        rows = []
        for identity in ids:
            for shard in self._shards:
                try:
                    rows.append(shard.reconstruct(int(identity)))
                    break
                except RuntimeError:
                    continue
            else:
                raise KeyError(identity)
        return np.array(rows, np.float32)
