"""A sketch of a text, by which it is told how much of it another text has.

It holds the smallest hashes of all runs of three words, numbers such as years and days left out:
the share that two sketches have in common is about the share that the texts have.
"""

from __future__ import annotations

import re
import zlib

import numpy as np
from numpy.typing import NDArray

_KEPT = 64  # hashes
_LONGEST = 1_000_000  # characters of a text
_WORD = re.compile(r"[^\W_]+")


def sketch_of(text: str) -> bytes:
    """The smallest hashes of the runs of three words of a text."""
    words = _WORD.findall(text[:_LONGEST].casefold())
    kept = [word.encode() for word in words if len(word) > 4 or not word.isdecimal()]
    sums = np.fromiter(map(zlib.crc32, kept), np.uint64, len(kept))
    if len(sums) < 3:
        return np.unique(sums).astype(np.uint32).tobytes()
    runs = sums[:-2] * np.uint64(0x9E3779B97F4A7C15)
    runs += sums[1:-1] * np.uint64(0xC2B2AE3D27D4EB4F)
    runs += sums[2:] * np.uint64(0x165667B19E3779F9)
    runs ^= runs >> np.uint64(29)
    runs *= np.uint64(0xBF58476D1CE4E5B9)
    return np.unique((runs >> np.uint64(32)).astype(np.uint32))[:_KEPT].tobytes()


def resemblance(one: bytes, other: bytes) -> float:
    """About the share of their runs of words that two texts have in common, from 0 to 1."""
    first, second = set(_hashes(one).tolist()), set(_hashes(other).tolist())
    both = sorted(first | second)[:_KEPT]
    shared = first & second
    return sum(found in shared for found in both) / len(both) if both else 0.0


def smallest(sketch: bytes, count: int) -> list[int]:
    """The smallest hashes of a sketch: two texts that are much alike share one of them."""
    found: list[int] = _hashes(sketch)[:count].tolist()
    return found


def _hashes(sketch: bytes) -> NDArray[np.uint32]:
    return np.frombuffer(sketch, np.uint32)
