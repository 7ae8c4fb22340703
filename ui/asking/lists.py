"""Lists of questions and what was found for each, row by row, kept with the records.

A row is written when it is answered, in a transaction of its own: a process that is stopped or
killed has lost nothing, and another one goes on with the rows that have no verdict yet.
"""

from __future__ import annotations

import socket
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from msgspec import Struct
from msgspec.json import decode, encode

from ui.asking.rows import MOST, Row
from ui.database.store import store_of
from ui.state.privacy import masked

HERE = socket.gethostname()  # among the machines that share the records
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
    """A list: how many rows it has, how many are done, and the process that asks it, on which
    machine; `heard` is when it last wrote something down."""

    id: int
    person: str
    at: str
    name: str
    pid: int
    since: str
    stopped: bool
    starts: int
    server: str
    heard: str
    rows: int
    done: int

    @property
    def is_done(self) -> bool:
        return self.done >= self.rows


class Lists:
    """Everybody's lists. Threads can share it, and several processes can write in turn."""

    def __init__(self, home: Path) -> None:
        self._store = store_of(home)
        self._rows = self._store.rows

    def close(self) -> None:
        self._store.close()

    def add(self, person: str, name: str, rows: Sequence[Row]) -> int:
        """Store a list; rows that cannot be asked are done at once, with their problem."""
        at = datetime.now(UTC).isoformat(timespec="seconds")
        with self._store.writing():
            [(number,)] = self._rows(
                "INSERT INTO lists (person, at, name) VALUES (:person, :at, :name) RETURNING id",
                person=person,
                at=at,
                name=masked(name),
            )
            self._store.many(
                "INSERT INTO list_rows (list, row, question, on_day, payer, found, verdict)"
                " VALUES (:list, :row, :question, :on_day, :payer, :found, :verdict)",
                [_stored(number, at, row) for at, row in enumerate(rows, 1)],
            )
        for old in self.of(person)[KEPT:]:
            self.forget(old.id)
        return int(number)

    def of(self, person: str) -> list[Listed]:
        """A person's lists, the newest first."""
        return self._listed("WHERE person = :person ORDER BY id DESC", person=person)

    def one(self, number: int) -> Listed | None:
        found = self._listed("WHERE id = :number", number=number)
        return found[0] if found else None

    def rows(
        self, number: int, *, open_only: bool = False, within: tuple[int, int] = (0, MOST)
    ) -> list[Asked]:
        """The rows of a list after the first and up to the second number of `within`."""
        only = " AND found IS NULL" if open_only else ""
        rows = self._rows(
            "SELECT row, question, on_day, payer, found FROM list_rows"
            f" WHERE list = :number AND row > :after AND row <= :last{only} ORDER BY row",
            number=number,
            after=within[0],
            last=within[1],
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
            "SELECT coalesce(max(row), 0) FROM list_rows WHERE list = :number"
            " AND found IS NOT NULL"
            " AND row <= (SELECT count(found) FROM list_rows WHERE list = :number)",
            number=number,
        )
        return [one for one in self.rows(number, within=(end - most, end)) if one.found]

    def counts(self, number: int) -> dict[str, int]:
        """How many rows have which verdict."""
        rows = self._rows(
            "SELECT verdict, count(*) FROM list_rows"
            " WHERE list = :number AND found IS NOT NULL GROUP BY verdict",
            number=number,
        )
        return {verdict: count for verdict, count in rows}

    def note(self, number: int, row: int, found: Found) -> None:
        """Write down what was found for a row, and with it that its process is at work."""
        self._rows(
            "UPDATE list_rows SET found = :found, verdict = :verdict"
            " WHERE list = :number AND row = :row",
            found=encode(found),
            verdict=found.verdict,
            number=number,
            row=row,
        )
        self._rows("UPDATE lists SET heard = :now WHERE id = :number", now=_now(), number=number)

    def claim(self, listed: Listed) -> bool:
        """Take it on for this machine, as it was found. False where another one was quicker."""
        taken = self._rows(
            "UPDATE lists SET server = :server, pid = 0, since = '', heard = :now, stopped = 0,"
            " starts = starts + 1 WHERE id = :number AND starts = :starts AND server = :before"
            " AND heard = :heard RETURNING id",
            server=HERE,
            now=_now(),
            number=listed.id,
            starts=listed.starts,
            before=listed.server,
            heard=listed.heard,
        )
        return bool(taken)

    def open_cut(self, number: int) -> None:
        """Have the beginnings asked of questions that are too long."""
        with self._store.writing():
            for one in self.rows(number):
                if one.found and one.found.cut:
                    self._rows(
                        "UPDATE list_rows SET found = NULL, verdict = NULL"
                        " WHERE list = :number AND row = :row",
                        number=number,
                        row=one.row,
                    )
        self.go_on(number)

    def started(self, number: int, *, pid: int, since: str) -> None:
        """Note the process that asks it."""
        self._rows(
            "UPDATE lists SET pid = :pid, since = :since WHERE id = :number",
            pid=pid,
            since=since,
            number=number,
        )

    def stop(self, number: int) -> None:
        """Ask no more of it. Who asks it sees that before the next row."""
        self._rows("UPDATE lists SET stopped = 1 WHERE id = :number", number=number)

    def go_on(self, number: int) -> None:
        self._rows("UPDATE lists SET stopped = 0, starts = 0 WHERE id = :number", number=number)

    def forget(self, number: int) -> None:
        """Delete a list with its rows."""
        with self._store.writing():
            self._rows("DELETE FROM lists WHERE id = :number", number=number)
            self._rows("DELETE FROM list_rows WHERE list = :number", number=number)

    def forget_all(self) -> None:
        """Delete everybody's lists. Who asks one sees that before the next row."""
        self._store.erase("list_rows", "lists")

    def _listed(self, where: str, **values: object) -> list[Listed]:
        rows = self._rows(
            "SELECT id, person, at, name, pid, since, stopped, starts, server, heard,"
            " (SELECT count(*) FROM list_rows WHERE list = id),"
            f" (SELECT count(found) FROM list_rows WHERE list = id) FROM lists {where}",
            **values,
        )
        return [
            Listed(*row[:6], bool(row[6]), *row[7:])  # type: ignore[call-arg]
            for row in rows
        ]


def _stored(number: int, at: int, row: Row) -> dict[str, object]:
    found = Found("problem", said=row.problem, cut=row.cut) if row.problem else None
    return {
        "list": number,
        "row": at,
        "question": masked(row.question),
        "on_day": row.on.isoformat() if row.on else "",
        "payer": masked(row.payer),
        "found": encode(found) if found else None,
        "verdict": found.verdict if found else None,
    }


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")
