"""Ray: joined, with its doors shut.

What Ray passes between its processes it pickles, but for bytes, which it passes as they are. So
every call here takes bytes and gives bytes, which are checked against their types before anything
of them is believed: no pickle of what a document or a person said, not even of an error's text.
"""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from index.errors import IndexProblem

NAMESPACE = "codedesk"
_REACHED_IN = 5.0  # seconds
_MODE = "RAY_AUTH_MODE"
_SILENT = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_DISABLE_IMPORT_WARNING": "1"}


class ClusterProblem(IndexProblem):
    """The cluster cannot be joined, or cannot do what it is asked for."""


@dataclass(frozen=True, slots=True)
class Node:
    """A living node: Ray's id of it, the machine's name, and what it says that it has."""

    id: str
    host: str
    address: str
    resources: Mapping[str, float]


def ray_itself() -> ModuleType:
    """Raises ClusterProblem where it is not installed, or its doors are to stay open."""
    if find_spec("ray") is None:
        raise ClusterProblem(
            "A cluster needs Ray, which is not installed. Install it with "
            "`pip install codedesk[cluster]`."
        )
    if os.environ.get(_MODE, "token") != "token":
        raise ClusterProblem(
            f"{_MODE} is {os.environ[_MODE]}: without a token whoever reaches a port of Ray runs "
            "what he likes on all of its machines. Set it to token, here and on all nodes."
        )
    os.environ[_MODE] = "token"
    for name, value in _SILENT.items():
        os.environ.setdefault(name, value)
    import ray

    found: ModuleType = ray
    return found


def join(address: str) -> ModuleType:
    """Ray, joined at HOST:PORT; this machine must be one of its nodes. Raises ClusterProblem."""
    ray = ray_itself()
    logging.getLogger("ray").setLevel(logging.ERROR)
    try:
        _reach(address)
        ray.init(
            address=address,
            namespace=NAMESPACE,
            log_to_driver=False,
            configure_logging=False,
            logging_level=logging.ERROR,
        )
    except Exception as error:
        what = str(error).strip().partition("\n")[0] or type(error).__name__
        raise ClusterProblem(
            f"The cluster at {address} cannot be joined: {what} See that Ray runs there and here "
            "(`ray start`), and that both know the same token; docs/cluster.md says how."
        ) from error
    return ray


def _reach(address: str) -> None:
    """See that somebody listens there: Ray itself waits for minutes. Raises OSError, ValueError."""
    host, _, port = address.rpartition(":")
    socket.create_connection((host.strip("[]"), int(port)), timeout=_REACHED_IN).close()


def leave(ray: ModuleType) -> None:
    ray.shutdown()


def nodes(ray: ModuleType) -> list[Node]:
    """The living nodes, by their ids."""
    known: list[Mapping[str, Any]] = ray.nodes()
    return sorted(
        (
            Node(
                id=str(one["NodeID"]),
                host=str(one["NodeManagerHostname"]),
                address=str(one["NodeManagerAddress"]),
                resources=dict(one["Resources"]),
            )
            for one in known
            if one["Alive"]
        ),
        key=lambda node: node.id,
    )
