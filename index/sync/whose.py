"""Whom the versions of a generation in the making are for, and so which shards may hold them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from index.audience.audiences import Audiences
from index.audience.rules import Rules
from index.audience.sight import EVERYBODY, Audience
from index.embedded.catalogue import Catalogue
from index.shards.shard import Shard


class Whose:
    """False where everything is for everybody: then nothing has to be parted."""

    def __init__(self, catalogue: Catalogue, rules: Rules) -> None:
        held = catalogue.held()
        self._of: Mapping[int, Audience] = {}
        if rules or held.own:
            audiences = Audiences(held, rules)
            rows = catalogue.rows(
                "SELECT versions.id, documents.name FROM versions"
                " JOIN documents ON documents.id = versions.document"
            )
            known = ((version, audiences.of(name)) for version, name in rows)
            self._of = {version: audience for version, audience in known if audience}

    def __bool__(self) -> bool:
        return bool(self._of)

    def of(self, version: int) -> Audience:
        return self._of.get(version, EVERYBODY)

    def strays(self, shard: Shard, gone: Iterable[int]) -> list[int]:
        """The versions of a shard, without those that go, that are for others than most of it."""
        left = set(shard.texts.versions) - set(gone)
        held = Counter[Audience]()
        for version in left:
            held[self.of(version)] += len(shard.texts.passages_of(version)) or 1
        if len(held) < 2:
            return []
        most = max(held, key=lambda audience: held[audience])
        return sorted(version for version in left if self.of(version) != most)

    def apart(self, shards: Mapping[int, Shard]) -> Sequence[Sequence[int]]:
        """The numbers of shards, those for one audience together."""
        found: dict[Audience, list[int]] = defaultdict(list)
        for number, shard in shards.items():
            of = self.of(shard.texts.versions[0]) if self and shard.texts.versions else EVERYBODY
            found[of].append(number)
        return list(found.values())
