"""Puts passages that were found by what they state among those that are looked at."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np

from assistant.ranking.candidates import Candidates, NamedCodes, by_words
from assistant.ranking.rank import Collected, Hit, Question, ranked, shares
from index.filters import Filters
from index.library import Library
from index.shards.lexical import Ranked

_FEW = 2  # passages that are put beside the first ones


def put_in(
    library: Library,
    question: Question,
    filters: Filters,
    hits: Sequence[Hit],
    passages: Collection[int],
    *,
    within: int,
) -> list[Hit]:
    """The hits, with the best of these passages among the first `within`."""
    missing = set(passages) - {hit.passage for hit in hits[:within]}
    if not missing:
        return list(hits)
    own = {library.versions[one].document for one in library.version_of(sorted(missing))}
    theirs = replace(filters, documents=tuple(sorted(own)))
    ids = np.array(sorted(missing), np.int64)
    near = Candidates.of(library, ids, question.embedding.vector, near=Ranked((), ()))
    words = by_words(library, question.understood, theirs)
    naming = NamedCodes.of(library, question.understood, theirs)
    among = Collected(near, shares(words, ids), naming)
    found = ranked(library, question, among, k=_FEW, mode="hybrid", late=True)
    kept = [*hits[: within - len(found)], *found]
    held = {hit.passage for hit in kept}
    return [*kept, *(hit for hit in hits if hit.passage not in held)]
