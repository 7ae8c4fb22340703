"""How good a ranking is, and whether a difference between two is real."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import ir_measures
import numpy as np
from corpora.sets import Qrels, Run
from ir_measures import RR, R, nDCG

MEASURES = {"nDCG@10": nDCG @ 10, "R@10": R @ 10, "RR@10": RR @ 10}
"""Normalised discounted cumulative gain, recall and reciprocal rank, all over the best ten.

nDCG@10 is the sum of grade / log2(rank + 1) over the best ten, divided by the largest such sum that
the judged documents allow. A document that nobody judged counts as not relevant.
"""

Scores = dict[str, dict[str, float]]
"""Measure -> query id -> value."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A mean difference over the same questions, with its 95% interval.

    `p` is the two-sided share of resamples on the other side of zero; below 0.05 is called real.
    """

    mean: float
    low: float
    high: float
    p: float

    @property
    def real(self) -> bool:
        return self.p < 0.05


def score_run(run: Run, qrels: Qrels, *, queries: Sequence[str]) -> Scores:
    """Every measure for each of `queries`; a question without an answer in the run scores 0."""
    wanted = {query: dict(qrels[query]) for query in queries}
    ranked = {query: _scores_by_rank(run.get(query, ())) for query in queries}
    names = {measure: name for name, measure in MEASURES.items()}
    scores: Scores = {name: dict.fromkeys(queries, 0.0) for name in MEASURES}
    for metric in ir_measures.iter_calc(list(MEASURES.values()), wanted, ranked):
        scores[names[metric.measure]][metric.query_id] = float(metric.value)
    return scores


def means(scores: Scores) -> dict[str, float]:
    """The mean of each measure over the questions."""
    return {name: sum(values.values()) / len(values) for name, values in scores.items()}


def paired_bootstrap(
    ours: Mapping[str, float],
    theirs: Mapping[str, float],
    *,
    resamples: int = 10_000,
    seed: int = 581,
) -> Difference:
    """Resample the questions with replacement; raises ValueError when the questions differ."""
    if ours.keys() != theirs.keys() or not ours:
        raise ValueError("a paired test needs the same questions on both sides, and at least one")
    differences = np.array([ours[query] - theirs[query] for query in sorted(ours)])
    generator = np.random.default_rng(seed)
    resampled = np.empty(resamples)
    for row in range(resamples):
        drawn = generator.integers(0, len(differences), len(differences))
        resampled[row] = differences[drawn].mean()
    low, high = np.percentile(resampled, [2.5, 97.5])
    beyond = min((resampled <= 0).mean(), (resampled >= 0).mean())
    return Difference(
        mean=float(differences.mean()),
        low=float(low),
        high=float(high),
        p=float(min(1.0, 2 * beyond)),
    )


def _scores_by_rank(documents: Sequence[str]) -> dict[str, float]:
    """Falling scores in the order shown, so that no tie is left to be broken by document id."""
    return {document: float(-rank) for rank, document in enumerate(documents, start=1)}
