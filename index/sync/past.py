"""What a sync knows of before: the generation it starts from, opened no further than needed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from corpus.document import Document
from index.embedded.catalogue import Listed
from index.embedded.generation import Generation
from index.home.manifest import Manifest
from index.shards.stored import Event, FileState


class Past(Protocol):
    """What came before. `generation` is one that can be built upon; None where its parts must all
    be made anew."""

    manifest: Manifest

    @property
    def generation(self) -> Generation | None: ...

    def close(self) -> None: ...

    def folders(self) -> Mapping[str, str]: ...

    def files(self) -> list[FileState]: ...

    def events(self) -> list[Event]: ...

    def audiences(self, *, gone: bool) -> Mapping[str, list[list[str]]]:
        """As in Catalogue."""

    def pages_to_read(self) -> set[str]:
        """The documents whose newest version has pages that hold an image and no text."""

    def versions(self) -> Iterable[Listed]:
        """Every version of every document, by document and ordinal."""

    def versions_of(self, documents: Iterable[str]) -> Iterable[Listed]:
        """All versions of some documents, by ordinal."""

    def document(self, listed: Listed) -> Document:
        """A version as it was read from its file."""

    def codes(self, listed: Listed) -> tuple[str, ...]:
        """The codes that a version prints, in order."""


class BuiltUpon:
    """A generation of this layout."""

    def __init__(self, generation: Generation) -> None:
        self.manifest = generation.manifest
        self.generation: Generation | None = generation
        self._opened = generation
        catalogue = generation.catalogue
        self.folders = catalogue.folders
        self.files = catalogue.files
        self.events = catalogue.events
        self.audiences = catalogue.audiences
        self.pages_to_read = catalogue.pages_to_read
        self.versions = catalogue.versions
        self.versions_of = catalogue.versions_of

    def close(self) -> None:
        self._opened.close()

    def document(self, listed: Listed) -> Document:
        texts = self._opened.shard(listed.shard).texts
        about = texts.about(listed.id)
        return Document(
            id=listed.document,
            sha256=listed.sha256,
            format=listed.format,
            text=texts.text(listed.id),
            blocks=texts.blocks(listed.id),
            pages=about.pages,
            metadata=about.metadata,
            needs_ocr=about.needs_ocr,
            warnings=about.warnings,
            places=texts.places(listed.id),
            scanned=texts.scanned(listed.id),
        )

    def codes(self, listed: Listed) -> tuple[str, ...]:
        mentions = self._opened.shard(listed.shard).mentions
        found = mentions.read(mentions.within(listed.first, listed.first + listed.passages))
        return tuple(sorted({one.code for _, one in found if one.coverage == "exact"}))
