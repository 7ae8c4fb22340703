"""Whom everything in a library is for: by its metadata and by the rules of the home together."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from index.audience.rules import Rules
from index.audience.sight import EVERYTHING, PUBLIC, Audience, Sight

_ALL = "*"
Conditions = Sequence[Sequence[str]]  # of each the groups, of which one is needed


@dataclass(frozen=True, slots=True)
class Hidden:
    """What somebody may not see, by name: documents and files; what events tell of; folders."""

    names: frozenset[str] = frozenset()
    told: frozenset[str] = frozenset()
    folders: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.names or self.told or self.folders)


@dataclass(frozen=True, slots=True)
class Held:
    """What there is to be seen: the names of documents and files, what events tell of, and the
    folders. `own` is what metadata say of whom it is for, `gone` what they said of what went."""

    names: frozenset[str]
    told: frozenset[str]
    folders: tuple[str, ...]
    own: Mapping[str, Conditions]
    gone: Mapping[str, Conditions]


class Audiences:
    """Whom the documents of a library are for, under the rules that hold now."""

    def __init__(self, held: Held, rules: Rules) -> None:
        self.rules = rules
        self.named = rules.named().union(
            *(groups for of in (held.own, held.gone) for some in of.values() for groups in some)
        )
        self._own = held.own
        self._closed: Mapping[str, Audience] = {}
        self._told: Mapping[str, Audience] = {}
        self._folders: Mapping[str, list[str]] = {}
        if not (rules or held.own or held.gone):
            return  # a library with nothing private in it
        self._closed = _closed((name, self.of(name)) for name in held.names)
        self._told = _closed(
            (name, rules.of(name, (*held.own.get(name, ()), *held.gone.get(name, ()))))
            for name in held.told | held.names
        )
        self._folders = {folder: [] for folder in held.folders}
        for name in held.names:
            self._folders.get(name.partition("/")[0], []).append(name)

    def of(self, document: str) -> Audience:
        """Whom a document is for, or a file that may become one."""
        return self.rules.of(document, self._own.get(document, ()))

    def mark(self, sight: Sight) -> str:
        """What somebody may see beyond what everybody does, to be kept beside what they said."""
        if sight.everything:
            return _ALL if self._told else ""
        return json.dumps(sorted(sight.groups & self.named)) if sight.groups & self.named else ""

    def hidden_from(self, sight: Sight) -> Hidden:
        if sight.everything:
            return Hidden()
        names = _unseen(self._closed, sight)
        folders = frozenset(
            folder
            for folder, inside in self._folders.items()
            if not sight.sees(self.rules.of(folder)) or (inside and names.issuperset(inside))
        )
        return Hidden(names, _unseen(self._told, sight), folders)


def sight_of(mark: str) -> Sight:
    """Who sees just that; see Audiences.mark."""
    if mark == _ALL:
        return EVERYTHING
    return Sight(frozenset(json.loads(mark))) if mark else PUBLIC


def is_heard(mark: str, sight: Sight) -> bool:
    """Whether somebody sees what was seen by who said something; see Audiences.mark."""
    if not mark or sight.everything:
        return True
    return mark != _ALL and sight.groups.issuperset(json.loads(mark))


def _closed(audiences: Iterable[tuple[str, Audience]]) -> Mapping[str, Audience]:
    return {name: audience for name, audience in audiences if audience}


def _unseen(audiences: Mapping[str, Audience], sight: Sight) -> frozenset[str]:
    return frozenset(name for name, audience in audiences.items() if not sight.sees(audience))
