"""Which documents follow on which: as was judged, but where a person decided otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from index.editions.decisions import Decision
from index.editions.pairs import Chain, Kin, Pair

Decided = Mapping[frozenset[str], Decision]


def chains(pairs: Iterable[Pair], decided: Decided) -> list[Chain]:
    """The later of two versions counts from its day on at once, until a person says that the two
    are apart, or that the other one is later."""
    found = []
    for pair in pairs:
        decision = decided.get(frozenset((pair.earlier, pair.later)))
        if decision is not None and decision.same:
            begins = pair.begins or decision.at.date()
            found.append(Chain(decision.earlier, decision.later, begins, agreed=True))
        elif decision is None and pair.kin is Kin.VERSIONS and pair.begins:
            found.append(Chain(pair.earlier, pair.later, pair.begins, agreed=False))
    known = {frozenset((pair.earlier, pair.later)) for pair in pairs}
    found += [
        Chain(one.earlier, one.later, _day(one), agreed=True)
        for both, one in decided.items()
        if one.same and both not in known
    ]
    return found


def _day(decision: Decision) -> date:
    return decision.at.date()
