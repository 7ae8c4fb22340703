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
from ui.database.address import Address, BadAddress
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

_NO_TLS = "Server refuses SSL"  # as the driver says it
_OTHER_NAME, _OVER = (62, 64), 10  # OpenSSL's numbers: another host or address; expired


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
            reason = _reason(error.orig, self._address)
            if reason is None:
                raise
        except NoneFree:
            reason = "all connections to it are in use"
        except ssl.SSLCertVerificationError as error:
            reason = _untrusted(error, self._address)
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


def _reason(error: BaseException | None, address: Address) -> str | None:
    """Why it cannot be reached; None where a statement is wrong."""
    told = error.args[0] if error is not None and error.args else ""
    if told == _NO_TLS:
        return (
            "it offers no TLS. Switch `ssl` on there, or write ?sslmode=disable after the address "
            "if nobody can listen on the way"
        )
    if not isinstance(told, dict):
        return "it does not answer"
    if str(told.get("C", ""))[:2] not in _AWAY:
        return None
    said = str(told.get("M", ""))
    if address.tls == "disable" and "no encryption" in said:
        return f"{said}. Write ?sslmode=verify-full after the address: it may want TLS"
    return said


def _untrusted(error: ssl.SSLCertVerificationError, address: Address) -> str:
    """Why its certificate does not count. Nothing was told to it, the password least of all."""
    if error.verify_code in _OTHER_NAME:
        return (
            f"its certificate is not made for {address.host}. Name the host in the address as the "
            "certificate does, or have one made for that name"
        )
    if error.verify_code == _OVER:
        return "its certificate is over. Have it renewed there"
    by = (
        f"the authority in {address.authority}"
        if address.authority
        else "one that this machine trusts"
    )
    return (
        f"its certificate is not signed by {by} ({error.verify_message}). Name the file of its "
        "authority with ?sslrootcert=FILE after the address"
    )


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
    try:
        context = ssl.create_default_context(cafile=address.authority or None)
    except OSError as error:  # an ssl.SSLError is one, too
        raise BadAddress(
            f"`sslrootcert`: {address.authority} holds no certificate that can be read "
            f"({error.strerror or error}). Name the file of the authority, in PEM."
        ) from error
    if address.tls == "require":
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
