"""A cluster of Ray on this machine: several nodes as processes, a token, a Redis of Debian's."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_PASSWORD = secrets.token_hex(16)
_STORE = 80 << 20  # bytes of shared memory for each node; Ray takes no less
SURROUNDINGS = {
    "RAY_AUTH_MODE": "token",
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_DISABLE_IMPORT_WARNING": "1",
    "RAY_health_check_period_ms": "500",
    "RAY_health_check_failure_threshold": "3",
    "RAY_health_check_timeout_ms": "2000",
    "RAY_gcs_rpc_server_reconnect_timeout_s": "600",
}


def surroundings(folder: Path) -> dict[str, str]:
    """What Ray and the workers are to find, away from what others run on this machine."""
    own = {"RAY_AUTH_TOKEN": secrets.token_hex(32), "CODEDESK_CLUSTER_FOLDER": str(folder)}
    return SURROUNDINGS | own


@contextmanager
def _set(name: str, value: str) -> Iterator[None]:
    os.environ[name] = value
    try:
        yield
    finally:
        del os.environ[name]


class Machines:
    """Nodes of a cluster. The head works at nothing: who makes or asks is joined to it. What it
    knows it writes into a Redis of Debian's, so that it can be started anew."""

    def __init__(self, folder: Path) -> None:
        from ray.cluster_utils import Cluster

        self._redis, self._redis_port = _redis(folder)
        self._cluster = Cluster()
        self._head = {
            "num_cpus": 0,
            "object_store_memory": _STORE,
            "include_dashboard": False,
            "redis_password": _PASSWORD,
            "gcs_server_port": _free_port(),
        }
        self.nodes: list[Any] = []
        self.start_head()
        self.address: str = self._cluster.address

    def start_head(self) -> None:
        with _set("RAY_REDIS_ADDRESS", f"127.0.0.1:{self._redis_port}"):
            self.head = self._cluster.add_node(**self._head)

    def kill_head(self) -> None:
        """The whole node: who knows the others, and who lets this machine's processes join."""
        self._cluster.remove_node(self.head, allow_graceful=False)

    def kill_head_process(self) -> None:
        """Only the process that knows the others."""
        self.head.kill_gcs_server()

    def start_head_process(self) -> None:
        self.head.start_gcs_server()

    def add(self, *, cpus: int = 1) -> Any:
        node = self._cluster.add_node(num_cpus=cpus, object_store_memory=_STORE)
        self.nodes.append(node)
        return node

    def kill(self, node: Any) -> None:
        """At once, with all that runs on it: as if its power were cut."""
        self.nodes.remove(node)
        self._cluster.remove_node(node, allow_graceful=False)

    def kill_holder(self, node: Any) -> None:
        """Only the process that holds shards there; Ray starts it anew."""
        pids = workers_of(node, b"HoldingActor")
        assert pids
        for pid in pids:
            os.kill(pid, signal.SIGKILL)

    def end(self) -> None:
        self._cluster.shutdown()
        self._redis.kill()
        self._redis.wait()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("", 0))
        return int(found.getsockname()[1])


def _redis(folder: Path) -> tuple[subprocess.Popen[bytes], int]:
    port = _free_port()
    server = subprocess.Popen(
        [
            *("redis-server", "--bind", "127.0.0.1", "--port", str(port)),
            *("--requirepass", _PASSWORD, "--save", "", "--dir", str(folder)),
        ],
        stdout=subprocess.DEVNULL,
    )
    for _ in range(100):
        with socket.socket() as tried:
            if not tried.connect_ex(("127.0.0.1", port)):
                return server, port
        time.sleep(0.05)
    raise AssertionError("redis-server does not start")


def bridges() -> list[int]:
    """The processes between this one and Ray, by their ids."""
    return _children(os.getpid(), b"index.cluster.bridge")


def workers_of(node: Any, kind: bytes = b"WorkingActor") -> list[int]:
    """The processes of a node that do our work, by their ids."""
    return _children(node.all_processes["raylet"][0].process.pid, kind)


def _children(parent: int, kind: bytes) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text()
                name = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if int(stat.rpartition(")")[2].split()[1]) == parent and kind in name:
                found.append(int(entry.name))
    return found
