"""What a search may find: filters, and the versions and passages that they leave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from index.shards.places import Ids
from index.versions import Status, Version


@dataclass(frozen=True, slots=True)
class Filters:
    """What a search may find. Empty tuples mean all. Payers, kinds and documents are compared
    without regard to case; a document may be given by its id or the end of it.

    `on` is the day that decides what is in force; `include_all` lets retired and future versions
    in. `years` are those of the effective date, None for no date; a payer or kind '' means none.
    `codes` are those that a passage must print, any of them.
    """

    on: date
    payers: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    include_all: bool = False
    statuses: tuple[Status, ...] = ()
    years: tuple[int | None, ...] = ()
    codes: tuple[str, ...] = ()

    def pass_version(self, version: Version, status: Status) -> bool:
        """Whether a version with this status on the day may be found."""
        metadata = version.metadata
        return (
            (self.include_all or status in (Status.IN_FORCE, Status.UNDATED))
            and _one_of(metadata.payer, self.payers)
            and _one_of(metadata.kind, self.kinds)
            and (not self.documents or any(is_named(version, d) for d in self.documents))
            and (not self.statuses or status in self.statuses)
            and (not self.years or year_of(version) in self.years)
        )


@dataclass(frozen=True, slots=True)
class Allowed:
    """Passages to which a search is narrowed: their ids, sorted, and a bit for each id there is."""

    ids: Ids
    bits: NDArray[np.uint8]

    @classmethod
    def of(cls, ids: Ids) -> Allowed:
        """`ids` in ascending order."""
        held = np.zeros(int(ids[-1]) + 1 if len(ids) else 1, bool)
        held[ids] = True
        return cls(ids, np.packbits(held, bitorder="little"))

    def among(self, ids: Ids) -> NDArray[np.bool_]:
        """Which of these passages are allowed."""
        known = ids < 8 * len(self.bits)
        at = np.where(known, ids, 0)
        held: NDArray[np.bool_] = ((self.bits[at >> 3] >> (at & 7)) & 1).astype(bool)
        return known & held


@dataclass(frozen=True, slots=True)
class Selection:
    """The versions and passages that filters leave, counted once.

    `left_out` are the other versions, `documents` and `passages` say how many are left. `allowed`
    is None where every passage is; `some` says that not all passages of these versions are.
    """

    versions: frozenset[int]
    left_out: frozenset[int]
    documents: int
    passages: int
    allowed: Allowed | None
    some: bool = False


def is_named(version: Version, name: str) -> bool:
    """Whether a person who writes `name` means this version's document."""
    wanted, known = name.casefold(), version.document.casefold()
    return known == wanted or known.endswith("/" + wanted)


def year_of(version: Version) -> int | None:
    """The year since which a version is in force, where it says so."""
    effective = version.metadata.effective
    return effective.year if effective else None


def _one_of(value: str | None, wanted: tuple[str, ...]) -> bool:
    return not wanted or (value or "").casefold() in {name.casefold() for name in wanted}
