"""One step of the book that is being written."""

from __future__ import annotations

import getpass
import sqlite3
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.json import encode

from corpus.metadata.told import Told, Value
from ui.confirming.sidecars import Sidecars
from ui.state import own_library

OF_FILES = RENAMED, DELETED = "files renamed", "file deleted"


class Kept(Struct, frozen=True):
    """All that is kept of one field of one document: here, and in its sidecar. None: nothing."""

    here: Told | None = None
    beside: Value = None


class Noted(Struct, frozen=True):
    """One field as it was known and as it is from the next sync on."""

    document: str
    field: str
    old: Value
    new: Value


class Edit(Struct, frozen=True):
    """What was changed as one step. `at` in UTC, ISO 8601; `who` had signed in, or is the account
    that ran Codedesk; `undoes` is the edit that this one took back, `undone` the one that took
    this one back."""

    number: int
    at: str
    who: str
    what: str
    undoes: int | None
    undone: int | None
    changes: tuple[Noted, ...] = ()

    @property
    def of_files(self) -> bool:
        """Whether it notes what became of files, and not what a person said."""
        return self.what in OF_FILES


class Writing:
    """A step that is being written."""

    def __init__(self, connection: sqlite3.Connection, home: Path, own: str) -> None:
        self._connection = connection
        self._home = home
        self._own = own
        self.sidecars = Sidecars(home)

    def edit(self, what: str, *, who: str | None = None, undoes: Edit | None = None) -> int:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        row = (now, who or account(), what, undoes.number if undoes else None)
        number = self._connection.execute(
            "INSERT INTO edits VALUES (NULL,?,?,?,?,NULL) RETURNING id", row
        ).fetchall()[0][0]
        if undoes:
            mark = "UPDATE edits SET undone = ? WHERE id = ?"
            self._connection.execute(mark, (number, undoes.number))
            if undoes.undoes is not None:  # what was taken back counts again
                self._connection.execute(mark, (None, undoes.undoes))
        return int(number)

    def change(self, number: int, noted: Noted, before: Kept, after: Kept) -> None:
        """Keep one field's words, here and in the sidecar, and note what was kept before."""
        document, field = noted.document, noted.field
        self._connection.execute(
            "INSERT INTO edited VALUES (?,?,?,?,?,?,?)",
            (number, document, field, *map(as_json, (noted.old, noted.new, before, after))),
        )
        if after.here is None:
            where = "DELETE FROM told WHERE document = ? AND field = ?"
            self._connection.execute(where, (document, field))
        else:
            self._connection.execute(
                "REPLACE INTO told VALUES (?,?,?,?)",
                (document, field, as_json(after.here.value), after.here.sha256),
            )
        if before.beside != after.beside:
            place = own_library.sidecar_of(self._home, document, own=self._own)
            self.sidecars.hold(number, place)
            own_library.edit(self._home, document, {field: after.beside}, own=self._own)

    def rename(self, number: int, old: str, new: str) -> None:
        self._connection.execute(
            "INSERT INTO edited VALUES (?,?,'',?,?,'{}','{}')",
            (number, old, as_json(old), as_json(new)),
        )
        self._connection.execute("DELETE FROM told WHERE document = ?", (new,))
        for table in ("told", "edited"):
            where = " AND field <> ''" if table == "edited" else ""
            self._connection.execute(
                f"UPDATE {table} SET document = ? WHERE document = ?{where}", (new, old)
            )

    def forget(self, number: int, document: str) -> None:
        rows = self._connection.execute(
            "SELECT field, value FROM told WHERE document = ?", (document,)
        ).fetchall()
        for field, value in rows:
            self._connection.execute(
                "INSERT INTO edited VALUES (?,?,?,?,'null','{}','{}')",
                (number, document, field, value),
            )
        self._connection.execute("DELETE FROM told WHERE document = ?", (document,))


def as_json(value: Any) -> str:
    return encode(value).decode()


def account() -> str:
    """The one that runs this process; where nobody signs in, nobody else is known."""
    with suppress(KeyError, OSError, ImportError):
        return getpass.getuser()
    return "unknown"
