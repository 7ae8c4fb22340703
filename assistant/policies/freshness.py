"""Finds documents to review: past their review date, without one, or without any date."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from assistant.policies.ages import Ages, last_sign, months_before
from corpus.text.dates import parse_date
from index.library import Library
from index.versions import Status, Version

_NEXT_REVIEW = ("next_review", "review_due")  # as earlier sidecars have it, kept in `extra`
_ORDINARY = Ages()


class Staleness(StrEnum):
    """Why a document is marked."""

    PAST_REVIEW = "past_review"  # reviewed more than a year ago, or its next review is overdue
    SILENT = "silent"  # never reviewed, and none of its dates is within the year
    UNDATED = "undated"  # it has no date at all


@dataclass(frozen=True, slots=True)
class Stale:
    """A marked document. `since` is its latest date, or the day its review was due."""

    version: Version
    why: Staleness
    since: date | None
    sentence: str


@dataclass(frozen=True, slots=True)
class Freshness:
    """Of the `documents` that are not retired on `on`, those to look at, by document."""

    on: date
    documents: int
    stale: tuple[Stale, ...]

    @property
    def counts(self) -> Mapping[str, int]:
        """How many documents are marked, by why."""
        return {why.value: sum(one.why is why for one in self.stale) for why in Staleness}

    @property
    def by_payer(self) -> Mapping[str | None, tuple[Stale, ...]]:
        """The marked documents of each payer."""
        found: dict[str | None, list[Stale]] = defaultdict(list)
        for one in self.stale:
            for payer in one.version.metadata.payers or (None,):
                found[payer].append(one)
        return {payer: tuple(held) for payer, held in found.items()}


def freshness(library: Library, on: date, ages: Ages = _ORDINARY) -> Freshness:
    """Mark the documents in force or undated on `on` that are older than a review may be.

    A document with a review date is judged by it. Without one, by the latest of the days on which
    it came into force, was issued, revised, retrieved or looked for; the day on which it was read
    here says nothing about it.
    """
    newest: dict[str, Version] = {}
    for version in library.versions.values():
        if library.terms[version.id].status(on) in (Status.IN_FORCE, Status.UNDATED):
            known = newest.get(version.document)
            if known is None or known.ordinal < version.ordinal:
                newest[version.document] = version
    marked = (_marked(version, on, ages) for _, version in sorted(newest.items()))
    return Freshness(on, len(newest), tuple(one for one in marked if one is not None))


def _marked(version: Version, on: date, ages: Ages) -> Stale | None:
    metadata = version.metadata
    oldest, span = months_before(on, ages.review_months), _span(ages.review_months)
    due = _next_review(version)
    if due is not None and due < on:
        return Stale(version, Staleness.PAST_REVIEW, due, f"Its review was due on {due}.")
    if metadata.reviewed is not None:
        if metadata.reviewed >= oldest:
            return None
        sentence = f"Last reviewed on {metadata.reviewed}, more than {span} ago."
        return Stale(version, Staleness.PAST_REVIEW, metadata.reviewed, sentence)
    latest = last_sign(metadata, on)
    if latest is None:
        return Stale(version, Staleness.UNDATED, None, "It states no date at all.")
    if latest < oldest:
        sentence = f"No review is known, and its latest date is {latest}, more than {span} ago."
        return Stale(version, Staleness.SILENT, latest, sentence)
    return None


def _span(months: int) -> str:
    years, rest = divmod(months, 12)
    if rest:
        return f"{months} months" if months > 1 else "a month"
    return f"{years} years" if years > 1 else "a year"


def _next_review(version: Version) -> date | None:
    if version.metadata.next_review is not None:
        return version.metadata.next_review
    for name in _NEXT_REVIEW:
        value = version.metadata.extra.get(name)
        if isinstance(value, str):
            return parse_date(value)
        if isinstance(value, date):
            return value
    return None
