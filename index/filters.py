"""What a search may find: filters, and the versions and passages that they leave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from corpus.codes import CodeSystem
from index.shards.places import Ids
from index.versions import Status, Version


@dataclass(frozen=True, slots=True)
class Filters:
    """What a search may find. Empty tuples mean all. Kinds and documents are compared without
    regard to case; a document may be given by its id or the end of it, a payer by any of its names.

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
class Named:
    """A condition on passages: that they name or cover exactly so many of these codes."""

    codes: tuple[tuple[CodeSystem, str], ...]
    count: int


@dataclass(frozen=True, slots=True)
class Selection:
    """What filters leave, counted: the ids of the versions, and how many documents and passages."""

    versions: frozenset[int]
    documents: int
    passages: int


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What a part of an index needs to know to search only what filters leave.

    `versions` are left, `left_out` are not. `allowed` is None where every passage is; `some` says
    that not all passages of these versions are.
    """

    versions: frozenset[int]
    left_out: frozenset[int]
    allowed: Allowed | None
    some: bool = False


def is_named(version: Version, name: str) -> bool:
    """Whether a person who writes `name` means this version's document."""
    return is_called(version.document, name)


def is_called(document: str, name: str) -> bool:
    """Whether a person who writes `name` means the document with this id."""
    wanted, known = name.casefold(), document.casefold()
    return known == wanted or known.endswith("/" + wanted)


def year_of(version: Version) -> int | None:
    """The year since which a version is in force, where it says so."""
    effective = version.metadata.effective
    return effective.year if effective else None
