"""A published library of several shards, and a cluster of three nodes that answers from it."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assistant.desk import Desk
from assistant.evaluation.golden import read_golden
from corpus.starter import DOCUMENTS
from index.audience.rules import Rules, write_rules
from index.cluster.keeper import Loading
from index.cluster.opening import ClusterOpener
from index.filters import Filters
from index.home import Home
from index.model.embedder import Embedder
from index.replicas.publish import publish
from index.shards import dense
from index.sync import SyncSettings, sync
from index.versions import Status, today
from tests.index.cluster.machines import Machines

SHARDS = 4
QUESTIONS = [golden.question for golden in read_golden()][:200]
FILTERS = [
    Filters(on=today()),
    Filters(on=date(2021, 7, 1)),
    Filters(on=today(), include_all=True),
    Filters(on=today(), kinds=("policy", "rule")),
    Filters(on=today(), payers=("",)),
    Filters(on=today(), codes=("0581T", "19105")),
    Filters(on=today(), years=(2025, None), include_all=True),
    Filters(on=today(), statuses=(Status.UNDATED,)),
]


@dataclass(frozen=True)
class Scene:
    """Who asks it near and far, and what is done to it."""

    home: Home
    place: Path
    folder: Path
    machines: Machines
    opener: ClusterOpener
    embedder: Embedder

    def near(self) -> Desk:
        return Desk(self.home, embedder=self.embedder)

    def far(self) -> Desk:
        """Waits for what the nodes are taking up: an earlier test's desk may still be answering."""
        deadline = time.monotonic() + 60
        while True:
            try:
                return Desk(self.home, embedder=self.embedder, opener=self.opener)
            except Loading:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)

    def add(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, "utf-8")
        sync(
            self.home,
            [("starter", self.folder)],
            embedder=lambda: self.embedder,
            settings=SyncSettings(),
        )

    def placed_again(self) -> None:
        """Wait until every shard lies on two living nodes."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            living = {node.node_id for node in self.machines.nodes}
            said = [(n, h) for n, h in self.opener.keeper.holdings() if n.id in living and h]
            key = max(
                (key for _, h in said for key in h.generations), default="", key=_newest(said)
            )
            held = [shard for _, h in said for shard in h.shards.get(key, ())]
            if held and len(held) >= 2 * len(set(held)) and len(set(held)) >= SHARDS:
                return
            time.sleep(0.5)
        raise AssertionError("not placed again")


def _newest(said: list[Any]) -> Callable[[str], int]:
    return lambda key: max(h.generations.get(key, 0) for _, h in said)


@contextmanager
def scene_in(
    root: Path,
    *,
    models: Path,
    embedder: Embedder,
    ray_files: Path,
    rules: Rules | None = None,
    approximate_from: int = 100,
) -> Iterator[Scene]:
    """`rules` hold before the first sync. Vectors of shards of `approximate_from` passages are
    searched by codes."""
    home = Home(root / "home")
    home.make()
    home.models.symlink_to(models, target_is_directory=True)
    if rules is not None:
        write_rules(home.path, rules)
    folder, place = root / "library", root / "place"
    files = sorted(p for p in DOCUMENTS.rglob("*") if p.is_file() and ".meta." not in p.name)[::2]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dense, "APPROXIMATE_FROM", approximate_from)
        for number in range(SHARDS):
            for path in files[number::SHARDS]:
                target = folder / path.relative_to(DOCUMENTS)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, target)
                for sidecar in path.parent.glob(f"{path.stem}*.meta.toml"):
                    shutil.copy(sidecar, target.parent)
            sync(home, [("starter", folder)], embedder=lambda: embedder, settings=SyncSettings())
    publish(home, str(place))
    machines = Machines(ray_files)
    for _ in range(3):
        machines.add()
    opener = ClusterOpener(machines.address, str(place))
    try:
        yield Scene(home, place, folder, machines, opener, embedder)
    finally:
        opener.close()
        machines.end()
