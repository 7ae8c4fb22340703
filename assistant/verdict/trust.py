"""The trust in a passage as the answer to a question: one score with one threshold, any library.

It is the probability of a logistic model over how well the passage covers the question and how it
was ranked. Its weights are data, `trust.toml`, which says how they were fitted;
`tests/bench/fit_trust.py` fits them anew.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from assistant.answer import Citation
from assistant.verdict.coverage import Coverage

_WEIGHTS = Path(__file__).with_suffix(".toml")
_MARGIN_OVER = slice(3, 8)  # the passages whose mean score the best is compared with


@dataclass(frozen=True, slots=True)
class Model:
    """From `answered` on a passage answers, from `weak` on it is worth showing."""

    answered: float
    weak: float
    bias: float
    weights: dict[str, float]

    def trust(self, features: dict[str, float]) -> float:
        z = self.bias + sum(self.weights[name] * features[name] for name in self.weights)
        return 1 / (1 + math.exp(-max(min(z, 30.0), -30.0)))


def features(
    citation: Citation, scores: Sequence[float], cover: Coverage | None, unknown: float
) -> dict[str, float]:
    """What the trust in a passage is made of. `scores` are those of the best passages in order,
    `unknown` is the share of the question's words that the library does not have."""
    why = citation.why
    rest = scores[_MARGIN_OVER] or scores
    cover = cover or _NOTHING_TOLD
    return {
        "cosine": why.dense,
        "late": why.late or 0.0,
        "sentence": why.sentence or 0.0,
        "words": why.lexical,
        "margin": citation.score - sum(rest) / len(rest),
        "match": cover.match,
        "least": cover.least,
        "held": cover.held,
        "open": cover.open,
        "in_sentence": cover.sentence,
        "few": 1 / (1 + cover.words),
        "unknown": unknown,
    }


_NOTHING_TOLD = Coverage(match=0.7, least=0.5, held=0.7, open=0.1, sentence=0.6, words=1, missing=())


@cache
def model() -> Model:
    raw = tomllib.loads(_WEIGHTS.read_text("utf-8"))
    return Model(raw["answered"], raw["weak"], raw["bias"], dict(raw["weights"]))
