"""Whether the best passages answer the question, or only come near, and what they do not meet.

Scores alone cannot tell a near miss: another payer, another organ, a value that nobody states. So
what a question names decides first (`requirements`, `meeting`); scores tell what is off topic.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant.answer import Citation, Verdict
from assistant.known import Known
from assistant.meeting import Looked, has, says_unknown, unmet
from assistant.naming import Attribute
from assistant.requirements import Need, misspelled_payers, requirements
from assistant.understand import Understood

LOOKED_AT = 8  # passages; what answers is among them, and each costs time
_TRUSTED = 3  # passages of which one must be trusted
_NEAR = 0.15  # of the ranking's score: how far behind the best a passage may answer in its place
_GAP_AHEAD = 0.04  # a gap that is no further ahead of an ordinary passage leaves it the word
_GAP_NEAR = 0.20  # the same for a gap that speaks of the very thing that is asked for


@dataclass(frozen=True, slots=True)
class Calibration:
    """Trust is 1 / (1 + exp(-z)) of z = 7.2 cosine + 7.4 best sentence's late interaction - 9.1,
    less `unknown` for telling words that the library does not know, all of them.

    From `answered` on a passage answers, from `weak` on it is worth showing. The three weights are
    a logistic regression on one half of ClapNQ's questions (area under the curve 0.88 on the other
    half; cosine alone 0.84, the ranking's score 0.85, words covered added nothing).
    """

    unknown: float
    answered: float
    weak: float

    def trust(self, citation: Citation, *, unknown: float) -> float:
        """The trust in a citation, in 0..1; `unknown` is the share of unknown words."""
        why = citation.why
        sentence = why.sentence if why.sentence is not None else (why.late or 0.0)
        z = 7.2 * why.dense + 7.4 * sentence - 9.1 - self.unknown * unknown
        return 1 / (1 + math.exp(-z))


# Where names are understood, near misses are told by them, and staff's shorthand, which scores low,
# is let through; where they are not, the scores are all there is, so more is asked of them.
NAMED = Calibration(unknown=5.0, answered=0.06, weak=0.012)
UNNAMED = Calibration(unknown=1.0, answered=0.5, weak=0.12)


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict, the citations in the order that it gives them, what the first one lacks, and
    `trust`, on which thresholds are set: in 0..1, and 0 where anything is lacking."""

    verdict: Verdict
    citations: tuple[Citation, ...]
    needs: tuple[Need, ...]
    lacking: tuple[Need, ...]
    unknown: tuple[str, ...]
    trust: float
    denied: bool = False  # the first citation says itself that the answer is not known


def decide(
    known: Known,
    understood: Understood,
    citations: Sequence[Citation],
    *,
    on: date,
    scored: bool = True,
    reorder: bool = True,
) -> Decision:
    """The verdict on citations, best first. `scored`: their scores are those of the full ranking,
    so that thresholds hold. `reorder`: the passage that decides may be put in front."""
    needs = requirements(understood, known.naming)
    unknown = known.unknown_words(understood, needs)
    needs = (*needs, *misspelled_payers(unknown.words, known.naming, needs))
    if not citations:
        return Decision(Verdict.NOT_FOUND, (), needs, needs, unknown.words, 0.0)
    looked = [known.look(citation) for citation in citations[:LOOKED_AT]]
    lacking = {one.citation.passage: unmet(one, needs, on=on) for one in looked}
    first = _first(looked, lacking, needs) if reorder else 0
    chosen = looked[first]
    missing = lacking[chosen.citation.passage]
    calibration = NAMED if known.naming is not None else UNNAMED
    denied = says_unknown(chosen)
    trust = _trust(calibration, chosen, looked, lacking, unknown.share) if scored else 1.0
    return Decision(
        verdict=_verdict(chosen, missing, trust, calibration),
        denied=denied,
        citations=_ordered(citations, first, lacking),
        needs=needs,
        lacking=missing,
        unknown=unknown.words,
        trust=0.0 if chosen.is_gap or missing or denied else trust,
    )


def _trust(
    calibration: Calibration,
    chosen: Looked,
    looked: Sequence[Looked],
    lacking: Mapping[int, tuple[Need, ...]],
    unknown: float,
) -> float:
    """The trust in the passage to judge by or, where the library knows every word, in the best of
    the first few: one that is about the same and says it in other words."""
    judged = [chosen]
    if not unknown:
        few = looked[:_TRUSTED]
        judged += [one for one in few if not one.is_gap and not lacking[one.citation.passage]]
    return max(calibration.trust(one.citation, unknown=unknown) for one in judged)


def _verdict(
    chosen: Looked, missing: Sequence[Need], trust: float, calibration: Calibration
) -> Verdict:
    if chosen.is_gap or _is_hard(missing) or trust < calibration.weak:
        return Verdict.NOT_FOUND
    if missing or says_unknown(chosen) or trust < calibration.answered:
        return Verdict.WEAK
    return Verdict.ANSWERED


def _first(
    looked: Sequence[Looked], lacking: Mapping[int, tuple[Need, ...]], needs: Sequence[Need]
) -> int:
    """Which passage to judge by: the best, or one close behind it that meets what it does not.

    Where a value is asked for that the best passage does not state, a gap that speaks of it is
    closer; where none is asked for, an ordinary passage is closer than a gap.
    """
    asked = [need.attribute for need in needs if need.attribute is not None]
    scores = [one.citation.score for one in looked]
    complete = [at for at, one in enumerate(looked) if not _is_hard(lacking[one.citation.passage])]
    if asked and not _states(looked[0], asked):
        for at in complete:
            if looked[at].is_gap and scores[at] >= scores[0] - _GAP_NEAR:
                return at
    near = [at for at in complete if scores[at] >= scores[0] - _NEAR]
    if near and looked[near[0]].is_gap and not asked:
        ordinary = (at for at in near if not looked[at].is_gap)
        return next((at for at in ordinary if scores[at] >= scores[near[0]] - _GAP_AHEAD), near[0])
    return near[0] if near else 0


def _states(best: Looked, asked: Sequence[Attribute]) -> bool:
    """Whether the best passage is an ordinary one that states a value of what is asked for."""
    return not best.is_gap and all(
        attribute.holds_pattern is not None and has(best, attribute) for attribute in asked
    )


def _is_hard(missing: Sequence[Need]) -> bool:
    return any(need.hard for need in missing)


def _ordered(
    citations: Sequence[Citation], first: int, lacking: Mapping[int, tuple[Need, ...]]
) -> tuple[Citation, ...]:
    """The citations with the one to judge by in front, ranks anew, and what each does not meet."""
    order = [citations[first], *(c for at, c in enumerate(citations) if at != first)]
    return tuple(
        replace(
            citation,
            rank=rank,
            why=replace(
                citation.why,
                unmet=tuple(need.name for need in lacking.get(citation.passage, ())),
            ),
        )
        for rank, citation in enumerate(order, 1)
    )
