"""What differs between two versions of a document, and what changed in the library since a day."""

from __future__ import annotations

from datetime import date

from msgspec import field as key
from msgspec.structs import asdict

from assistant.policies import differences
from assistant.policies.alignment import Piece
from assistant.policies.changes import What
from corpus.codes import CodeSystem
from corpus.document import Span
from index import versions
from index.library import Library
from ui.schema.documents import Document, document_of
from ui.schema.model import Model


class Version(Document):
    """`first_seen` is the day on which a sync first read it."""

    first_seen: date


class Part(Model):
    """A passage of a version; `span` counts in its text."""

    text: str
    section: tuple[str, ...]
    page: int | None
    page_label: str | None
    span: Span


class ChangedPassage(Model):
    """A passage that stands in both versions with other words."""

    before: Part = key(name="from")
    after: Part = key(name="to")
    words: tuple[Piece, ...]


class CodeNamed(Model):
    """A code, range or rule that one version alone names, and the page where it first does."""

    code: str
    system: CodeSystem
    page: int | None


class DateMoved(Model):
    """`confirmed`: a person gave the new date; it was not found in the text."""

    field: str
    before: date | None = key(name="from")
    after: date | None = key(name="to")
    confirmed: bool


class Difference(Model):
    document: str
    before: Version = key(name="from")
    after: Version = key(name="to")
    added: tuple[Part, ...]
    removed: tuple[Part, ...]
    changed: tuple[ChangedPassage, ...]
    codes_added: tuple[CodeNamed, ...]
    codes_removed: tuple[CodeNamed, ...]
    dates: tuple[DateMoved, ...]


def difference_of(library: Library, found: differences.Difference) -> Difference:
    return Difference(
        document=found.after.document,
        before=_version(library, found.before),
        after=_version(library, found.after),
        added=tuple(map(Part.like, found.added)),
        removed=tuple(map(Part.like, found.removed)),
        changed=tuple(map(ChangedPassage.like, found.changed)),
        codes_added=tuple(map(_code, found.codes_added)),
        codes_removed=tuple(map(_code, found.codes_removed)),
        dates=tuple(map(DateMoved.like, found.dates)),
    )


def _version(library: Library, version: versions.Version) -> Version:
    term = library.terms[version.id]
    about = document_of(version, term, term.status(versions.today()))
    return Version(**asdict(about), first_seen=version.first_seen)


def _code(named: differences.CodeNamed) -> CodeNamed:
    return CodeNamed(code=named.shown, system=named.system, page=named.page)


class Change(Model):
    """`on` is the day it happened; `title` is null for what is no longer there. `codes` are those
    that the document names, or, where its text changed, none: then see the other two."""

    on: date
    what: What
    document: str
    title: str | None
    version: int | None
    detail: str
    codes: tuple[str, ...]
    codes_added: tuple[str, ...]
    codes_removed: tuple[str, ...]


class PayerChanges(Model):
    """`codes` are all that its changes touched."""

    payer: str | None
    codes: tuple[str, ...]
    changes: tuple[Change, ...]


class Changes(Model):
    since: date
    until: date
    payers: tuple[PayerChanges, ...]
