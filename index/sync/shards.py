"""The shards that a sync writes, and the vectors in them that serve equal passages again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from index.audience.sight import EVERYBODY, Audience
from index.model.embedder import Embedder
from index.shards.shard import MOST_PASSAGES, Shard, ShardWriter, Sizes
from index.shards.texts import Content
from index.shards.vectors import Entry

_MOST_OPEN = 8  # shards that are written at once: each holds some postings in memory


@dataclass(slots=True)
class _Open:
    """A shard that is being written, and the row of each content in it."""

    writer: ShardWriter
    rows: dict[bytes, int] = field(default_factory=dict)


class NewShards:
    """Writes shards into a folder, none with more passages than one may have but for a version that
    is larger by itself, and each for one audience: who may not see it opens the other ones as they
    are.

    What was written can be asked for by its content: equal passages of one sync are embedded once,
    however far apart. Of the shards that are being written the keys are held in memory, of the
    others they are on the disk.
    """

    def __init__(self, folder: Path, embedder: Embedder) -> None:
        folder.mkdir()
        self.folder = folder
        self.sizes = Sizes(embedder.dimension, embedder.card.token_dimension)
        self._vocabulary = embedder.card.vocabulary
        self._open: dict[Audience, _Open] = {}
        self._at: _Open | None = None
        self._made = 0
        self._written: list[tuple[str, list[int]]] = []
        self._finished: list[Shard] = []

    def begin(self, content: Content, audience: Audience = EVERYBODY) -> None:
        self._at = self._room_for(len(content.passages), audience)
        self._at.writer.begin(content)

    def add(self, entry: Entry, key: bytes) -> None:
        assert self._at is not None
        self._at.rows.setdefault(key, self._at.writer.vectors)
        self._at.writer.add(entry)

    def entries(self, keys: Mapping[int, bytes]) -> dict[int, Entry]:
        """The vectors that were written for passages of the same content, by the ids of others."""
        entries: dict[int, Entry] = {}
        for identity, key in keys.items():
            for held in self._open.values():
                if (row := held.rows.get(key)) is not None:
                    entries[identity] = replace(held.writer.written(row), passage=identity)
                    break
        for shard in self._finished:
            left = {identity: key for identity, key in keys.items() if identity not in entries}
            entries |= entries_of(shard, left)
        return entries

    def take(self, shard: Shard, version: int, audience: Audience = EVERYBODY) -> None:
        count = len(shard.texts.passages_of(version))
        self._room_for(count, audience).writer.take(shard, version)

    def without(self, shard: Shard, versions: Sequence[int]) -> str:
        """Write a shard without some versions; gives its name."""
        making = self.folder / ".making"
        return self._place(making, shard.without(making, versions))

    def close(self) -> None:
        """Finish the shards that are being written."""
        for audience in list(self._open):
            self._finish(audience)

    def written(self) -> list[tuple[str, list[int]]]:
        """The names and versions of the shards that were finished since this was last asked."""
        written, self._written = self._written, []
        for shard in self._finished:
            shard.close()
        self._finished = []
        return written

    def _finish(self, audience: Audience) -> None:
        writer = self._open.pop(audience).writer
        self._at = None
        name = self._place(writer.folder, writer.finish())
        self._written.append((name, writer.versions))
        self._finished.append(Shard(self.folder / name, self.sizes))

    def _place(self, making: Path, name: str) -> str:
        making.rename(self.folder / name)
        return name

    def _room_for(self, passages: int, audience: Audience) -> _Open:
        held = self._open.get(audience)
        if held and held.writer.passages and held.writer.passages + passages > MOST_PASSAGES:
            self._finish(audience)
            held = None
        if held is None:
            if len(self._open) >= _MOST_OPEN:
                self.close()
            self._made += 1
            making = self.folder / f".making-{self._made}"
            writer = ShardWriter(making, self.sizes, vocabulary=self._vocabulary)
            held = self._open[audience] = _Open(writer)
        return held


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
