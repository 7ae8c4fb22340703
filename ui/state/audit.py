"""The audit log: who did what, when. Entries are only ever added, and each is chained to the one
before by a sum, so that one that was changed, taken out or put in between is noticed.

It lies in the home's `desk.sqlite3`. Whoever may write that file can still cut off the end of the
log, or make the whole chain anew: who has to rule that out keeps the last sum elsewhere, now and
then, and has it looked for (`codedesk audit verify --known SUM`).
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

_SCHEMA = """
CREATE TABLE IF NOT EXISTS acts (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, who TEXT NOT NULL, action TEXT NOT NULL,
    details TEXT NOT NULL, before TEXT NOT NULL, sum TEXT NOT NULL
);
"""
_COLUMNS = "id, at, who, action, details, before, sum"
_FIRST = "0" * 64  # before the first entry


@dataclass(frozen=True, slots=True)
class Entry:
    """One act. `before` is the sum of the entry before, `sum` that of this one together with it."""

    number: int
    at: str
    who: str
    action: str
    details: str
    before: str
    sum: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What a look at the whole chain found. `broken` is the first entry that does not fit, and
    `problem` says in a sentence how; `last` is the sum of the last entry."""

    entries: int
    last: str
    broken: int | None
    problem: str


class AuditLog:
    """The log in an open database. Threads can share it, and several processes add in turn."""

    def __init__(self, connection: sqlite3.Connection, lock: threading.Lock) -> None:
        self._connection = connection
        self._lock = lock
        connection.executescript(_SCHEMA)
        self._take_over()

    def add(self, action: str, who: str, details: str) -> None:
        with self._writing():
            self._chain(_now(), who, action, details)

    def latest(self, *, most: int) -> list[Entry]:
        """Newest first."""
        with self._lock:
            rows = self._connection.execute(
                f"SELECT {_COLUMNS} FROM acts ORDER BY id DESC LIMIT ?", (most,)
            ).fetchall()
        return [Entry(*row) for row in rows]

    def entries(self) -> list[Entry]:
        """All, oldest first."""
        with self._lock:
            rows = self._connection.execute(f"SELECT {_COLUMNS} FROM acts ORDER BY id").fetchall()
        return [Entry(*row) for row in rows]

    def check(self, known: str | None = None) -> Checked:
        """Whether every entry fits the one before, and whether the sum that is known from earlier
        is among them."""
        every = self.entries()
        before = every[0].before if every else _FIRST
        for entry in every:
            if entry.before != before or entry.sum != _sum(before, entry):
                return Checked(
                    len(every),
                    every[-1].sum,
                    entry.number,
                    f"Entry {entry.number} of {entry.at} does not fit the one before it: one of "
                    "the two was changed, or an entry between them was taken out or put in.",
                )
            before = entry.sum
        if known is not None and known not in {one for e in every for one in (e.before, e.sum)}:
            return Checked(
                len(every),
                before,
                None,
                "No entry has the sum that is known from earlier: the end was cut off since, or "
                "the log was made anew, or the entry is older than what is kept.",
            )
        return Checked(len(every), before, None, "")

    def prune(self, days: int) -> int:
        """Remove what is older. The chain goes on from the first entry that is left."""
        oldest = (datetime.now(UTC) - timedelta(days=days)).isoformat(timespec="seconds")
        with self._writing():
            old = self._connection.execute(
                "DELETE FROM acts WHERE at < ? AND id < (SELECT max(id) FROM acts)", (oldest,)
            ).rowcount
            if old:
                details = json.dumps({"entries": old, "before": oldest[:10]})
                self._chain(_now(), "this server", "remove old entries", details)
        return old

    def _chain(self, at: str, who: str, action: str, details: str) -> None:
        row = self._connection.execute(
            "SELECT id, sum FROM acts ORDER BY id DESC LIMIT 1"
        ).fetchone()
        number, before = (row[0] + 1, row[1]) if row else (1, _FIRST)
        entry = Entry(number, at, who, action, details, before, "")
        self._connection.execute(
            f"INSERT INTO acts ({_COLUMNS}) VALUES (?,?,?,?,?,?,?)",
            (number, at, who, action, details, before, _sum(before, entry)),
        )

    def _take_over(self) -> None:
        """Take over what an earlier Codedesk noted, which was not chained and knew no callers."""
        known = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'audit'"
        if not self._connection.execute(known).fetchone():
            return
        with self._writing():
            if not self._connection.execute(known).fetchone():
                return  # another process was quicker
            for at, action, details in self._connection.execute(
                "SELECT at, action, details FROM audit ORDER BY id"
            ).fetchall():
                self._chain(at, "", action, details)
            self._connection.execute("DROP TABLE audit")

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One writer at a time, of all processes: the chain has one end."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")


def _sum(before: str, entry: Entry) -> str:
    told = [before, entry.number, entry.at, entry.who, entry.action, entry.details]
    return sha256(json.dumps(told, ensure_ascii=False).encode("utf-8", "replace")).hexdigest()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def as_line(entry: Entry) -> Mapping[str, object]:
    """An entry as an export has it."""
    return {
        "number": entry.number,
        "at": entry.at,
        "who": entry.who,
        "action": entry.action,
        "details": json.loads(entry.details),
        "before": entry.before,
        "sum": entry.sum,
    }
