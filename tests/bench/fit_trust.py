"""Fits the weights of `assistant/verdict/trust.toml` and prints them with the curve of each set.

    python tests/bench/fit_trust.py HOME QUESTIONS [HOME QUESTIONS ...]

Each HOME is an index, each QUESTIONS a file or a retrieval set as `codedesk eval` reads it, or
`golden`. Only questions of the half for tuning are asked: those marked `"half": "tune"` or, in a
set that marks none, those whose document's name has an even sum (sha-256). A question counts for
the fit where nothing that it names is lacking, since there the trust decides; it is right where the
right passage is among the first three. Sets count by the root of their size. The model is a
logistic regression (Newton's method) with a ridge of 100 on standardised features that pulls to the
weights as they are: a few hundred questions of a few sets move them little, since they hold on
libraries that are not at hand. The correction where a trust is in doubt is taken as it is.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import assistant.asking
from assistant.answer import Answer
from assistant.desk import Desk
from assistant.evaluation.golden import Golden, auroc, is_right
from assistant.evaluation.sets import read_sets
from assistant.verdict.decide import Decision, decide
from assistant.verdict.trust import model
from index.filters import Filters
from index.home import Home
from index.versions import today

_RIDGE = 100.0
_OF_BIAS = 0.1  # of the ridge, for the bias
_SHOWN = 3
_THRESHOLDS = (0.3, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7, 0.75)


@dataclass(frozen=True, slots=True)
class Row:
    """A question as the fit sees it."""

    name: str
    made_of: dict[str, float]
    blocked: bool
    right: bool
    answerable: bool
    alone: float | None  # how near the marked words are by themselves, where that was in doubt


def main() -> None:
    rows: list[Row] = []
    for home, questions in zip(sys.argv[1::2], sys.argv[2::2], strict=True):
        rows += _asked(Path(home), Path(questions))
    names = list(rows[0].made_of)
    fitted = [row for row in rows if not row.blocked]
    weights, bias = _fit(fitted, names)
    print(f"bias = {bias:.2f}\n\n[weights]")
    print("\n".join(f"{name} = {weight:.2f}" for name, weight in zip(names, weights, strict=True)))
    for name in dict.fromkeys(row.name for row in rows):
        _curve(name, [row for row in rows if row.name == name], names, weights, bias)


def _asked(home: Path, questions: Path) -> list[Row]:
    made: list[Decision] = []

    def recorded(*given: Any, **named: Any) -> Decision:
        made.append(decide(*given, **named))
        return made[-1]

    assistant.asking.decide = recorded  # type: ignore[attr-defined]
    rows = []
    with Desk(Home(home)) as desk:
        paths = [] if questions.name == "golden" else [questions]
        (of,) = read_sets(paths, held=desk.library.titles())
        marked = any(one.half for one in of.questions)
        for golden in of.questions:
            if golden.half != "tune" if marked else _half(golden):
                continue
            made.clear()
            answer = desk.ask(golden.question, Filters(on=golden.as_of or today()), k=_SHOWN)
            if (decision := _deciding(made, answer)) is not None:
                rows.append(_row(f"{of.name} ({home.name})", golden, answer, decision))
    return rows


def _deciding(made: Sequence[Decision], answer: Answer) -> Decision | None:
    """The decision that the answer is of, among those on parts of it and on other days."""
    for one in made[::-1]:
        if one.citations and one.citations[:_SHOWN] == answer.citations:
            return one
    return None


def _half(golden: Golden) -> int:
    key = golden.truths[0].document if golden.truths else ""
    return int(hashlib.sha256((key or golden.id).encode()).hexdigest(), 16) % 2


def _row(name: str, golden: Golden, answer: Answer, made: Decision) -> Row:
    found = any(is_right(one, truth) for one in answer.citations for truth in golden.truths)
    right = not golden.decline and (found or not golden.truths)
    gap = made.citations[0].version.metadata.kind == "gap"
    blocked = bool(made.lacking or made.open_shares) or made.vague or made.denied or gap
    return Row(name, dict(made.made_of), blocked, right, not golden.decline, made.alone)


def _fit(rows: list[Row], names: list[str]) -> tuple[NDArray[np.float64], float]:
    features = np.array([[row.made_of[name] for name in names] for row in rows])
    right = np.array([float(row.right) for row in rows])
    sizes = {row.name: sum(other.name == row.name for other in rows) for row in rows}
    weight = np.array([sizes[row.name] ** -0.5 for row in rows])
    weight /= weight.mean()
    mean, deviation = features.mean(axis=0), features.std(axis=0) + 1e-9
    design = np.c_[(features - mean) / deviation, np.ones(len(rows))]
    ridge = np.diag([_RIDGE] * len(names) + [_RIDGE * _OF_BIAS])
    were = np.array([model().weights[name] for name in names])
    start = np.r_[were * deviation, model().bias + were @ mean]
    beta = start.copy()
    for _ in range(50):
        chance = 1 / (1 + np.exp(-design @ beta))
        gradient = design.T @ (weight * (right - chance)) - ridge @ (beta - start)
        curvature = (design * (weight * chance * (1 - chance))[:, None]).T @ design + ridge
        beta += np.linalg.solve(curvature, gradient)
    weights = beta[:-1] / deviation
    return weights, float(beta[-1] - weights @ mean)


def _curve(
    name: str, rows: list[Row], names: list[str], weights: NDArray[np.float64], bias: float
) -> None:
    def trust(row: Row) -> float:
        z = bias + sum(w * row.made_of[n] for n, w in zip(names, weights, strict=True))
        told = float(1 / (1 + np.exp(-z)))
        if row.alone is not None and model().doubts(told):
            told = model().corrected(told, row.alone)
        return 0.0 if row.blocked else told

    told = [trust(row) for row in rows if row.answerable]
    others = [trust(row) for row in rows if not row.answerable]
    area = auroc(told, others)
    shares = (
        f"{at}: {np.mean(np.array(told) >= at):.2f}/{np.mean(np.array(others) >= at):.2f}"
        for at in _THRESHOLDS
    )
    shown = "-" if area is None else f"{area:.3f}"
    print(f"{name}: {len(told)} + {len(others)}, AUROC {shown}; {'; '.join(shares)}")


if __name__ == "__main__":
    main()
