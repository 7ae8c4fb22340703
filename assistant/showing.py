"""Finds a document by its id or a part of it, and shows its text or one page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from corpus.document import Page
from corpus.errors import CodedeskError
from index.filters import is_named
from index.library import Library
from index.shards.stored import StoredPassage
from index.versions import Term, Version, today


class NotInLibrary(CodedeskError):
    """No document, version or page is called so."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A version, its term, the text asked for, and the page it stands on (None: the whole text)."""

    version: Version
    term: Term
    on: date
    text: str
    page: Page | None
    versions: int


def shown(
    library: Library, document: str, *, page: int | None = None, version: int | None = None
) -> Shown:
    """The text of a document, or of one page, in one version.

    Raises CodedeskError for an unknown or ambiguous document, page or version.
    """
    chain = find_document(library, document)
    chosen = chain[-1]
    if version is not None:
        matching = [known for known in chain if known.ordinal == version]
        if not matching:
            raise NotInLibrary(
                f"{chosen.document} has no version {version}; it has "
                f"{', '.join(str(known.ordinal) for known in chain)}."
            )
        chosen = matching[0]
    text = library.document(chosen.id).text
    at = None
    if page is not None:
        text, at = _page(chosen, text, page)
    return Shown(chosen, library.terms[chosen.id], today(), text, at, len(chain))


def find_document(library: Library, name: str) -> list[Version]:
    """All versions of the one document that is meant, oldest first. Raises CodedeskError.

    Its id, the end of it, or, where only one document has it, any part of its id or title.
    """
    every = sorted(library.versions.values(), key=lambda known: (known.document, known.ordinal))
    named = {known.document for known in every if is_named(known, name)}
    if not named:
        wanted = name.casefold()
        named = {
            known.document
            for known in every
            if wanted in known.document.casefold() or wanted in known.metadata.title.casefold()
        }
    if not named:
        raise NotInLibrary(f"No document is called {name}. `codedesk status` lists them all.")
    if len(named) > 1:
        some = ", ".join(sorted(named)[:5])
        raise CodedeskError(f"{name} may mean {len(named)} documents: {some}. Name one of them.")
    return [known for known in every if known.document in named]


def passage_at(library: Library, document: str, start: int) -> StoredPassage:
    """The passage of a document's newest version that begins at a character, or holds it. Raises
    CodedeskError."""
    newest = find_document(library, document)[-1]
    for passage in library.passages_of(newest.id):
        if passage.content.span.start <= start < passage.content.span.end:
            return passage
    raise CodedeskError(f"{newest.document} has no passage at its character {start:,}.")


def _page(version: Version, text: str, number: int) -> tuple[str, Page]:
    pages = version.pages
    if not pages:
        raise CodedeskError(
            f"{version.document} has no pages ({version.format}). Leave --page out."
        )
    for at, page in enumerate(pages):
        if page.number == number:
            end = pages[at + 1].start if at + 1 < len(pages) else len(text)
            return text[page.start : end].strip(), page
    raise NotInLibrary(f"{version.document} has pages 1 to {pages[-1].number}, not {number}.")
