"""Decides whether the best passages answer the question, and what they do not meet.

What a question names decides first (`requirements`, `meeting`): a passage on another payer, organ
or number is a near miss, whatever its score. Then one score, the same on every library, says
whether the passage covers what is asked (`coverage`, `trust`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from assistant.answer import Citation, Verdict
from assistant.question.asked import asks_what_holds
from assistant.question.names.beside import unsaid
from assistant.question.understand import Understood
from assistant.verdict.coverage import Coverage
from assistant.verdict.deciding import deciding, to_be_decided
from assistant.verdict.elsewhere import only_points
from assistant.verdict.foremost import foremost, is_hard
from assistant.verdict.gaps import declares
from assistant.verdict.here.known import Known
from assistant.verdict.here.unknown import Unknown
from assistant.verdict.lines import of_another_line
from assistant.verdict.meeting import Looked, proves_itself, says_unknown, states_name, unmet
from assistant.verdict.needed import needed
from assistant.verdict.overruled import named_with_gaps
from assistant.verdict.own_day import asks_own_day, own_day, with_day_marked
from assistant.verdict.premises import Premise, unfounded
from assistant.verdict.requirements import Kind, Need, misspelled_payers
from assistant.verdict.rows import of_other_rows
from assistant.verdict.several import Share, around, first_that_meets, listed, shares
from assistant.verdict.trust import model
from assistant.verdict.trusting import Matches, trust_of, trusting_in

LOOKED_AT = 8  # passages; what answers is among them, and each costs time
_TELLING = 2  # known words; with less, and no name, a question says too little
_APART = 4  # parts of a question that are asked by themselves; each is a search


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict, the citations in the order that it gives them, what the first one lacks, and
    `trust`, on which thresholds are set: in 0..1, and 0 where anything is lacking.

    `open_shares`: of several things asked, those that nothing here answers; `apart`: those of a
    list whose passage was found by asking for them alone. `vague`: the question names too little,
    `numbered`: though it has a number; `unsaid`: what it points to without saying it;
    `premise`: what it takes for granted and no passage bears out. `denied`: the first citation says
    itself that the answer is not known. `gap`: it is of a gap that declares what is asked.
    `missing`: the question's words of which the first citation has nothing;
    `made_of`: what the trust in it is made of; `alone`: where that left it in doubt, how near the
    marked words are to the question by themselves.
    """

    verdict: Verdict
    citations: tuple[Citation, ...]
    needs: tuple[Need, ...]
    lacking: tuple[Need, ...]
    unknown: tuple[str, ...]
    trust: float
    open_shares: tuple[Share, ...] = ()
    apart: tuple[Share, ...] = ()
    vague: bool = False
    numbered: bool = False
    unsaid: str | None = None
    premise: str | None = None
    denied: bool = False
    gap: bool = False
    missing: tuple[str, ...] = ()
    made_of: Mapping[str, float] = field(default_factory=dict)
    alone: float | None = None


Ask = Callable[[str], Decision]  # what a question asked by itself comes to


@dataclass(frozen=True, slots=True)
class _Judged:
    """A verdict with the positions of the passages that it rests on."""

    verdict: Verdict
    front: tuple[int, ...]
    lacking: tuple[Need, ...] = ()
    open_shares: tuple[Share, ...] = ()
    apart: tuple[Share, ...] = ()
    denied: bool = False


def decide(
    known: Known,
    understood: Understood,
    citations: Sequence[Citation],
    *,
    on: date,
    matches: Matches | None = None,
    reorder: bool = True,
    ask: Ask | None = None,
) -> Decision:
    """The verdict on citations, best first. With `matches` their scores are those of the full
    ranking, so that thresholds hold. `reorder`: the passages that decide may be put in front. With
    `ask` each of several things asked that none of them answers is asked alone."""
    needs = needed(known, understood, citations[:LOOKED_AT], on)
    unknown = known.unknown.of(understood, needs)
    needs = (*needs, *misspelled_payers(unknown.words, known.naming, needs))
    parts = listed(understood.query.free, known.naming)
    needs = tuple(dict.fromkeys((*needs, *(need for part in parts.values() for need in part))))
    if not citations:
        return Decision(Verdict.NOT_FOUND, (), needs, needs, unknown.words, 0.0)
    of_own_day = reorder and asks_own_day(understood)
    if of_own_day:
        citations = tuple(map(with_day_marked, citations))
    looked = [known.look(citation, needs) for citation in citations[:LOOKED_AT]]
    lacking = _lacking(understood, looked, needs, on)
    gaps = _declaring(looked, needs, understood, known)
    standing = asks_what_holds(understood.query.free)
    of_gaps = [looked[at].citation.version for at in sorted(gaps)]
    about = named_with_gaps(understood, of_gaps, needs)
    first = foremost(looked, lacking, needs, gaps, about=about, standing=standing) if reorder else 0
    if of_own_day and not looked[first].is_gap:
        first = own_day(looked, first)
    also = {one.typed.lower(): one.added for one in understood.widened}
    if reorder and (on_what := to_be_decided(understood.query.free, needs, also)) is not None:
        first = deciding(looked, lacking, on_what, first)
    trusting = trusting_in(understood, needs, matches, unknown, looked, lacking)
    trust, alone = trust_of(trusting, looked[first], looked, lacking) if matches else (1.0, None)
    if matches and proves_itself(looked[first], needs):
        trust = max(trust, model().answered)
    named = any(states_name(looked[first], need) for need in trusting.names)
    judged = _as_one(looked[first], first, lacking, trust, named=named)
    asked = shares(understood, needs, known.naming)
    if asked and (judged.lacking or asked[0].beside):
        met = {share: first_that_meets(looked, share, on=on) for share in asked}
        found = _asked_apart(met, ask) if ask is not None else {}
        citations, looked_at = _joined(citations, found.values())
        looked = [known.look(citation, needs) for citation in citations[:looked_at]]
        lacking = _lacking(understood, looked, needs, on)
        places = {one.citation.passage: at for at, one in enumerate(looked)}
        met |= {share: places[citation.passage] for share, citation in found.items()}
        judged = _as_several(met, found, lacking, trust) or judged
    vague = not (needs or unknown.rare) and unknown.known < _TELLING
    pointed = _points_to_unsaid(understood, needs, unknown)
    vague = vague or pointed is not None
    vague = vague or (
        bool(parts) and known.unknown.says_nothing(around(understood.query.free, parts))
    )
    premise = unfounded(understood, citations[:LOOKED_AT])
    if premise is not None:
        judged = _put_right(judged, premise)
    verdict = _without_a_subject(judged.verdict, unknown) if vague else judged.verdict
    strange = unknown.strange or (bool(unknown.words) and trust < model().unknown)
    if strange and verdict is Verdict.ANSWERED:
        verdict = Verdict.WEAK
    front = looked[judged.front[0]]
    lost = (
        vague
        or unknown.strange
        or judged.lacking
        or judged.open_shares
        or judged.apart
        or judged.denied
        or (premise and judged.verdict is not Verdict.ANSWERED)
    )
    return Decision(
        verdict=verdict,
        citations=_ordered(citations, judged.front if reorder else (0,), lacking),
        needs=needs,
        lacking=judged.lacking,
        unknown=unknown.words,
        trust=0.0 if lost or front.is_gap else trust,
        open_shares=judged.open_shares,
        apart=judged.apart,
        vague=vague,
        numbered=re.search(r"\d{2}", understood.query.free) is not None,
        unsaid=pointed,
        premise=premise.typed if premise else None,
        denied=judged.denied,
        gap=front.is_gap and judged.front[0] in gaps,
        missing=_typed(trusting.cover(front), understood),
        made_of=trusting.made_of(front),
        alone=alone,
    )


def _put_right(judged: _Judged, premise: Premise) -> _Judged:
    """The verdict on a question that takes for granted what is not borne out. The passage that says
    otherwise comes first, and may answer; of what is not so nobody can tell the reason."""
    answered = judged.verdict is Verdict.ANSWERED
    if premise.against is None:
        return replace(judged, verdict=Verdict.WEAK) if answered else judged
    front = (premise.against, *(at for at in judged.front if at != premise.against))
    if answered and not premise.why:
        return replace(judged, front=front)
    return replace(judged, verdict=Verdict.WEAK, front=front, lacking=(), denied=False)


def _points_to_unsaid(
    understood: Understood, needs: Sequence[Need], unknown: Unknown
) -> str | None:
    """What a question that names hardly anything points to: "and the other side?" """
    if needs or unknown.known > _TELLING:
        return None
    pointed = unsaid(understood.query.free)
    return pointed if pointed is None or " " in pointed or unknown.known < _TELLING else None


def _typed(cover: Coverage | None, understood: Understood) -> tuple[str, ...]:
    """The words that a passage lacks, without those that a question was widened by."""
    typed = understood.query.free.lower()
    return tuple(one for one in cover.missing if one.lower() in typed) if cover else ()


def _lacking(
    understood: Understood, looked: Sequence[Looked], needs: Sequence[Need], on: date
) -> dict[int, tuple[Need, ...]]:
    """What each passage does not meet, by its id."""
    others = of_other_rows(understood.query.free, looked, needs)
    return {
        one.citation.passage: (
            *unmet(one, needs, on=on),
            *others.get(one.citation.passage, ()),
            *of_another_line(understood.query.free, one, needs),
            *((_CONTENT,) if only_points(one, understood.query.free) else ()),
        )
        for one in looked
    }


_CONTENT = Need(Kind.CONTENT, "what answers", "", hard=False)


def _declaring(
    looked: Sequence[Looked], needs: Sequence[Need], understood: Understood, known: Known
) -> set[int]:
    """The positions of the gaps that declare what is asked as unknown."""
    question = understood.query.free
    return {
        at
        for at, one in enumerate(looked)
        if one.is_gap and declares(one, needs, question, known.naming)
    }


def _as_one(
    chosen: Looked,
    at: int,
    lacking: Mapping[int, tuple[Need, ...]],
    trust: float,
    *,
    named: bool,
) -> _Judged:
    """The verdict where one passage is to answer everything. `named`: its marked words or heading
    have a code or a number of the question, so that it may help."""
    missing, denied = lacking[chosen.citation.passage], says_unknown(chosen)
    near = trust >= model().weak or named
    if chosen.is_gap or is_hard(missing) or not near:
        verdict = Verdict.NOT_FOUND
    elif missing or denied or trust < model().answered:
        verdict = Verdict.WEAK
    else:
        verdict = Verdict.ANSWERED
    return _Judged(verdict, (at,), missing, denied=denied)


def _as_several(
    met: Mapping[Share, int | None],
    found: Collection[Share],
    lacking: Mapping[int, tuple[Need, ...]],
    trust: float,
) -> _Judged | None:
    """The verdict where each of several things asked may have a passage of its own; None where
    none has. Answered only where each is `found` by asking for it alone, or names something that
    a passage meets; a word or two of a list say too little to be sure of what was found."""
    front = tuple(dict.fromkeys(at for at in met.values() if at is not None))
    if not front:
        return None
    nowhere = set.intersection(*(set(few) for few in lacking.values()))
    unanswered = tuple(share for share, at in met.items() if at is None)
    lost = dict.fromkeys(need for share in unanswered for need in share.needs if need in nowhere)
    apart = tuple(share for share in found if share.listed)
    whole = not (unanswered or apart) and all(_names_itself(s) or s in found for s in met)
    answered = whole and trust >= model().answered
    verdict = Verdict.ANSWERED if answered else Verdict.WEAK
    return _Judged(verdict, front, tuple(lost), unanswered, apart)


def _asked_apart(met: Mapping[Share, int | None], ask: Ask) -> dict[Share, Citation]:
    """For each share that no passage meets, or that names nothing which a passage could contradict,
    the passage that answers it where it is asked alone."""
    found = {}
    for share in [s for s, at in met.items() if at is None or not _names_itself(s)][:_APART]:
        decision = ask(share.question)
        if decision.verdict is Verdict.ANSWERED:
            found[share] = decision.citations[0]
    return found


def _names_itself(share: Share) -> bool:
    return any(need.hard for need in share.needs)


def _joined(
    citations: Sequence[Citation], found: Iterable[Citation]
) -> tuple[tuple[Citation, ...], int]:
    """The citations with those found later behind the ones that were looked at, each once, and how
    many are to be looked at now."""
    first = {citation.passage: citation for citation in citations[:LOOKED_AT]}
    first |= {one.passage: one for one in found if one.passage not in first}
    rest = (citation for citation in citations[LOOKED_AT:] if citation.passage not in first)
    return (*first.values(), *rest), len(first)


def _without_a_subject(verdict: Verdict, unknown: Unknown) -> Verdict:
    """One word may show the way; a greeting, an insult, "why?" asks for nothing."""
    if not unknown.known:
        return Verdict.NOT_FOUND
    return Verdict.WEAK if verdict is Verdict.ANSWERED else verdict


def _ordered(
    citations: Sequence[Citation], front: Sequence[int], lacking: Mapping[int, tuple[Need, ...]]
) -> tuple[Citation, ...]:
    """The citations with those to judge by first, with new ranks, and what each does not meet."""
    first = [citations[at] for at in front]
    order = [*first, *(c for at, c in enumerate(citations) if at not in front)]
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
