"""What is in the library, what is kept on disk, and how it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from msgspec.structs import asdict

from assistant.policies import editions, freshness
from index.care.doctor import Finding
from index.editions.pairs import Kin
from index.home import generations
from index.library import Library
from index.replicas import following
from index.versions import Version, today
from ui.schema.documents import Document, document_of
from ui.schema.model import Model
from ui.schema.replicas import Following
from ui.state.ages import ages


class Stale(Model):
    """A document to look at. `since` is its latest date, or the day its review was due."""

    document: str
    payer: str | None
    why: freshness.Staleness
    since: date | None
    sentence: str


class Freshness(Model):
    """Of the documents that are not retired, those that nobody has looked at for long."""

    as_of: date
    documents: int
    counts: Mapping[str, int]
    stale: tuple[Stale, ...]


class File(Document):
    """A document's newest version."""

    pages: int
    passages: int


class Unread(Model):
    """A file that could not be read, and why."""

    path: str
    reason: str


class LibraryStatus(Model):
    """`recipe` is what shaped the index; `folders` are the library's, by name; `following` is
    null where the library is made here."""

    generation: int
    created: str
    recipe: Mapping[str, Any]
    warnings: tuple[str, ...]
    documents: int
    versions: int
    passages: int
    mentions: int
    folders: Mapping[str, str]
    freshness: Freshness
    files: tuple[File, ...]
    failed: tuple[Unread, ...]
    needs_ocr: tuple[str, ...]
    following: Following | None


def status_of(library: Library, followed: following.Following | None) -> LibraryStatus:
    newest: dict[str, Version] = {}
    for version in sorted(library.versions.values(), key=lambda known: known.ordinal):
        newest[version.document] = version
    states, counts = library.files(), library.about.counts
    pictures = {s.document for s in states if s.state == "needs_ocr"}
    return LibraryStatus(
        generation=library.generation,
        created=library.about.created,
        recipe=library.about.recipe,
        warnings=tuple(library.warnings),
        documents=counts["documents"],
        versions=counts["versions"],
        passages=counts["passages"],
        mentions=counts["mentions"],
        folders=library.folders(),
        freshness=_freshness(freshness.freshness(library, today(), ages())),
        files=tuple(_file(library, version) for _, version in sorted(newest.items())),
        failed=tuple(Unread(path=s.document, reason=s.reason) for s in states if s.is_unread),
        needs_ocr=tuple(
            sorted(pictures | {v.document for v in newest.values() if v.needs_ocr}),
        ),
        following=Following.like(followed) if followed is not None else None,
    )


def _freshness(found: freshness.Freshness) -> Freshness:
    return Freshness(
        as_of=found.on,
        documents=found.documents,
        counts=found.counts,
        stale=tuple(
            Stale(
                document=one.version.document,
                payer=one.version.metadata.payer,
                why=one.why,
                since=one.since,
                sentence=one.sentence,
            )
            for one in found.stale
        ),
    )


def _file(library: Library, version: Version) -> File:
    term = library.terms[version.id]
    return File(
        **asdict(document_of(version, term, term.status(today()))),
        pages=len(version.pages),
        passages=library.passage_counts[version.id],
    )


class Generation(Model):
    """`problem` says what is wrong with one that is damaged; then nothing else is known."""

    generation: int
    current: bool
    created: str | None
    counts: Mapping[str, int] | None
    problem: str | None


def generation_of(kept: generations.Kept) -> Generation:
    return Generation(
        generation=kept.number,
        current=kept.current,
        created=kept.manifest.created if kept.manifest else None,
        counts=kept.manifest.counts if kept.manifest else None,
        problem=kept.problem or None,
    )


class RolledBack(Model):
    """The generation that answered before (0: none could), and the one that answers now."""

    before: int
    generation: int


class Edition(Model):
    """Two documents that look like versions of one (`kin`: versions, unordered where no date tells
    the later one, duplicate where both say the same). `alike` is the share of equal text, `counts`
    whether the earlier one is over from `begins` on because the later one is there, `same` what a
    person decided, null as long as nobody did."""

    earlier: Document
    later: Document
    kin: Kin
    begins: date | None
    alike: float
    evidence: tuple[str, ...]
    counts: bool
    same: bool | None
    sentence: str


def edition_of(library: Library, found: editions.Edition) -> Edition:
    decision = found.decision
    return Edition(
        earlier=_side(library, found.earlier),
        later=_side(library, found.later),
        kin=found.pair.kin,
        begins=found.pair.begins,
        alike=found.pair.alike,
        evidence=found.pair.evidence,
        counts=found.counts,
        same=decision.same if decision else None,
        sentence=found.sentence,
    )


def _side(library: Library, version: Version) -> Document:
    term = library.terms[version.id]
    return document_of(version, term, term.status(today()))


class Health(Model):
    """What the doctor looked at. `healthy`: none of it is a problem. `editions` are the documents
    that look like versions of one."""

    healthy: bool
    findings: tuple[Finding, ...]
    editions: tuple[Edition, ...]
