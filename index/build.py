"""Builds a generation in a work folder: store, words, vectors, and the manifest last.

A generation starts as a copy of the one before it, or empty. Segments of words and shards of
vectors that do not change are hard-linked, so that one changed document costs little.
"""

from __future__ import annotations

import os
import shutil
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np

from corpus.codes import CodeMention, codes_in
from corpus.document import Document, Passage
from corpus.split import Lengths, embedded_text, split
from index.dense import Ids, read_vectors, write_vectors
from index.embedder import Embedder, Floats
from index.home import crash_point
from index.lexical import Words, write_words
from index.library import STORE, VECTORS, WORDS, Library
from index.manifest import FileSum, Manifest, file_sum
from index.store import Seen, StoreWriter, content_key

Progress = Callable[[str, int, int], None]  # step ("read", "embed", "write"), done, of how many
_MOST_SHARDS = 8  # more are merged into one: each is searched by itself
_EMBED_AT_ONCE = 4096  # passages; bounds what is held in memory as text


@dataclass(slots=True)
class _New:
    """A passage that has no vector in this generation yet."""

    id: int
    key: bytes
    text: str


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
        self._next_version = next_ids.get("version", 1)
        self._next_passage = next_ids.get("passage", 1)
        if before:
            source = before.home.folder(before.generation)
            shutil.copyfile(source / STORE, folder / STORE)
        crash_point("store-copied")
        self._store = StoreWriter(folder / STORE)
        self._waiting: list[_New] = []
        self._ids: list[int] = []
        self._vectors: list[Floats] = []
        self._dropped: set[int] = set()
        self._words: list[Words] = []
        self.embedded = 0

    def add(self, document: Document, *, seen: Seen, version: int | None = None) -> int:
        """Add a version of a document; gives its id. `version` keeps the id it had before."""
        if version is None:
            version, self._next_version = self._next_version, self._next_version + 1
        self._next_version = max(self._next_version, version + 1)
        self._store.add_version(version, document, seen=seen)
        self._add_passages(version, document)
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

    def finish(self, *, generation: int, recipe: dict[str, Any], setting: Any) -> Manifest:
        """Write the indexes and the manifest. `setting(store)` records files and folders."""
        self._embed()
        setting(self._store)
        self._check_counts()
        counts = self._store.counts()
        crash_point("before-words")
        self._write_words()
        crash_point("before-vectors")
        self._write_vectors()
        self._store.finish()
        crash_point("before-manifest")
        manifest = Manifest(
            generation=generation,
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            recipe=recipe,
            counts=counts,
            files=_sums(self._folder, self._before),
            next_ids={"version": self._next_version, "passage": self._next_passage},
        )
        manifest.write(self._folder)
        crash_point("after-manifest")
        return manifest

    def _add_passages(self, version: int, document: Document) -> None:
        passages = split(document, self._embedder, lengths=self._lengths)
        first, self._next_passage = self._next_passage, self._next_passage + len(passages)
        self._store.add_passages(version, first, passages)
        self._store.add_mentions(version, _placed(codes_in(document), passages, first))
        for identity, passage in enumerate(passages, first):
            self._words.append(Words(identity, version, document.metadata.title, passage))
            key = content_key(passage)
            self._waiting.append(_New(identity, key, embedded_text(passage)))
        if len(self._waiting) >= _EMBED_AT_ONCE:
            self._embed()

    def _forget_passages(self, version: int) -> None:
        gone = {stored.id for stored in self._store.passages_of(version)}
        self._dropped |= gone
        self._words = [entry for entry in self._words if entry.passage not in gone]
        self._waiting = [new for new in self._waiting if new.id not in gone]

    def _embed(self) -> None:
        """Vectors for the passages that wait: from an equal passage where there is one."""
        fresh: list[_New] = []
        known: dict[int, int] = {}
        for new in self._waiting:
            donor = self._donor.store.passage_with_content(new.key) if self._donor else None
            if donor is None:
                fresh.append(new)
            else:
                known[new.id] = donor
        if known and self._donor:
            self._ids += known
            self._vectors.append(self._donor.vectors(list(known.values())))
        if fresh:
            vectors = np.empty((len(fresh), self._embedder.dimension), np.float32)
            texts = [new.text for new in fresh]
            for done, (position, embedding) in enumerate(self._embedder.passages(texts), 1):
                vectors[position] = embedding.vector
                self._progress("embed", self.embedded + done, self.embedded + len(fresh))
            self._ids += [new.id for new in fresh]
            self._vectors.append(vectors)
            self.embedded += len(fresh)
        self._waiting = []

    def _write_words(self) -> None:
        """Add the new passages' words. After a removal all is written anew: postings of removed
        passages would stay in their segments."""
        folder = self._folder / WORDS
        if self._before and not self._dropped:
            _link_words(self._before.home.folder(self._before.generation) / WORDS, folder)
            if self._words:
                write_words(folder, self._words)
            return
        write_words(folder, self._all_words() if self._before else self._words)

    def _all_words(self) -> Iterator[Words]:
        for version in self._store.versions():
            for stored in self._store.passages_of(version.id):
                yield Words(stored.id, version.id, version.metadata.title, stored.content)

    def _write_vectors(self) -> None:
        folder = self._folder / VECTORS
        folder.mkdir()
        ids = np.array(self._ids, np.int64)
        vectors = (
            np.concatenate(self._vectors)
            if self._vectors
            else np.empty((0, self._embedder.dimension), np.float32)
        )
        alive = ~np.isin(ids, np.fromiter(self._dropped, np.int64, len(self._dropped)))
        new = [(ids[alive], vectors[alive])] if alive.any() else []
        paths = self._old_shards()
        if len(paths) + len(new) > _MOST_SHARDS:
            new = [_joined([*(self._read_shard(path) for path in paths), *new])]
            paths = []
        for path in paths:
            self._keep_shard(path, folder)
        number = max((int(path.stem) for path in folder.glob("*.faiss")), default=0) + 1
        for shard_ids, shard_vectors in new:
            write_vectors(folder / f"{number:06d}.faiss", shard_ids, shard_vectors)

    def _old_shards(self) -> list[Path]:
        if not self._before:
            return []
        source = self._before.home.folder(self._before.generation)
        names = [name for name in self._before.manifest.files if name.startswith(VECTORS + "/")]
        return [source / name for name in sorted(names)]

    def _read_shard(self, path: Path) -> tuple[Ids, Floats]:
        """A shard without what was dropped."""
        ids, vectors = read_vectors(path)
        alive = ~np.isin(ids, np.fromiter(self._dropped, np.int64, len(self._dropped)))
        return ids[alive], vectors[alive]

    def _keep_shard(self, path: Path, folder: Path) -> None:
        if self._dropped:
            ids, vectors = self._read_shard(path)
            if len(ids) < len(read_vectors(path)[0]):
                if len(ids):
                    write_vectors(folder / path.name, ids, vectors)
                return
        link(path, folder / path.name)

    def _check_counts(self) -> None:
        """A generation with a passage that has no vector is a fault of ours; it is not published."""
        alive = set(self._ids) - self._dropped
        if self._before is None and len(alive) != self._store.counts()["passages"]:
            raise AssertionError("passages and vectors do not agree")


def link(source: Path, target: Path) -> None:
    """A second name for an unchanging file; a copy where the file system has no hard links."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def _link_words(source: Path, target: Path) -> None:
    """tantivy's segments never change; its two lists of them do, and are copied."""
    target.mkdir()
    for path in source.iterdir():
        if path.suffix == ".json":
            shutil.copyfile(path, target / path.name)
        else:
            link(path, target / path.name)


def _placed(
    mentions: Sequence[CodeMention], passages: Sequence[Passage], first: int
) -> Iterator[tuple[int, CodeMention]]:
    """Each mention with the id of the passage in which it begins."""
    starts = [passage.span.start for passage in passages]
    for mention in mentions:
        at = bisect_right(starts, mention.span.start) - 1
        if at >= 0:
            yield first + at, mention


def _joined(shards: Sequence[tuple[Ids, Floats]]) -> tuple[Ids, Floats]:
    return (
        np.concatenate([ids for ids, _ in shards]),
        np.concatenate([vectors for _, vectors in shards]),
    )


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


def today() -> date:
    """The local date: what is in force is asked in the user's own day."""
    return datetime.now().astimezone().date()
