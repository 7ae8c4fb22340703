"""Builds a generation in a work folder: store, words, vectors, and the manifest last.

A generation starts as a copy of the one before it, or empty. Segments of words and shards of
vectors that do not change are hard-linked, so that one changed document costs little.
"""

from __future__ import annotations

import shutil
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from corpus.codes import CodeMention, codes_in
from corpus.document import Document, Passage
from corpus.text.split import Lengths, embedded_text, searched_text, split
from index.home.crash import crash_point
from index.home.manifest import FileSum, Manifest, file_sum
from index.library import STORE, VECTORS, WORDS, Library
from index.model.embedder import Embedder
from index.shards.lexical import Words, WordsWriter
from index.shards.shard import Entry, stems
from index.shards.store_writer import StoreWriter
from index.shards.stored import Seen, content_key
from index.shards.tokens import small
from index.shards.vector_writer import VectorWriter


class Progress(Protocol):
    """Is told how far the work is: the step (read, embed, write), done, of how many, and `what`
    file is in hand."""

    def __call__(self, step: str, done: int, total: int, what: str = "", /) -> None: ...


def silent(step: str, done: int, total: int, what: str = "", /) -> None:
    """Progress that nobody watches."""


_EMBED_AT_ONCE = 4096  # passages; bounds what is held in memory as text


@dataclass(slots=True)
class _New:
    """A passage that has no vector in this generation yet."""

    id: int
    key: bytes
    content: Passage


class Build:
    """A generation in the making. Call `add`, `drop` and `remake` for documents, then `finish`.

    `before` is the generation to start from; None starts empty. `next_ids` are the first free ids:
    none is ever given twice. Whatever is done here, nothing is seen by readers: the work folder
    becomes a generation only when it is published.
    """

    def __init__(
        self,
        folder: Path,
        *,
        before: Library | None,
        vectors_from: Library | None,
        next_ids: Mapping[str, int],
        embedder: Embedder,
        lengths: Lengths,
        progress: Progress,
    ) -> None:
        self._folder = folder
        self._before = before
        self._donor = vectors_from
        self._embedder = embedder
        self._lengths = lengths
        self._progress = progress
        folder.mkdir(mode=0o700)
        crash_point("folder-made")
        self._next_version = next_ids.get("version", 1)
        self._next_passage = next_ids.get("passage", 1)
        source = before.home.folder(before.generation) if before else None
        if source:
            shutil.copyfile(source / STORE, folder / STORE)
        crash_point("store-copied")
        self._store = StoreWriter(folder / STORE)
        crash_point("store-opened")
        self._vectors = VectorWriter(
            folder / VECTORS,
            before=stems(source, list(before.manifest.files)) if before and source else [],
            searched=before.manifest.searched if before else {},
            dimension=embedder.dimension,
            token_dimension=embedder.card.token_dimension,
            vocabulary=embedder.card.vocabulary,
        )
        self._words = WordsWriter(folder / WORDS, before=source / WORDS if source else None)
        self._waiting: list[_New] = []
        self._dropped: set[int] = set()
        self.embedded = 0

    def add(self, document: Document, *, seen: Seen, version: int | None = None) -> int:
        """Add a version of a document; gives its id. `version` keeps the id it had before."""
        if version is None:
            version, self._next_version = self._next_version, self._next_version + 1
        self._next_version = max(self._next_version, version + 1)
        self._store.add_version(version, document, seen=seen)
        self._add_passages(version, document)
        crash_point("document-added")
        return version

    def remake(self, version: int, document: Document, *, sidecar: str) -> None:
        """Give a version other metadata. Its passages are made anew: their context names it."""
        self._forget_passages(version)
        self._store.drop_passages(version)
        self._store.set_metadata(version, document.metadata, sidecar)
        self._add_passages(version, document)

    def drop(self, version: int) -> None:
        """Take a version out, with all that came from it."""
        self._forget_passages(version)
        self._store.drop_version(version)
        crash_point("document-dropped")

    def finish(self, *, generation: int, recipe: dict[str, Any], setting: Any) -> Manifest:
        """Write the indexes and the manifest. `setting(store)` records files and folders."""
        self._embed()
        crash_point("passages-embedded")
        setting(self._store)
        counts = self._store.counts()
        crash_point("store-recorded")
        self._write_words()
        crash_point("words-written")
        searched = self._vectors.finish(dropped=self._dropped)
        crash_point("vectors-written")
        self._store.finish()
        crash_point("store-finished")
        sums = _sums(self._folder, self._before)
        crash_point("sums-taken")
        manifest = Manifest(
            generation=generation,
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            recipe=recipe,
            counts=counts,
            files=sums,
            next_ids={"version": self._next_version, "passage": self._next_passage},
            searched=searched,
        )
        manifest.write(self._folder)
        return manifest

    def _add_passages(self, version: int, document: Document) -> None:
        passages = split(document, self._embedder, lengths=self._lengths)
        first, self._next_passage = self._next_passage, self._next_passage + len(passages)
        self._store.add_passages(version, first, passages)
        self._store.add_mentions(version, _placed(codes_in(document), passages, first))
        for identity, passage in enumerate(passages, first):
            self._words.add(Words(identity, version, searched_text(passage)))
            key = content_key(passage)
            self._waiting.append(_New(identity, key, passage))
        if len(self._waiting) >= _EMBED_AT_ONCE:
            self._embed()

    def _forget_passages(self, version: int) -> None:
        self._dropped |= {stored.id for stored in self._store.passages_of(version)}

    def _embed(self) -> None:
        """Vectors for the passages that wait: from an equal passage where there is one."""
        fresh: list[_New] = []
        for new in self._waiting:
            donor = self._donor.store.passage_with_content(new.key) if self._donor else None
            if donor is None or self._donor is None:
                fresh.append(new)
            else:
                vector, tokens = self._donor.vectors_of(donor)
                self._vectors.add(Entry(new.id, vector, tokens))
        texts = [embedded_text(new.content) for new in fresh]
        for done, (position, embedding) in enumerate(self._embedder.passages(texts), 1):
            new = fresh[position]
            tokens = small(embedding, new.content)
            self._vectors.add(Entry(new.id, embedding.vector, tokens))
            self._progress("embed", self.embedded + done, self.embedded + len(fresh))
        self.embedded += len(fresh)
        self._waiting = []

    def _write_words(self) -> None:
        """Finish the words. After a removal all is written anew: postings of removed passages would
        stay in their segments."""
        if self._dropped:
            self._words.write_anew(self._all_words())
        else:
            self._words.finish()

    def _all_words(self) -> Iterator[Words]:
        for version in self._store.versions():
            for stored in self._store.passages_of(version.id):
                yield Words(stored.id, version.id, searched_text(stored.content))


def _placed(
    mentions: Sequence[CodeMention], passages: Sequence[Passage], first: int
) -> Iterator[tuple[int, CodeMention]]:
    """Each mention with the id of the passage in which it begins."""
    starts = [passage.span.start for passage in passages]
    for mention in mentions:
        at = bisect_right(starts, mention.span.start) - 1
        if at >= 0:
            yield first + at, mention


def _sums(folder: Path, before: Library | None) -> dict[str, FileSum]:
    """Size and sha-256 of every file. A hard-linked file has the sum it had: it was checked."""
    known: dict[tuple[int, int], FileSum] = {}
    if before:
        old = before.home.folder(before.generation)
        for name, known_sum in before.manifest.files.items():
            with suppress(OSError):
                stat = (old / name).stat()
                known[(stat.st_dev, stat.st_ino)] = known_sum
    sums = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            stat = path.stat()
            sums[path.relative_to(folder).as_posix()] = known.get(
                (stat.st_dev, stat.st_ino)
            ) or FileSum(stat.st_size, file_sum(path))
    return sums
