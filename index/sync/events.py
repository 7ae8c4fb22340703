"""What a sync did that the versions it leaves behind cannot tell: removals and moved dates."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from corpus.document import Metadata
from index.library import Library
from index.shards.store import METADATA, Store
from index.shards.stored import Event

_DATES = ("effective", "retired", "reviewed", "retrieved")


def new_events(old: Library | None, store: Store, *, at: datetime) -> list[Event]:
    """The events between a generation and the store that is to follow it.

    A store that was made anew has no events yet: then those of the old one come first.
    """
    if old is None:
        return []
    before, after = old.store.metadata_texts(), store.metadata_texts()
    kept = {document for document, _ in after.values()}
    gone = {document for document, _ in before.values()} - kept
    earlier = [] if store.events() else old.store.events()
    removed = [_removed(old, document, at=at) for document in sorted(gone)]
    moved = [
        event
        for version, (document, text) in sorted(after.items())
        if version in before and before[version][1] != text  # of few: only these are read
        for event in _moved(old, version, document, METADATA.decode(text), at=at)
    ]
    return [*earlier, *removed, *moved]


def _removed(old: Library, document: str, *, at: datetime) -> Event:
    latest = max(
        (version for version in old.versions.values() if version.document == document),
        key=lambda version: version.ordinal,
    )
    codes = _codes(old, latest.id)
    return Event(at, document, latest.metadata.payer, "removed", "", codes)


def _codes(old: Library, version: int) -> tuple[str, ...]:
    mentions = (stored.mention for stored in old.mentions_of_version(version))
    return tuple(sorted({mention.code for mention in mentions if mention.coverage == "exact"}))


def _moved(
    old: Library, version: int, document: str, after: Metadata, *, at: datetime
) -> Iterator[Event]:
    """The dates that differ, in words: "retired: none, now 2025-01-01"; nothing where none does."""
    detail = "; ".join(_differing(old.versions[version].metadata, after))
    if detail:
        yield Event(at, document, after.payer, "dates", detail, _codes(old, version))


def _differing(before: Metadata, after: Metadata) -> Iterator[str]:
    for name in _DATES:
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            yield f"{name}: {old or 'none'}, now {new or 'none'}"
