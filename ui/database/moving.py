"""Moves all records from one database to another: as a whole or not at all.

The source is read as of one moment and stays as it was. The target is written in one transaction,
and what is in it is read again and compared before it is committed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Connection, Integer, Table, func, insert, select, text

from corpus.errors import CodedeskError
from index.home.crash import crash_point
from ui.database.address import Address
from ui.database.store import Store
from ui.database.tables import METADATA
from ui.state.audit import AuditLog

_AT_ONCE = 500  # rows


@dataclass(frozen=True, slots=True)
class Moved:
    """How many rows of each table; `problem` says what was wrong with the audit log before."""

    rows: Mapping[str, int]
    problem: str


def move(source: Path | Address, target: Path | Address) -> Moved:
    """Copy everything. Raises CodedeskError for a target that holds records, and where something
    does not arrive as it was."""
    if source == target:
        raise CodedeskError(f"The records are at {target} already.")
    with closing(Store(source)) as before, closing(Store(target)) as after:
        with before.reading(), after.writing():
            log = AuditLog(before).check()
            counts = {}
            with before.speaking() as one, after.speaking() as other:
                _must_be_empty(other, target)
                for table in METADATA.sorted_tables:
                    counts[table.name] = _copy(table, one, other)
                    crash_point("records-begun")
                _count_on(other)
            if AuditLog(after).check() != log:
                raise CodedeskError("The audit log did not arrive as it was. Nothing was moved.")
            crash_point("records-compared")
        crash_point("records-committed")
        return Moved(counts, log.problem)


def _must_be_empty(connection: Connection, place: Path | Address) -> None:
    for table in METADATA.sorted_tables:
        if connection.execute(select(func.count()).select_from(table)).scalar():
            raise CodedeskError(
                f"Nothing was moved: {place} holds records already. Name a database that is empty."
            )


def _copy(table: Table, source: Connection, target: Connection) -> int:
    """Copy a table and compare what arrived. Raises CodedeskError."""
    for rows in source.execute(_ordered(table)).mappings().partitions(_AT_ONCE):
        target.execute(insert(table).values([dict(row) for row in rows]))
    sent, arrived = (_sum(table, connection) for connection in (source, target))
    if sent != arrived:
        raise CodedeskError(f"The table {table.name} did not arrive as it was. Nothing was moved.")
    return sent[0]


def _sum(table: Table, connection: Connection) -> tuple[int, str]:
    """How many rows, and a sum of what they hold."""
    count, found = 0, sha256()
    for row in connection.execute(_ordered(table)):
        count += 1
        found.update(json.dumps([_plain(value) for value in row]).encode())
    return count, found.hexdigest()


def _plain(value: object) -> object:
    return value.hex() if isinstance(value, bytes) else value


def _ordered(table: Table):  # type: ignore[no-untyped-def] # a Select of that table's columns
    return select(table).order_by(*table.primary_key.columns)


def _count_on(connection: Connection) -> None:
    """Let new rows get numbers after those that came."""
    for name, column in _numbered():
        last = connection.execute(text(f"SELECT coalesce(max({column}), 0) FROM {name}")).scalar()
        if last and connection.dialect.name == "postgresql":
            connection.execute(
                text("SELECT setval(pg_get_serial_sequence(:name, :column), :last)"),
                {"name": name, "column": column, "last": last},
            )


def _numbered() -> Iterator[tuple[str, str]]:
    for table in METADATA.sorted_tables:
        counter = table.autoincrement_column
        if counter is not None and isinstance(counter.type, Integer):
            yield table.name, counter.name
