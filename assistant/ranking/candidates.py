"""Collects the passages to rank: those that words, meaning and codes each propose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from assistant.question.understand import Code, Understood
from index.filters import Filters, Named
from index.library import Library
from index.model.embedder import Floats
from index.shards.lexical import Ranked
from index.shards.places import Ids, distinct

DEPTH = 200  # passages that words and meaning each propose


@dataclass(frozen=True, slots=True)
class NamedCodes:
    """Which passages name or cover each code of a question, by id; `lesser` are those that name a
    code which decides no ranking (see Understood)."""

    passages: Mapping[Code, Ids]
    lesser: Mapping[Code, Ids] = field(default_factory=dict)

    @classmethod
    def of(cls, library: Library, understood: Understood, filters: Filters) -> NamedCodes:
        def naming(codes: Sequence[Code]) -> Mapping[Code, Ids]:
            return {code: library.passages_naming(*code, filters) for code in codes}

        return cls(naming(understood.codes), naming(understood.lesser))

    def name_lesser(self, ids: Ids) -> NDArray[np.bool_]:
        """Which passages name a lesser code."""
        return np.isin(ids, distinct(list(self.lesser.values())))

    def count(self, ids: Ids) -> NDArray[np.int64]:
        """How many of the codes each passage names."""
        many = np.zeros(len(ids), np.int64)
        for named in self.passages.values():
            many += np.isin(ids, named)
        return many

    def rarity(self, ids: Ids, *, of: int) -> NDArray[np.float64]:
        """How telling the codes are that each of some passages names: one that few `of` all
        passages name says more than one that many do."""
        told = np.zeros(len(ids))
        for named in self.passages.values():
            told += np.log1p(of / (len(named) + 1)) * np.isin(ids, named)
        return np.round(told, 6)

    def any(self) -> Ids:
        """The passages that name any of them, by id."""
        return distinct(list(self.passages.values()))

    def codes(self, passage: int) -> frozenset[Code]:
        """The codes that a passage names."""
        return frozenset(
            code
            for code, named in self.passages.items()
            if (at := int(np.searchsorted(named, passage))) < len(named) and named[at] == passage
        )


def by_words(library: Library, understood: Understood, filters: Filters) -> Ranked:
    """The best passages by BM25, as far as operators let them through."""
    query = understood.query
    return library.by_words(
        understood.words, filters, k=DEPTH, phrases=query.must, without=query.without
    )


def weighed(library: Library, understood: Understood) -> list[tuple[str, float]]:
    """The words of a question, those that it was widened by among them, with what each tells in
    this library."""
    telling = library.word_weights([word for word, _ in understood.words])
    pairs = zip(understood.words, telling, strict=True)
    return [(word, weight * tells) for (word, weight), tells in pairs]


@dataclass(frozen=True, slots=True)
class Candidates:
    """Passages by id, and the cosine of each with the question."""

    ids: Ids
    cosines: NDArray[np.float64]

    @classmethod
    def of(cls, library: Library, ids: Ids, vector: Floats, *, near: Ranked) -> Candidates:
        """`near` are those whose cosines are known already."""
        cosines = np.empty(len(ids), np.float64)
        order = np.argsort(near.ids)
        known = np.array(near.ids, np.int64)[order]
        at = np.searchsorted(known, ids)
        is_known = np.isin(ids, known)
        cosines[is_known] = np.array(near.scores, np.float64)[order][at[is_known]]
        cosines[~is_known] = library.cosines(ids[~is_known], vector)
        return cls(ids, cosines)


def candidates(
    library: Library,
    understood: Understood,
    vector: Floats,
    filters: Filters,
    words: Ranked,
    naming: NamedCodes,
    *,
    mode: str,
) -> Candidates:
    """The passages worth ranking. What operators demand (phrases, words left out, codes) is a
    condition: a passage that is only near in meaning does not meet it."""
    query = understood.query
    strict = query.strict
    near = Ranked((), ())
    parts = [words.ids if strict or mode != "dense" else ()]
    if not strict:
        if mode != "lexical" and understood.text:
            near = library.by_meaning(vector, filters, k=DEPTH)
            parts.append(near.ids)
        parts.append(_nearest_named(library, naming.passages, vector, filters))
        parts.append(_nearest_named(library, naming.lesser, vector, filters))
    found = distinct([np.array(part, np.int64) for part in parts])
    if query.codes:
        found = found[np.isin(found, naming.any())]
    return Candidates.of(library, found, vector, near=near)


def _nearest_named(
    library: Library, passages: Mapping[Code, Ids], vector: Floats, filters: Filters
) -> tuple[int, ...]:
    """Of the passages that name codes, all or, where they are many, those that name most codes and
    of them the nearest."""
    naming = NamedCodes(passages)
    ids = naming.any()
    if len(ids) <= DEPTH:
        return tuple(ids.tolist())
    many = naming.count(ids)
    chosen: list[int] = []
    for count in range(int(many.max()), 0, -1):
        named = Named(tuple(naming.passages), count)
        chosen += library.by_meaning(vector, filters, k=DEPTH - len(chosen), named=named).ids
        if len(chosen) >= DEPTH:
            break
    return tuple(chosen)
