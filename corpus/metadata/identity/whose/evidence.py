"""What says that a body speaks, and how much: the bodies that were found, each with its evidence.

What repeats on every page, claims the rights, heads the first page, owns the address or is the
subject of the policy's sentences speaks; what is merely mentioned does not. Each kind of evidence
counts once, however often it comes, and kinds are joined as independent: 1 - (1 - a)(1 - b)...
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from corpus.metadata.identity.face import Line
from corpus.metadata.identity.names import Body

# How much each kind of evidence says that a body speaks.
WEIGHTS = {
    "letterhead": 0.76,  # the name alone, or with the document's type, in the first line
    "running head": 0.76,  # a running line that is the name, or begins with it and tells the type
    "party": 0.76,  # of a contract: "... Health Alliance, Inc. (“Plan”)"
    "introduced": 0.76,  # "..., a Medicaid managed care organization", at the top or the foot
    "signed": 0.76,  # below "Sincerely"
    "label": 0.65,  # "Contractor Name | ...", "Published by: ..."
    "head": 0.6,  # a line or heading at the top that is the name, or the name and the type
    "running": 0.55,
    "foot": 0.55,  # the last line of what has one page
    "sole": 0.4,  # heads or ends a document at whose top nobody else is named
    "addressing": 0.55,  # the only one of whom a letter to providers says what it pays
    "rights": 0.55,
    "own address": 0.6,  # on every page
    "page title": 0.5,
    "address": 0.5,
    "title": 0.4,
    "subject": 0.4,  # "... considers", "submitted to ..."
    "alone": 0.55,  # the only payer that speaks in a document which calls itself a policy
    "number": 0.35,  # its first letters begin the document's number: HUM-0428
    "often": 0.3,
    "author": 0.3,
    "path": 0.15,
    "named": 0.1,
}
_MENTIONS = frozenset({"named", "path", "title", "subject", "often"})  # anybody may write these


class Shown(NamedTuple):
    """A body with the line that shows it, and the kind of evidence that this is."""

    kind: str
    body: Body
    line: Line


@dataclass(frozen=True, slots=True)
class Evidence:
    """One kind of evidence for a body: the words that give it."""

    kind: str
    line: Line


@dataclass(frozen=True)
class Speaker:
    """A body and what says that the document is its own, the weightiest first."""

    body: Body
    evidence: tuple[Evidence, ...]

    @cached_property
    def sure(self) -> float:
        doubt = 1.0
        for kind in {one.kind for one in self.evidence}:
            doubt *= 1 - WEIGHTS[kind]
        return round(1 - doubt, 3)

    @property
    def owns(self) -> bool:
        """Whether there is more than what anybody's document may say of a payer that all know."""
        return not self.body.listed or any(one.kind not in _MENTIONS for one in self.evidence)

    @property
    def best(self) -> Line:
        return self.evidence[0].line


class Gathered:
    """The bodies found so far, each with the first line of every kind of evidence for it."""

    def __init__(self) -> None:
        self._found: dict[str, list[Evidence]] = {}
        self._bodies: dict[str, Body] = {}

    @property
    def bodies(self) -> Sequence[Body]:
        return tuple(self._bodies.values())

    def kinds(self, body: Body) -> Mapping[str, Line]:
        """The kinds of evidence for a body, in the order in which they came."""
        return {one.kind: one.line for one in self._found[key_of(body.name)]}

    def add(self, shown: Iterable[Shown]) -> None:
        for kind, body, line in shown:
            key = key_of(body.name)
            self._bodies.setdefault(key, body)
            found = self._found.setdefault(key, [])
            if not any(one.kind == kind for one in found):
                found.append(Evidence(kind, line))

    def give(self, short: str, body: Body) -> None:
        """One body takes over what says so of it by a shorter name that nobody listed."""
        key = key_of(short)
        if key in self._bodies and not self._bodies[key].listed and key != key_of(body.name):
            self.add(Shown(one.kind, body, one.line) for one in self._found.pop(key))
            del self._bodies[key]

    def ranked(self) -> Sequence[Speaker]:
        speakers = [
            Speaker(body, tuple(sorted(self._found[key], key=lambda one: -WEIGHTS[one.kind])))
            for key, body in self._bodies.items()
        ]
        return sorted(speakers, key=lambda one: -one.sure)


def key_of(name: str) -> str:
    """One key for a name however it is joined and whatever form of company follows."""
    text = re.sub(r"\b(?:inc|llc|corp|the)\b|&|\band\b", " ", name.lower())
    return re.sub(r"[\W_]+", "", text)
