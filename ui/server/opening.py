"""What opens generations for those who ask: files on this machine, or a cluster."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from corpus.errors import CodedeskError
from index.embedded import EmbeddedLibrary
from index.opening import Opener
from ui.state.settings import Settings

if TYPE_CHECKING:
    from index.cluster.opening import ClusterOpener

_LOCK = threading.Lock()
_OPENERS: dict[tuple[str, str], ClusterOpener] = {}


def opener(settings: Settings) -> Opener:
    """Raises CodedeskError where the cluster has no address."""
    if not settings.cluster_place:
        return EmbeddedLibrary
    if not settings.cluster:
        raise CodedeskError(
            "`cluster_place` is set and `cluster` is not. Set both to answer from a cluster, or "
            "neither."
        )
    return on_cluster(settings.cluster, settings.cluster_place)


def on_cluster(address: str, place: str) -> ClusterOpener:
    """One for all who ask in this process."""
    from index.cluster.engine import ray_itself
    from index.cluster.opening import ClusterOpener

    ray_itself()  # says what is missing
    with _LOCK:
        found = _OPENERS.get((address, place))
        if found is None:
            found = _OPENERS[address, place] = ClusterOpener(address, place)
        return found
