"""Moves all records from one database to another: as a whole or not at all.

The source is read as of one moment and stays as it was. The target is written in one transaction,
and what is in it is read again and compared before it is committed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Table

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
            _must_be_empty(after)
            counts = {}
            for table in METADATA.sorted_tables:
                counts[table.name] = _copy(table, before, after)
                crash_point("records-begun")
            if AuditLog(after).check() != log:
                raise CodedeskError("The audit log did not arrive as it was. Nothing was moved.")
            crash_point("records-compared")
        crash_point("records-committed")
        return Moved(counts, log.problem)


def _must_be_empty(store: Store) -> None:
    for table in METADATA.sorted_tables:
        if store.rows(f"SELECT 1 FROM {table.name} LIMIT 1"):
            raise CodedeskError(
                f"Nothing was moved: {store.place} holds records already. Name a database that is "
                "empty."
            )


def _copy(table: Table, source: Store, target: Store) -> int:
    """Copy a table and compare what arrived. Raises CodedeskError."""
    names = [column.name for column in table.columns]
    rows = _rows(table, source)
    for start in range(0, len(rows), _AT_ONCE):
        piece = rows[start : start + _AT_ONCE]
        places = ", ".join(
            f"({', '.join(f':v{row}_{at}' for at in range(len(names)))})"
            for row in range(len(piece))
        )
        values = {f"v{row}_{at}": v for row, all_ in enumerate(piece) for at, v in enumerate(all_)}
        target.rows(f"INSERT INTO {table.name} ({', '.join(names)}) VALUES {places}", **values)
    if _sum(_rows(table, target)) != _sum(rows):
        raise CodedeskError(f"The table {table.name} did not arrive as it was. Nothing was moved.")
    counter = table.autoincrement_column
    if rows and counter is not None and target.is_shared:  # new rows get the numbers after these
        target.rows(
            f"SELECT setval(pg_get_serial_sequence('{table.name}', '{counter.name}'),"
            f" (SELECT max({counter.name}) FROM {table.name}))"
        )
    return len(rows)


def _rows(table: Table, store: Store) -> list[tuple[object, ...]]:
    names = ", ".join(column.name for column in table.columns)
    order = ", ".join(column.name for column in table.primary_key.columns)
    return store.rows(f"SELECT {names} FROM {table.name} ORDER BY {order}")


def _sum(rows: list[tuple[object, ...]]) -> str:
    found = sha256()
    for row in rows:
        plain = [value.hex() if isinstance(value, bytes) else value for value in row]
        found.update(json.dumps(plain).encode())
    return found.hexdigest()
