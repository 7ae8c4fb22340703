"""Documents that look like versions of one, or like one text under two names: for a person to
confirm or to set apart, with what says so side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from index.editions.decisions import Decision
from index.editions.pairs import Kin, Pair
from index.library import Library
from index.versions import Version


@dataclass(frozen=True, slots=True)
class Edition:
    """Two documents of which the `later` one is taken for a version of the `earlier` one; of two
    that cannot be told apart by date they stand in the order of their names. `decision` is what a
    person said, None as long as nobody did."""

    pair: Pair
    earlier: Version
    later: Version
    decision: Decision | None

    @property
    def counts(self) -> bool:
        """Whether the earlier one is over because the later one is there."""
        if self.decision is not None:
            return self.decision.same
        return self.pair.kin is Kin.VERSIONS

    @property
    def sentence(self) -> str:
        """What is made of the two at present."""
        one, other = self.earlier.document, self.later.document
        if self.decision is not None:
            said = "are versions of one document" if self.decision.same else "are two documents"
            return f"{one} and {other} {said}: somebody said so on {self.decision.at.date()}."
        if self.pair.kin is Kin.DUPLICATE:
            return f"{one} and {other} say the same on the same day: one text under two names."
        if self.pair.kin is Kin.UNORDERED:
            return (
                f"{one} and {other} look like versions of one document; which is the later one is "
                "not known, so both count."
            )
        return (
            f"{other} is taken for the later version of {one}, which is no longer in force from "
            f"{self.pair.begins} on. Nobody has confirmed it."
        )


def editions(library: Library, decided: Mapping[frozenset[str], Decision]) -> tuple[Edition, ...]:
    """Every such pair of a library, those that nobody decided on first."""
    newest: dict[str, Version] = {}
    pairs = library.pairs()
    wanted = {name for pair in pairs for name in (pair.earlier, pair.later)}
    for version in library.versions.values() if wanted else ():
        if version.document in wanted:
            known = newest.get(version.document)
            if known is None or known.ordinal < version.ordinal:
                newest[version.document] = version
    found = []
    for pair in pairs:
        decision = decided.get(frozenset((pair.earlier, pair.later)))
        turned = decision is not None and decision.earlier == pair.later
        first, second = (pair.later, pair.earlier) if turned else (pair.earlier, pair.later)
        found.append(Edition(pair, newest[first], newest[second], decision))
    return tuple(sorted(found, key=_open_first))


def _open_first(one: Edition) -> tuple[bool, str, str]:
    return one.decision is not None, one.earlier.document, one.later.document
