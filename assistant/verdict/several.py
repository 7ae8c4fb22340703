"""Takes a question that asks several things apart: each may have its own passage.

Several questions, several payers, or a list: "dx code, modifier and revenue code for 0581T?".
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations

from assistant.question.names.naming import Naming
from assistant.question.names.payers import PROGRAMS
from assistant.question.understand import Understood, as_typed
from assistant.question.words.phrases import holds, plain
from assistant.verdict.meeting import Looked, says_unknown, unmet
from assistant.verdict.requirements import Kind, Need, asked_for, of_anything, requirements

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
_SUBJECTS = (Kind.CODE, Kind.PAYER, Kind.TOPIC)
_NUMBERS = (Kind.CODE, Kind.IDENTIFIER)

_SEGMENT = re.compile(
    r"\b(?:for|on|with|when|if|of|to|in|at|do|does|is|are|goes?|should|we|i)\b|[?.;:\n]+",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s*(?:[,&/+]|\b(?:and|plus|or)\b)\s*", re.IGNORECASE)
_BEFORE = re.compile(
    r"^\W*(?:(?:what|which|whats|what's|wat|need|give me|the|right|correct|also|pls|please)\b\W*)*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Share:
    """One of the things asked, as typed, and what it names.

    `question` asks for it alone. `listed`: a word or two of a list, which say little by themselves.
    `beside`: one of several payers, each of which has a position of its own.
    """

    typed: str
    needs: tuple[Need, ...]
    question: str
    listed: bool = False
    beside: bool = False


def shares(understood: Understood, needs: Sequence[Need], naming: Naming) -> tuple[Share, ...]:
    """What a question asks for, one by one; empty where it asks for one thing.

    Several questions in one, a list of things, or several payers beside each other: "does Cigna
    cover it and which modifier do we need?", "dx code and modifier?", "aetna or humana?".
    """
    free = understood.query.free
    questions = _questions(free)
    if len(questions) > 1:
        named = {one: _needs_of(one, understood, needs, naming) for one in questions}
        return tuple(Share(one, own, _alone(one, own, needs)) for one, own in named.items())
    if parts := listed(free, naming):
        rest = tuple(need for need in needs if need.kind in _SUBJECTS)
        named = {part: (*rest, *asked) for part, asked in parts.items()}
        return tuple(
            Share(part, own, _alone(f"which {part}", own, needs), listed=True)
            for part, own in named.items()
        )
    payers = [need for need in needs if need.payer is not None]
    if len(payers) < 2 or not all(_are_apart(a, b, free) for a, b in combinations(payers, 2)):
        return ()
    rest = tuple(need for need in needs if need.payer is None)
    return tuple(
        Share(one.typed, (one, *rest), around(free, _others(one, payers)), beside=True)
        for one in payers
    )


def listed(question: str, naming: Naming) -> dict[str, tuple[Need, ...]]:
    """The parts of a list, as typed, with what each asks for; empty where nothing is listed. Each
    part must name a kind of thing or a value, so that "side and quadrant" is not a list."""
    for segment in _SEGMENT.split(question):
        parts = [_BEFORE.sub("", part).strip() for part in _BETWEEN.split(segment)]
        asked = {part: _asked(f"which {part}", naming) for part in parts if part}
        if len(asked) > 1 and all(asked.values()):
            return asked
    return {}


def around(question: str, parts: Collection[str]) -> str:
    """The question without the parts of its list: the subject that they are asked of, if any."""
    return re.sub("|".join(map(re.escape, parts)), " ", question) if parts else question


def _asked(part: str, naming: Naming) -> tuple[Need, ...]:
    return tuple(asked_for(as_typed(part), naming, of_code=True))


def first_that_meets(looked: Sequence[Looked], share: Share, *, on: date) -> int | None:
    """The position of the first passage that answers one of the things asked; None where none does,
    and for one of several payers, since what names them all is seldom any one's position."""
    if share.beside:
        return None
    for at, one in enumerate(looked):
        if not one.is_gap and not unmet(one, share.needs, on=on) and not says_unknown(one):
            return at
    return None


def _alone(typed: str, own: Sequence[Need], needs: Sequence[Need]) -> str:
    """A share as a question of its own: the whole one, with its `needs`, lends it a payer, a code
    or a topic where it names none itself."""
    kinds = {need.kind for need in own}
    lent = (need for need in needs if need.kind in _SUBJECTS and need.kind not in kinds)
    named = dict.fromkeys(need.typed for need in (*own, *lent) if need.kind in _SUBJECTS)
    held = plain(typed)
    return " ".join((typed, *(one for one in named if not holds(held, plain(one)))))


def _others(payer: Need, payers: Sequence[Need]) -> tuple[str, ...]:
    return tuple(need.typed for need in payers if need is not payer)


def _questions(text: str) -> list[str]:
    pieces = [piece.strip(" .,") for piece in _BREAKS.split(text)]
    return [p for p in pieces if len(p.split()) >= _FEW and _ASKED.search(p)]


def _needs_of(
    question: str, understood: Understood, needs: Sequence[Need], naming: Naming
) -> tuple[Need, ...]:
    """What one of several questions names; a value is asked of the code that another one names."""
    part = replace(understood, query=replace(understood.query, free=question), codes=())
    own = requirements(part, naming)
    codes = [need for need in needs if need.kind in _NUMBERS]
    named = [need for need in codes if need.typed.casefold() in question.casefold()]
    if not named and any(need.kind is Kind.THING for need in own):
        named = codes
    if any(need.topic is not None for need in needs):
        own = tuple(map(of_anything, own))
    return (*named, *(need for need in own if need.kind not in _NUMBERS))


def _are_apart(one: Need, two: Need, question: str) -> bool:
    """Whether two payers are separate, and neither is a line of the other: "UHC Medicare Advantage"
    is one, and so is "Aetna Medicaid"."""
    first, second = one.payer, two.payer
    if first is None or second is None or first.generic or second.generic:
        return False
    programs = {first.name, second.name} & PROGRAMS
    joined = re.escape(one.typed) + r"(?:['’]s?)?\s+" + re.escape(two.typed)
    if len(programs) == 1 and re.search(joined, question):
        return False
    return "Medicare" not in f"{first.name} {second.name}" and not (
        first.within == second.name or second.within == first.name
    )
