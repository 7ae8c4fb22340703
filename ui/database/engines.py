"""How each of the two databases is opened. SQLAlchemy is imported here and below: who does not
touch the records does not wait for it.

Every statement is committed by itself; what belongs together begins and ends by hand, in the words
of the database (see store.py).
"""

from __future__ import annotations

import logging
import os
import sqlite3
import ssl
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, QueuePool, create_engine
from sqlalchemy.engine import URL

from corpus.errors import CodedeskError
from index.home.access import file_mode, make_folders
from ui.database.address import Address

# Connections that a stopped database has cut are closed once more, in vain: no news to anybody.
logging.getLogger("sqlalchemy.pool").setLevel(logging.CRITICAL)
_WAITS = 10  # seconds for an answer of PostgreSQL
_AT_ONCE, _MORE = 4, 12  # connections that are kept, and those that may be opened besides


def engine_of(place: Path | Address) -> Engine:
    """One for a file is its opener's; all in this process share the one of an address."""
    return _postgresql(place) if isinstance(place, Address) else _sqlite(place)


def _sqlite(path: Path) -> Engine:
    """One connection, which threads use in turn."""

    def connect() -> sqlite3.Connection:
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

    return create_engine(
        "sqlite://",
        creator=connect,
        poolclass=QueuePool,
        pool_size=1,
        max_overflow=0,
        isolation_level="AUTOCOMMIT",
        hide_parameters=True,
    )


@lru_cache(maxsize=8)
def _postgresql(address: Address) -> Engine:
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
