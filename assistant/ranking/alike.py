"""Shows passages of different documents with the same words only once.

The best of them stands for the others, which are named with it. A document that differs in payer,
kind, number, status or dates is another source and keeps its place; so does a text that differs in
a number, a name or a word such as "not".
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from assistant.ranking.rank import Hit
from index.library import Library
from index.shards.exact import cosines
from index.shards.stored import StoredPassage
from index.versions import Version

_RUN = 5  # words that two texts share in one piece
_SAME = 0.7  # share of such runs in common; one other word in 40 leaves 0.75 of them
_NEAR = 0.8  # cosine of two passages; other titles in front of one text leave about 0.9 and more
_WORD = re.compile(r"\w+")
# One of these more or less, and a text says something else. So do numbers and names: see _weighty.
_DECIDES = frozenset(
    {
        *("no", "not", "non", "nor", "never", "none", "neither", "without", "except", "unless"),
        *("only", "but", "however", "if", "may", "must", "shall", "should", "can", "cannot"),
        *("covered", "uncovered", "excluded", "included", "denied", "approved", "required"),
    }
)


@dataclass(frozen=True, slots=True)
class _Said:
    """What a passage says: its words, and its runs of words."""

    words: Counter[str]
    runs: frozenset[tuple[str, ...]]


def collapse(library: Library, hits: Sequence[Hit], *, on: date) -> list[Hit]:
    """The hits in order without those that an earlier one stands for; that one names them.

    `on` is the day for which the status is compared.
    """
    candidates = _candidates(library, hits, on=on)
    if not candidates.any():
        return list(hits)
    said: dict[int, _Said] = {}
    stands_for: dict[int, list[int]] = {at: [] for at in range(len(hits))}
    for at in range(len(hits)):
        for earlier in np.flatnonzero(candidates[at, :at]).tolist():
            if earlier in stands_for and _alike(
                _say(library, hits, earlier, said), _say(library, hits, at, said)
            ):
                stands_for[earlier].append(hits[at].passage)
                del stands_for[at]
                break
    return [replace(hits[at], also=(*hits[at].also, *also)) for at, also in stands_for.items()]


def _candidates(library: Library, hits: Sequence[Hit], *, on: date) -> NDArray[np.bool_]:
    """Which pairs could say the same: near in meaning, from two documents of one source."""
    ids = [hit.passage for hit in hits]
    vectors = library.vectors(ids)
    near = cosines(vectors, vectors) > _NEAR
    versions = [library.versions[version] for version in library.version_of(ids)]
    sources = [_source(library, version, on) for version in versions]
    for one, other in np.argwhere(np.triu(near, 1)).tolist():
        same = sources[one] == sources[other]
        is_pair = same and versions[one].document != versions[other].document
        near[one, other] = near[other, one] = is_pair
    np.fill_diagonal(near, False)
    return np.asarray(near)


def _source(library: Library, version: Version, on: date) -> Hashable:
    """Where documents differ in this, each is a source of its own."""
    metadata, term = version.metadata, library.terms[version.id]
    return (
        *(metadata.payer, metadata.kind, metadata.number, metadata.effective, term.end),
        *(metadata.reviewed, term.status(on)),
    )


def _say(library: Library, hits: Sequence[Hit], at: int, said: dict[int, _Said]) -> _Said:
    if at not in said:
        (passage,) = library.passages([hits[at].passage])
        said[at] = _said(passage)
    return said[at]


def _said(passage: StoredPassage) -> _Said:
    content = passage.content
    headings = set(content.section)
    lines = (line for line in content.text.splitlines() if line.strip() not in headings)
    words = _WORD.findall("\n".join((content.header, *lines)))
    lower = [word.lower() for word in words]
    runs = (tuple(lower[at : at + _RUN]) for at in range(max(1, len(lower) - _RUN + 1)))
    return _Said(Counter(words), frozenset(runs))


def _alike(one: _Said, other: _Said) -> bool:
    if len(one.runs & other.runs) < _SAME * len(one.runs | other.runs):
        return False
    differing = (one.words - other.words) + (other.words - one.words)
    return not any(_weighty(word) for word in differing)


def _weighty(word: str) -> bool:
    """A number, a name or a word on which the meaning hangs."""
    return not word.islower() or word in _DECIDES or any(letter.isdigit() for letter in word)
