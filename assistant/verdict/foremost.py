"""Chooses the passage by which a question is judged."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from assistant.question.names.identifiers import names
from assistant.verdict.meeting import Looked, heading_of, says_unknown
from assistant.verdict.requirements import Kind, Need
from corpus.text.dates import names_period
from index.shards.analysis import analyze

_NEAR = 0.15  # of the ranking's score: how far behind the best a passage may answer in its place
_SOFT_NEAR = 0.06  # the same where the best lacks but something that only weakens it
_OWN_NEAR = 0.10  # the same for a policy of the payer asked about, where the best is no payer's
_OWN_LACKS = 0.30  # the same where no passage has all that is hard, to say what theirs lacks
_GAP_AHEAD = 0.04  # a gap that is no further ahead of an ordinary passage leaves it the word
_GAP_NEAR = 0.20  # the same for a gap that declares the very thing that is asked for


def foremost(
    looked: Sequence[Looked],
    lacking: Mapping[int, tuple[Need, ...]],
    needs: Sequence[Need],
    gaps: Collection[int],
    *,
    about: frozenset[str],
    standing: bool,
) -> int:
    """Which passage to judge by: the best, or one close behind it that meets what it does not.

    `gaps` are the positions of the gaps that declare what is asked; any other gap is passed over.
    `about`: the words that they and the question name, which what overrules them has, too.
    `standing`: the question asks what holds at a payer, which the payer's own policy tells.
    """
    first = _first(looked, lacking, needs, gaps, about)
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
        policy = not one.is_gap and not one.citation.superseded
        whole = not lacking[one.citation.passage] and not says_unknown(one)
        if close and of_payer and policy and whole:
            return at
    return first


def _first(
    looked: Sequence[Looked],
    lacking: Mapping[int, tuple[Need, ...]],
    needs: Sequence[Need],
    gaps: Collection[int],
    about: frozenset[str],
) -> int:
    """The best passage, or one close behind it that meets what it does not; a gap that declares
    what is asked, where no ordinary passage states it."""
    scores = [one.citation.score for one in looked]
    ordinary = [at for at, one in enumerate(looked) if not one.is_gap]
    complete = [at for at in ordinary if not is_hard(lacking[looked[at].citation.passage])]
    ahead = scores[ordinary[0]] if ordinary else 0.0
    near = [at for at in complete if scores[at] >= ahead - _NEAR]
    gap = _gap(looked, scores, needs, gaps, near)
    if gap is not None:
        return next(iter(_overruling(looked, lacking, needs, about)), gap)
    whole = [at for at in near if not lacking[looked[at].citation.passage]]
    whole.sort(key=lambda at: not _names_numbers(looked[at], needs))
    meaning = any(need.kind is Kind.MEANING for need in needs)
    behind = _NEAR if meaning else _SOFT_NEAR
    best = next((at for at in whole if scores[at] >= scores[near[0]] - behind), None)
    if best is not None and not says_unknown(looked[best]):
        return best
    theirs = {at for at in complete if _is_theirs(looked[at], needs)}
    close = [at for at in ordinary if scores[at] >= ahead - _OWN_LACKS or at in theirs]
    of_payer = (at for at in close if _is_of_payer(needs, lacking[looked[at].citation.passage]))
    return next(iter((*near, *of_payer, *ordinary)), 0)


def _names_numbers(passage: Looked, needs: Sequence[Need]) -> bool:
    """Whether a passage names every number of a kind (revenue code 0361) that is asked about."""
    wanted = [need.identifier for need in needs if need.identifier is not None]
    text = f"{passage.whole} {passage.citation.text}"
    return all(names(text, identifier) for identifier in wanted)


def _is_theirs(passage: Looked, needs: Sequence[Need]) -> bool:
    """Whether a passage's document is, or begins as, that of a payer who is asked about."""
    named = {need.payer.name for need in needs if need.payer is not None}
    whose = filter(None, (passage.payer, *passage.others))
    names = {name for payer in whose for name in (payer.name, payer.within)}
    return not named.isdisjoint({*names, passage.told_of})


def _is_of_payer(needs: Sequence[Need], missing: Sequence[Need]) -> bool:
    """Whether a passage is of the payer that is asked about: what it lacks, that payer leaves open,
    which says more than that another's document is no answer."""
    asked = any(need.payer is not None for need in needs)
    return asked and all(need.payer is None for need in missing)


def _overruling(
    looked: Sequence[Looked],
    lacking: Mapping[int, tuple[Need, ...]],
    needs: Sequence[Need],
    about: frozenset[str],
) -> list[int]:
    """The ordinary passages, however far behind, that state the very thing that a gap declares as
    unknown, of the code and for the day that are asked about."""
    things = [need.thing for need in needs if need.thing is not None and not need.thing.soft]
    if not things or not all(thing.form for thing in things):
        return []
    return [
        at
        for at, one in enumerate(looked)
        if not (one.is_gap or lacking[one.citation.passage] or says_unknown(one))
        and about <= frozenset(analyze(f"{one.whole} {one.opening}"))
    ]


def _gap(
    looked: Sequence[Looked],
    scores: Sequence[float],
    needs: Sequence[Need],
    gaps: Collection[int],
    near: Sequence[int],
) -> int | None:
    """The gap that answers, where one does."""
    close = [at for at in sorted(gaps) if scores[at] >= scores[0] - _GAP_NEAR]
    spans = [need.name for need in needs if need.kind is Kind.PERIOD]
    if spans and not any(_names(looked[at].citation.text, spans) for at in near):
        spoken = (at for at in close if _names(heading_of(looked[at]), spans))
        if (gap := next(spoken, None)) is not None:
            return gap
    if not close:
        return None
    gap = close[0]
    things = [need.thing for need in needs if need.thing is not None and not need.thing.soft]
    if things:  # an ordinary passage may state them, where they have a form: see _overruling
        return gap
    if near and scores[near[0]] >= scores[gap] - _GAP_AHEAD:
        return None
    return gap


def _names(text: str, spans: Sequence[str]) -> bool:
    return any(names_period(text, span) for span in spans)


def is_hard(missing: Sequence[Need]) -> bool:
    return any(need.hard for need in missing)
