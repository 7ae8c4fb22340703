"""Chooses the passage by which a question is judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.question.naming import Attribute
from assistant.verdict.meeting import Looked, has, heading_of, says_unknown
from assistant.verdict.requirements import Kind, Need
from corpus.text.dates import names_period

_NEAR = 0.15  # of the ranking's score: how far behind the best a passage may answer in its place
_SOFT_NEAR = 0.06  # the same where the best lacks but something that only weakens it
_OWN_NEAR = 0.10  # the same for a policy of the payer asked about, where the best is no payer's
_GAP_AHEAD = 0.04  # a gap that is no further ahead of an ordinary passage leaves it the word
_GAP_NEAR = 0.20  # the same for a gap that speaks of the very thing that is asked for


def foremost(
    looked: Sequence[Looked],
    lacking: Mapping[int, tuple[Need, ...]],
    needs: Sequence[Need],
    *,
    standing: bool,
) -> int:
    """Which passage to judge by: the best, or one close behind it that meets what it does not.
    `standing`: the question asks what holds at a payer, which the payer's own policy tells.
    """
    first = _first(looked, lacking, needs)
    return _own_policy(looked, lacking, needs, first) if standing else first


def _own_policy(
    looked: Sequence[Looked],
    lacking: Mapping[int, tuple[Need, ...]],
    needs: Sequence[Need],
    first: int,
) -> int:
    """A policy of the one payer that is asked about, in place of a text on several payers that is
    not far ahead of it; where there is none, the same."""
    payers = [need.payer for need in needs if need.payer is not None]
    best = looked[first]
    if len(payers) != 1 or best.payer is not None or best.is_gap:
        return first
    for at, one in enumerate(looked):
        close = one.citation.score >= best.citation.score - _OWN_NEAR
        of_payer = one.payer is not None and payers[0].name in (one.payer.name, one.payer.within)
        policy = one.citation.version.metadata.kind == "policy" and not one.citation.superseded
        whole = not lacking[one.citation.passage] and not says_unknown(one)
        if close and of_payer and policy and whole:
            return at
    return first


def _first(
    looked: Sequence[Looked], lacking: Mapping[int, tuple[Need, ...]], needs: Sequence[Need]
) -> int:
    """The best passage, or one close behind it that meets what it does not.

    Where a value or a span of time is asked for that the best passage does not state, a gap that
    is about it is closer; where none is asked for, an ordinary passage is closer than a gap.
    """
    asked = [need.attribute for need in needs if need.attribute is not None]
    spans = [need.name for need in needs if need.kind is Kind.PERIOD]
    scores = [one.citation.score for one in looked]
    complete = [at for at, one in enumerate(looked) if not is_hard(lacking[one.citation.passage])]
    if asked and not _states(looked[0], asked):
        for at in complete:
            if looked[at].is_gap and scores[at] >= scores[0] - _GAP_NEAR:
                return at
    near = [at for at in complete if scores[at] >= scores[0] - _NEAR]
    if spans and not any(
        _names(looked[at].citation.text, spans) for at in near if not looked[at].is_gap
    ):
        for at in near:
            if looked[at].is_gap and _names(heading_of(looked[at]), spans):
                return at
    whole = (at for at in near if not lacking[looked[at].citation.passage])
    meaning = any(need.kind is Kind.MEANING for need in needs)
    behind = _NEAR if meaning else _SOFT_NEAR
    best = next((at for at in whole if scores[at] >= scores[near[0]] - behind), None)
    if best is not None and not looked[best].is_gap and not says_unknown(looked[best]):
        near = [best]
    if near and looked[near[0]].is_gap and not asked:
        ordinary = (at for at in near if not looked[at].is_gap)
        behind = _NEAR if meaning else _GAP_AHEAD
        return next((at for at in ordinary if scores[at] >= scores[near[0]] - behind), near[0])
    return near[0] if near else 0


def _names(text: str, spans: Sequence[str]) -> bool:
    return any(names_period(text, span) for span in spans)


def _states(best: Looked, asked: Sequence[Attribute]) -> bool:
    """Whether the best passage is an ordinary one that states a value of what is asked for."""
    return not best.is_gap and all(
        attribute.holds_pattern is not None and has(best, attribute) for attribute in asked
    )


def is_hard(missing: Sequence[Need]) -> bool:
    return any(need.hard for need in missing)
