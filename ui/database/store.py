"""The records' database: statements that both databases understand, one writer at a time.

Texts are stored without NUL characters, which PostgreSQL has not.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.errors import CodedeskError
from ui.access.refused import Refused
from ui.database.address import Address
from ui.state.settings import read_settings

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

DATABASE = "desk.sqlite3"
_AGAIN = 2  # seconds before a database that was away is tried again
_LOCK = 581  # of PostgreSQL, for who writes several statements that belong together
# Classes of what PostgreSQL says where nothing is wrong with the statement: connection, sign-in,
# no such database, resources, a database that only reads, one that is stopped.
_AWAY = ("08", "28", "3D", "53", "25", "57")


class RecordsAway(Refused):
    """The database of the records cannot be reached."""

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(
            503,
            f"The records at {where} cannot be reached: {reason}. Questions are answered without "
            "being noted until then. See that the database runs and what `records` in "
            "settings.toml names.",
            {"Retry-After": str(_AGAIN)},
        )


class Store:
    """A database that is opened when it is first used. Threads can share it, and several processes
    and servers write to it in turn. `place` is the file or the address."""

    def __init__(self, place: Path | Address) -> None:
        self.place = place
        self._opening = threading.Lock()
        self._engine: Engine | None = None
        self._current = threading.local()  # the connection of a thread that is writing

    @property
    def is_shared(self) -> bool:
        """Whether other servers may write to it."""
        return isinstance(self.place, Address)

    def close(self) -> None:
        with self._opening:
            if self._engine is not None and not self.is_shared:
                self._engine.dispose()
            self._engine = None

    def rows(self, sql: str, **values: Any) -> list[tuple[Any, ...]]:
        """Run one statement; gives the rows that it tells. Raises RecordsAway."""
        from sqlalchemy import text

        with self._connected() as connection, spoken(self.place):
            told = connection.execute(text(sql), _storable(values))
            return [tuple(row) for row in told] if told.returns_rows else []

    def many(self, sql: str, values: Sequence[Mapping[str, Any]]) -> None:
        """Run one statement with each of these."""
        from sqlalchemy import text

        if values:
            with self._connected() as connection, spoken(self.place):
                connection.execute(text(sql), [_storable(one) for one in values])

    @contextmanager
    def writing(self) -> Iterator[None]:
        """What this thread runs inside is done as a whole or not at all, by one writer at a time of
        all processes and servers."""
        with self._as_one(begin):
            yield

    @contextmanager
    def reading(self) -> Iterator[None]:
        """What this thread reads inside is of one moment. Nobody waits for it."""
        with self._as_one(begin_reading):
            yield

    @contextmanager
    def _as_one(self, begins: Callable[[Connection], None]) -> Iterator[None]:
        with self._connected() as connection:
            with spoken(self.place):
                begins(connection)
            self._current.connection = connection
            try:
                yield
            except BaseException:
                with suppress(Exception):  # where it was cut off, nothing is left to take back
                    connection.exec_driver_sql("ROLLBACK")
                raise
            finally:
                self._current.connection = None
            with spoken(self.place):
                connection.exec_driver_sql("COMMIT")

    @contextmanager
    def speaking(self) -> Iterator[Connection]:
        """The connection itself, for what is no single statement."""
        with self._connected() as connection, spoken(self.place):
            yield connection

    def erase(self, *tables: str) -> None:
        """Delete all rows for good, so that no file holds them."""
        for table in tables:
            self.rows(f"TRUNCATE TABLE {table}" if self.is_shared else f"DELETE FROM {table}")
        if not self.is_shared:
            self.rows("PRAGMA wal_checkpoint(TRUNCATE)")

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        if (current := getattr(self._current, "connection", None)) is not None:
            yield current
            return
        _not_away(self.place)
        with spoken(self.place):
            connection = self._opened().connect()
        with connection:
            yield connection

    def _opened(self) -> Engine:
        with self._opening:
            if self._engine is None:
                from ui.database.engines import engine_of
                from ui.database.schema import bring_up_to_date

                engine = engine_of(self.place)
                bring_up_to_date(engine)
                self._engine = engine
            return self._engine


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


def begin(connection: Connection) -> None:
    """Begin what belongs together, when no other one is writing."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.exec_driver_sql("BEGIN")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")


def begin_reading(connection: Connection) -> None:
    """Begin what is read as of one moment."""
    as_of = "" if connection.dialect.name == "sqlite" else " ISOLATION LEVEL REPEATABLE READ"
    connection.exec_driver_sql(f"BEGIN{as_of}")


_away: dict[str, tuple[float, str]] = {}  # since when, and why


@contextmanager
def spoken(place: Path | Address) -> Iterator[None]:
    """Whatever goes wrong between here and the database is raised as what it is: a file that is no
    database, or a database that cannot be reached."""
    from sqlalchemy.exc import DBAPIError
    from sqlalchemy.exc import TimeoutError as NoneFree

    try:
        yield
    except DBAPIError as error:
        if not isinstance(place, Address):
            raise _of_file(place, error.orig) from None
        reason = _reason(error.orig)
        if reason is None:
            raise
    except NoneFree:
        reason = "all connections to it are in use"
    except OSError as error:
        if not isinstance(place, Address):
            raise
        reason = "it does not answer" if isinstance(error, TimeoutError) else str(error)
    else:
        return
    _away[str(place)] = time.monotonic(), reason
    raise RecordsAway(str(place), reason) from None


def _not_away(place: Path | Address) -> None:
    """Nobody waits again for a database that was away a moment ago."""
    since, why = _away.get(str(place), (float("-inf"), ""))
    if time.monotonic() - since < _AGAIN:
        raise RecordsAway(str(place), why)


def _of_file(path: Path, error: BaseException | None) -> BaseException:
    """What SQLite said; of a file that is no database, what to do."""
    if type(error) is sqlite3.DatabaseError:
        return CodedeskError(
            f"{path} cannot be read: {error}. What people said of documents is in it, and all "
            "other records: bring it back with `codedesk restore`, or move it away."
        )
    return error or CodedeskError(f"{path} cannot be read.")


def _reason(error: BaseException | None) -> str | None:
    """Why PostgreSQL cannot be reached; None where a statement is wrong."""
    told = error.args[0] if error is not None and error.args else ""
    if isinstance(told, dict):
        return str(told.get("M", "")) if str(told.get("C", ""))[:2] in _AWAY else None
    return "it does not answer"


def _storable(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value.replace("\0", "") if isinstance(value, str) else value
        for name, value in values.items()
    }
