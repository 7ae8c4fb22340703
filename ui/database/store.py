"""The records' database: statements that SQLite and PostgreSQL both understand, one writer at a
time.

Texts are stored without NUL characters, which PostgreSQL has not.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

from ui.database.address import Address
from ui.state.settings import read_settings

DATABASE = "desk.sqlite3"


class Kind(Protocol):
    """An open database of one of the two kinds; see sqlite.py and postgresql.py. `writing` and
    `reading` are the statements that begin what belongs together; `clock` is an expression that
    tells its own time, in seconds since 1970: machines that share it may differ."""

    writing: tuple[str, ...]
    reading: tuple[str, ...]
    clock: str

    def lent(self) -> AbstractContextManager[Any]:
        """A connection that is the caller's own meanwhile."""

    def speaking(self) -> AbstractContextManager[None]:
        """What goes wrong inside is raised as what it is."""

    def rows(self, connection: Any, sql: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Run one statement; gives the rows that it tells."""

    def many(self, connection: Any, sql: str, values: Sequence[Mapping[str, Any]]) -> None:
        """Run one statement with each of these."""

    def erase(self, tables: Sequence[str]) -> Iterator[str]:
        """The statements that leave nothing of the tables' rows in any file."""

    def close(self) -> None: ...


class Store:
    """A database that is opened when it is first used. Threads can share it, and several processes
    and servers write to it in turn. `place` is the file or the address."""

    def __init__(self, place: Path | Address) -> None:
        self.place = place
        self._opening = threading.Lock()
        self._kind: Kind | None = None
        self._current = threading.local()  # the connection of a thread that is in the middle

    @property
    def is_shared(self) -> bool:
        """Whether other servers may write to it."""
        return isinstance(self.place, Address)

    @property
    def clock(self) -> str:
        """An expression for statements: the database's own time, in seconds since 1970."""
        return self._opened().clock

    def close(self) -> None:
        with self._opening:
            if self._kind is not None:
                self._kind.close()
            self._kind = None

    def rows(self, sql: str, **values: Any) -> list[tuple[Any, ...]]:
        """Run one statement; gives the rows that it tells. Raises RecordsAway."""
        kind = self._opened()
        with self._connected(kind) as connection, kind.speaking():
            return kind.rows(connection, sql, _storable(values))

    def many(self, sql: str, values: Sequence[Mapping[str, Any]]) -> None:
        """Run one statement with each of these. Raises RecordsAway."""
        kind = self._opened()
        if values:
            with self._connected(kind) as connection, kind.speaking():
                kind.many(connection, sql, [_storable(one) for one in values])

    @contextmanager
    def writing(self) -> Iterator[None]:
        """What this thread runs inside is done as a whole or not at all, by one writer at a time of
        all processes and servers."""
        kind = self._opened()
        with self._as_one(kind, kind.writing):
            yield

    @contextmanager
    def reading(self) -> Iterator[None]:
        """What this thread reads inside is of one moment. Nobody waits for it."""
        kind = self._opened()
        with self._as_one(kind, kind.reading):
            yield

    def erase(self, *tables: str) -> None:
        """Delete all rows for good."""
        for statement in self._opened().erase(tables):
            self.rows(statement)

    @contextmanager
    def _as_one(self, kind: Kind, begins: Sequence[str]) -> Iterator[None]:
        with self._connected(kind) as connection:
            with kind.speaking():
                for statement in begins:
                    kind.rows(connection, statement, {})
            self._current.connection = connection
            try:
                yield
            except BaseException:
                with suppress(Exception):  # where it was cut off, nothing is left to take back
                    kind.rows(connection, "ROLLBACK", {})
                raise
            finally:
                self._current.connection = None
            with kind.speaking():
                kind.rows(connection, "COMMIT", {})

    @contextmanager
    def _connected(self, kind: Kind) -> Iterator[Any]:
        if (current := getattr(self._current, "connection", None)) is not None:
            yield current
        else:
            with kind.lent() as connection:
                yield connection

    def _opened(self) -> Kind:
        with self._opening:
            if self._kind is None:
                self._kind = _open(self.place)
            return self._kind


def _open(place: Path | Address) -> Kind:
    if isinstance(place, Address):
        from ui.database.postgresql import Server, not_away

        not_away(place)
        return Server(place)
    from ui.database.sqlite import File

    return File(place)


def store_of(home: Path) -> Store:
    """The records of a home, where its settings say that they are. Raises CodedeskError."""
    return Store(place_of(home))


def place_of(home: Path) -> Path | Address:
    address = read_settings({"CODEDESK_HOME": str(home)}).records_address()
    return address or home / DATABASE


def has_records(home: Path) -> bool:
    """Whether something may have been noted, without making anything."""
    place = place_of(home)
    return isinstance(place, Address) or place.is_file()


def _storable(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value.replace("\0", "") if isinstance(value, str) else value
        for name, value in values.items()
    }
