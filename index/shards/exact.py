"""Scores that are the same to the bit, whatever else they are computed with.

A sum of floats depends on the order in which it is added up, and that is the choice of the BLAS,
the processor and the number of rows. Whole numbers have no such choice while they stay small enough
to be exact. So vectors are rounded to a grid, and the sums of a grid's products lose nothing.

Unit vectors on a grid of 2^-26: each product is a multiple of 2^-52, and by Cauchy and Schwarz no
sum of some of them is beyond 1, but for the rounding. A float64 holds each such sum exactly.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from index.model.embedder import Floats

Scores = NDArray[np.float64]
_GRID = 2.0**26


def cosines(rows: Floats, others: Floats) -> Scores:
    """Of unit rows, shape (n, dimension), with a unit vector or, shape (m, dimension), with each
    of some."""
    return np.asarray((_whole(rows) @ _whole(others).T) * _GRID**-2)


def _whole(vectors: Floats) -> Scores:
    whole = np.multiply(vectors, _GRID, dtype=np.float64)
    return np.asarray(np.rint(whole, out=whole))


def rounding(dimension: int) -> float:
    """How far a float32 product of two unit vectors can be from their `cosines`.

    A sum of n products is within n units of rounding of the sum of their sizes, in any order
    (Higham, 2002, section 3.1); the rest is what the grid takes off each vector.
    """
    return float(1.01 * (dimension * 2.0**-24 + np.sqrt(dimension) / _GRID))


def can_be_best(scores: Floats, *, k: int, within: float) -> NDArray[np.bool_]:
    """Which can be among the `k` best, ties included, where each score is only known `within` so
    much."""
    if len(scores) <= k:
        return np.ones(len(scores), bool)
    least = np.partition(scores, len(scores) - k)[len(scores) - k]
    return np.asarray(scores >= np.float64(least) - 2 * within)
