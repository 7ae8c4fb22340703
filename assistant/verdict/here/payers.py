"""The payers of whom an open library has documents: their names, and when these hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from functools import cached_property

from assistant.answer import Widening
from assistant.question.names.naming import Naming, standard_naming
from assistant.question.names.payers import PROGRAMS, Payer
from assistant.question.understand import Code
from assistant.question.words.phrases import holds, plain
from assistant.ranking.rank import Whose
from index.filters import Filters
from index.library import Library
from index.recent import Recent
from index.versions import today

_REASON = "another name of the payer"


class PayersHere:
    """The payers of a library that never changes, so that what was looked up once is kept."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._naming = standard_naming()
        self._payers_asked: Recent[str, list[tuple[Payer, str]]] = Recent(64)

    @cached_property
    def known(self) -> frozenset[str]:
        """The canonical names of the payers of which the library has a document."""
        naming = self._own_naming
        return frozenset(
            payer.name
            for name in self.names
            for payer in (naming.payer_of(name), *(p for p, _ in self._naming.payers_in(name)))
            if payer is not None and (not payer.generic or naming.payer_of(name) is payer)
        )

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The payers of the library's documents as they are written there, in order."""
        return tuple(sorted(name for name in self._begins if name))

    @cached_property
    def _own_naming(self) -> Naming:
        names = (*self.names, *sorted(self._library.perhaps_payers()))
        return self._naming.with_payers(names, self._library.names)

    @property
    def naming(self) -> Naming:
        """The names by which questions are understood, the library's own payers among them."""
        return self._own_naming

    def has_document_of(self, payer: Payer) -> bool:
        return payer.name in self.known

    def may_have_document_of(self, payer: Payer) -> bool:
        """Whether a document of no known payer may be this one's."""
        perhaps = map(self.naming.payer_of, self._library.perhaps_payers())
        return any(one is not None and payer.name in (one.name, one.within) for one in perhaps)

    def names_code(self, payer: Payer, code: Code) -> bool:
        """Whether a document of a payer names or covers a code, in force or not."""
        everything = Filters(on=today(), include_all=True)
        naming = self._library.passages_naming(*code, everything).tolist()
        versions = (self._library.versions[one] for one in set(self._library.version_of(naming)))
        return any(
            (own := self.naming.payer_of(name)) is not None and payer.name in (own.name, own.within)
            for version in versions
            for name in version.metadata.payers
        )

    def begins_after(self, payer: Payer, on: date) -> date | None:
        """The day on which the first document of a payer comes into force, where that is after
        `on`; None where the library has none, or one that says no day or an earlier one."""
        naming = self._own_naming
        named = (days for name, days in self._begins.items() if naming.payer_of(name) == payer)
        days = set[date | None]().union(*named)
        known = [day for day in days if day is not None]
        first = min(known, default=None)
        return first if first is not None and None not in days and first > on else None

    def ended(self, payer: Payer, on: date) -> date | None:
        """The day from which no document of a payer holds any more, where all ended by `on`; None
        where the library has none, or one that holds or does not say when it ended."""
        ends = [self._library.terms[one].end for one in self._versions_of(payer)]
        known = [end for end in ends if end is not None and end <= on]
        return max(known) if known and len(known) == len(ends) else None

    def begins_revised(self, payer: Payer, day: date) -> bool:
        """Whether all that comes into force for a payer on a day was revised to do so."""
        terms, versions = self._library.terms, self._library.versions
        begun = [one for one in self._versions_of(payer) if terms[one].start == day]
        return bool(begun) and all(versions[one].metadata.begins_revised for one in begun)

    @cached_property
    def _begins(self) -> Mapping[str, frozenset[date | None]]:
        """The days on which documents come into force, by payer as it is written there."""
        return self._library.payers()

    def proper_names(self, question: str) -> list[Widening]:
        """The payers that a question calls by another name than their documents do."""
        return [
            Widening(typed, (payer.name,), _REASON)
            for payer, typed in self.naming.payers_in(question)
            if not holds(plain(payer.name), plain(typed)) and self.has_document_of(payer)
        ]

    def owners(self, question: str) -> list[str]:
        """The names in a question of payers that have documents of their own here."""
        return [typed for payer, typed in self._asked_of(question) if self._versions_of(payer)]

    def whose(self, question: str) -> Whose:
        """The versions of the documents of the payers that a question names, and of others. Of a
        plan and its program ("UHC Medicare Advantage") the plan's."""
        every = [payer for payer, _ in self._asked_of(question)]
        asked = [payer for payer in every if self._versions_of(payer)]
        named = [payer for payer in asked if payer.name not in PROGRAMS]
        own = frozenset[int]().union(*map(self._versions_of, named or asked))
        perhaps = frozenset[int]().union(*map(self._perhaps_of, every))
        if not named:
            return Whose(own, perhaps=perhaps)
        plans = (of for name, of in self._versions.items() if name not in PROGRAMS)
        return Whose(own, frozenset[int]().union(*plans) - own, perhaps)

    def _asked_of(self, question: str) -> list[tuple[Payer, str]]:
        """The payers that a question asks about; it is looked at twice."""
        return self._payers_asked.get(question, lambda: self.naming.payers_in(question, asked=True))

    def _versions_of(self, payer: Payer) -> frozenset[int]:
        """The versions of a payer's documents; none of one that stands for many."""
        return frozenset() if payer.generic else self._versions.get(payer.name, frozenset())

    def _perhaps_of(self, payer: Payer) -> frozenset[int]:
        """The versions of nobody known that may be a payer's."""
        names = self._library.perhaps_payers()
        own = {name for name in names if self.naming.payer_of(name) == payer}
        return self._library.of_payers(own, perhaps=True) if own else frozenset()

    @cached_property
    def _versions(self) -> Mapping[str, frozenset[int]]:
        """The versions of each payer's documents, by its canonical name."""
        written = defaultdict[str, set[str]](set)
        for name in self.names:
            payer = self.naming.payer_of(name)
            for whom in (payer.name, payer.within) if payer else ():
                if whom:
                    written[whom].add(name)
        return {whom: self._library.of_payers(names) for whom, names in written.items()}
