"""What a sync did that the versions it leaves behind cannot tell: removals and moved dates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from corpus.document import DATES, Metadata
from index.embedded.catalogue import Listed
from index.shards.stored import Event
from index.sync.past import Past


@dataclass(frozen=True, slots=True)
class Edited:
    """A version that stays, and what is known of it from now on."""

    before: Listed
    after: Metadata


def new_events(
    past: Past, removed: Iterable[str], edited: Iterable[Edited], *, at: datetime
) -> list[Event]:
    """The events of a sync after which the `removed` documents are gone."""
    latest = {listed.document: listed for listed in past.versions_of(removed)}
    gone = [
        Event(at, name, listed.metadata.payer, "removed", "", past.codes(listed))
        for name, listed in sorted(latest.items())
    ]
    return [*gone, *(event for edit in _in_order(edited) for event in _moved(past, edit, at=at))]


def events_under(past: Past, names: Mapping[str, str]) -> list[Event]:
    """The events of before, each under what its document is called from now on."""
    return [
        replace(event, document=names.get(event.document, event.document))
        for event in past.events()
    ]


def _in_order(edited: Iterable[Edited]) -> list[Edited]:
    return sorted(edited, key=lambda edit: edit.before.id)


def _moved(past: Past, edit: Edited, *, at: datetime) -> Iterator[Event]:
    """The dates that differ, in words: "retired: none, now 2025-01-01"; nothing where none does."""
    detail = "; ".join(_differing(edit.before.metadata, edit.after))
    if detail:
        codes = past.codes(edit.before)
        yield Event(at, edit.before.document, edit.after.payer, "dates", detail, codes)


def _differing(before: Metadata, after: Metadata) -> Iterator[str]:
    for name in DATES:
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            yield f"{name}: {old or 'none'}, now {new or 'none'}"
