"""A library whose shards lie on the nodes of a cluster: the catalogue is here, the rest is asked.

It answers what the library on one machine answers, to the bit. What is worked out over all shards
(the rarity of a word and of a token, the order of equal scores, how many passages filters leave) is
worked out over all of them; the nodes only score what is theirs.
"""

from __future__ import annotations

import weakref
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from corpus.codes import CodeSystem
from corpus.document import Document
from corpus.reading import messages as reading
from index.audience.audiences import Hidden
from index.cluster import questions as q
from index.cluster.keeper import Keeper, State
from index.cluster.questions import Array, Question
from index.embedded import EmbeddedLibrary
from index.embedded.catalogue import Listed
from index.embedded.columns import Columns
from index.embedded.generation import Generation, Lying
from index.embedded.library import in_order
from index.embedded.versions import Versions
from index.errors import IndexProblem
from index.filters import Allowed, Filters, Named
from index.home import Home
from index.model.embedder import Embedding, Floats
from index.recent import Recent
from index.shards.dense import is_few
from index.shards.exact import Scores
from index.shards.lexical import Phrases, Ranked
from index.shards.places import Ids, distinct
from index.shards.stored import StoredMention, StoredPassage
from index.shards.texts import Known
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
        self._shards_there = frozenset(names)
        self._asked = _Asked(keeper, state(names), wait=wait)
        self._tokens = TokenIndex((), self._counted())
        self._texts: Recent[int, str] = Recent(_TEXTS)
        self._frequencies: Recent[str, int] = Recent(_FREQUENCIES)

    def without(self, hidden: Hidden) -> EmbeddedLibrary:
        """Raises IndexProblem where anything is hidden: nodes answer from all of a library."""
        if hidden:
            raise IndexProblem(
                "Some documents are private, and a cluster cannot leave them out. Take "
                "`cluster_place` out of settings.toml: this machine then answers by itself."
            )
        return self

    def _counted(self) -> Counted:
        parts = self._all(q.Counts(), q.Arrays)
        counts = [(part.arrays[0].array(), part.arrays[1].array()) for part in parts]
        frequency = sum((found for _, found in counts), start=np.zeros(1, np.int32))
        return Counted(sum(int(count[0]) for count, _ in counts), frequency)

    # How the nodes are asked

    def _all(self, question: Question, kind: type[Said]) -> list[Said]:
        """The same of all shards."""
        return [said for _, said in self._asked.ask(self._shards_there, lambda _: question, kind)]

    def _one(self, version: int, question: Question, kind: type[Said]) -> Said:
        """Of the shard that holds a version. Raises KeyError."""
        shard = self._ranges.shard_of[version]
        ((_, said),) = self._asked.ask([shard], lambda _: question, kind)
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

        answers = self._asked.ask(
            set(shards.tolist()), lambda part: question(wanted[places(part)]), kind
        )
        return [(places(part), said) for part, said in answers]

    # Documents

    @cached_property
    def versions(self) -> Mapping[int, Version]:
        return _Versions(self.home, self._opened, self._columns, self._asked)

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
        return _best(self._all(asked, q.Hits), k)

    def matching_words(
        self,
        weighted: Sequence[tuple[str, float]],
        filters: Filters,
        *,
        phrases: Phrases = (),
        without: Sequence[str] = (),
    ) -> Ids:
        asked = q.MatchingWords(_words(weighted, filters, phrases, without))
        return _joined(self._all(asked, q.Arrays))

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
        return _best(self._all(asked, q.Hits), k)

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
        count = len(passages)
        scores = np.full(count, -1.0)
        matches = np.full((count, len(question.tokens)), -1.0, np.float32)
        owners, numbers, alone = [np.empty(0, np.int64)], [np.empty(0, np.int64)], [np.empty(0)]
        for at, said in parts:
            scores[at] = said.scores.array()
            matches[at] = said.matches.array()
            owners.append(at[said.owner.array()])
            numbers.append(said.number.array())
            alone.append(said.alone.array())
        owner, number = np.concatenate(owners), np.concatenate(numbers)
        order = np.lexsort((number, owner))
        return Late(scores, owner[order], number[order], np.concatenate(alone)[order], matches)

    def vectors_of(self, passage: int) -> tuple[Floats, TokenVectors]:
        raise NotImplementedError("Token vectors stay on the nodes.")

    def word_frequency(self, word: str) -> int:
        return self._frequencies.get(word, lambda: self._frequency(word))

    def _frequency(self, word: str) -> int:
        """Every node has the words of all shards."""
        some = min(self._shards_there, default=None)
        if some is None:
            return 0
        ((_, said),) = self._asked.ask([some], lambda _: q.Frequency(word), q.Number)
        return said.number

    # Codes

    def naming(self, system: CodeSystem, code: str, filters: Filters) -> list[StoredMention]:
        return _mentions(self._all(q.Naming(system.value, code, filters), q.FoundMentions))

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
        return _mentions(said for _, said in answers)

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


class _Asked:
    """The state that a library asks; let go with it."""

    def __init__(self, keeper: Keeper, state: State, *, wait: bool) -> None:
        self._key = state.key
        if wait:
            keeper.keep(state)
        else:
            keeper.begin(state)
        self._let_go = weakref.finalize(self, keeper.release, state.key)
        self._let_go.atexit = False
        self._keeper = keeper

    def ask(
        self,
        numbers: Iterable[int],
        question: Callable[[frozenset[int]], Question],
        kind: type[Said],
    ) -> list[tuple[frozenset[int], Said]]:
        return self._keeper.ask(self._key, numbers, question, kind)


class _Versions(Versions):
    """What lies with the text is asked of the nodes, of all versions at once where all are read."""

    def __init__(self, home: Home, opened: Generation, columns: Columns, asked: _Asked) -> None:
        super().__init__(home, opened, columns)
        self._asked = asked
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

        answers = self._asked.ask(of_shard, lambda part: q.Abouts(tuple(those(part))), q.Told)
        return {
            version: about
            for part, said in answers
            for version, about in zip(those(part), said.about, strict=True)
        }


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


def _best(parts: Sequence[q.Hits], k: int) -> Ranked:
    """The best of what the nodes found: by score, equal ones by id."""
    ids = np.concatenate([np.array(part.ranked.ids, np.int64) for part in parts])
    scores = np.concatenate([np.array(part.ranked.scores, np.float64) for part in parts])
    best = np.lexsort((ids, -scores))[:k]
    return Ranked(tuple(ids[best].tolist()), tuple(scores[best].tolist()))


def _joined(parts: Sequence[q.Arrays]) -> Ids:
    return np.concatenate([np.empty(0, np.int64), *(part.arrays[0].array() for part in parts)])


def _mentions(parts: Iterable[q.FoundMentions]) -> list[StoredMention]:
    return in_order(mention for part in parts for mention in part.mentions)
