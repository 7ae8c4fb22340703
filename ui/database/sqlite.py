"""The file of a home, spoken to by Python's own SQLite: nothing is imported that a sync or the
first page would wait for. Where tables are to be made or changed, SQLAlchemy is (see schema.py)."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from corpus.errors import CodedeskError
from index.errors import NoSpace, lacks_space
from index.home.access import file_mode, make_folders
from ui.database.head import HEAD

BEGIN = "BEGIN IMMEDIATE"
_BESIDE = 65_536  # bytes that SQLite writes beside a file to open it; for less it names no reason


class File:
    """An open file: one connection, which threads use in turn."""

    writing: tuple[str, ...] = (BEGIN,)
    reading: tuple[str, ...] = ("BEGIN",)
    clock = "((julianday('now') - 2440587.5) * 86400.0)"

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        try:
            with self.speaking():
                self._connection = connect(path)
                if self._version() != HEAD:
                    from ui.database.schema import bring_file_up_to_date

                    bring_file_up_to_date(path)
        except sqlite3.OperationalError as error:
            if lacks_space(error) or shutil.disk_usage(path.parent).free < _BESIDE:
                raise NoSpace(path.parent) from error
            if not os.access(path.parent, os.W_OK):  # SQLite needs to write beside it
                raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(path)) from error
            raise

    def close(self) -> None:
        self._connection.close()

    @contextmanager
    def lent(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            yield self._connection

    def rows(
        self, connection: sqlite3.Connection, sql: str, values: Mapping[str, Any]
    ) -> list[tuple[Any, ...]]:
        with closing(connection.execute(sql, values)) as cursor:
            return cursor.fetchall()

    def many(
        self, connection: sqlite3.Connection, sql: str, values: Sequence[Mapping[str, Any]]
    ) -> None:
        connection.executemany(sql, values).close()

    def erase(self, tables: Sequence[str]) -> Iterator[str]:
        """The statements that leave nothing of the tables' rows in any file."""
        yield from (f"DELETE FROM {table}" for table in tables)
        yield "PRAGMA wal_checkpoint(TRUNCATE)"

    @contextmanager
    def speaking(self) -> Iterator[None]:
        """What is wrong with the file is told as what it is."""
        try:
            yield
        except sqlite3.DatabaseError as error:
            if type(error) is not sqlite3.DatabaseError:
                raise
            raise CodedeskError(
                f"{self._path} cannot be read: {error}. What people said of documents is in it, "
                "and all other records: bring it back with `codedesk restore`, or move it away."
            ) from error

    def _version(self) -> str | None:
        try:
            row = self._connection.execute("SELECT version_num FROM alembic_version").fetchone()
        except sqlite3.OperationalError:  # no such table
            return None
        return str(row[0]) if row else None


def connect(path: Path) -> sqlite3.Connection:
    """Makes the file where there is none, for its owner or the group of a shared home."""
    home = path.parent
    make_folders(home, home)
    # Created here because SQLite would use the umask's permissions. An existing file is not
    # opened: closing it would drop the locks of this process's other connections.
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, file_mode(home)))
    connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=5)
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")
    return connection
