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


@dataclass(frozen=True, slots=True)
class Doubt:
    """Between `low` and `high` a trust decides nothing yet. Then the marked words are embedded by
    themselves: apart from what stands around them they tell better whether they answer, but each
    text to embed costs as much as a quarter of a question. `weight` and `bias` correct the trust by
    their cosine with the question."""

    low: float
    high: float
    weight: float
    bias: float


@dataclass(frozen=True, slots=True)
class Model:
    """From `answered` on a passage answers, from `weak` on it is worth showing. `unknown` takes the
    place of `answered` where no document has a word of the question."""

    answered: float
    unknown: float
    weak: float
    bias: float
    weights: dict[str, float]
    doubt: Doubt

    def trust(self, features: dict[str, float]) -> float:
        return _chance(
            self.bias + sum(self.weights[name] * features[name] for name in self.weights)
        )

    def doubts(self, trust: float) -> bool:
        return self.doubt.low < trust < self.doubt.high

    def corrected(self, trust: float, alone: float) -> float:
        """A trust in doubt, by the cosine of the marked words `alone` with the question."""
        return _chance(math.log(trust / (1 - trust)) + self.doubt.weight * alone + self.doubt.bias)


def _chance(z: float) -> float:
    return 1 / (1 + math.exp(-max(min(z, 30.0), -30.0)))


def features(
    citation: Citation,
    cover: Coverage | None,
    *,
    named: float,
    beside: Sequence[Citation] = (),
    passed: frozenset[int] = frozenset(),
) -> dict[str, float]:
    """What the trust in a passage is made of. `named` is the share of the codes and numbers that
    the question names and the marked words have; `beside` are the passages looked at with it, of
    which those `passed` over do not count where they ranked higher: the payer named is another.

    `behind`: how many of these have more of the question's tokens; `scattered`: how much more of
    them the passage has than its best sentence by itself; `row`: a row of a table is marked;
    `ahead`: how far its score is ahead of the best of other documents.
    """
    why = citation.why
    late = why.late or 0.0
    beside = [one for one in beside if one.score <= citation.score or one.passage not in passed]
    others = [one.score for one in beside if one.version.id != citation.version.id]
    return {
        "cosine": why.dense,
        "late": late,
        "open": cover.open if cover is not None else _NOTHING_TOLD,
        "named": named,
        "behind": math.log1p(sum((one.why.late or 0.0) > late + _SAME for one in beside)),
        "scattered": late - (why.sentence or 0.0),
        "row": float(any(" | " in span.of(citation.text) for span in citation.highlights)),
        "ahead": citation.score - max(others) if others else 0.0 if passed else _ALONE,
    }


_SAME = 1e-9
_ALONE = 0.3  # how far ahead a passage is where no other document has any
_NOTHING_TOLD = 0.1  # the share left open where a question has no telling word


@cache
def model() -> Model:
    raw = tomllib.loads(_WEIGHTS.read_text("utf-8"))
    thresholds = (raw["answered"], raw["unknown"], raw["weak"])
    return Model(*thresholds, raw["bias"], dict(raw["weights"]), Doubt(**raw["doubt"]))
