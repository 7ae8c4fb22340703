"""Shards of vectors: the passage vectors in FAISS and, beside them, the token vectors.

A shard never changes once it is written. A sync adds one; a removal writes the shards anew that
held what was removed; small ones are merged. All else is hard-linked from generation to generation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from index.model.embedder import Floats
from index.shards.dense import INDEX, ROWS, DenseShard, write_dense
from index.shards.places import PLACES, Places, row_sum
from index.shards.tokens import (
    KINDS,
    SENTENCES,
    VECTORS,
    TokenShard,
    TokenShardWriter,
    TokenVectors,
)

ENDINGS = (INDEX, ROWS, VECTORS, SENTENCES, KINDS, PLACES)
BULK = (ROWS, VECTORS, SENTENCES)  # rows with sums of their own
MOST_PASSAGES = 131_072  # of a shard; a removal writes one anew, so none may be all of an index
_MOST_SHARDS = 8  # small ones; more are merged: each is searched by itself


@dataclass(frozen=True, slots=True)
class Entry:
    """All vectors of one passage: `vector` unit, float32, shape (dimension,)."""

    passage: int
    vector: Floats
    tokens: TokenVectors


class ShardWriter:
    """Writes a shard, entry by entry, to the disk as they come; `stem` is its path without an
    ending."""

    def __init__(self, stem: Path, *, dimension: int, vocabulary: int) -> None:
        self._stem = stem
        self._dimension = dimension
        self._tokens = TokenShardWriter(stem, vocabulary=vocabulary)
        self._rows = stem.with_name(stem.name + ROWS).open("wb")
        self._ids: list[int] = []
        self._sums: list[int] = []

    def __len__(self) -> int:
        return len(self._ids)

    def add(self, entry: Entry) -> None:
        vector = np.ascontiguousarray(entry.vector, np.float32)
        self._rows.write(vector.data)
        self._ids.append(entry.passage)
        self._sums.append(row_sum(vector))
        self._tokens.add(entry.tokens)

    def finish(self) -> dict[str, Any]:
        """Write what is left; gives how it is searched. A shard without entries leaves no files."""
        self._rows.close()
        places = self._tokens.finish()
        if not self._ids:
            unlink_shard(self._stem)
            return {}
        ids = np.array(self._ids, np.int64)
        places |= {"ids": ids, "vector_sums": np.array(self._sums, np.uint32)}
        with self._stem.with_name(self._stem.name + PLACES).open("wb") as file:
            np.savez(file, allow_pickle=False, **places)
        return write_dense(self._stem, ids, self._dimension)


class Shard:
    """An open shard. Check its files' sums before, but for those of BULK. `how` is what `finish` of
    its writer gave; whose entries are only read needs none."""

    def __init__(
        self,
        stem: Path,
        *,
        dimension: int,
        token_dimension: int,
        how: Mapping[str, Any] = MappingProxyType({}),
    ) -> None:
        self.places = Places(stem)
        self.dense = DenseShard(stem, self.places, dimension=dimension, how=how)
        self.tokens = TokenShard(stem, self.places, dimension=token_dimension)

    def entry(self, row: int) -> Entry:
        """The passage with this number in the shard. Raises DamagedIndex."""
        (vector,) = self.dense.rows(np.array([row]))
        return Entry(int(self.places.ids[row]), vector, self.tokens.tokens(row))

    def entries(self, *, without: set[int]) -> Iterator[Entry]:
        """All entries but for the passages in `without`. Raises DamagedIndex."""
        for row, identity in enumerate(self.places.ids.tolist()):
            if identity not in without:
                yield self.entry(row)


def unlink_shard(stem: Path) -> None:
    for ending in ENDINGS:
        stem.with_name(stem.name + ending).unlink(missing_ok=True)


def stems(folder: Path, names: Sequence[str]) -> list[Path]:
    """The shards among the files of a generation, by number, as paths without endings."""
    return [folder / name.removesuffix(INDEX) for name in sorted(names) if name.endswith(INDEX)]


def to_merge(sizes: Sequence[int]) -> list[int]:
    """Which shards, by position, become one: none while they are few; else the smaller ones, as
    far as they are together no smaller than the next, so that a large one is seldom written."""
    order = sorted(range(len(sizes)), key=lambda at: (sizes[at], at))
    small = [at for at in order if sizes[at] <= MOST_PASSAGES // 2]
    if len(small) <= _MOST_SHARDS:
        return []
    chosen, together = small[:2], sizes[small[0]] + sizes[small[1]]
    for at in small[2:]:
        if sizes[at] > together or together + sizes[at] > MOST_PASSAGES:
            break
        chosen.append(at)
        together += sizes[at]
    return sorted(chosen)
