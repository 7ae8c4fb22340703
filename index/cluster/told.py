"""The versions of a library on a cluster: what lies with their texts is asked of the nodes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from index.cluster import questions as q
from index.cluster.asking import Asking
from index.embedded.catalogue import Listed
from index.embedded.columns import Columns
from index.embedded.generation import Generation
from index.embedded.versions import Versions
from index.home import Home
from index.shards.texts import Known
from index.versions import Version


class ToldVersions(Versions):
    """Asked of all versions at once where all are read."""

    def __init__(self, home: Home, opened: Generation, columns: Columns, asking: Asking) -> None:
        super().__init__(home, opened, columns)
        self._asking = asking
        self._known: dict[int, Known] = {}

    def values(self) -> Iterable[Version]:  # type: ignore[override]
        if len(self._made) < len(self) and not self._known:
            listed = self._opened.catalogue.versions()
            self._known = self._abouts([one for one in listed if one.more])
        return super().values()

    def _about(self, listed: Listed) -> Known:
        known = self._known.get(listed.id)
        return known if known is not None else self._abouts([listed])[listed.id]

    def _abouts(self, wanted: Sequence[Listed]) -> dict[int, Known]:
        of_shard: dict[int, list[int]] = defaultdict(list)
        for one in wanted:
            of_shard[one.shard].append(one.id)

        def those(part: frozenset[int]) -> list[int]:
            return [version for shard in sorted(part) for version in of_shard[shard]]

        answers = self._asking.ask(of_shard, lambda part: q.Abouts(tuple(those(part))), q.Told)
        return {
            version: about
            for part, said in answers
            for version, about in zip(those(part), said.about, strict=True)
        }
