"""A shard without some versions, made in memory from one that is open: for who may not see them.

Texts are shared: they are only ever asked for by the ids that are left. Words are written anew,
in the parts that hold something hidden, into a folder of the caller's.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from index.shards.shard import Shard
from index.shards.words import part_of, write_part


class CutShard:
    """Has of a `Shard` what is read of one that answers. The whole one stays open for it."""

    def __init__(self, shard: Shard, hidden: Sequence[int], folder: Path) -> None:
        spans = [shard.texts.passages_of(version) for version in hidden]
        dead = np.concatenate([np.arange(span.start, span.stop) for span in spans])
        self.texts = shard.texts
        self.mentions = shard.mentions.cut(dead)
        self.vectors = shard.vectors.cut(dead)
        self.words = words_left(shard, hidden, folder)

    def open(self) -> None:
        """It is."""

    def close(self) -> None:
        """What it shares is the whole one's."""


def words_left(shard: Shard, versions: Sequence[int], folder: Path) -> list[Path]:
    """The parts of a shard's words without those of some versions: written anew where they held
    any. Asks for no more of the shard than its words and texts."""
    folder.mkdir(parents=True)
    hidden = frozenset(versions)
    stale = {shard.texts.part_of(version) for version in hidden}
    parts = [part for part in shard.words if int(part.name) not in stale]
    left = [version for version in shard.texts.versions if version not in hidden]
    for number in sorted(stale):
        inside = (version for version in left if shard.texts.part_of(version) == number)
        write_part(folder, number, shard.words_of(inside))
        if (made := part_of(folder, number)).is_dir():
            parts.append(made)
    return sorted(parts, key=lambda part: part.name)
