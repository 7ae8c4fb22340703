"""Records of bytes one after the other in a file, each with its sum.

Every record is compared with its sum when it is read, so that a file too large to be compared at
every start gives no byte that was not written. A record that was removed is overwritten where it
stands: the others keep their places.
"""

from __future__ import annotations

import os
import shutil
import threading
import weakref
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.errors import DamagedIndex

ENDING = ".records"
BUFFER = 1 << 18  # bytes that are held back, so that a passage does not cost a call of the system
_PREAD = hasattr(os, "pread")


class RecordsWriter:
    """Writes `STEM.records`; only the places are held in memory."""

    def __init__(self, stem: Path) -> None:
        self._name = stem.name
        self._file = _path(stem).open("wb", BUFFER)
        self._ends = [0]
        self._sums: list[int] = []

    def add(self, record: bytes) -> None:
        self._file.write(record)
        self._ends.append(self._ends[-1] + len(record))
        self._sums.append(zlib.crc32(record))

    def finish(self) -> dict[str, NDArray[Any]]:
        """Close the file; gives the arrays by which it is read."""
        self._file.close()
        return {
            f"{self._name}_ends": np.array(self._ends, np.int64),
            f"{self._name}_sums": np.array(self._sums, np.uint32),
        }


class Records:
    """The records of a file, by their number. Safe to share between threads."""

    def __init__(self, stem: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
        self._path = _path(stem)
        self._ends = arrays[f"{stem.name}_ends"]
        self._sums = arrays[f"{stem.name}_sums"]
        self._bytes = Bytes(self._path)
        self.close = self._bytes.close

    def __len__(self) -> int:
        return len(self._sums)

    def read(self, number: int) -> bytes:
        """Raises DamagedIndex where it is not what was written."""
        start, end = self._ends[number : number + 2].tolist()
        content = self._bytes.read(start, end - start)
        if zlib.crc32(content) != int(self._sums[number]):
            raise damaged(self._path)
        return content


def overwrite(
    stem: Path, target: Path, arrays: Mapping[str, NDArray[Any]], numbers: Iterable[int]
) -> dict[str, NDArray[Any]]:
    """A copy of a file in which the records with these numbers are blank; gives its arrays."""
    shutil.copyfile(_path(stem), _path(target))
    name = stem.name
    ends, sums = arrays[f"{name}_ends"], arrays[f"{name}_sums"].copy()
    with _path(target).open("r+b") as file:
        for number in numbers:
            start, end = ends[number : number + 2].tolist()
            file.seek(start)
            blank = bytes(end - start)
            file.write(blank)
            sums[number] = zlib.crc32(blank)
    return {f"{name}_ends": ends, f"{name}_sums": sums}


class Bytes:
    """A file of which stretches are read. Not mapped: a mapped page stays in the process's memory,
    and sixteen come for each that is looked at; the system keeps what is often read in its own
    cache. `close` it, or let it go."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb", buffering=0)
        self.close = weakref.finalize(self, self._file.close)
        self.close.atexit = False  # other threads may still read when the process ends
        self._lock = threading.Lock()

    def read(self, start: int, size: int) -> bytes:
        if _PREAD:
            return os.pread(self._file.fileno(), size, start)
        with self._lock:  # Windows
            self._file.seek(start)
            return self._file.read(size)


def damaged(path: Path) -> DamagedIndex:
    """What to raise for a file of a generation that is not what was written."""
    for folder in path.parents:
        if folder.name.isdigit() and folder.parent.name == "generations":
            name = path.relative_to(folder).as_posix()
            return DamagedIndex(int(folder.name), name, "has other bytes than it should")
    return DamagedIndex(0, path.name, "has other bytes than it should")


def _path(stem: Path) -> Path:
    return stem.with_name(stem.name + ENDING)
