"""What changed in the library since a day, by payer, with the codes affected."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from assistant.policies.differences import codes_of
from corpus.codes import CodeSystem
from index.library import Library
from index.versions import Version, today

# Modifiers, revenue codes, rules and trials stand in nearly every document and tell no change.
_TELLING = frozenset(
    (
        CodeSystem.CPT,
        CodeSystem.CATEGORY_III,
        CodeSystem.HCPCS,
        CodeSystem.ICD10CM,
        CodeSystem.ICD10PCS,
        CodeSystem.LCD,
        CodeSystem.NCD,
        CodeSystem.ARTICLE,
        CodeSystem.POLICY,
    )
)


class What(StrEnum):
    """What happened to a document."""

    ADDED = "added"
    CHANGED = "changed"  # new bytes: a new version
    REMOVED = "removed"  # no longer in the library
    DATES = "dates"  # a person gave other dates
    IN_FORCE = "in_force"  # a version came into force
    ENDED = "ended"  # a version was retired or superseded


@dataclass(frozen=True, slots=True)
class Change:
    """One event. `on` is the day it happened: for dates that of the document, for files that of
    the sync. `codes` are those the document names, or, where its text changed, none: then they are
    in `codes_added` and `codes_removed`. `title` is None for a removed document."""

    on: date
    what: What
    document: str
    title: str | None
    payer: str | None
    version: int | None
    detail: str
    codes: tuple[str, ...] = ()
    codes_added: tuple[str, ...] = ()
    codes_removed: tuple[str, ...] = ()
    other_payers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PayerChanges:
    """A payer's changes, latest first; what several payers share stands under each. `payer` is None
    for documents without one."""

    payer: str | None
    changes: tuple[Change, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """All codes touched."""
        touched: set[str] = set()
        for change in self.changes:
            touched |= {*change.codes, *change.codes_added, *change.codes_removed}
        return tuple(sorted(touched))


@dataclass(frozen=True, slots=True)
class LibraryChanges:
    """What changed from `since` to `until`, both days included. Payers by name, None last."""

    since: date
    until: date
    payers: tuple[PayerChanges, ...]


@dataclass(frozen=True, slots=True)
class _Days:
    """From `first` to `last`, both included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


def changes(library: Library, since: date, until: date | None = None) -> LibraryChanges:
    """All changes since a day, that day included."""
    until = until or today()
    days = _Days(since, until)
    by_payer: dict[str | None, list[Change]] = defaultdict(list)
    for change in (*_files(library, days), *_terms(library, days), *_events(library, days)):
        for payer in dict.fromkeys((change.payer, *change.other_payers)):
            by_payer[payer].append(change)
    return LibraryChanges(
        since,
        until,
        tuple(
            PayerChanges(payer, tuple(sorted(found, key=_latest_first)))
            for payer, found in sorted(
                by_payer.items(), key=lambda item: (item[0] is None, (item[0] or "").casefold())
            )
        ),
    )


def _latest_first(change: Change) -> tuple[int, str, int]:
    return -change.on.toordinal(), change.document, list(What).index(change.what)


def _files(library: Library, days: _Days) -> Iterator[Change]:
    """Documents that came, and documents whose file was replaced by other bytes."""
    before: dict[str, Version] = {}
    for version in sorted(library.versions.values(), key=lambda v: (v.document, v.ordinal)):
        earlier = before.get(version.document)
        before[version.document] = version
        if version.first_seen not in days:
            continue
        if earlier is None:
            yield _change(version, version.first_seen, What.ADDED, codes=_codes(library, version))
            continue
        yield _replaced(library, earlier, version)


def _replaced(library: Library, earlier: Version, version: Version) -> Change:
    old, new = set(_codes(library, earlier)), set(_codes(library, version))
    return _change(
        version,
        version.first_seen,
        What.CHANGED,
        detail=f"version {version.ordinal} replaces version {earlier.ordinal}",
        codes_added=tuple(sorted(new - old)),
        codes_removed=tuple(sorted(old - new)),
    )


def _terms(library: Library, days: _Days) -> Iterator[Change]:
    """Versions that came into force, and versions that ended."""
    for version in library.versions.values():
        term = library.terms[version.id]
        found_in_text = {found.field for found in version.metadata.found}
        if version.metadata.effective and version.metadata.effective in days:
            detail = "the date was found in the text" if "effective" in found_in_text else ""
            yield _change(
                version,
                version.metadata.effective,
                What.IN_FORCE,
                detail=detail,
                codes=_codes(library, version),
            )
        if term.end and term.end in days:
            detail = "superseded by a later version" if term.superseded else "retired"
            yield _change(
                version, term.end, What.ENDED, detail=detail, codes=_codes(library, version)
            )


def _events(library: Library, days: _Days) -> Iterator[Change]:
    """What only the syncs saw: removals, and dates that people moved."""
    newest = {version.document: version for version in library.versions.values()}
    for event in library.events():
        if event.on not in days:
            continue
        version = newest.get(event.document) if event.what == "dates" else None
        yield Change(
            on=event.on,
            what=What(event.what),
            document=event.document,
            title=version.metadata.title if version else None,
            payer=event.payer,
            version=version.ordinal if version else None,
            detail=event.detail,
            codes=event.codes,
            other_payers=version.metadata.other_payers if version else (),
        )


def _change(version: Version, on: date, what: What, **rest: object) -> Change:
    return Change(
        on=on,
        what=what,
        document=version.document,
        title=version.metadata.title,
        payer=version.metadata.payer,
        other_payers=version.metadata.other_payers,
        version=version.ordinal,
        detail=str(rest.pop("detail", "")),
        **rest,  # type: ignore[arg-type]
    )


def _codes(library: Library, version: Version) -> tuple[str, ...]:
    """The codes, ranges and rules that tell what a version is about, in the order of its text."""
    return tuple(name for system, name in codes_of(library, version) if system in _TELLING)
