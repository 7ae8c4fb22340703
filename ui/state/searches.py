"""Saved searches, and what was new to them. They lie with the records."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from corpus.errors import CodedeskError
from ui.state.noting import Noting, masked_json, now
from ui.state.privacy import masked
from ui.state.question_log import SEEN_BY


class NameTaken(CodedeskError):
    """Another saved search already has this name."""


@dataclass(frozen=True, slots=True)
class Saved:
    """A saved search: its address, and marks of the passages that were seen last time. What the
    library read up to `since` (ISO 8601) was there then, found or not."""

    name: str
    address: Mapping[str, Any]
    generation: int
    seen: frozenset[str]
    since: str

    @property
    def seen_by(self) -> str:
        """What may be seen by who saved it, and by whom it is shown to; see Audiences.mark."""
        return str(self.address.get(SEEN_BY, ""))


@dataclass(frozen=True, slots=True)
class Alert:
    """A passage that was new to a saved search: when and in which generation it was told."""

    number: int
    at: str
    name: str
    generation: int
    passage: Mapping[str, Any]


class SavedSearches(Noting):
    """Everybody's, by their names."""

    def save(
        self,
        name: str,
        *,
        address: Mapping[str, Any],
        generation: int,
        seen: Sequence[str],
        since: str = "",
    ) -> None:
        """Save a search under a name, or update what was seen of it.

        Raises NameTaken if another search has the name; that one is kept.
        """
        name = masked(name)
        kept = self._rows(
            "INSERT INTO saved (name, at, address, generation, seen, since)"
            " VALUES (:name, :at, :address, :generation, :seen, :since)"
            " ON CONFLICT (name) DO UPDATE SET at = excluded.at, generation = excluded.generation,"
            " seen = excluded.seen, since = excluded.since"
            " WHERE saved.address = excluded.address RETURNING name",
            name=name,
            at=now(),
            address=masked_json(address),
            generation=generation,
            seen=json.dumps(sorted(seen)),
            since=since,
        )
        if not kept:
            raise NameTaken(
                f"“{name}” is already the name of another saved search. Nothing was saved: give "
                "this one another name, or delete the other one first."
            )

    def mark_seen(
        self, name: str, *, generation: int, seen: Sequence[str], since: str = ""
    ) -> None:
        """Note that what a saved search finds now was seen."""
        self._rows(
            "UPDATE saved SET at = :at, generation = :generation, seen = :seen, since = :since"
            " WHERE name = :name",
            at=now(),
            generation=generation,
            seen=json.dumps(sorted(seen)),
            since=since,
            name=name,
        )

    def saved(self) -> list[Saved]:
        rows = self._rows(
            "SELECT name, address, generation, seen, since, at FROM saved ORDER BY name"
        )
        return [
            Saved(name, json.loads(address), generation, frozenset(json.loads(seen)), since or at)
            for name, address, generation, seen, since, at in rows
        ]

    def unsave(self, name: str) -> None:
        with self._store.writing():
            self._rows("DELETE FROM saved WHERE name = :name", name=name)
            self._rows("DELETE FROM alerts WHERE name = :name", name=name)

    def alert(
        self, name: str, *, generation: int, passages: Mapping[str, Mapping[str, Any]]
    ) -> list[str]:
        """Note that passages, by their marks, are new to a saved search. Gives the marks of those
        of which it was not noted before."""
        told = [
            self._rows(
                "INSERT INTO alerts (at, name, generation, mark, passage)"
                " VALUES (:at, :name, :generation, :mark, :passage) ON CONFLICT DO NOTHING"
                " RETURNING mark",
                at=now(),
                name=name,
                generation=generation,
                mark=mark,
                passage=json.dumps(passage, ensure_ascii=False),
            )
            for mark, passage in passages.items()
        ]
        return [row[0] for rows in told for row in rows]

    def mailed(self, alerts: Sequence[Alert]) -> None:
        """Note that alerts were sent, or need not be."""
        for one in alerts:
            self._rows("UPDATE alerts SET mailed = 1 WHERE id = :number", number=one.number)

    def alerts(self, *, most: int = 500, unsent: bool = False) -> list[Alert]:
        """The latest alerts, newest first; only those that no mail was sent of."""
        rows = self._rows(
            "SELECT id, at, name, generation, passage FROM alerts"
            f"{' WHERE mailed = 0' if unsent else ''} ORDER BY id DESC LIMIT :most",
            most=most,
        )
        return [
            Alert(number, at, name, generation, json.loads(passage))
            for number, at, name, generation, passage in rows
        ]
