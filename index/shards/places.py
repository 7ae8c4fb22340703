"""Which rows of a shard's files belong to which passage, and the sums of those rows.

Rows of vectors stay on the disk, so that a million passages need little memory of their own. A
generation small enough to be read whole when it is opened is compared with its manifest then;
beyond that the rows of a passage are compared with their sum when they are first looked at.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.shards.arrays import read_arrays, write_arrays
from index.shards.records import Bytes, damaged

Ids = NDArray[np.int64]
Sums = NDArray[np.uint32]
PLACES = ".places.arrays"


def distinct(parts: Sequence[Ids]) -> Ids:
    """All ids, each once, in order. `np.unique` imports masked arrays: 12 ms of a first answer."""
    ids = np.sort(np.concatenate([np.empty(0, np.int64), *parts]))
    return np.asarray(ids[np.diff(ids, prepend=-1) != 0])


def row_sum(*rows: NDArray[Any]) -> int:
    """A CRC-32 of arrays one after the other: it tells damage, it is no seal against forgery."""
    total = 0
    for part in rows:
        total = zlib.crc32(np.ascontiguousarray(part).data, total)
    return total


class Places:
    """The places of one shard: passage number `n` of the file is `ids[n]`.

    Its token rows are `ends[n, 0]` to `ends[n + 1, 0]`, its kinds of token `ends[n, 1]` to
    `ends[n + 1, 1]`; `frequency` counts in how many passages each kind stands. Rows of `dead`
    passages are there until the shard is next written, and are never found.
    """

    def __init__(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        self._arrays = arrays
        self.all_ids: Ids = arrays["ids"]
        self.ends: Ids = arrays["ends"]
        self.frequency: NDArray[np.int32] = arrays["frequency"]
        self.vector_sums: Sums = arrays["vector_sums"]
        self.token_sums: Sums = arrays["token_sums"]
        self.kind_sums: Sums = arrays["kind_sums"]
        self.dead: Ids = arrays["dead"]
        self.token_bits = int(arrays["token_bits"][0]) if "token_bits" in arrays else 8
        self._order: Ids | None = None
        self._sorted = self.all_ids
        if (self.all_ids[1:] < self.all_ids[:-1]).any():
            self._order = np.argsort(self.all_ids, kind="stable")
            self._sorted = self.all_ids[self._order]

    @classmethod
    def opened(cls, stem: Path) -> Places:
        return cls(read_arrays(stem.with_name(stem.name + PLACES)))

    def without(self, passages: Ids, frequency: NDArray[np.int32]) -> Mapping[str, NDArray[Any]]:
        """The same with more passages dead, to be written or opened."""
        dead = np.union1d(self.dead, passages)
        return {**self._arrays, "frequency": frequency, "dead": dead}

    @cached_property
    def ids(self) -> Ids:
        """Those of the living passages, in order of their rows."""
        if not len(self.dead):
            return self.all_ids
        return self.all_ids[~np.isin(self.all_ids, self.dead)]

    def rows(self, passages: Sequence[int] | Ids) -> Ids:
        """The number of each passage in the shard, -1 for one that is not in it."""
        wanted = np.asarray(passages, np.int64)
        if not len(self._sorted):
            return np.full(len(wanted), -1, np.int64)
        at = np.minimum(np.searchsorted(self._sorted, wanted), len(self._sorted) - 1)
        known = self._sorted[at] == wanted
        if len(self.dead):
            known &= ~np.isin(wanted, self.dead)
        return np.where(known, at if self._order is None else self._order[at], -1)


def write_places(stem: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    write_arrays(stem.with_name(stem.name + PLACES), arrays)


class SummedRows:
    """Compares the rows of passages with their sums, each once."""

    def __init__(self, path: Path, sums: Sums) -> None:
        self._path = path
        self._sums = sums
        self._compared = np.zeros(len(sums), bool)

    def unseen(self, rows: Ids) -> NDArray[np.bool_]:
        """Which of them were not compared yet."""
        return np.asarray(~self._compared[rows])

    def compare(self, row: int, *parts: NDArray[Any]) -> None:
        """Raises DamagedIndex when the rows are not those that were written."""
        if self._compared[row]:
            return
        if row_sum(*parts) != int(self._sums[row]):
            raise damaged(self._path)
        self._compared[row] = True


def mapped(path: Path, kind: type, shape: tuple[int, ...]) -> NDArray[Any]:
    """A file as an array on the disk, for rows that are small; an empty file cannot be mapped."""
    if not shape[0]:
        return np.empty(shape, kind)
    return np.asarray(np.memmap(path, kind, "r", shape=shape))  # plain: a memmap's slices cost more


class Rows:
    """Rows of a file, shape (rows, dimension), read from the disk where they are asked for. Safe to
    share between threads. `close` them, or let them go."""

    def __init__(self, path: Path, kind: type, *, rows: int, dimension: int) -> None:
        self._kind = np.dtype(kind)
        self._dimension = dimension
        self._width = self._kind.itemsize * dimension
        self.count = rows
        self._bytes = Bytes(path)
        self.close = self._bytes.close

    def read(self, start: int, end: int) -> NDArray[Any]:
        """Rows `start` to `end`."""
        content = self._bytes.read(start * self._width, (end - start) * self._width)
        return np.frombuffer(content, self._kind).reshape(-1, self._dimension)
