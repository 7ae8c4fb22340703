"""Shards of vectors: the passage vectors in FAISS and, beside them, the token vectors.

A shard never changes once it is written. A sync adds one; a removal writes the shards anew that
held what was removed; too many are merged. All else is hard-linked from generation to generation.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.dense import read_vectors, write_vectors
from index.embedder import Floats
from index.tokens import TokenShard, TokenShardWriter, TokenVectors

PASSAGES = ".faiss"
ENDINGS = (PASSAGES, ".tokens", ".sentences", ".kinds", ".places.npz")


@dataclass(frozen=True, slots=True)
class Entry:
    """All vectors of one passage: `vector` unit, float32, shape (dimension,)."""

    passage: int
    vector: Floats
    tokens: TokenVectors


class ShardWriter:
    """Writes a shard, entry by entry; `stem` is its path without an ending."""

    def __init__(self, stem: Path, *, dimension: int, vocabulary: int) -> None:
        self._stem = stem
        self._dimension = dimension
        self._tokens = TokenShardWriter(stem, vocabulary=vocabulary)
        self._ids: list[int] = []
        self._vectors: list[Floats] = []

    def __len__(self) -> int:
        return len(self._ids)

    def add(self, entry: Entry) -> None:
        self._ids.append(entry.passage)
        self._vectors.append(np.asarray(entry.vector, np.float32))
        self._tokens.add(entry.passage, entry.tokens)

    def finish(self) -> None:
        """Write what is left. A shard without entries leaves no files behind."""
        self._tokens.finish()
        if not self._ids:
            for ending in ENDINGS:
                self._stem.with_name(self._stem.name + ending).unlink(missing_ok=True)
            return
        vectors = np.array(self._vectors, np.float32).reshape(-1, self._dimension)
        path = self._stem.with_name(self._stem.name + PASSAGES)
        write_vectors(path, np.array(self._ids, np.int64), vectors)


def read_shard(stem: Path, *, dimension: int, without: set[int]) -> Iterator[Entry]:
    """The entries of a shard but for the passages in `without`."""
    ids, vectors = read_vectors(stem.with_name(stem.name + PASSAGES))
    tokens = TokenShard(stem, dimension=dimension)
    for identity, vector in zip(ids.tolist(), vectors, strict=True):
        if identity not in without:
            yield Entry(identity, vector, tokens.tokens(identity))


def stems(folder: Path, names: Sequence[str]) -> list[Path]:
    """The shards among the files of a generation, by number, as paths without endings."""
    return [
        folder / name.removesuffix(PASSAGES) for name in sorted(names) if name.endswith(PASSAGES)
    ]
