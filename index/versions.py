"""Versions of documents and what each is on a given day: in force, future, retired or undated."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from corpus.document import Metadata, Page


class Status(StrEnum):
    """A version's status on a date."""

    IN_FORCE = "in_force"
    FUTURE = "future"
    RETIRED = "retired"
    UNDATED = "undated"


@dataclass(frozen=True, slots=True)
class Version:
    """One document at one time. `ordinal` counts a document's versions from 1.

    `first_seen` is the day on which a sync first read these bytes.
    """

    id: int
    document: str
    ordinal: int
    sha256: str
    format: str
    metadata: Metadata
    first_seen: date
    path: str
    pages: tuple[Page, ...] = ()
    needs_ocr: tuple[int, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Term:
    """From which day a version is in force, and from which day it no longer is; None: not known.

    `superseded` says that the end is the beginning of a later version, not a date of its own.
    """

    start: date | None
    end: date | None
    superseded: bool = False

    def status(self, on: date) -> Status:
        if self.end is not None and on >= self.end:
            return Status.RETIRED
        if self.start is None:
            return Status.UNDATED
        return Status.FUTURE if on < self.start else Status.IN_FORCE


class Dated(NamedTuple):
    """What of a version decides when it is in force."""

    key: int
    ordinal: int
    effective: date | None
    retired: date | None
    first_seen: date | None


def terms(versions: Iterable[Version]) -> Mapping[int, Term]:
    """The term of every version, by its id.

    A version begins on its effective date. Without one the first version has no beginning, and a
    later one begins when it was first seen. It ends when it is retired or a later version begins,
    whichever is first.
    """
    chains: dict[str, list[Dated]] = defaultdict(list)
    for version in versions:
        known = version.metadata
        dated = Dated(
            version.id, version.ordinal, known.effective, known.retired, version.first_seen
        )
        chains[version.document].append(dated)
    return {key: term for chain in chains.values() for key, term in chain_terms(chain)}


def chain_terms(chain: Iterable[Dated]) -> Iterator[tuple[int, Term]]:
    """The terms of one document's versions, each with its key; see `terms`."""
    next_start: date | None = None
    for version in sorted(chain, key=lambda dated: -dated.ordinal):
        start = version.effective
        if start is None and version.ordinal > 1:
            start = version.first_seen
        ends = [end for end in (version.retired, next_start) if end is not None]
        end = min(ends, default=None)
        superseded = end is not None and end == next_start and end != version.retired
        yield version.key, Term(start, end, superseded)
        if start is not None:
            next_start = min(start, next_start) if next_start else start


def today() -> date:
    """The local date: what is in force is asked in the user's own day."""
    return datetime.now().astimezone().date()
