"""Versions of documents and what each is on a given day: in force, future, retired, undated, or no
more than proposed.

A sync and those who ask may stand in different time zones. So what a sync saw is stored as an
instant, and becomes a day where somebody asks: see `day_of`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import NamedTuple

from corpus.document import Metadata, Page

PROPOSED = "proposed"  # of Metadata.standing
_DAY_ALONE = len("2026-11-29")


class Status(StrEnum):
    """A version's status on a date."""

    IN_FORCE = "in_force"
    FUTURE = "future"
    RETIRED = "retired"
    UNDATED = "undated"
    PROPOSED = "proposed"


@dataclass(frozen=True, slots=True)
class Version:
    """One document at one time. `ordinal` counts a document's versions from 1.

    `seen` is the instant at which a sync first read these bytes; of what an earlier Codedesk
    stored, the day alone is known.
    """

    id: int
    document: str
    ordinal: int
    sha256: str
    format: str
    metadata: Metadata
    seen: date | datetime
    path: str
    pages: tuple[Page, ...] = ()
    needs_ocr: tuple[int, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def first_seen(self) -> date:
        """The day on which a sync first read these bytes, where this is asked."""
        return day_of(self.seen)


@dataclass(frozen=True, slots=True)
class Term:
    """From which day a version is in force, and from which day it no longer is; None: not known.

    `superseded` says that the end is the beginning of a later version, not a date of its own. Of an
    old copy nothing is known after `known_until`: a later text may have taken its place. What says
    that it is over, and not since when, was so on the day `over_by`; what is `proposed` is in force
    on no day. Where other files are taken for versions of the same document, `successor` is the one
    that ended this one and `predecessor` the one that it ended; `agreed`: a person said so.
    """

    start: date | None
    end: date | None
    superseded: bool = False
    known_until: date | None = None
    over_by: date | None = None
    proposed: bool = False
    successor: str | None = None
    predecessor: str | None = None
    agreed: bool = False

    def status(self, on: date) -> Status:
        if self.proposed:
            return Status.PROPOSED
        if self.end is not None and on >= self.end:
            return Status.RETIRED
        if self.over_by is not None:
            ran = self.start is not None and self.start <= on < self.over_by
            return Status.UNDATED if ran else Status.RETIRED
        if self.start is None or (self.known_until is not None and on > self.known_until):
            return Status.UNDATED
        return Status.FUTURE if on < self.start else Status.IN_FORCE


def of_section(term: Term, effective: date | None, ended: date | None = None) -> Term:
    """The term of words in a section with days of its own: in force not before their version, nor
    after the day on which, as they say themselves, they `ended`."""
    if effective is not None:
        term = replace(term, start=max(effective, term.start or effective))
    if ended is not None and (term.end is None or ended < term.end):
        return replace(term, end=ended, superseded=False, successor=None, predecessor=None)
    return term


class Dated(NamedTuple):
    """What of a version decides when it is in force."""

    key: int
    ordinal: int
    effective: date | None
    retired: date | None
    first_seen: date | None
    copy_of: date | None
    standing: str | None = None


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
            version.id,
            version.ordinal,
            known.effective,
            known.retired,
            version.first_seen,
            known.copy_of,
            known.standing,
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
        proposed = version.standing == PROPOSED
        is_over = version.standing is not None and not proposed
        over_by = version.first_seen if is_over else None
        yield version.key, Term(start, end, superseded, version.copy_of, over_by, proposed)
        if start is not None and not proposed:  # nothing ends because a draft is there
            next_start = min(start, next_start) if next_start else start


def day_of(seen: date | datetime) -> date:
    """The day of something that a sync saw, in the time zone of whoever asks.

    Never one that is still to come: what can be asked about has happened, whatever the clock and
    the calendar of the machine said that synced. So a version that was published before now is
    never future today; on every other date, days are compared.
    """
    day = seen.astimezone().date() if isinstance(seen, datetime) else seen
    return min(day, today())


def read_seen(text: str) -> date | datetime:
    """What a store says of when something was seen: an instant, or from before those a day."""
    return date.fromisoformat(text) if len(text) == _DAY_ALONE else datetime.fromisoformat(text)


def now() -> datetime:
    """This instant, in whole seconds, UTC."""
    return datetime.now(UTC).replace(microsecond=0)


def today() -> date:
    """The local date: what is in force is asked in the user's own day."""
    return datetime.now().astimezone().date()
