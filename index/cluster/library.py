"""A library whose shards lie on the nodes of a cluster: the catalogue is here, the rest is asked.

It answers what the library on one machine answers, to the bit. What is worked out over all shards
(the rarity of a word and of a token, the order of equal scores, how many passages filters leave) is
worked out over all of them; the nodes only score what is theirs. For somebody who may not see all
of it, all of that is worked out over what he sees, here and on the nodes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from corpus.codes import CodeSystem
from corpus.document import Document
from corpus.reading import messages as reading
from index.cluster import questions as q
from index.cluster import together
from index.cluster.asking import Asking, Held
from index.cluster.keeper import Keeper, State
from index.cluster.questions import Array, Question
from index.cluster.told import ToldVersions
from index.embedded import EmbeddedLibrary
from index.embedded.generation import Lying
from index.embedded.seen import SeenGeneration
from index.filters import Allowed, Filters, Named
from index.home import Home
from index.model.embedder import Embedding, Floats
from index.recent import Recent
from index.shards.dense import is_few
from index.shards.exact import Scores
from index.shards.lexical import Phrases, Ranked
from index.shards.places import Ids, distinct
from index.shards.stored import StoredMention, StoredPassage
from index.shards.tokens import Counted, Late, TokenIndex, TokenVectors
from index.versions import Version

Said = TypeVar("Said")
_TEXTS, _FREQUENCIES = 256, 10_000  # that are kept


class ClusterLibrary(EmbeddedLibrary):
    """A `Library` over the nodes that hold a state; every question names it. Safe to share between
    threads. It lets go of the state when it is closed or let go of itself.

    Raises SearchAway, at once or when it is asked, where not every shard can be asked.
    """

    def __init__(
        self,
        home: Home,
        generation: int,
        *,
        keeper: Keeper,
        state: Callable[[Mapping[int, str]], State],
        warnings: tuple[str, ...] = (),
        wait: bool = True,
    ) -> None:
        """Without `wait` it raises Loading while the nodes are not ready."""
        super().__init__(home, generation, warnings=warnings, lying=Lying(frozenset()))
        names = self._opened.names
        self._ask_by(Asking.whole(Held(keeper, state(names), wait=wait)))

    def _open_of(self, whole: Self, seen: SeenGeneration) -> None:
        super()._open_of(whole, seen)
        self._ask_by(whole._asking.without(self.hidden))

    def _ask_by(self, asking: Asking) -> None:
        self._shards_there = frozenset(self._opened.names)
        self._asking = asking
        self._tokens = TokenIndex((), self._counted())
        self._texts: Recent[int, str] = Recent(_TEXTS)
        self._frequencies: Recent[str, int] = Recent(_FREQUENCIES)

    def _counted(self) -> Counted:
        parts = self._all(q.Counts(), q.Arrays)
        counts = [(part.arrays[0].array(), part.arrays[1].array()) for part in parts]
        frequency = sum((found for _, found in counts), start=np.zeros(1, np.int32))
        return Counted(sum(int(count[0]) for count, _ in counts), frequency)

    # How the nodes are asked

    def _all(self, question: Question, kind: type[Said]) -> list[Said]:
        """The same of all shards."""
        return [said for _, said in self._asking.ask(self._shards_there, lambda _: question, kind)]

    def _one(self, version: int, question: Question, kind: type[Said]) -> Said:
        """Of the shard that holds a version. Raises KeyError."""
        shard = self._ranges.shard_of[version]
        ((_, said),) = self._asking.ask([shard], lambda _: question, kind)
        return said

    def _by_shard(
        self, ids: Sequence[int] | Ids, question: Callable[[Ids], Question], kind: type[Said]
    ) -> list[tuple[Ids, Said]]:
        """Of the shards that hold passages: for each answer, where among the ids those stand about
        which it is. Raises KeyError."""
        wanted = np.asarray(ids, np.int64)
        shards = np.array([shard for _, _, shard in self._ranges.find(wanted.tolist())], np.int64)

        def places(part: frozenset[int]) -> Ids:
            return np.flatnonzero(np.isin(shards, sorted(part)))

        answers = self._asking.ask(
            set(shards.tolist()), lambda part: question(wanted[places(part)]), kind
        )
        return [(places(part), said) for part, said in answers]

    # Documents

    @cached_property
    def versions(self) -> Mapping[int, Version]:
        return ToldVersions(self.home, self._opened, self._columns, self._asking)

    def document(self, version: int) -> Document:
        self._catalogue.version(version)  # KeyError for one that is not there
        answer = reading.answer_in(self._one(version, q.Whole(version), q.Line).content)
        assert isinstance(answer, reading.Read)
        return answer.whole()

    def text(self, version: int) -> str:
        return self._texts.get(version, lambda: self._one(version, q.Text(version), q.Written).text)

    # Passages

    def passages(self, ids: Sequence[int]) -> list[StoredPassage]:
        found: dict[int, StoredPassage] = {}
        for at, said in self._by_shard(
            ids, lambda part: q.Passages(tuple(part.tolist())), q.FoundPassages
        ):
            found |= zip(at.tolist(), said.passages, strict=True)
        return [found[at] for at in range(len(ids))]

    def passages_of(self, version: int) -> list[StoredPassage]:
        if version not in self._ranges.shard_of:
            return []
        return list(self._one(version, q.VersionPassages(version), q.FoundPassages).passages)

    # Search

    def by_words(
        self,
        weighted: Sequence[tuple[str, float]],
        filters: Filters,
        *,
        k: int,
        phrases: Phrases = (),
        without: Sequence[str] = (),
    ) -> Ranked:
        if k < 1:
            return Ranked((), ())
        asked = q.ByWords(_words(weighted, filters, phrases, without), k)
        return together.best(self._all(asked, q.Hits), k)

    def matching_words(
        self,
        weighted: Sequence[tuple[str, float]],
        filters: Filters,
        *,
        phrases: Phrases = (),
        without: Sequence[str] = (),
    ) -> Ids:
        asked = q.MatchingWords(_words(weighted, filters, phrases, without))
        return together.joined(self._all(asked, q.Arrays))

    def by_meaning(
        self,
        vector: Floats,
        filters: Filters,
        *,
        k: int,
        named: Named | None = None,
        exact: bool = False,
    ) -> Ranked:
        allowed = self._narrowing(filters)[1].allowed
        if named is not None:
            allowed = Allowed.of(self._naming_so_many(named, filters))
        if k < 1 or (allowed is not None and not len(allowed.ids)):
            return Ranked((), ())
        exact = exact or is_few(allowed)
        asked = q.ByMeaning(Array.of(vector), filters, k, named, exact)
        return together.best(self._all(asked, q.Hits), k)

    @property
    def approximate(self) -> bool:
        return any(how.get("search") == "approximate" for how in self.about.searched.values())

    def vectors(self, ids: Sequence[int] | Ids) -> Floats:
        found = np.empty((len(ids), self._opened.sizes.dimension), np.float32)
        for at, said in self._by_shard(ids, lambda part: q.Vectors(Array.of(part)), q.Arrays):
            found[at] = said.arrays[0].array()
        return found

    def cosines(self, ids: Sequence[int] | Ids, vector: Floats) -> Scores:
        asked = Array.of(vector)
        shape = (len(ids), *vector.shape[:-1])
        found = np.empty(shape, np.float64)
        for at, said in self._by_shard(
            ids, lambda part: q.Cosines(Array.of(part), asked), q.Arrays
        ):
            found[at] = said.arrays[0].array()
        return found

    def late(
        self, question: Embedding, passages: Sequence[int], *, shares: Scores | None = None
    ) -> Late:
        tokens = Array.of(question.tokens)
        weights = Array.of(self._tokens.weights(question.ids, shares))
        parts = self._by_shard(
            passages, lambda part: q.Interaction(tokens, weights, Array.of(part)), q.Lates
        )
        return together.late(parts, passages=len(passages), tokens=len(question.tokens))

    def vectors_of(self, passage: int) -> tuple[Floats, TokenVectors]:
        raise NotImplementedError("Token vectors stay on the nodes.")

    def word_frequencies(self, words: Sequence[str]) -> list[int]:
        return self._frequencies.all(words, self._asked_frequencies)

    def _asked_frequencies(self, words: Sequence[str]) -> list[int]:
        """Every node has the words of all shards."""
        some = min(self._shards_there, default=None)
        if some is None:
            return [0] * len(words)
        ((_, said),) = self._asking.ask([some], lambda _: q.Frequencies(tuple(words)), q.Arrays)
        counts: list[int] = said.arrays[0].array().tolist()
        return counts

    # Codes

    def naming(self, system: CodeSystem, code: str, filters: Filters) -> list[StoredMention]:
        return together.mentions(self._all(q.Naming(system.value, code, filters), q.FoundMentions))

    def _passages_naming(self, system: CodeSystem, code: str) -> Ids:
        asked = q.NamedPassages(system.value, code)
        return distinct([said.arrays[0].array() for said in self._all(asked, q.Arrays)])

    def _printing(self, codes: Sequence[str]) -> Ids:
        asked = q.Printing(tuple(codes))
        return distinct([said.arrays[0].array() for said in self._all(asked, q.Arrays)])

    def mentions_of(self, passages: Sequence[int]) -> list[StoredMention]:
        answers = self._by_shard(
            passages, lambda part: q.Mentions(tuple(part.tolist())), q.FoundMentions
        )
        return together.mentions(said for _, said in answers)

    def mentions_of_version(self, version: int) -> list[StoredMention]:
        if version not in self._ranges.shard_of:
            return []
        return list(self._one(version, q.VersionMentions(version), q.FoundMentions).mentions)

    @cached_property
    def printed_codes(self) -> tuple[Ids, NDArray[np.str_]]:
        parts = [said.arrays for said in self._all(q.Printed(), q.Arrays)]
        passages = np.concatenate([np.empty(0, np.int64), *(ids.array() for ids, _ in parts)])
        codes = np.concatenate([np.empty(0, "U1"), *(printed.array() for _, printed in parts)])
        order = np.lexsort((codes, passages))
        return passages[order], codes[order]


def _words(
    weighted: Sequence[tuple[str, float]],
    filters: Filters,
    phrases: Phrases,
    without: Sequence[str],
) -> q.Words:
    return q.Words(
        tuple((word, float(weight)) for word, weight in weighted),
        filters,
        tuple(one if isinstance(one, str) else tuple(one) for one in phrases),
        tuple(without),
    )
