"""Writes the words of passages, in parts of a tantivy index each.

tantivy keeps numbers and postings alone; texts stay in the store.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import tantivy

from corpus.text.marks import without_marks
from index.shards.analysis import english

ANALYZER = "english"
FIELD = "text"
_HEAP = 128_000_000  # bytes of postings that a writer holds before it writes a segment
MOST_WORDS = 32_768  # passages of a part: written anew in seconds, and few parts are searched fast


def schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("id", indexed=True, fast=True)
    builder.add_unsigned_field("version", indexed=True, fast=True)
    builder.add_text_field(FIELD, tokenizer_name=ANALYZER, index_option="position")
    return builder.build()


@dataclass(frozen=True, slots=True)
class Words:
    """What the lexical index is given of one passage."""

    passage: int
    version: int
    text: str


class WordsWriter:
    """Writes the words of passages below `folder`, in parts: each a whole index of its own, which
    is written anew when something of it is removed.

    One thread by default: the same passages in the same order then give the same segments.
    """

    def __init__(self, folder: Path, *, threads: int = 1) -> None:
        folder.mkdir()
        self._folder = folder
        self._threads = threads
        self._writer: tantivy.IndexWriter | None = None
        self._count = 0
        self.part = 0  # in which the next words go

    def begin(self, passages: int) -> None:
        """So many passages that belong together come now."""
        if self._count and self._count + passages > MOST_WORDS:
            self.finish()

    def add(self, entry: Words) -> None:
        if self._writer is None:
            self._writer = self._open()
        document = tantivy.Document()
        document.add_unsigned("id", entry.passage)
        document.add_unsigned("version", entry.version)
        document.add_text(FIELD, without_marks(entry.text))
        self._writer.add_document(document)
        self._count += 1

    def finish(self) -> None:
        """Commit; every part is a whole index then."""
        if self._writer is not None:
            self._writer.commit()
            self._writer.wait_merging_threads()
            for leftover in part_of(self._folder, self.part).glob(".tantivy-*.lock"):
                leftover.unlink()
            self._writer = None
            self.part += 1
        self._count = 0

    def _open(self) -> tantivy.IndexWriter:
        folder = part_of(self._folder, self.part)
        folder.mkdir()
        index = tantivy.Index(schema(), path=str(folder))
        index.register_tokenizer(ANALYZER, english())
        return index.writer(heap_size=_HEAP, num_threads=self._threads)


def part_of(folder: Path, number: int) -> Path:
    """Where a part of a shard's words lies."""
    return folder / f"{number:02d}"


def write_part(folder: Path, number: int, entries: Iterable[Words]) -> None:
    """Write one part anew; one without words leaves no folder."""
    making = folder / ".anew"
    writer = WordsWriter(making)
    for entry in entries:
        writer.add(entry)
    writer.finish()
    if writer.part:
        part_of(making, 0).rename(part_of(folder, number))
    making.rmdir()
