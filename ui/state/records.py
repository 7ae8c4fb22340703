"""What changes between syncs: the question log, feedback, saved searches, the audit log.

One SQLite file in the home, `desk.sqlite3`, for its owner or the group of a shared home. Every
text here is masked before it is stored (see privacy.py), whatever a page did with it before. The
generations know nothing of these records, and the records nothing of their passages' ids. What
people said of documents lies in the same file; see ui.confirming.book.
"""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from corpus.errors import CodedeskError
from index.home.access import file_mode, make_folders
from ui.server.metrics import note_question
from ui.state.audit import AuditLog, Entry
from ui.state.privacy import masked

DATABASE = "desk.sqlite3"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS questions (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, question TEXT NOT NULL, verdict TEXT NOT NULL,
    generation INTEGER NOT NULL, as_of TEXT NOT NULL, filters TEXT NOT NULL, seconds REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS feedback (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, question TEXT NOT NULL, document TEXT NOT NULL,
    good INTEGER NOT NULL, reason TEXT NOT NULL, generation INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS saved (
    name TEXT PRIMARY KEY, at TEXT NOT NULL, address TEXT NOT NULL, generation INTEGER NOT NULL,
    seen TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS alerts (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, name TEXT NOT NULL, generation INTEGER NOT NULL,
    mark TEXT NOT NULL, passage TEXT NOT NULL, mailed INTEGER NOT NULL DEFAULT 0,
    UNIQUE (name, mark)
);
CREATE TABLE IF NOT EXISTS switched_off (document TEXT PRIMARY KEY, at TEXT NOT NULL);
"""
_ADDED = (  # columns that files of earlier versions do not have
    ("questions", "person", "TEXT NOT NULL DEFAULT ''"),
    ("feedback", "person", "TEXT NOT NULL DEFAULT ''"),
    ("feedback", "place", "TEXT NOT NULL DEFAULT ''"),
    ("saved", "since", "TEXT NOT NULL DEFAULT ''"),
)
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


def connect(home: Path) -> sqlite3.Connection:
    """A connection to the home's file, which is made where there is none."""
    make_folders(home, home)
    path = home / DATABASE
    # Created here because SQLite would use the umask's permissions. An existing file is not
    # opened: closing it would drop the locks of this process's other connections.
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, file_mode(home)))
    connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=5)
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def switched_off_in(home: Path) -> frozenset[str]:
    """The documents of a home that are switched off, without making anything."""
    if not (home / DATABASE).is_file():
        return frozenset()
    records = Records(home)
    try:
        return frozenset(records.switched_off())
    finally:
        records.close()


class Records:
    """The open database. Threads can share it, and several processes can write to it in turn."""

    def __init__(self, home: Path) -> None:
        self._lock = threading.Lock()
        self._connection = connect(home)
        self._connection.executescript(_SCHEMA)
        self.log = AuditLog(self._connection, self._lock)
        for table, column, kind in _ADDED:
            _add_column(self._connection, table, column, kind)

    def close(self) -> None:
        self._connection.close()

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
    ) -> None:
        """Log a question; see parts.person for who `person` is."""
        note_question(verdict, seconds)
        self._rows(
            "INSERT INTO questions (at, question, verdict, generation, as_of, filters, seconds,"
            " person) VALUES (?,?,?,?,?,?,?,?)",
            (_now(), masked(question), verdict, generation, as_of, _json(filters), seconds, person),
        )

    def recent(self, person: str, *, most: int = 6) -> list[Question]:
        """A person's latest questions, each once, newest first."""
        rows = self._rows(
            "SELECT max(at), question, verdict, generation FROM questions WHERE person = ?"
            " GROUP BY lower(trim(question)) ORDER BY max(id) DESC LIMIT ?",
            (person, most),
        )
        return [Question(*row) for row in rows]

    def questions(self, heard: Heard = to_all, *, most: int = 10_000) -> list[Question]:
        """All questions that may be heard, oldest first."""
        rows = self._rows(
            "SELECT at, question, verdict, generation, filters FROM questions"
            " ORDER BY id DESC LIMIT ?",
            (most,),
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
        if person:
            self._rows(
                "DELETE FROM feedback WHERE person = ? AND question = ? AND document = ?"
                " AND place = ?",
                (person, asked, document, place),
            )
        self._rows(
            "INSERT INTO feedback (at, question, document, good, reason, generation, person, place)"
            " VALUES (?,?,?,?,?,?,?,?)",
            (_now(), asked, document, int(good), reason or "", generation, person, place),
        )

    def rated(self, question: str, *, person: str) -> dict[tuple[str, str], bool]:
        """What a person said of a question's passages: (document, place) to good or not."""
        rows = self._rows(
            "SELECT document, place, good FROM feedback WHERE person = ? AND question = ?",
            (person, masked(question)),
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
            "INSERT INTO saved (name, at, address, generation, seen, since) VALUES (?,?,?,?,?,?)"
            " ON CONFLICT (name) DO UPDATE SET at = excluded.at, generation = excluded.generation,"
            " seen = excluded.seen, since = excluded.since"
            " WHERE address = excluded.address RETURNING name",
            (name, _now(), _json(address), generation, json.dumps(sorted(seen)), since),
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
            "UPDATE saved SET at = ?, generation = ?, seen = ?, since = ? WHERE name = ?",
            (_now(), generation, json.dumps(sorted(seen)), since, name),
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
        self._rows("DELETE FROM saved WHERE name = ?", (name,))
        self._rows("DELETE FROM alerts WHERE name = ?", (name,))

    def alert(
        self, name: str, *, generation: int, passages: Mapping[str, Mapping[str, Any]]
    ) -> list[str]:
        """Note that passages, by their marks, are new to a saved search. Gives the marks of those
        of which it was not noted before."""
        told = [
            self._rows(
                "INSERT INTO alerts VALUES (NULL,?,?,?,?,?,0) ON CONFLICT DO NOTHING"
                " RETURNING mark",
                (_now(), name, generation, mark, json.dumps(passage, ensure_ascii=False)),
            )
            for mark, passage in passages.items()
        ]
        return [row[0] for rows in told for row in rows]

    def mailed(self, alerts: Sequence[Alert]) -> None:
        """Note that alerts were sent, or need not be."""
        for one in alerts:
            self._rows("UPDATE alerts SET mailed = 1 WHERE id = ?", (one.number,))

    def alerts(self, *, most: int = 500, unsent: bool = False) -> list[Alert]:
        """The latest alerts, newest first; only those that no mail was sent of."""
        rows = self._rows(
            "SELECT id, at, name, generation, passage FROM alerts"
            f"{' WHERE mailed = 0' if unsent else ''} ORDER BY id DESC LIMIT ?",
            (most,),
        )
        return [
            Alert(number, at, name, generation, json.loads(passage))
            for number, at, name, generation, passage in rows
        ]

    def switch_off(self, documents: Sequence[str]) -> None:
        """Leave documents out from the next sync on; their files stay where they are."""
        for document in documents:
            self._rows("INSERT OR IGNORE INTO switched_off VALUES (?,?)", (document, _now()))

    def switch_on(self, document: str) -> None:
        self._rows("DELETE FROM switched_off WHERE document = ?", (document,))

    def switched_off(self) -> list[str]:
        return [row[0] for row in self._rows("SELECT document FROM switched_off ORDER BY 1")]

    def audit(self, action: str, *, who: str = "", **details: object) -> None:
        """Log an action. `who` is empty where nobody signs in."""
        self.log.add(action, who, _json(details))

    def audited(self, *, most: int = 200) -> list[Entry]:
        """The latest actions, newest first."""
        return self.log.latest(most=most)

    def forget_questions(self) -> None:
        """Delete the question log and the feedback for good."""
        self._rows("DELETE FROM questions")
        self._rows("DELETE FROM feedback")
        self._rows("PRAGMA wal_checkpoint(TRUNCATE)")

    def _rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with self._lock, closing(self._connection.execute(sql, parameters)) as cursor:
            return cursor.fetchall()


def _add_column(connection: sqlite3.Connection, table: str, column: str, kind: str) -> None:
    known = {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}
    if column not in known:
        with suppress(sqlite3.OperationalError):  # another process has just added it
            connection.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind}")


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
