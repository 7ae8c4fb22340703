"""A cluster of Ray on this machine: several nodes as processes, with a token."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

_STORE = 80 << 20  # bytes of shared memory for each node; Ray takes no less


@pytest.fixture(scope="session")
def ray_files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """What Ray and the workers write, away from what others run on this machine."""
    folder = tmp_path_factory.mktemp("ray")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_AUTH_MODE", "token")
        patch.setenv("RAY_AUTH_TOKEN", secrets.token_hex(32))
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        patch.setenv("RAY_DISABLE_IMPORT_WARNING", "1")
        patch.setenv("RAY_health_check_period_ms", "1000")
        patch.setenv("CODEDESK_CLUSTER_FOLDER", str(folder / "workers"))
        yield folder


class Machines:
    """Nodes of a cluster. The head works at nothing: who makes or asks is joined to it."""

    def __init__(self) -> None:
        from ray.cluster_utils import Cluster

        self._cluster = Cluster(
            initialize_head=True,
            head_node_args={
                "num_cpus": 0,
                "object_store_memory": _STORE,
                "include_dashboard": False,
            },
        )
        self.address: str = self._cluster.address
        self.nodes: list[Any] = []

    def add(self, *, cpus: int = 1) -> Any:
        node = self._cluster.add_node(num_cpus=cpus, object_store_memory=_STORE)
        self.nodes.append(node)
        return node

    def kill(self, node: Any) -> None:
        """At once, with all that runs on it: as if its power were cut."""
        self.nodes.remove(node)
        self._cluster.remove_node(node, allow_graceful=False)

    def end(self) -> None:
        self._cluster.shutdown()


@pytest.fixture
def machines(ray_files: Path) -> Iterator[Machines]:
    pytest.importorskip("ray")
    made = Machines()
    yield made
    made.end()


def workers_of(node: Any) -> list[int]:
    """The processes of a node that do our work, by their ids."""
    raylet = node.all_processes["raylet"][0].process.pid
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text()
                name = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if int(stat.rpartition(")")[2].split()[1]) == raylet and b"_Actor" in name:
                found.append(int(entry.name))
    return found


assert os.name == "posix"
