"""Some shards of a library, asked as if they were all of it: what a node answers with.

What depends on the whole library stays that of the whole: which versions filters leave (the
catalogue is here), how rare a word is (the words of all shards are here, and only those of these
shards are looked at).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Self

import numpy as np

from corpus.codes import CodeSystem
from corpus.reading import messages as reading
from index.cluster import questions as q
from index.cluster.questions import Answer, Array, Question
from index.embedded import EmbeddedLibrary
from index.filters import Allowed
from index.recent import Recent
from index.shards.dense import DenseIndex
from index.shards.exact import cosines
from index.shards.lexical import Ranked
from index.shards.tokens import TokenIndex


class Part(EmbeddedLibrary):
    """Made of a library that stays open, with which it shares all that is open. Safe to share
    between threads; never closed itself."""

    @classmethod
    def of(cls, library: EmbeddedLibrary, numbers: frozenset[int]) -> Self:
        """Raises KeyError for a shard that is not there."""
        part = cls.__new__(cls)
        for name in ("_columns", "_ranges", "_passage_versions", "_sections"):
            getattr(library, name)  # worked out once, for all parts
        vars(part).update(vars(library))
        part._take(library, numbers)
        return part

    def _take(self, library: EmbeddedLibrary, numbers: frozenset[int]) -> None:
        shards = {n: library._shards[n] for n in sorted(numbers)}
        self._shards = shards
        dimension = library._opened.sizes.dimension
        dense = [shard.vectors.dense for shard in shards.values()]
        self._vectors = DenseIndex(dense, dimension=dimension)
        self._tokens = TokenIndex([shard.vectors.tokens for shard in shards.values()])
        self._narrowings = Recent(64)
        self._named = Recent(64)
        self._runs = self._ranges.runs(numbers)
        self._answers: Mapping[type, Callable[[Any], Answer]] = {
            q.ByWords: self._by_words,
            q.MatchingWords: self._matching_words,
            q.ByMeaning: self._by_meaning,
            q.Vectors: lambda asked: _arrays(self.vectors(asked.ids.array())),
            q.Cosines: self._cosines,
            q.Interaction: self._late,
            q.Counts: self._counts,
            q.Frequencies: lambda asked: _arrays(np.array(self.word_frequencies(asked.words))),
            q.NamedPassages: self._naming_passages,
            q.Naming: self._naming,
            q.Printing: lambda asked: _arrays(self._printing(asked.codes)),
            q.Printed: lambda _: _arrays(*self.printed_codes),
            q.Mentions: lambda asked: q.FoundMentions(tuple(self.mentions_of(asked.ids))),
            q.VersionMentions: self._version_mentions,
            q.Passages: lambda asked: q.FoundPassages(tuple(self.passages(asked.ids))),
            q.VersionPassages: self._version_passages,
            q.Text: lambda asked: q.Written(self.text(asked.version)),
            q.Whole: self._whole,
            q.Abouts: self._abouts,
        }

    def answer(self, question: Question) -> Answer:
        """Raises KeyError, DamagedIndex."""
        return self._answers[type(question)](question)

    def _by_words(self, asked: q.ByWords) -> Answer:
        words = asked.words
        return q.Hits(
            self._words.search(
                words.weighted,
                k=asked.k,
                selection=self._narrowing(words.filters)[1],
                phrases=words.phrases,
                without=words.without,
                runs=self._runs,
            )
        )

    def _matching_words(self, asked: q.MatchingWords) -> Answer:
        words = asked.words
        ids = self._words.matching(
            words.weighted,
            selection=self._narrowing(words.filters)[1],
            phrases=words.phrases,
            without=words.without,
            runs=self._runs,
        )
        return _arrays(ids)

    def _by_meaning(self, asked: q.ByMeaning) -> Answer:
        allowed = self._narrowing(asked.filters)[1].allowed
        if asked.named is not None:
            allowed = Allowed.of(self._naming_so_many(asked.named, asked.filters))
        if asked.k < 1 or (allowed is not None and not len(allowed.ids)):
            return q.Hits(Ranked((), ()))
        vector = asked.vector.array()
        return q.Hits(self._vectors.scored(vector, k=asked.k, allowed=allowed, exact=asked.exact))

    def _cosines(self, asked: q.Cosines) -> Answer:
        return _arrays(cosines(self.vectors(asked.ids.array()), asked.vector.array()))

    def _late(self, asked: q.Interaction) -> Answer:
        ids: list[int] = asked.ids.array().tolist()
        late = self._tokens.late(asked.tokens.array(), asked.weights.array(), ids)
        return q.Lates(
            Array.of(late.scores),
            Array.of(late.owner),
            Array.of(late.number),
            Array.of(late.alone),
            Array.of(late.matches),
        )

    def _counts(self, _: q.Counts) -> Answer:
        counted = self._tokens.counted
        return _arrays(np.array([counted.passages]), counted.frequency)

    def _naming_passages(self, asked: q.NamedPassages) -> Answer:
        return _arrays(self._passages_naming(CodeSystem(asked.system), asked.code))

    def _naming(self, asked: q.Naming) -> Answer:
        found = self.naming(CodeSystem(asked.system), asked.code, asked.filters)
        return q.FoundMentions(tuple(found))

    def _version_mentions(self, asked: q.VersionMentions) -> Answer:
        return q.FoundMentions(tuple(self.mentions_of_version(asked.version)))

    def _version_passages(self, asked: q.VersionPassages) -> Answer:
        return q.FoundPassages(tuple(self.passages_of(asked.version)))

    def _whole(self, asked: q.Whole) -> Answer:
        return q.Line(reading.line(reading.Read.of(self.document(asked.version))))

    def _abouts(self, asked: q.Abouts) -> Answer:
        return q.Told(tuple(self._shard_of(v).texts.about(v) for v in asked.versions))


def _arrays(*arrays: Any) -> q.Arrays:
    return q.Arrays(tuple(map(Array.of, arrays)))
