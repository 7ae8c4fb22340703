"""The shards that a sync writes, and the vectors in them that serve equal passages again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from index.model.embedder import Embedder
from index.shards.shard import MOST_PASSAGES, Shard, ShardWriter, Sizes
from index.shards.texts import Content
from index.shards.vectors import Entry


class NewShards:
    """Writes shards one after the other into a folder, none with more passages than one may have
    but for a version that is larger by itself.

    What was written can be asked for by its content: equal passages of one sync are embedded once,
    however far apart. Of the shard that is being written the keys are held in memory, of the others
    they are on the disk.
    """

    def __init__(self, folder: Path, embedder: Embedder) -> None:
        folder.mkdir()
        self.folder = folder
        self.sizes = Sizes(embedder.dimension, embedder.card.token_dimension)
        self._vocabulary = embedder.card.vocabulary
        self._writer: ShardWriter | None = None
        self._written: list[tuple[str, list[int]]] = []
        self._finished: list[Shard] = []
        self._rows: dict[bytes, int] = {}  # of the shard that is being written, by content

    def begin(self, content: Content) -> None:
        self._room_for(len(content.passages)).begin(content)

    def add(self, entry: Entry, key: bytes) -> None:
        assert self._writer is not None
        self._rows.setdefault(key, self._writer.vectors)
        self._writer.add(entry)

    def entries(self, keys: Mapping[int, bytes]) -> dict[int, Entry]:
        """The vectors that were written for passages of the same content, by the ids of others."""
        entries: dict[int, Entry] = {}
        for identity, key in keys.items():
            row = self._rows.get(key)
            if row is not None and self._writer is not None:
                entries[identity] = replace(self._writer.written(row), passage=identity)
        for shard in self._finished:
            left = {identity: key for identity, key in keys.items() if identity not in entries}
            entries |= entries_of(shard, left)
        return entries

    def take(self, shard: Shard, version: int) -> None:
        self._room_for(len(shard.texts.passages_of(version))).take(shard, version)

    def without(self, shard: Shard, versions: Sequence[int]) -> str:
        """Write a shard without some versions; gives its name."""
        return self._place(shard.without(self._making, versions))

    def close(self) -> None:
        """Finish the shard that is being written, if there is one."""
        if self._writer is not None:
            name = self._place(self._writer.finish())
            self._written.append((name, self._writer.versions))
            self._writer = None
            self._rows = {}
            self._finished.append(Shard(self.folder / name, self.sizes))

    def written(self) -> list[tuple[str, list[int]]]:
        """The names and versions of the shards that were finished since this was last asked."""
        written, self._written = self._written, []
        for shard in self._finished:
            shard.close()
        self._finished = []
        return written

    @property
    def _making(self) -> Path:
        return self.folder / ".making"

    def _place(self, name: str) -> str:
        self._making.rename(self.folder / name)
        return name

    def _room_for(self, passages: int) -> ShardWriter:
        writer = self._writer
        if writer is not None and writer.passages + passages > MOST_PASSAGES and writer.passages:
            self.close()
        if self._writer is None:
            self._writer = ShardWriter(self._making, self.sizes, vocabulary=self._vocabulary)
        return self._writer


def entries_of(shard: Shard, keys: Mapping[int, bytes]) -> dict[int, Entry]:
    """The vectors that a shard has for passages of the same content, by the ids of others."""
    if not keys:
        return {}
    wanted = np.frombuffer(b"".join(keys.values()), ">u8").astype(np.uint64).reshape(-1, 2)
    entries: dict[int, Entry] = {}
    for identity, donor in zip(keys, shard.texts.with_keys(wanted).tolist(), strict=True):
        if donor >= 0:
            (entry,) = shard.vectors.entries([donor])
            entries[identity] = replace(entry, passage=identity)
    return entries
