"""Lists of questions and what was found for each, row by row, in the home's `desk.sqlite3`.

A row is written when it is answered, in a transaction of its own: a process that is stopped or
killed has lost nothing, and another one goes on with the rows that have no verdict yet.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.json import decode, encode

from ui.asking.rows import MOST, Row
from ui.state.privacy import masked
from ui.state.records import connect

_SCHEMA = """
CREATE TABLE IF NOT EXISTS lists (
    id INTEGER PRIMARY KEY AUTOINCREMENT, person TEXT NOT NULL, at TEXT NOT NULL,
    name TEXT NOT NULL, pid INTEGER NOT NULL DEFAULT 0, since TEXT NOT NULL DEFAULT '',
    stopped INTEGER NOT NULL DEFAULT 0, starts INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS list_rows (
    list INTEGER NOT NULL, row INTEGER NOT NULL, question TEXT NOT NULL, on_day TEXT NOT NULL,
    payer TEXT NOT NULL, found BLOB, PRIMARY KEY (list, row)
);
"""
KEPT = 20  # lists of a person; older ones go


class Found(Struct, frozen=True):
    """What was found for a question: the verdict, and the first passage with its citation.

    `verdict` is that of an answer, or `problem`, which `said` explains.
    """

    verdict: str
    said: str = ""  # what is missing, or why it could not be asked
    as_of: str = ""
    generation: int = 0
    passage: str = ""
    title: str = ""
    document: str = ""
    section: str = ""
    page: str = ""
    dates: str = ""
    source_url: str = ""
    reference: str = ""
    verified: bool = False
    address: str = ""
    seen_by: str = ""  # what could be seen by who asked; see Audiences.mark
    cut: bool = False  # a problem: the question is too long, and only its beginning is kept


@dataclass(frozen=True, slots=True)
class Asked:
    """A row of a list; `found` is None until it was asked."""

    row: int
    question: str
    on: date | None
    payer: str
    found: Found | None


@dataclass(frozen=True, slots=True)
class Listed:
    """A list: how many rows it has, how many are done, and the process that asks it."""

    id: int
    person: str
    at: str
    name: str
    pid: int
    since: str
    stopped: bool
    starts: int
    rows: int
    done: int

    @property
    def is_done(self) -> bool:
        return self.done >= self.rows


class Lists:
    """Everybody's lists. Threads can share it, and several processes can write in turn."""

    def __init__(self, home: Path) -> None:
        self._lock = threading.Lock()
        self._connection = connect(home)
        self._connection.executescript(_SCHEMA)

    def close(self) -> None:
        self._connection.close()

    def add(self, person: str, name: str, rows: Sequence[Row]) -> int:
        """Store a list; rows that cannot be asked are done at once, with their problem."""
        at = datetime.now(UTC).isoformat(timespec="seconds")
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            with closing(
                self._connection.execute(
                    "INSERT INTO lists (person, at, name) VALUES (?,?,?)",
                    (person, at, masked(name)),
                )
            ) as cursor:
                number = int(cursor.lastrowid or 0)
            self._connection.executemany(
                "INSERT INTO list_rows VALUES (?,?,?,?,?,?)",
                [_stored(number, at, row) for at, row in enumerate(rows, 1)],
            )
            self._connection.execute("COMMIT")
        for old in self.of(person)[KEPT:]:
            self.forget(old.id)
        return number

    def of(self, person: str) -> list[Listed]:
        """A person's lists, the newest first."""
        return self._listed("WHERE person = ? ORDER BY id DESC", (person,))

    def one(self, number: int) -> Listed | None:
        found = self._listed("WHERE id = ?", (number,))
        return found[0] if found else None

    def rows(
        self, number: int, *, open_only: bool = False, within: tuple[int, int] = (0, MOST)
    ) -> list[Asked]:
        """The rows of a list after the first and up to the second number of `within`."""
        only = " AND found IS NULL" if open_only else ""
        rows = self._rows(
            "SELECT row, question, on_day, payer, found FROM list_rows"
            f" WHERE list = ? AND row > ? AND row <= ?{only} ORDER BY row",
            (number, *within),
        )
        return [
            Asked(
                row,
                question,
                date.fromisoformat(on) if on else None,
                payer,
                decode(found, type=Found) if found else None,
            )
            for row, question, on, payer, found in rows
        ]

    def latest(self, number: int, *, most: int) -> list[Asked]:
        """The rows that were asked last, in their order."""
        [(end,)] = self._rows(
            "SELECT coalesce(max(row), 0) FROM list_rows WHERE list = ? AND found IS NOT NULL"
            " AND row <= (SELECT count(found) FROM list_rows WHERE list = ?)",
            (number, number),
        )
        return [one for one in self.rows(number, within=(end - most, end)) if one.found]

    def counts(self, number: int) -> dict[str, int]:
        """How many rows have which verdict."""
        rows = self._rows(
            "SELECT json_extract(CAST(found AS TEXT), '$.verdict'), count(*) FROM list_rows"
            " WHERE list = ? AND found IS NOT NULL GROUP BY 1",
            (number,),
        )
        return dict(rows)

    def note(self, number: int, row: int, found: Found) -> None:
        self._rows(
            "UPDATE list_rows SET found = ? WHERE list = ? AND row = ?",
            (encode(found), number, row),
        )

    def open_cut(self, number: int) -> None:
        """Have the beginnings asked of questions that are too long."""
        self._rows(
            "UPDATE list_rows SET found = NULL WHERE list = ?"
            " AND json_extract(CAST(found AS TEXT), '$.cut')",
            (number,),
        )
        self.go_on(number)

    def started(self, number: int, *, pid: int, since: str) -> None:
        self._rows(
            "UPDATE lists SET pid = ?, since = ?, stopped = 0, starts = starts + 1 WHERE id = ?",
            (pid, since, number),
        )

    def stop(self, number: int) -> None:
        """Ask no more of it. Who asks it sees that before the next row."""
        self._rows("UPDATE lists SET stopped = 1 WHERE id = ?", (number,))

    def go_on(self, number: int) -> None:
        self._rows("UPDATE lists SET stopped = 0, starts = 0 WHERE id = ?", (number,))

    def forget(self, number: int) -> None:
        """Delete a list with its rows."""
        self._rows("DELETE FROM lists WHERE id = ?", (number,))
        self._rows("DELETE FROM list_rows WHERE list = ?", (number,))

    def forget_all(self) -> None:
        """Delete everybody's lists. Who asks one sees that before the next row."""
        self._rows("DELETE FROM list_rows")
        self._rows("DELETE FROM lists")

    def _listed(self, where: str, parameters: Sequence[Any]) -> list[Listed]:
        rows = self._rows(
            "SELECT id, person, at, name, pid, since, stopped, starts,"
            " (SELECT count(*) FROM list_rows WHERE list = id),"
            f" (SELECT count(found) FROM list_rows WHERE list = id) FROM lists {where}",
            parameters,
        )
        return [
            Listed(*row[:6], bool(row[6]), *row[7:])  # type: ignore[call-arg]
            for row in rows
        ]

    def _rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with self._lock, closing(self._connection.execute(sql, parameters)) as cursor:
            return cursor.fetchall()


def _stored(number: int, at: int, row: Row) -> tuple[object, ...]:
    found = encode(Found("problem", said=row.problem, cut=row.cut)) if row.problem else None
    on = row.on.isoformat() if row.on else ""
    return number, at, masked(row.question), on, masked(row.payer), found
