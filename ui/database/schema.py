"""Brings a database to the tables of this version: makes them where there are none, and else takes
the steps in migrations/versions that are still to be taken.

Alembic is imported only where there is a step to take: it takes half a second.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, Engine, StaticPool, create_engine, inspect

from corpus.errors import CodedeskError
from ui.database import sqlite
from ui.database.head import HEAD
from ui.database.tables import METADATA

_STEPS = Path(__file__).parent / "migrations"
_VERSION = "alembic_version"


def bring_file_up_to_date(path: Path) -> None:
    with closing(sqlite.connect(path)) as connection:
        bring_up_to_date(engine_of_file(lambda: connection), (sqlite.BEGIN,))


def engine_of_file(connect: object) -> Engine:
    """Every statement is committed by itself; what belongs together begins and ends by hand."""
    return create_engine(
        "sqlite://",
        creator=connect,
        poolclass=StaticPool,
        isolation_level="AUTOCOMMIT",
        hide_parameters=True,
    )


def bring_up_to_date(engine: Engine, begin: Sequence[str]) -> None:
    """As a whole or not at all; several that open it at once wait for each other. Raises
    CodedeskError for a database of a later version."""
    with engine.connect() as connection:
        if version(connection) == HEAD:
            return
        for statement in begin:
            connection.exec_driver_sql(statement)
        try:
            _bring(connection)
        except BaseException:
            connection.exec_driver_sql("ROLLBACK")
            raise
        connection.exec_driver_sql("COMMIT")


def version(connection: Connection) -> str | None:
    """The step that was taken last; None where none was."""
    if not inspect(connection).has_table(_VERSION):
        return None
    row = connection.exec_driver_sql(f"SELECT version_num FROM {_VERSION}").fetchone()
    return str(row[0]) if row else None


def _bring(connection: Connection) -> None:
    now = version(connection)
    if now == HEAD:
        return  # another one was quicker
    if now is None and not inspect(connection).get_table_names():
        METADATA.create_all(connection)
        connection.exec_driver_sql(
            f"CREATE TABLE {_VERSION} (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"
        )
        connection.exec_driver_sql(f"INSERT INTO {_VERSION} VALUES ('{HEAD}')")
        return
    take_steps(connection)


def take_steps(connection: Connection, *, to: str = "head") -> None:
    """Take the steps that are left. Raises CodedeskError."""
    from alembic import command
    from alembic.config import Config
    from alembic.util.exc import CommandError

    told = Config()
    told.set_main_option("script_location", str(_STEPS).replace("%", "%%"))
    told.attributes["connection"] = connection
    try:
        command.upgrade(told, to)
    except CommandError as error:
        raise CodedeskError(
            "The records were made by a later Codedesk, and this one does not know their tables. "
            "Use that one, or bring back records of before with `codedesk restore`."
        ) from error
