"""What documents were found to be and nobody has confirmed: values too doubtful to be used, and
names that no list has. For the review queue of the Library page and for `codedesk doctor`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.document import FoundText
from corpus.metadata.identity.calling import plain
from corpus.metadata.identity.names import Body, names_with
from index.library import Library
from index.versions import Version

_NAMED = ("payer", "publisher")


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A value that was found in a document and is not used, with its evidence."""

    document: str
    found: FoundText


@dataclass(frozen=True, slots=True)
class Proposed:
    """A name that documents bear and no list has: whoever maintains the names may add it.

    `pays` says that documents were taken for its policies; `evidence` are what says so, one of each
    document, the surest first.
    """

    name: str
    pays: bool
    evidence: tuple[Doubtful, ...]


def doubtful_values(library: Library) -> list[Doubtful]:
    """By document and field, the likeliest value first; only of the latest versions, and only where
    the field is empty or has a value that was found and not confirmed."""
    found = []
    for version in _latest(library):
        told = version.metadata
        guessed = {one.field for one in told.stated if not one.confirmed}
        guessed |= {one.field for one in told.found}
        found += [
            Doubtful(version.document, one)
            for one in sorted(told.doubtful, key=lambda one: (one.field, -one.sure))
            if not getattr(told, one.field, None) or one.field in guessed
        ]
    return found


def proposed_names(library: Library, known: tuple[Body, ...] = ()) -> list[Proposed]:
    """Names in the library's own documents that neither the pack nor `known` has, those of most
    documents first."""
    names = names_with(known)
    listed = {plain(printed) for body in names.bodies for printed in (body.name, *body.printed)} | {
        "medicare",
        "medicaid",
    }
    found: dict[str, dict[str, Doubtful]] = defaultdict(dict)
    paying: set[str] = set()
    for one in _names_found(library):
        key = plain(one.found.value)
        if key in listed:
            continue
        kept = found[key].setdefault(one.document, one)
        if one.found.sure > kept.found.sure:
            found[key][one.document] = one
        if one.found.field == "payer":
            paying.add(key)
    proposed = [
        Proposed(
            next(iter(of.values())).found.value,
            key in paying,
            tuple(sorted(of.values(), key=lambda one: -one.found.sure)),
        )
        for key, of in found.items()
    ]
    return sorted(proposed, key=lambda one: (-len(one.evidence), one.name))


def identity_notes(library: Library, known: tuple[Body, ...] = ()) -> Iterator[str]:
    """A sentence for each document whose payer is doubtful, and for each proposed name."""
    payers: dict[str, list[FoundText]] = defaultdict(list)
    for doubtful in doubtful_values(library):
        if doubtful.found.field == "payer":
            payers[doubtful.document].append(doubtful.found)
    for document, found in payers.items():
        names = " or ".join(one.value for one in found)
        yield f"{document} may be of {names}: {_said(found[0])}. Confirm it or write the payer."
    for name in proposed_names(library, known):
        first = name.evidence[0]
        documents = f"{len(name.evidence)} document" + ("s" if len(name.evidence) > 1 else "")
        yield (
            f"“{name.name}” is in no list of names and is named as "
            f"{'payer' if name.pays else 'publisher'} of {documents}: {first.document}, "
            f"{_said(first.found)}. Add it to names.toml, with its other names, if it is right."
        )


def _said(found: FoundText) -> str:
    where = f", page {found.page}" if found.page else ""
    return f"“{found.sentence}”{where}"


def _names_found(library: Library) -> Iterator[Doubtful]:
    for version in _latest(library):
        told = version.metadata
        for one in (*told.stated, *told.doubtful):
            if one.field in _NAMED and not one.confirmed:
                yield Doubtful(version.document, one)


def _latest(library: Library) -> Sequence[Version]:
    """The latest version of each document, by its name."""
    latest: dict[str, Version] = {}
    for version in sorted(library.versions.values(), key=lambda one: (one.document, one.ordinal)):
        latest[version.document] = version
    return list(latest.values())
