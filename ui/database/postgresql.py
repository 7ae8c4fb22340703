"""A PostgreSQL that several servers share, spoken to through SQLAlchemy."""

from __future__ import annotations

import logging
import ssl
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoneFree

from corpus.errors import CodedeskError
from ui.database.address import Address
from ui.database.away import AGAIN, RecordsAway
from ui.database.schema import bring_up_to_date

# Connections that a stopped database has cut are closed once more, in vain: no news to anybody.
logging.getLogger("sqlalchemy.pool").setLevel(logging.CRITICAL)
_WAITS = 10  # seconds for an answer
_AT_ONCE, _MORE = 4, 12  # connections that are kept, and those that may be opened besides
_LOCK = 581  # for who writes several statements that belong together
BEGIN = ("BEGIN", f"SELECT pg_advisory_xact_lock({_LOCK})")
# Classes of what is said where nothing is wrong with the statement: connection, sign-in, no such
# database, resources, a database that only reads, one that is stopped.
_AWAY = ("08", "28", "3D", "53", "25", "57")


class Server:
    """An open database. All in this process share its connections."""

    writing: tuple[str, ...] = BEGIN
    reading: tuple[str, ...] = ("BEGIN ISOLATION LEVEL REPEATABLE READ",)
    clock = "CAST(extract(epoch FROM clock_timestamp()) AS double precision)"

    def __init__(self, address: Address) -> None:
        self._address = address
        with self.speaking():
            self._engine = engine_of(address)
            bring_up_to_date(self._engine, BEGIN)

    def close(self) -> None:
        """Others of this process may use the connections."""

    @contextmanager
    def lent(self) -> Iterator[Connection]:
        not_away(self._address)
        with self.speaking():
            connection = self._engine.connect()
        with connection:
            yield connection

    def rows(
        self, connection: Connection, sql: str, values: Mapping[str, Any]
    ) -> list[tuple[Any, ...]]:
        told = connection.execute(text(sql), values)
        return [tuple(row) for row in told] if told.returns_rows else []

    def many(self, connection: Connection, sql: str, values: Sequence[Mapping[str, Any]]) -> None:
        connection.execute(text(sql), values)

    def erase(self, tables: Sequence[str]) -> Iterator[str]:
        """The statements that leave nothing of the tables' rows in any file."""
        yield f"TRUNCATE TABLE {', '.join(tables)}"

    @contextmanager
    def speaking(self) -> Iterator[None]:
        """Raises RecordsAway where the database cannot be reached."""
        try:
            yield
        except DBAPIError as error:
            reason = _reason(error.orig)
            if reason is None:
                raise
        except NoneFree:
            reason = "all connections to it are in use"
        except OSError as error:
            reason = "it does not answer" if isinstance(error, TimeoutError) else str(error)
        else:
            return
        _away[self._address] = time.monotonic(), reason
        raise RecordsAway(self._address, reason) from None


_away: dict[Address, tuple[float, str]] = {}  # since when, and why


def not_away(address: Address) -> None:
    """Nobody waits again for a database that was away a moment ago. Raises RecordsAway."""
    since, why = _away.get(address, (float("-inf"), ""))
    if time.monotonic() - since < AGAIN:
        raise RecordsAway(address, why)


def _reason(error: BaseException | None) -> str | None:
    """Why it cannot be reached; None where a statement is wrong."""
    told = error.args[0] if error is not None and error.args else ""
    if isinstance(told, dict):
        return str(told.get("M", "")) if str(told.get("C", ""))[:2] in _AWAY else None
    return "it does not answer"


@lru_cache(maxsize=8)
def engine_of(address: Address) -> Engine:
    """Every statement is committed by itself; what belongs together begins and ends by hand."""
    try:
        import pg8000  # noqa: F401
    except ImportError as error:
        raise CodedeskError(
            'Records in PostgreSQL need its driver: `pip install "codedesk[postgres]"`.'
        ) from error
    where: dict[str, Any] = {"unix_sock": f"{address.host}/.s.PGSQL.{address.port}"}
    return create_engine(
        URL.create(
            "postgresql+pg8000",
            username=address.user,
            password=address.password or None,
            host=None if address.is_socket else address.host,
            port=None if address.is_socket else address.port,
            database=address.database,
        ),
        connect_args={
            **(where if address.is_socket else {}),
            "timeout": _WAITS,
            "application_name": "codedesk",
            "ssl_context": _tls(address),
        },
        pool_size=_AT_ONCE,
        max_overflow=_MORE,
        pool_timeout=_WAITS,
        pool_pre_ping=True,  # a database that was started anew is taken up without an error
        isolation_level="AUTOCOMMIT",
        hide_parameters=True,
    )


def _tls(address: Address) -> ssl.SSLContext | bool:
    if address.tls == "disable":
        return False
    context = ssl.create_default_context(cafile=address.authority or None)
    if address.tls == "require":
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
