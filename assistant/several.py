"""A question that asks several things, taken apart: each may be met by a passage of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations

from assistant.lists import listed
from assistant.meeting import Looked, says_unknown, unmet
from assistant.naming import Naming
from assistant.requirements import Kind, Need, requirements
from assistant.understand import Understood

_ASKS = (
    r"(?:what|which|who|whom|when|where|why|how|is|are|was|were|can|could|do|does|did|should|shall"
    r"|may|must|will|would|has|have|any)\b"
)
_BREAKS = re.compile(
    r"[?;\n]+\s*(?:(?:and|also|or|then)\s+)?"
    rf"|,?\s+(?:and|also|plus|&)\s+(?:also\s+|if so,?\s+)?(?={_ASKS})|,\s+(?={_ASKS})",
    re.IGNORECASE,
)
_ASKED = re.compile(rf"(?:^|[.,:!]\s+|\b(?:so|then|about)\s+){_ASKS}", re.IGNORECASE)
_FEW = 3  # words; less is no question


@dataclass(frozen=True, slots=True)
class Share:
    """One of the things asked, as typed, and what it names."""

    typed: str
    needs: tuple[Need, ...]


def shares(
    understood: Understood, needs: Sequence[Need], naming: Naming | None
) -> tuple[Share, ...]:
    """What a question asks for, one by one; empty where it asks for one thing.

    Several questions in one, a list of things, or several payers beside each other: "does Cigna
    cover it and which modifier do we need?", "dx code and modifier?", "aetna or humana?".
    """
    if naming is None:
        return ()
    questions = _questions(understood.query.free)
    if len(questions) > 1:
        return tuple(Share(one, _needs_of(one, understood, needs, naming)) for one in questions)
    if parts := listed(understood.query.free, naming):
        rest = tuple(n for n in needs if n.kind in (Kind.CODE, Kind.PAYER))
        return tuple(Share(part, (*rest, *asked)) for part, asked in parts.items())
    payers = [need for need in needs if need.payer is not None]
    if len(payers) < 2 or not all(_are_apart(one, two) for one, two in combinations(payers, 2)):
        return ()
    rest = tuple(need for need in needs if need.payer is None)
    return tuple(Share(payer.typed, (payer, *rest)) for payer in payers)


def first_that_meets(looked: Sequence[Looked], share: Share, *, on: date) -> int | None:
    """The position of the first passage that answers one of the things asked."""
    for at, one in enumerate(looked):
        if not one.is_gap and not unmet(one, share.needs, on=on) and not says_unknown(one):
            return at
    return None


def _questions(text: str) -> list[str]:
    pieces = [piece.strip(" .,") for piece in _BREAKS.split(text)]
    return [p for p in pieces if len(p.split()) >= _FEW and _ASKED.search(p)]


def _needs_of(
    question: str, understood: Understood, needs: Sequence[Need], naming: Naming
) -> tuple[Need, ...]:
    """What one of several questions names; a value is asked of the code that another one names."""
    part = replace(understood, query=replace(understood.query, free=question), codes=())
    own = requirements(part, naming)
    codes = [need for need in needs if need.kind is Kind.CODE]
    named = [need for need in codes if need.typed.casefold() in question.casefold()]
    if not named and any(need.kind is Kind.ATTRIBUTE for need in own):
        named = codes
    return (*named, *(need for need in own if need.kind is not Kind.CODE))


def _are_apart(one: Need, two: Need) -> bool:
    """Whether two payers stand beside each other, and none speaks of the other's line: "UHC
    Medicare Advantage" is one."""
    first, second = one.payer, two.payer
    if first is None or second is None or first.generic or second.generic:
        return False
    return "Medicare" not in f"{first.name} {second.name}" and not (
        first.within == second.name or second.within == first.name
    )
