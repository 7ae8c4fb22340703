"""Opens generations on a cluster: an `Opener` for a desk."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import partial

from index.cluster.keeper import Keeper, SearchAway, State
from index.cluster.library import ClusterLibrary
from index.cluster.questions import Source
from index.home import Home
from index.home.manifest import NAME as MANIFEST
from index.home.manifest import file_sum
from index.replicas.publish import BESIDE
from index.replicas.published import STATES, BadState, Latest, state_of
from index.replicas.store import Store, shown


class ClusterOpener:
    """Opens what was published at `url`, from the nodes of the cluster at `address`. A generation
    is waited for where none answers; else it is loaded while the other does. `close` it."""

    def __init__(self, address: str, url: str) -> None:
        self.keeper = Keeper(address)
        self._url = url

    def close(self) -> None:
        self.keeper.close()

    def __call__(
        self, home: Home, generation: int, *, warnings: tuple[str, ...] = ()
    ) -> ClusterLibrary:
        """Raises Away; DamagedIndex, IndexMismatch for what is wrong with the catalogue here."""
        return ClusterLibrary(
            home,
            generation,
            keeper=self.keeper,
            state=partial(self._state, home, generation),
            warnings=warnings,
            wait=not self.keeper.is_asked,
        )

    def _state(self, home: Home, generation: int, names: Mapping[int, str]) -> State:
        manifest = file_sum(home.folder(generation) / MANIFEST)
        beside = {
            name: (home.path / name).read_bytes() for name in BESIDE if (home.path / name).is_file()
        }
        source = self._source(generation, manifest, beside)
        digest = hashlib.sha256(manifest.encode())
        for name, content in sorted(beside.items()):
            digest.update(name.encode() + hashlib.sha256(content).digest())
        return State(digest.hexdigest()[:24], source, names)

    def _source(self, generation: int, manifest: str, beside: Mapping[str, bytes]) -> Source:
        """The published state that is this generation."""
        store = Store(self._url)
        for name in sorted(store.sizes(STATES), reverse=True):
            if not name.startswith(f"{STATES}/{generation:06d}-"):
                continue
            content = store.read(name)
            sha256 = hashlib.sha256(content).hexdigest()
            try:
                state = state_of(
                    shown(self._url), content, Latest(name, sha256, generation, "", "")
                )
            except BadState:
                continue
            if state.files[MANIFEST].sha256 == manifest:
                return Source(self._url, name, sha256, generation, dict(beside))
        raise SearchAway(
            f"generation {generation} is not published at {shown(self._url)} yet; run "
            f"`codedesk publish --to {shown(self._url)}`"
        )
