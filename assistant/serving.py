"""Who answers: an open library with what is known of it, whole or as somebody sees it."""

from __future__ import annotations

from typing import NamedTuple

from assistant.verdict.here.known import Known
from index.audience.audiences import Hidden
from index.audience.rules import Rules
from index.audience.sight import Sight
from index.library import Library
from index.recent import Recent

_SIGHTS, _VIEWS = 512, 16  # of how many people is known what they may not see; views kept open


class Serving(NamedTuple):
    """Who answers, warnings to those who read it, and what is known of the library.

    Whoever holds it keeps the library open: a question holds it to its end.
    """

    library: Library
    warnings: tuple[str, ...]
    known: Known

    @classmethod
    def of(cls, library: Library) -> Serving:
        return cls(library, library.warnings, Known(library))


class Views:
    """A library as it is seen by those who may not see all of it; the last few are kept open."""

    def __init__(self, library: Library, rules: Rules) -> None:
        self.library = library
        self.audiences = library.audiences(rules)
        self._hidden: Recent[Sight, Hidden] = Recent(_SIGHTS)
        self._open: Recent[Hidden, Serving] = Recent(_VIEWS)

    def hidden_from(self, sight: Sight) -> Hidden:
        return self._hidden.get(sight, lambda: self.audiences.hidden_from(sight))

    def of(self, serving: Serving, sight: Sight) -> Serving:
        hidden = self.hidden_from(sight)
        warnings = serving.warnings
        if broken := self.audiences.rules.broken:
            warnings = (*warnings, broken)
        if hidden:
            serving = self._open.get(hidden, lambda: Serving.of(self.library.without(hidden)))
        return serving._replace(warnings=warnings)
