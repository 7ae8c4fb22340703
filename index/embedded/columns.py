"""What filters look at of every version, in columns: a million passages have fifty thousand
versions, and most questions look at the metadata of few of them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from corpus.metadata.identity.calling import is_called as means
from corpus.metadata.identity.names import Body
from index.editions.pairs import Chain
from index.embedded.catalogue import read_instant
from index.filters import Filters, is_called
from index.versions import PROPOSED, Dated, Status, Term, chain_terms, day_of

Value = TypeVar("Value")
Days = NDArray[np.int64]  # days as numbers, 0 for none
Mask = NDArray[np.bool_]
Rows = NDArray[np.int64]


class Succession(NamedTuple):
    """As in Term."""

    successor: str | None = None
    predecessor: str | None = None
    agreed: bool = False


@dataclass(frozen=True, slots=True)
class Columns:
    """One row for each version, by document and ordinal. `payers`, all whose policy it is, and
    `kinds` are as they are written, "" for none; `effective` is what the metadata say, `starts` and
    `ends` the term."""

    ids: NDArray[np.int64]
    documents: Sequence[str]
    titles: Sequence[str]
    perhaps: frozenset[str]  # who may be the payer of a document of no known payer
    payers: Sequence[tuple[str, ...]]
    kinds: Sequence[str]
    effective: Days
    starts: Days
    ends: Days
    superseded: Mask
    copies: Days  # of what day the text of an old copy is
    over: Days  # on what day it was over, as far as it says so
    proposed: Mask
    kin: Mapping[int, Succession]  # by row, where other files are versions of the same document
    names: tuple[Body, ...] = ()  # of payers, that the library adds

    @classmethod
    def of(
        cls,
        rows: Sequence[Sequence[Any]],
        chains: Sequence[Chain] = (),
        names: tuple[Body, ...] = (),
    ) -> Columns:
        """`rows`: id, document, ordinal, when it was seen, metadata as JSON. `chains` are documents
        that are versions of others."""
        metadata = json.loads(f"[{','.join(row[4] for row in rows)}]")
        effective = _days(metadata, "effective")
        retired = _days(metadata, "retired")
        copies = _days(metadata, "copy_of")
        starts, ends = effective.copy(), retired.copy()
        superseded = np.zeros(len(rows), bool)
        standings = [known.get("standing") for known in metadata]
        proposed = np.array([standing == PROPOSED for standing in standings], bool)
        over = np.zeros(len(rows), np.int64)
        for at, standing in enumerate(standings):
            if standing is not None and standing != PROPOSED:
                over[at] = _seen_day(rows[at][3]).toordinal()
        for chain in _chains([row[1] for row in rows]):
            dated = [
                Dated(
                    at,
                    rows[at][2],
                    _day(effective[at]),
                    _day(retired[at]),
                    _seen_day(rows[at][3]),
                    _day(copies[at]),
                    standings[at],
                )
                for at in chain
            ]
            for at, term in chain_terms(dated):
                starts[at] = term.start.toordinal() if term.start else 0
                ends[at] = term.end.toordinal() if term.end else 0
                superseded[at] = term.superseded
        kin = _succeed([row[1] for row in rows], chains, (starts, ends, superseded))
        return cls(
            ids=np.array([row[0] for row in rows], np.int64),
            documents=[row[1] for row in rows],
            titles=[known.get("title") or "" for known in metadata],
            perhaps=frozenset(
                one["value"]
                for known in metadata
                if not known.get("payer")
                for one in known.get("doubtful", ())
            ),
            payers=[
                (known.get("payer") or "", *(known.get("other_payers") or ())) for known in metadata
            ],
            kinds=[known.get("kind") or "" for known in metadata],
            effective=effective,
            starts=starts,
            ends=ends,
            superseded=superseded,
            copies=copies,
            over=over,
            proposed=proposed,
            kin=kin,
            names=names,
        )

    def passing(self, filters: Filters) -> Mask:
        """Which versions the filters let through, codes aside."""
        return self.named(filters) & self.standing(filters, np.arange(len(self.ids)), self.starts)

    def standing(self, filters: Filters, rows: Rows, starts: Days) -> Mask:
        """Which statuses the filters let through: those of what is in some `rows`, had it begun on
        the days `starts`."""
        status = self._statuses(filters.on.toordinal(), rows, starts)
        wanted = [Status.IN_FORCE, Status.UNDATED]
        kept = np.ones(len(rows), bool) if filters.include_all else _one_of(status, wanted)
        return kept & _one_of(status, filters.statuses) if filters.statuses else kept

    def named(self, filters: Filters) -> Mask:
        """Which versions the filters let through, codes and status aside."""
        kept = np.ones(len(self.ids), bool)
        if filters.payers:
            kept &= _of_payers(self.payers, filters.payers, self.names)
        if filters.kinds:
            kept &= _named(self.kinds, filters.kinds)
        if filters.documents:
            kept &= np.array(
                [any(is_called(d, name) for name in filters.documents) for d in self.documents]
            )
        if filters.years:
            kept &= np.isin(self.effective_years, [year or 0 for year in filters.years])
        return kept

    def _statuses(self, on: int, rows: Rows, starts: Days) -> NDArray[np.int8]:
        """The status on a day of what is in some rows, as its place in `Status`; see `Term`."""
        ends, over, copies = self.ends[rows], self.over[rows], self.copies[rows]
        ended = (ends > 0) & (ends <= on)
        ran = (starts > 0) & (starts <= on) & (on < over)
        unknown = (starts == 0) | ((copies > 0) & (copies < on)) | ran
        conditions = {
            Status.PROPOSED: self.proposed[rows],
            Status.RETIRED: ended | ((over > 0) & ~ran),
            Status.UNDATED: unknown,
            Status.FUTURE: starts > on,
        }
        places = [_PLACE[status] for status in conditions]
        found = np.select(list(conditions.values()), places, _PLACE[Status.IN_FORCE])
        return found.astype(np.int8)

    @property
    def effective_years(self) -> NDArray[np.int64]:
        """The year since which each version is in force, as far as it says so; 0 for none."""
        days, inverse = np.unique(self.effective, return_inverse=True)
        years = [date.fromordinal(day).year if day else 0 for day in days.tolist()]
        return np.array(years or [0], np.int64)[inverse]

    def term(self, row: int) -> Term:
        return Term(
            _day(self.starts[row]),
            _day(self.ends[row]),
            bool(self.superseded[row]),
            _day(self.copies[row]),
            _day(self.over[row]),
            bool(self.proposed[row]),
            *self.kin.get(row, Succession()),
        )

    def payer_starts(self) -> Mapping[str, frozenset[date | None]]:
        """The days on which versions come into force, by payer as it is written; "" for none."""
        found: dict[str, set[int]] = defaultdict(set)
        for payers, start in zip(self.payers, self.starts.tolist(), strict=True):
            for payer in payers:
                found[payer].add(start)
        return {payer: frozenset(map(_day, days)) for payer, days in found.items()}

    def of_payers(self, names: Set[str]) -> frozenset[int]:
        """The ids of the versions whose payer, or another whose it is too, is written so."""
        whose = zip(self.ids.tolist(), self.payers, strict=True)
        return frozenset(version for version, payers in whose if not names.isdisjoint(payers))


_PLACE = {status: place for place, status in enumerate(Status)}


class Lazily(Mapping[int, Value]):
    """A mapping whose values are made when they are asked for, and kept."""

    def __init__(self, keys: Sequence[int]) -> None:
        self._keys = {key: row for row, key in enumerate(keys)}
        self._made: dict[int, Value] = {}

    def _make(self, key: int, row: int) -> Value:
        """The value of a key, which is the `row`-th."""
        raise NotImplementedError

    def __getitem__(self, key: int) -> Value:
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = self._make(key, self._keys[key])
        return found

    def __iter__(self) -> Iterator[int]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)

    def __contains__(self, key: object) -> bool:
        return key in self._keys


class Terms(Lazily[Term]):
    """The term of every version, by its id."""

    def __init__(self, columns: Columns) -> None:
        super().__init__(columns.ids.tolist())
        self._columns = columns

    def _make(self, key: int, row: int) -> Term:
        return self._columns.term(row)


def _succeed(
    documents: Sequence[str], chains: Sequence[Chain], columns: tuple[Days, Days, Mask]
) -> dict[int, Succession]:
    """End what a document in another file follows on, in the columns of starts, ends and
    superseded; gives, by row, what follows on what."""
    if not chains:
        return {}
    starts, ends, superseded = columns
    rows_of: dict[str, list[int]] = defaultdict(list)
    for row, document in enumerate(documents):
        rows_of[document].append(row)
    kin: dict[int, Succession] = {}
    held = [chain for chain in chains if chain.earlier in rows_of and chain.later in rows_of]
    held.sort(key=lambda chain: (-chain.begins.toordinal(), starts[rows_of[chain.earlier][-1]]))
    for chain in held:
        earlier, later = rows_of[chain.earlier], rows_of[chain.later]
        begins = chain.begins.toordinal()
        for row in earlier:
            if begins > starts[row] and (not ends[row] or ends[row] > begins):
                ends[row], superseded[row] = begins, True
                known = kin.get(row, Succession())
                kin[row] = known._replace(successor=chain.later, agreed=chain.agreed)
        known = kin.get(later[-1], Succession())
        kin[later[-1]] = Succession(known.successor, chain.earlier, known.agreed or chain.agreed)
    return kin


def _chains(documents: Sequence[str]) -> Iterator[range]:
    """The rows of each document that has several versions."""
    start = 0
    for at in range(1, len(documents) + 1):
        if at == len(documents) or documents[at] != documents[start]:
            if at - start > 1:
                yield range(start, at)
            start = at


def _seen_day(kept: int | str) -> date:
    return day_of(read_instant(kept))


def _days(metadata: Sequence[Mapping[str, Any]], name: str) -> Days:
    known: dict[str | None, int] = {None: 0}
    days = []
    for one in metadata:
        text = one.get(name)
        day = known.get(text)
        if day is None:
            day = known[text] = date.fromisoformat(str(text)).toordinal()
        days.append(day)
    return np.array(days, np.int64)


def _day(number: int) -> date | None:
    return date.fromordinal(int(number)) if number else None


def _one_of(status: NDArray[np.int8], wanted: Sequence[Status]) -> Mask:
    return np.asarray(np.isin(status, [_PLACE[one] for one in wanted]))


def _of_payers(
    payers: Sequence[tuple[str, ...]], wanted: Sequence[str], names: tuple[Body, ...]
) -> Mask:
    """Which rows have a payer that is among those wanted, by whatever name."""
    passing = {
        some
        for some in set(payers)
        if any(means(payer, name, names) for payer in some for name in wanted)
    }
    return np.fromiter((some in passing for some in payers), bool, len(payers))


def _named(values: Sequence[str], wanted: Sequence[str]) -> Mask:
    """Which values are among those wanted, whatever their case."""
    names = {name.casefold() for name in wanted}
    passing = {value for value in set(values) if value.casefold() in names}
    return np.fromiter((value in passing for value in values), bool, len(values))
