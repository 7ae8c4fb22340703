"""What is new to a search: passages that it finds now and that were not in the library then."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from hashlib import sha256

from index.library import Library
from index.shards.places import Ids
from index.shards.stored import StoredPassage


@dataclass(frozen=True, slots=True)
class News:
    """What a search finds now: the marks of all of it, and the passages that are new, in the order
    of the library. `gone` counts what was seen and is found no more."""

    marks: frozenset[str]
    new: tuple[int, ...]
    gone: int


def mark_of(document: str, text: str) -> str:
    """A passage, identified by its document and text: ids and positions change between syncs."""
    return sha256(f"{document}\n{text}".encode()).hexdigest()[:24]


def news(library: Library, found: Ids, *, since: str, seen: frozenset[str]) -> News:
    """What of the found passages is new. `since` is when what was seen then had been read: a text
    that any version of the document held by then was there, whether it was found or not."""
    stored = library.passages(found.tolist())
    marks = {one.id: _mark(library, one) for one in stored}
    then = datetime.fromisoformat(since)
    then = then if then.tzinfo else then.replace(tzinfo=UTC)
    unseen = [one for one in stored if marks[one.id] not in seen]
    documents = {library.versions[one.version].document for one in unseen}
    was_there = _texts(library, documents, then)
    new = tuple(one.id for one in unseen if marks[one.id] not in was_there)
    now = frozenset(marks.values())
    return News(now, new, len(seen - now))


def _mark(library: Library, stored: StoredPassage) -> str:
    return mark_of(library.versions[stored.version].document, stored.content.text)


def _texts(library: Library, documents: Iterable[str], then: datetime) -> set[str]:
    """The marks of all passages that these documents had then."""
    versions = defaultdict(list)
    for version in library.versions.values():
        versions[version.document].append(version)
    return {
        _mark(library, stored)
        for document in documents
        for version in versions[document]
        if _instant(version.seen) <= then
        for stored in library.passages_of(version.id)
    }


def _instant(seen: date | datetime) -> datetime:
    if isinstance(seen, datetime):
        return seen if seen.tzinfo else seen.replace(tzinfo=UTC)
    return datetime.combine(seen, time.min, UTC)
