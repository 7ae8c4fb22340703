"""Documents that say the same thing twice, found by the runs of words they share."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import combinations

SAME = 0.7  # share of runs in common from which two documents count as one
_RUN = 5  # words
_WORD = re.compile(r"\w+")


def shingles(text: str) -> frozenset[tuple[str, ...]]:
    """Every run of five words, lower case; a shorter text is one run."""
    words = [word.lower() for word in _WORD.findall(text)]
    last = max(1, len(words) - _RUN + 1)
    return frozenset(tuple(words[at : at + _RUN]) for at in range(last))


def near_duplicates(texts: Mapping[str, str]) -> list[tuple[str, str, float]]:
    """Pairs of documents and their likeness (Jaccard, `SAME` to 1), the most alike first."""
    runs = {name: shingles(text) for name, text in texts.items()}
    pairs = (
        (one, other, len(runs[one] & runs[other]) / len(runs[one] | runs[other]))
        for one, other in combinations(sorted(runs), 2)
    )
    return sorted((pair for pair in pairs if pair[2] >= SAME), key=lambda pair: -pair[2])
