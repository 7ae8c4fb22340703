"""Which passages belong to which version, shard, and section with a day of its own."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.embedded.columns import Columns, Days, Rows
from index.shards.places import Ids


class Ranges:
    """Which passages belong to which version, and which shard holds it: a version's passages have
    ids that follow on each other."""

    def __init__(self, places: Sequence[tuple[int, int, int, int]]) -> None:
        rows = np.array(places, np.int64).reshape(-1, 4)
        self.versions, self.firsts, self.counts, self._shards = rows.T
        self.shard_of = dict(zip(self.versions.tolist(), self._shards.tolist(), strict=True))
        filled = self.counts > 0
        self._starts = self.firsts[filled].tolist()
        self._rows = rows[filled].tolist()

    def find(self, passages: Iterable[int]) -> list[tuple[int, int, int]]:
        """Each passage with its version and its shard. Raises KeyError."""
        found = []
        for identity in passages:
            at = bisect_right(self._starts, identity) - 1
            if at < 0 or identity >= self._rows[at][1] + self._rows[at][2]:
                raise KeyError(identity)
            found.append((identity, self._rows[at][0], self._rows[at][3]))
        return found

    def runs(self, shards: Set[int]) -> list[tuple[int, int]]:
        """The ids of the first and the last of the passages that follow on each other in some
        shards."""
        found: list[tuple[int, int]] = []
        for _, first, count, shard in self._rows:
            if shard in shards and found and found[-1][1] + 1 == first:
                found[-1] = (found[-1][0], first + count - 1)
            elif shard in shards:
                found.append((first, first + count - 1))
        return found

    def passages(self) -> tuple[Ids, NDArray[np.int64]]:
        """The ids of all passages, ascending, and each one's version."""
        ends = np.cumsum(self.counts)
        within = np.arange(ends[-1] if len(ends) else 0) - np.repeat(
            ends - self.counts, self.counts
        )
        return np.repeat(self.firsts, self.counts) + within, np.repeat(self.versions, self.counts)


@dataclass(frozen=True, slots=True)
class Sections:
    """Sections that came into force on a day of their own: the row of their version, the day, and
    from where to where their passages stand among all, by their ids."""

    rows: Rows
    starts: Days
    begins: list[int]
    stops: list[int]

    @classmethod
    def of(cls, told: Sequence[tuple[int, int, int, int]], columns: Columns, ids: Ids) -> Sections:
        """`told`: version, first passage, last passage, day; `ids` are those of all passages."""
        table = np.array(told, np.int64).reshape(-1, 4)
        row_of = {version: row for row, version in enumerate(columns.ids.tolist())}
        rows = np.array([row_of[version] for version in table[:, 0].tolist()], np.int64)
        return cls(
            rows=rows,
            starts=np.maximum(table[:, 3], columns.starts[rows]),
            begins=np.searchsorted(ids, table[:, 1]).tolist(),
            stops=np.searchsorted(ids, table[:, 2], side="right").tolist(),
        )

    def __len__(self) -> int:
        return len(self.rows)
