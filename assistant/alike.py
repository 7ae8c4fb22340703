"""Passages of different documents that say the same in the same words are shown once.

The best of them stands for the others, which are named with it. A document that differs in payer,
kind, number, status or dates is another source and keeps its place; so does a text that differs in
a number, a name or a word such as "not".
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from assistant.rank import Hit
from index.library import Library
from index.stored import StoredPassage

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
    """What a passage says: the sources it could be taken for, its words, and its runs of words."""

    document: str
    source: Hashable
    words: Counter[str]
    runs: frozenset[tuple[str, ...]]


_ALONE = _Said("", None, Counter(), frozenset())


def collapse(library: Library, hits: Sequence[Hit], *, on: date) -> list[Hit]:
    """The hits in order without those that an earlier one stands for; that one names them.

    `on` is the day for which the status is compared.
    """
    near = _near(library, hits)
    if not near.any():
        return list(hits)
    kept: list[Hit] = []
    said: list[_Said] = []
    where: dict[tuple[Hashable, tuple[str, ...]], list[int]] = defaultdict(list)
    passages = library.passages([hit.passage for hit in hits])
    for hit, passage, like_another in zip(hits, passages, near.tolist(), strict=True):
        one = _said(library, passage, on) if like_another else _ALONE
        shared = Counter(at for run in one.runs for at in where.get((one.source, run), ()))
        first = next((at for at in sorted(shared) if _alike(one, said[at], shared[at])), None)
        if first is not None:
            kept[first] = replace(kept[first], also=(*kept[first].also, hit.passage))
            continue
        for run in one.runs:
            where[one.source, run].append(len(kept))
        kept.append(hit)
        said.append(one)
    return kept


def _near(library: Library, hits: Sequence[Hit]) -> NDArray[np.bool_]:
    """Which passages another one is near in meaning: only they can say the same."""
    vectors = library.vectors([hit.passage for hit in hits])
    cosines = vectors @ vectors.T
    np.fill_diagonal(cosines, 0.0)
    return np.asarray((cosines > _NEAR).any(axis=1))


def _said(library: Library, passage: StoredPassage, on: date) -> _Said:
    content = passage.content
    version = library.versions[passage.version]
    metadata, term = version.metadata, library.terms[version.id]
    headings = set(content.section)
    lines = (line for line in content.text.splitlines() if line.strip() not in headings)
    words = _WORD.findall("\n".join((content.header, *lines)))
    lower = [word.lower() for word in words]
    return _Said(
        document=version.document,
        source=(
            *(metadata.payer, metadata.kind, metadata.number, metadata.effective, term.end),
            *(metadata.reviewed, term.status(on)),
        ),
        words=Counter(words),
        runs=frozenset(tuple(lower[at : at + _RUN]) for at in range(max(1, len(lower) - _RUN + 1))),
    )


def _alike(one: _Said, other: _Said, shared: int) -> bool:
    if one.document == other.document:
        return False
    if shared < _SAME * (len(one.runs) + len(other.runs) - shared):
        return False
    differing = (one.words - other.words) + (other.words - one.words)
    return not any(_weighty(word) for word in differing)


def _weighty(word: str) -> bool:
    """A number, a name or a word on which the meaning hangs."""
    return not word.islower() or word in _DECIDES or any(letter.isdigit() for letter in word)
