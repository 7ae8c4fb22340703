"""Puts the best passages of those whom a question names among those that are looked at.

General pages may say more of its words: "is prior auth needed for 0581T at Tamarack?" is answered
by half a sentence of that payer's policy, which says neither its name nor the code.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.ranking.rank import Hit, Question, rank, without_words
from index.filters import Filters
from index.library import Library

_FEW = 2  # passages of theirs that are looked at, at least


def with_theirs(
    library: Library, question: Question, filters: Filters, hits: Sequence[Hit], *, within: int
) -> list[Hit]:
    """The hits, among the first `within` of which stand the best of documents that are, or perhaps
    are, of those whom the question names."""
    theirs = question.whose.own | question.whose.perhaps
    first = hits[:within]
    versions = library.version_of([hit.passage for hit in first])
    lacking = _FEW - sum(one in theirs for one in versions)
    if not theirs or lacking <= 0:
        return list(hits)
    documents = {library.versions[one].document for one in theirs}
    if filters.documents:
        documents &= set(filters.documents)
    if not documents:
        return list(hits)
    own = replace(filters, documents=tuple(sorted(documents)))
    held = {hit.passage for hit in first}
    found = [hit for hit in rank(library, question, own, k=_FEW) if hit.passage not in held]
    found = [without_words(hit) for hit in found[:lacking]]
    kept = [*hits[: within - len(found)], *found]
    held = {hit.passage for hit in kept}
    return [*kept, *(hit for hit in hits if hit.passage not in held)]
