"""What changes between syncs: the question log, feedback, saved searches, the audit log.

They lie in the home's `desk.sqlite3`, for its owner or the group of a shared home, or in a database
that several servers share (see ui.database). Every text here is masked before it is stored (see
privacy.py), whatever a page did with it before. The generations know nothing of these records, and
the records nothing of their passages' ids. What people said of documents lies beside them; see
ui.confirming.book.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from corpus.errors import CodedeskError
from ui.database.away import RecordsAway
from ui.database.gaps import gaps_of
from ui.database.store import has_records, store_of
from ui.server.metrics import note_question
from ui.state.audit import AuditLog, Entry
from ui.state.privacy import masked

REASONS = {
    "wrong_page": "Wrong page",
    "outdated": "Outdated",
    "not_asked": "Not what I asked",
    "missing": "Document missing",
}


# Whether somebody may hear what was said by one who sees that much (see Audiences.mark), of that
# document, '' for none.
Heard = Callable[[str, str], bool]
SEEN_BY = "seen_by"  # in what is kept of a question or a saved search: such a mark


def to_all(seen_by: str, document: str) -> bool:
    return True


class NameTaken(CodedeskError):
    """Another saved search already has this name."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it was asked, masked; `at` in UTC, ISO 8601."""

    at: str
    question: str
    verdict: str
    generation: int


@dataclass(frozen=True, slots=True)
class Lack:
    """A question that was not answered well: how often, when last, and why."""

    question: str
    times: int
    last: str
    reasons: tuple[str, ...]


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


def switched_off_in(home: Path) -> frozenset[str]:
    """The documents of a home that are switched off, without making anything."""
    if not has_records(home):
        return frozenset()
    records = Records(home)
    try:
        return frozenset(records.switched_off())
    finally:
        records.close()


class Records:
    """The open database. Threads can share it, and several processes can write to it in turn."""

    def __init__(self, home: Path) -> None:
        self._store = store_of(home)
        self._rows = self._store.rows
        self.log = AuditLog(self._store)
        self._gaps = gaps_of(self._store)

    def close(self) -> None:
        self._store.close()

    def add_question(
        self,
        question: str,
        *,
        verdict: str,
        generation: int,
        as_of: str,
        filters: Mapping[str, object],
        seconds: float,
        person: str = "",
    ) -> bool:
        """Log a question; see parts.person for who `person` is. False where the records are away:
        a question is answered all the same."""
        note_question(verdict, seconds)
        note = partial(
            self._rows,
            "INSERT INTO questions (at, question, verdict, generation, as_of, filters, seconds,"
            " person) VALUES (:at, :question, :verdict, :generation, :as_of, :filters, :seconds,"
            " :person)",
            at=_now(),
            question=masked(question),
            verdict=verdict,
            generation=generation,
            as_of=as_of,
            filters=_json(filters),
            seconds=seconds,
            person=person,
        )
        return self._noting(note)

    def recent(self, person: str, *, most: int = 6) -> list[Question]:
        """A person's latest questions, each once, newest first."""
        rows = self._rows(
            "SELECT at, question, verdict, generation FROM questions WHERE id IN"
            " (SELECT max(id) FROM questions WHERE person = :person"
            " GROUP BY lower(trim(question))) ORDER BY id DESC LIMIT :most",
            person=person,
            most=most,
        )
        return [Question(*row) for row in rows]

    def questions(self, heard: Heard = to_all, *, most: int = 10_000) -> list[Question]:
        """All questions that may be heard, oldest first."""
        rows = self._rows(
            "SELECT at, question, verdict, generation, filters FROM questions"
            " ORDER BY id DESC LIMIT :most",
            most=most,
        )
        return [Question(*row[:4]) for row in reversed(rows) if heard(_seen_by(row[4]), "")]

    def rate(
        self,
        question: str,
        *,
        document: str,
        good: bool,
        reason: str | None,
        generation: int,
        person: str = "",
        place: str = "",
    ) -> None:
        """Store a thumb up or down. A person has one for a question and a passage: the last counts.

        Raises ValueError if `reason` is not one of REASONS.
        """
        if reason is not None and reason not in REASONS:
            raise ValueError(f"no reason: {reason}")
        asked = masked(question)
        passage = {"person": person, "question": asked, "document": document, "place": place}
        with self._store.writing():
            if person:
                self._rows(
                    "DELETE FROM feedback WHERE person = :person AND question = :question"
                    " AND document = :document AND place = :place",
                    **passage,
                )
            self._rows(
                "INSERT INTO feedback (at, question, document, good, reason, generation, person,"
                " place) VALUES (:at, :question, :document, :good, :reason, :generation, :person,"
                " :place)",
                at=_now(),
                good=int(good),
                reason=reason or "",
                generation=generation,
                **passage,
            )

    def rated(self, question: str, *, person: str) -> dict[tuple[str, str], bool]:
        """What a person said of a question's passages: (document, place) to good or not."""
        rows = self._rows(
            "SELECT document, place, good FROM feedback WHERE person = :person"
            " AND question = :question",
            person=person,
            question=masked(question),
        )
        return {(document, place): bool(good) for document, place, good in rows}

    def lacking(self, heard: Heard = to_all) -> list[Lack]:
        """Unanswered, weakly answered and thumbed-down questions: what the library lacks."""
        rows = self._rows(
            "SELECT at, question, verdict, filters, '' FROM questions WHERE verdict <> 'answered'"
            " UNION ALL SELECT at, question, reason, '', document FROM feedback WHERE good = 0"
            " ORDER BY 1"
        )
        grouped: dict[str, list[tuple[str, ...]]] = {}
        for row in rows:
            if not heard(_seen_by(row[3]), row[4]):
                continue
            grouped.setdefault(" ".join(row[1].lower().split()), []).append(row)
        lacks = [
            Lack(
                question=group[-1][1],
                times=len(group),
                last=group[-1][0],
                reasons=tuple(dict.fromkeys(row[2] for row in group)),
            )
            for group in grouped.values()
        ]
        return sorted(lacks, key=lambda lack: (lack.times, lack.last), reverse=True)

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
            at=_now(),
            address=_json(address),
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
            at=_now(),
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
                at=_now(),
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

    def switch_off(self, documents: Sequence[str]) -> None:
        """Leave documents out from the next sync on; their files stay where they are."""
        for document in documents:
            self._rows(
                "INSERT INTO switched_off VALUES (:document, :at) ON CONFLICT DO NOTHING",
                document=document,
                at=_now(),
            )

    def switch_on(self, document: str) -> None:
        self._rows("DELETE FROM switched_off WHERE document = :document", document=document)

    def switched_off(self) -> list[str]:
        return [row[0] for row in self._rows("SELECT document FROM switched_off ORDER BY 1")]

    def audit(self, action: str, *, who: str = "", **details: object) -> None:
        """Log an action. `who` is empty where nobody signs in."""
        self.log.add(action, who, _json(details))

    def audit_reading(self, action: str, *, who: str = "", **details: object) -> None:
        """Log what somebody read. Where the records are away it is read all the same; when they are
        back, the log says how much it lacks."""
        self._noting(partial(self.audit, action, who=who, **details))

    def _noting(self, note: Callable[[], object]) -> bool:
        if missed := self._gaps.take():
            try:
                self.audit("not noted", times=missed.times, since=missed.since)
            except RecordsAway:
                self._gaps.put_back(missed)
        return self._gaps.noting(note)

    def reach(self) -> None:
        """Raises RecordsAway before something is done that could not be noted."""
        if self._store.is_shared:
            self._rows("SELECT 1")

    def audited(self, *, most: int = 200) -> list[Entry]:
        """The latest actions, newest first."""
        return self.log.latest(most=most)

    def forget_questions(self) -> None:
        """Delete the question log and the feedback for good."""
        self._store.erase("questions", "feedback")


def _seen_by(filters: str) -> str:
    return str(json.loads(filters or "{}").get(SEEN_BY, ""))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _json(value: Mapping[str, object]) -> str:
    return json.dumps(_masked(value), ensure_ascii=False, default=str)


def _masked(value: object) -> object:
    """The value with every text in it masked."""
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, Mapping):
        return {name: _masked(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_masked(inner) for inner in value]
    return value
