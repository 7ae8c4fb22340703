"""The vectors of a generation in the making: new ones as they come, then what stays of the old."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from index.home.durable import link
from index.shards.places import Places
from index.shards.shard import (
    ENDINGS,
    MOST_PASSAGES,
    Entry,
    Shard,
    ShardWriter,
    to_merge,
    unlink_shard,
)


class VectorWriter:
    """Writes shards into `folder`; `before` are the shards of the generation before, as paths
    without endings, and `searched` how each of them is searched, by its name."""

    def __init__(
        self,
        folder: Path,
        *,
        before: Sequence[Path],
        searched: Mapping[str, Any],
        dimension: int,
        token_dimension: int,
        vocabulary: int,
    ) -> None:
        folder.mkdir()
        self._folder = folder
        self._before = before
        self._searched = {name: how for name, how in searched.items()}
        self._dimension = dimension
        self._token_dimension = token_dimension
        self._vocabulary = vocabulary
        self._number = max((int(stem.name) for stem in before), default=0)
        self._fresh: list[Path] = []
        self._writer: ShardWriter | None = None

    def add(self, entry: Entry) -> None:
        """Write the vectors of a passage; a full shard is finished and another one begun."""
        if self._writer is None:
            self._number += 1
            stem = self._folder / f"{self._number:06d}"
            self._writer = ShardWriter(stem, dimension=self._dimension, vocabulary=self._vocabulary)
            self._fresh.append(stem)
        self._writer.add(entry)
        if len(self._writer) >= MOST_PASSAGES:
            self._close()

    def finish(self, *, dropped: set[int]) -> dict[str, Any]:
        """Link the old shards; write anew what held dropped passages and merge what is small.

        Gives how each shard is searched, by its name.
        """
        self._close()
        shards = [*self._before, *self._fresh]
        ids = [Places(stem).ids for stem in shards]
        gone = np.fromiter(dropped, np.int64, len(dropped))
        dirty = [bool(np.isin(held, gone).any()) for held in ids]
        merged = to_merge([len(held) for held in ids])
        groups = [[at] for at, is_dirty in enumerate(dirty) if is_dirty and at not in merged]
        for group in [*groups, merged]:
            for at in group:
                for entry in self._open(shards[at]).entries(without=dropped):
                    self.add(entry)
            self._close()
        for at, stem in enumerate(shards):
            if dirty[at] or at in merged:
                self._searched.pop(stem.name, None)
                if stem in self._fresh:
                    unlink_shard(stem)
            elif stem not in self._fresh:
                self._link(stem)
        return self._searched

    def _close(self) -> None:
        if self._writer is not None:
            how = self._writer.finish()
            if how:
                self._searched[self._fresh[-1].name] = how
            self._writer = None

    def _open(self, stem: Path) -> Shard:
        return Shard(stem, dimension=self._dimension, token_dimension=self._token_dimension)

    def _link(self, stem: Path) -> None:
        for ending in ENDINGS:
            name = stem.name + ending
            with suppress(FileNotFoundError):  # not every shard has every file
                link(stem.with_name(name), self._folder / name)
