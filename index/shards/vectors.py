"""The vectors of a shard: the passage vectors in FAISS and, beside them, the token vectors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.home.durable import link
from index.model.embedder import Floats
from index.shards.dense import INDEX, ROWS, DenseShard, write_dense
from index.shards.places import Ids, Places, row_sum, write_places
from index.shards.records import BUFFER
from index.shards.tokens import (
    KINDS,
    SENTENCES,
    VECTORS,
    TokenShard,
    TokenShardWriter,
    TokenVectors,
)

BULK = (ROWS, VECTORS, SENTENCES, KINDS)  # rows with sums of their own


@dataclass(frozen=True, slots=True)
class Entry:
    """All vectors of one passage: `vector` unit, float32, shape (dimension,)."""

    passage: int
    vector: Floats
    tokens: TokenVectors


class VectorsWriter:
    """Writes vectors, entry by entry, to the disk as they come; `stem` is its path without an
    ending."""

    def __init__(self, stem: Path, *, dimension: int, vocabulary: int) -> None:
        self._stem = stem
        self._dimension = dimension
        self._tokens = TokenShardWriter(stem, vocabulary=vocabulary)
        self._rows = stem.with_name(stem.name + ROWS).open("wb", BUFFER)
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

    def written(self, row: int) -> Entry:
        """What was added as number `row`, counted from 0."""
        self._rows.flush()
        width = 4 * self._dimension
        vector = np.fromfile(self._rows.name, np.float32, self._dimension, offset=row * width)
        return Entry(self._ids[row], vector, self._tokens.written(row))

    def finish(self) -> dict[str, Any]:
        """Write what is left; gives how it is searched."""
        self._rows.close()
        places = self._tokens.finish()
        ids = np.array(self._ids, np.int64)
        nobody = np.empty(0, np.int64)
        places |= {"ids": ids, "vector_sums": np.array(self._sums, np.uint32), "dead": nobody}
        write_places(self._stem, places)
        return write_dense(self._stem, ids, self._dimension)


class Vectors:
    """Open vectors. Check their files' sums before, but for those of BULK. `how` is what `finish`
    of their writer gave; where entries are only read none is needed. `close` them, or let them
    go."""

    def __init__(
        self,
        stem: Path,
        *,
        dimension: int,
        token_dimension: int,
        how: Mapping[str, Any] = MappingProxyType({}),
    ) -> None:
        self._stem = stem
        self.places = Places.opened(stem)
        self.dense = DenseShard(stem, self.places, dimension=dimension, how=how)
        self.tokens = TokenShard(stem, self.places, dimension=token_dimension)

    def entry(self, row: int) -> Entry:
        """The passage with this number in the shard. Raises DamagedIndex."""
        (vector,) = self.dense.rows(np.array([row]))
        return Entry(int(self.places.all_ids[row]), vector, self.tokens.tokens(row))

    def entries(self, passages: Sequence[int] | Ids) -> Iterator[Entry]:
        """The entries of passages. Raises KeyError, DamagedIndex."""
        for passage, row in zip(passages, self.places.rows(passages).tolist(), strict=True):
            if row < 0:
                raise KeyError(passage)
            yield self.entry(row)

    def close(self) -> None:
        self.tokens.close()

    def without(self, stem: Path, passages: Ids) -> None:
        """Write the same vectors elsewhere, but for those of these passages: their rows stay where
        they are, unseen. What does not change is linked."""
        for ending in (INDEX, *BULK):
            with suppress(FileNotFoundError):  # an exact index holds the rows itself
                link(_file(self._stem, ending), _file(stem, ending))
        write_places(stem, self._places_without(passages))

    def cut(self, passages: Ids) -> Vectors:
        """The same vectors, but for those of these passages. Raises DamagedIndex."""
        places = Places(self._places_without(passages))
        other = copy(self)
        other.places = places
        other.dense = self.dense.over(places)
        other.tokens = self.tokens.over(places)
        return other

    def _places_without(self, passages: Ids) -> Mapping[str, NDArray[Any]]:
        frequency = self.places.frequency.copy()
        for row in self.places.rows(passages).tolist():
            frequency[self.tokens.kinds(row)] -= 1
        return self.places.without(passages, frequency)


def _file(stem: Path, ending: str) -> Path:
    return stem.with_name(stem.name + ending)
