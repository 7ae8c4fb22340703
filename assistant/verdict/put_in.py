"""Puts passages that were found by what they state among those that are looked at."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from assistant.ranking.rank import Hit, Question, rank
from index.filters import Filters
from index.library import Library

_FEW = 2  # passages that are put beside the first ones


def put_in(
    library: Library,
    question: Question,
    filters: Filters,
    hits: Sequence[Hit],
    passages: Collection[int],
    *,
    within: int,
    ranked: int = 50,
) -> list[Hit]:
    """The hits, with the best of these passages among the first `within`: of those that are
    `ranked` among the passages of their documents."""
    missing = set(passages) - {hit.passage for hit in hits[:within]}
    if not missing:
        return list(hits)
    own = {library.versions[one].document for one in library.version_of(sorted(missing))}
    theirs = replace(filters, documents=tuple(sorted(own)))
    found = [hit for hit in rank(library, question, theirs, k=ranked) if hit.passage in missing]
    kept = [*hits[: within - len(found[:_FEW])], *found[:_FEW]]
    held = {hit.passage for hit in kept}
    return [*kept, *(hit for hit in hits if hit.passage not in held)]
