"""Which rows of a shard's files belong to which passage, and the sums of those rows.

Rows of vectors stay on the disk, so that a million passages need little memory of their own. A
generation small enough to be read whole when it is opened is compared with its manifest then;
beyond that the rows of a passage are compared with their sum when they are first looked at.
"""

from __future__ import annotations

import os
import threading
import weakref
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.errors import DamagedIndex

Ids = NDArray[np.int64]
Sums = NDArray[np.uint32]
PLACES = ".places.npz"
_PREAD = hasattr(os, "pread")


def row_sum(*rows: NDArray[Any]) -> int:
    """A CRC-32 of arrays one after the other: it tells damage, it is no seal against forgery."""
    total = 0
    for part in rows:
        total = zlib.crc32(np.ascontiguousarray(part).data, total)
    return total


class Places:
    """The places of one shard: passage number `n` of the file is `ids[n]`.

    Its token rows are `ends[n, 0]` to `ends[n + 1, 0]`, its kinds of token `ends[n, 1]` to
    `ends[n + 1, 1]`; `frequency` counts in how many passages each kind stands.
    """

    def __init__(self, stem: Path) -> None:
        with np.load(stem.with_name(stem.name + PLACES), allow_pickle=False) as arrays:
            self.ids: Ids = arrays["ids"]
            self.ends: Ids = arrays["ends"]
            self.frequency: NDArray[np.int32] = arrays["frequency"]
            # A shard written before there were sums has none: it is compared whole.
            self.vector_sums: Sums | None = arrays.get("vector_sums")
            self.token_sums: Sums | None = arrays.get("token_sums")
        self._order = np.argsort(self.ids, kind="stable")
        self._sorted = self.ids[self._order]

    def rows(self, passages: Sequence[int] | Ids) -> Ids:
        """The number of each passage in the shard, -1 for one that is not in it."""
        wanted = np.asarray(passages, np.int64)
        if not len(self._sorted):
            return np.full(len(wanted), -1, np.int64)
        at = np.minimum(np.searchsorted(self._sorted, wanted), len(self._sorted) - 1)
        return np.where(self._sorted[at] == wanted, self._order[at], -1)


class SummedRows:
    """Compares the rows of passages with their sums, each once."""

    def __init__(self, path: Path, sums: Sums | None) -> None:
        self._path = path
        self._sums = sums
        self._compared = np.zeros(len(sums) if sums is not None else 0, bool)

    def unseen(self, rows: Ids) -> NDArray[np.bool_]:
        """Which of them were not compared yet."""
        if self._sums is None:
            return np.zeros(len(rows), bool)
        return np.asarray(~self._compared[rows])

    def compare(self, row: int, *parts: NDArray[Any]) -> None:
        """Raises DamagedIndex when the rows are not those that were written."""
        if self._sums is None or self._compared[row]:
            return
        if row_sum(*parts) != int(self._sums[row]):
            generation = self._path.parent.parent
            raise DamagedIndex(
                int(generation.name) if generation.name.isdigit() else 0,
                self._path.relative_to(generation).as_posix(),
                "has other bytes than it should",
            )
        self._compared[row] = True


def mapped(path: Path, kind: type, shape: tuple[int, ...]) -> NDArray[Any]:
    """A file as an array on the disk, for rows that are small; an empty file cannot be mapped."""
    if not shape[0]:
        return np.empty(shape, kind)
    return np.asarray(np.memmap(path, kind, "r", shape=shape))  # plain: a memmap's slices cost more


class Rows:
    """Rows of a file, shape (rows, dimension), read from the disk where they are asked for.

    Not mapped: a mapped page stays in the process's memory, and sixteen come for each that is
    looked at. The system keeps what is often read in its own cache. Safe to share between threads.
    `close` them, or let them go.
    """

    def __init__(self, path: Path, kind: type, *, rows: int, dimension: int) -> None:
        self._kind = np.dtype(kind)
        self._dimension = dimension
        self._width = self._kind.itemsize * dimension
        self.count = rows
        self._file = path.open("rb", buffering=0)
        self.close = weakref.finalize(self, self._file.close)
        self.close.atexit = False  # other threads may still read when the process ends
        self._lock = threading.Lock()

    def read(self, start: int, end: int) -> NDArray[Any]:
        """Rows `start` to `end`."""
        size, at = (end - start) * self._width, start * self._width
        if _PREAD:
            content = os.pread(self._file.fileno(), size, at)
        else:  # Windows
            with self._lock:
                self._file.seek(at)
                content = self._file.read(size)
        return np.frombuffer(content, self._kind).reshape(-1, self._dimension)
