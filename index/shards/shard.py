"""A shard: all of at most 131,072 passages, in one folder that never changes.

Texts, code mentions, words and vectors, and `shard.json` with the sum of every file. A shard is
named by what is in it. A sync adds one; what is removed has its shard written anew, as far as it
must be; small shards are merged. All else is hard-linked from generation to generation.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from index.home.durable import link
from index.home.manifest import read_shard, write_shard
from index.shards.mentions import Mentions, write_mentions
from index.shards.records import ENDING
from index.shards.texts import Content, Texts, TextsWriter
from index.shards.vectors import BULK as BULK_VECTORS
from index.shards.vectors import Entry, Vectors, VectorsWriter
from index.shards.words import Words, WordsWriter, part_of, write_part

BULK = (*BULK_VECTORS, ENDING)  # files whose parts have sums of their own
MOST_PASSAGES = 131_072
WORDS, VECTORS = "words", "vectors"
_MOST_SHARDS = 8  # small ones; more are merged: each is searched by itself
_SMALL = MOST_PASSAGES // 8  # passages; so few are written anew where some of them are removed


@dataclass(frozen=True, slots=True)
class Sizes:
    """Of passage vectors and of token vectors: the same in all shards of an index."""

    dimension: int
    token_dimension: int


class ShardWriter:
    """Writes a shard into `folder`: version by version, each followed by its passages' vectors."""

    def __init__(self, folder: Path, sizes: Sizes, *, vocabulary: int) -> None:
        folder.mkdir(parents=True)
        self.folder = folder
        self._texts = TextsWriter(folder)
        self._words = WordsWriter(folder / WORDS)
        self._vectors = VectorsWriter(
            folder / VECTORS, dimension=sizes.dimension, vocabulary=vocabulary
        )
        self._mentions: list[Any] = []
        self.passages = 0
        self.versions: list[int] = []

    def begin(self, content: Content) -> None:
        """Write all of a version but its vectors; those are added next, by passage."""
        self._words.begin(len(content.passages))
        self._texts.add(content, part=self._words.part)
        for passage, text in enumerate(content.words, content.first):
            self._words.add(Words(passage, content.version, text))
        self._mentions += content.mentions
        self.passages += len(content.passages)
        self.versions.append(content.version)

    @property
    def vectors(self) -> int:
        """How many passages have their vectors already."""
        return len(self._vectors)

    def add(self, entry: Entry) -> None:
        self._vectors.add(entry)

    def written(self, row: int) -> Entry:
        """The vectors that were added as number `row`, counted from 0."""
        return self._vectors.written(row)

    def take(self, shard: Shard, version: int) -> None:
        """Write a version as another shard has it."""
        content = shard.content(version)
        self.begin(content)
        for entry in shard.vectors.entries(shard.texts.passages_of(version)):
            self.add(entry)

    def finish(self) -> str:
        """Write what is left, and the sums; gives the name that the shard is to have."""
        self._texts.finish()
        self._words.finish()
        write_mentions(self.folder, self._mentions)
        how = self._vectors.finish()
        return write_shard(self.folder, passages=self.passages, searched=how)


class Shard:
    """An open shard. Its files' sums were compared before, but for those of BULK. What is in it is
    opened when it is first asked for. `close` it, or let it go."""

    def __init__(self, folder: Path, sizes: Sizes) -> None:
        self.folder = folder
        self._sizes = sizes

    def open(self) -> None:
        """Open all of it: its generation may be removed while it still answers."""
        for name in ("texts", "mentions", "vectors"):
            getattr(self, name)

    @cached_property
    def texts(self) -> Texts:
        return Texts(self.folder)

    @cached_property
    def mentions(self) -> Mentions:
        return Mentions.opened(self.folder)

    @cached_property
    def vectors(self) -> Vectors:
        return Vectors(
            self.folder / VECTORS,
            dimension=self._sizes.dimension,
            token_dimension=self._sizes.token_dimension,
            how=read_shard(self.folder).searched,
        )

    @property
    def passages(self) -> int:
        """How many there are."""
        return read_shard(self.folder).passages

    @property
    def first(self) -> int:
        """The id of its first passage."""
        return self.texts.passages_of(self.texts.versions[0]).start

    @property
    def words(self) -> list[Path]:
        """The parts of its words."""
        return sorted((self.folder / WORDS).iterdir())

    def content(self, version: int) -> Content:
        """All of a version but its vectors. Raises KeyError, DamagedIndex."""
        ids = self.texts.passages_of(version)
        mentions = self.mentions.read(self.mentions.within(ids.start, ids.stop))
        return self.texts.content(version, mentions)

    def close(self) -> None:
        for name in ("texts", "vectors"):
            if name in vars(self):
                getattr(self, name).close()

    def without(self, folder: Path, versions: Sequence[int]) -> str:
        """Write all but some versions into another folder; gives the new shard's name.

        Their text, mentions and words are gone from it. Their vectors stay, unseen, until the shard
        is next written whole: they are most of its bytes.
        """
        folder.mkdir()
        spans = [self.texts.passages_of(version) for version in versions]
        dead = np.concatenate([np.arange(span.start, span.stop) for span in spans])
        self.texts.without(folder, versions)
        self.mentions.without(folder, dead)
        self.vectors.without(folder / VECTORS, dead)
        self._words_without(folder / WORDS, set(versions))
        about = read_shard(self.folder)
        return write_shard(
            folder,
            passages=about.passages - len(dead),
            searched=about.searched,
            before=self.folder,
        )

    def _words_without(self, folder: Path, versions: set[int]) -> None:
        folder.mkdir()
        stale = {self.texts.part_of(version) for version in versions}
        for part in self.words:
            number = int(part.name)
            if number not in stale:
                link_folder(part, part_of(folder, number))
        kept = [v for v in self.texts.versions if v not in versions]
        for number in sorted(stale):
            inside = (v for v in kept if self.texts.part_of(v) == number)
            write_part(folder, number, self.words_of(inside))

    def words_of(self, versions: Iterable[int]) -> Iterable[Words]:
        for version in versions:
            for passage, text in self.texts.words(version):
                yield Words(passage, version, text)


def is_written_whole(passages: int, dead: int) -> bool:
    """Whether a shard of which so many passages were removed is written anew without them."""
    return passages <= _SMALL or 4 * dead > passages


def link_folder(source: Path, target: Path) -> None:
    """A second name for every file of a folder that never changes."""
    target.mkdir()
    for path in source.iterdir():
        if path.is_dir():
            link_folder(path, target / path.name)
        elif not path.name.startswith(".tantivy-"):
            link(path, target / path.name)


def to_merge(sizes: Sequence[int]) -> list[int]:
    """Which shards, by position, become one: none while they are few; else the smaller ones, as
    far as they are together no smaller than the next, so that a large one is seldom written."""
    order = sorted(range(len(sizes)), key=lambda at: (sizes[at], at))
    small = [at for at in order if sizes[at] <= MOST_PASSAGES // 2]
    if len(small) <= _MOST_SHARDS:
        return []
    chosen, together = small[:2], sizes[small[0]] + sizes[small[1]]
    for at in small[2:]:
        if sizes[at] > together or together + sizes[at] > MOST_PASSAGES:
            break
        chosen.append(at)
        together += sizes[at]
    return sorted(chosen)
