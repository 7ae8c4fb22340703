"""The audit log: who did what, when. Entries are only ever added, and each is chained to the one
before by a sum, so that one that was changed, taken out or put in between is noticed.

It lies with the records. Whoever may write their file or database can still cut off the end of the
log, or make the whole chain anew: who has to rule that out keeps the last sum elsewhere, now and
then, and has it looked for (`codedesk audit verify --known SUM`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from ui.database.store import Store

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
    """The log in the database of the records. Threads can share it; processes and servers add in
    turn, for the chain has one end."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._rows = store.rows

    def add(self, action: str, who: str, details: str) -> None:
        with self._store.writing():
            self._chain(_now(), who, action, details)

    def latest(self, *, most: int) -> list[Entry]:
        """Newest first."""
        rows = self._rows(f"SELECT {_COLUMNS} FROM acts ORDER BY id DESC LIMIT :most", most=most)
        return [Entry(*row) for row in rows]

    def entries(self) -> list[Entry]:
        """All, oldest first."""
        return [Entry(*row) for row in self._rows(f"SELECT {_COLUMNS} FROM acts ORDER BY id")]

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
        with self._store.writing():
            old = len(
                self._rows(
                    "DELETE FROM acts WHERE at < :oldest AND id < (SELECT max(id) FROM acts)"
                    " RETURNING id",
                    oldest=oldest,
                )
            )
            if old:
                details = json.dumps({"entries": old, "before": oldest[:10]})
                self._chain(_now(), "this server", "remove old entries", details)
        return old

    def _chain(self, at: str, who: str, action: str, details: str) -> None:
        last = self._rows("SELECT id, sum FROM acts ORDER BY id DESC LIMIT 1")
        number, before = (last[0][0] + 1, last[0][1]) if last else (1, _FIRST)
        entry = Entry(number, at, who, action, details, before, "")
        self._rows(
            f"INSERT INTO acts ({_COLUMNS})"
            " VALUES (:number, :at, :who, :action, :details, :before, :sum)",
            **(asdict(entry) | {"sum": _sum(before, entry)}),
        )


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
