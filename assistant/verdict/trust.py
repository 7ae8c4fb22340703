"""The trust in a passage as the answer to a question: one score with one threshold, any library.

It is the probability of a logistic model over how well the passage covers the question and how it
was ranked. Its weights are data, `trust.toml`, which says how they were fitted;
`tests/bench/fit_trust.py` fits them anew.
"""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from assistant.answer import Citation
from assistant.verdict.coverage import Coverage

_WEIGHTS = Path(__file__).with_suffix(".toml")


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


def features(citation: Citation, cover: Coverage | None, *, named: float) -> dict[str, float]:
    """What the trust in a passage is made of. `named` is the share of the codes and numbers that
    the question names and the marked words have."""
    return {
        "cosine": citation.why.dense,
        "late": citation.why.late or 0.0,
        "open": cover.open if cover is not None else _NOTHING_TOLD,
        "named": named,
    }


_NOTHING_TOLD = 0.1  # the share left open where a question has no telling word


@cache
def model() -> Model:
    raw = tomllib.loads(_WEIGHTS.read_text("utf-8"))
    return Model(raw["answered"], raw["weak"], raw["bias"], dict(raw["weights"]))
