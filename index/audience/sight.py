"""Whom a document is for, and what somebody may see.

A document belongs to groups: who is in none of them is not to learn that it is there. What several
places say of it (its metadata file, the rules of the home) all holds, so an audience is a list of
conditions, each of them some groups of which one is needed.
"""

from __future__ import annotations

from dataclasses import dataclass

Audience = tuple[frozenset[str], ...]
EVERYBODY: Audience = ()
NOBODY: Audience = (frozenset(),)


@dataclass(frozen=True, slots=True)
class Sight:
    """What somebody may see: what belongs to no group, and what belongs to one of theirs.
    `everything` is for whoever can read the home's files anyway."""

    groups: frozenset[str] = frozenset()
    everything: bool = False

    def sees(self, audience: Audience) -> bool:
        return self.everything or all(self.groups & condition for condition in audience)


EVERYTHING = Sight(everything=True)
PUBLIC = Sight()
