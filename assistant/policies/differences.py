"""What is different between two versions of a document: its words, its codes, its dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from assistant.policies.alignment import Part, Piece, align, parts_of, word_changes
from assistant.policies.code_words import shown
from assistant.showing import NotInLibrary, find_document
from corpus.codes import CodeSystem
from corpus.document import Metadata, page_at
from corpus.errors import CodedeskError
from index.library import Library
from index.versions import Version

DATES = ("effective", "retired", "reviewed", "retrieved", "copy_of", "checked")


@dataclass(frozen=True, slots=True)
class ChangedPassage:
    """A passage of both versions with different words; `words` says which."""

    before: Part
    after: Part
    words: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class CodeNamed:
    """A code, range or rule that only one of two versions names, and the page where it first
    does."""

    shown: str
    system: CodeSystem
    page: int | None


@dataclass(frozen=True, slots=True)
class DateMoved:
    """A date that differs. `confirmed`: a person gave the new one; it was not found in the text."""

    field: str
    before: date | None
    after: date | None
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """From `before` to `after`. Passages come in the order of their document."""

    before: Version
    after: Version
    added: tuple[Part, ...]
    removed: tuple[Part, ...]
    changed: tuple[ChangedPassage, ...]
    codes_added: tuple[CodeNamed, ...]
    codes_removed: tuple[CodeNamed, ...]
    dates: tuple[DateMoved, ...]

    @property
    def is_empty(self) -> bool:
        parts = (self.added, self.removed, self.changed)
        return not any((*parts, self.codes_added, self.codes_removed, self.dates))


def diff(
    library: Library,
    document: str,
    from_version: int | None = None,
    to_version: int | None = None,
) -> Difference:
    """Compare two versions, named by their ordinals; by default the latest with the one before it.

    Raises CodedeskError for an unknown document or version, and for one that has nothing to be
    compared with.
    """
    chain = find_document(library, document)
    after = _chosen(chain, to_version) if to_version else _default_after(chain, from_version)
    before = _chosen(chain, from_version) if from_version else _one_before(chain, after)
    if before.id == after.id:
        raise CodedeskError(f"Version {after.ordinal} was to be compared with itself. Name two.")
    return compare(library, before, after)


def compare(library: Library, before: Version, after: Version) -> Difference:
    """The difference between two versions, whichever they are."""
    left = parts_of(library.document(before.id), library.passages_of(before.id))
    right = parts_of(library.document(after.id), library.passages_of(after.id))
    alignment = align(left, right)
    codes_before, codes_after = codes_of(library, before), codes_of(library, after)
    return Difference(
        before=before,
        after=after,
        added=alignment.added,
        removed=alignment.removed,
        changed=tuple(
            ChangedPassage(one, other, word_changes(one.text, other.text))
            for one, other in alignment.changed
        ),
        codes_added=tuple(code for key, code in codes_after.items() if key not in codes_before),
        codes_removed=tuple(code for key, code in codes_before.items() if key not in codes_after),
        dates=dates_moved(before.metadata, after.metadata),
    )


def codes_of(library: Library, version: Version) -> dict[tuple[CodeSystem, str], CodeNamed]:
    """Every code, range and rule that a version names, where first, in the order of the text."""
    found: dict[tuple[CodeSystem, str], CodeNamed] = {}
    for stored in library.mentions_of_version(version.id):
        mention = stored.mention
        key = (mention.system, shown(mention))
        if key not in found:
            page = page_at(version.pages, mention.span.start)
            found[key] = CodeNamed(key[1], mention.system, page.number if page else None)
    return found


def dates_moved(before: Metadata, after: Metadata) -> tuple[DateMoved, ...]:
    """The dates that differ, in the order of DATES."""
    guessed = {found.field for found in after.found}
    return tuple(
        DateMoved(name, getattr(before, name), getattr(after, name), name not in guessed)
        for name in DATES
        if getattr(before, name) != getattr(after, name)
    )


def _chosen(chain: Sequence[Version], ordinal: int) -> Version:
    for version in chain:
        if version.ordinal == ordinal:
            return version
    raise NotInLibrary(
        f"{chain[0].document} has no version {ordinal}; it has "
        f"{', '.join(str(version.ordinal) for version in chain)}."
    )


def _default_after(chain: Sequence[Version], from_version: int | None) -> Version:
    if len(chain) == 1:
        raise CodedeskError(
            f"{chain[0].document} has one version only, first read on {chain[0].first_seen}: "
            "there is nothing to compare it with. A changed file becomes version 2 at the next "
            "`codedesk sync`."
        )
    if from_version == chain[-1].ordinal:
        raise CodedeskError(f"Version {from_version} is the latest. Name an earlier one.")
    return chain[-1]


def _one_before(chain: Sequence[Version], after: Version) -> Version:
    earlier = [version for version in chain if version.ordinal < after.ordinal]
    if not earlier:
        raise CodedeskError(
            f"Version {after.ordinal} is the first of {after.document}: there is none before it "
            "to compare it with."
        )
    return earlier[-1]
