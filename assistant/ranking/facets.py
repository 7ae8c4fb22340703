"""Facets of a search: for each payer, kind, code and so on, how many of its passages have it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from assistant.ranking.finding import matching
from assistant.ranking.rank import Question
from index.filters import Filters, year_of
from index.library import Library
from index.shards.places import Ids
from index.versions import Version

Value = str | int | None
# Fields of Filters that depend on a document's version, which counts under each of its values;
# codes depend on the passage.
_OF_VERSION: Mapping[str, Callable[[Library, Version, Filters], Sequence[Value]]] = {
    "payers": lambda library, version, filters: version.metadata.payers or ("",),
    "kinds": lambda library, version, filters: (version.metadata.kind or "",),
    "statuses": lambda library, version, filters: (library.terms[version.id].status(filters.on),),
    "years": lambda library, version, filters: (year_of(version),),
    "documents": lambda library, version, filters: (version.document,),
}
FACETS = (*_OF_VERSION, "codes")


@dataclass(frozen=True, slots=True)
class Facets:
    """How many passages a search finds, and for each facet its values with their counts."""

    passages: int
    counts: Mapping[str, Counter[Value]]


def count_facets(
    library: Library, question: Question, filters: Filters, *, fixed: Filters, mode: str
) -> Facets:
    """Count over every passage that the search finds, not the best few.

    A facet does not narrow itself, so that a second value can be added to it: it is counted with
    what `fixed` says of it, the filters without any facet.
    """
    found = matching(library, question, fixed, mode=mode)
    counts = {
        name: _count(library, replace(filters, **{name: getattr(fixed, name)}), name, found)
        for name in FACETS
    }
    return Facets(len(_left(library, filters, found)[0]), counts)


def _left(library: Library, filters: Filters, among: Ids) -> tuple[Ids, NDArray[np.int64]]:
    """The passages that the filters leave of the matching ones, and each one's version."""
    ids, of_version = library.allowed(filters)
    kept = np.isin(ids, among)
    return ids[kept], of_version[kept]


def _count(library: Library, filters: Filters, name: str, among: Ids) -> Counter[Value]:
    ids, of_version = _left(library, filters, among)
    if name == "codes":
        passages, codes = library.printed_codes
        found, counts = np.unique(codes[np.isin(passages, ids)], return_counts=True)
        return Counter(dict(zip(found.tolist(), counts.tolist(), strict=True)))
    found, counts = np.unique(of_version, return_counts=True)
    counter: Counter[Value] = Counter()
    for version, count in zip(found.tolist(), counts.tolist(), strict=True):
        for value in _OF_VERSION[name](library, library.versions[version], filters):
            counter[value] += count
    return counter
