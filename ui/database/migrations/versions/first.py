"""The tables as they were when records could first live in PostgreSQL, and what files of earlier
versions have of them is taken over."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_NUMBER = sa.Float().with_variant(sa.REAL(), "sqlite")
_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_COLUMNS = {
    "questions": "id at question verdict generation:i as_of filters seconds:f person:e",
    "feedback": "id at question document good:i reason generation:i person:e place:e",
    "saved": "name:k at address generation:i seen since:e",
    "alerts": "id at name generation:i mark passage mailed:0",
    "switched_off": "document:k at",
    "acts": "id:n at who action details before sum",
    "people": "subject:k name groups seen",
    "tokens": "id sum:u subject name made ends revoked:o",
    "packet": "id person question asked_for place sheet:b",
    "lists": "id person at name pid:0 since:e stopped:0 starts:0 server:e heard:e",
    "list_rows": "list:ki row:ki question on_day payer found:ob verdict:o",
    "told": "document:k field:k value sha256",
    "edits": "id at who what undoes:oi undone:oi",
    "edited": "id edit:i document field old new before after",
}
_UNIQUE = {
    "alerts": ("name", "mark"),
    "packet": ("person", "question", "asked_for", "place"),
}


def upgrade() -> None:
    known = set(sa.inspect(op.get_bind()).get_table_names())
    if "edited" in known:
        _number_edited()
    for table, columns in _COLUMNS.items():
        if table not in known:
            _make(table, columns)
        elif table != "edited":
            _complete(table, columns)
    if "list_rows" in known:
        op.execute(
            "UPDATE list_rows SET verdict = json_extract(CAST(found AS TEXT), '$.verdict')"
            " WHERE found IS NOT NULL"
        )
    if "audit" in known:
        _chain_audit()
    if "edited" not in known:
        op.create_index("edited_by", "edited", ["edit"])


def _make(table: str, columns: str) -> None:
    unique = [sa.UniqueConstraint(*_UNIQUE[table])] if table in _UNIQUE else []
    counted = {"sqlite_autoincrement": True} if table == "lists" else {}
    op.create_table(table, *map(_column, columns.split()), *unique, **counted)


def _complete(table: str, columns: str) -> None:
    """Add the columns that an earlier version's table lacks; all of them may be empty."""
    known = {one["name"] for one in sa.inspect(op.get_bind()).get_columns(table)}
    for column in map(_column, columns.split()):
        if column.name not in known:
            op.add_column(table, column)


def _column(told: str) -> sa.Column[Any]:
    """`k` a key, `u` unique, `o` may be missing, `e` empty where nothing is given, `0` as much;
    `i` a whole number, `f` a number, `b` bytes, else a text."""
    name, _, marks = told.partition(":")
    if name == "id":
        return sa.Column("id", sa.Integer, primary_key=True, autoincrement="n" not in marks)
    kinds: dict[str, Any] = {"i": sa.Integer, "0": sa.Integer, "f": _NUMBER, "b": sa.LargeBinary}
    default = {"e": "", "0": "0"}
    return sa.Column(
        name,
        next((kind for mark, kind in kinds.items() if mark in marks), _TEXT),
        primary_key="k" in marks,
        unique="u" in marks or None,
        nullable="o" in marks,
        server_default=next((value for mark, value in default.items() if mark in marks), None),
    )


def _number_edited() -> None:
    """Earlier versions ordered the changes of an edit by SQLite's own number of the row."""
    op.execute("DROP INDEX IF EXISTS edited_by")
    op.rename_table("edited", "edited_before")
    _make("edited", _COLUMNS["edited"])
    named = "edit, document, field, old, new, before, after"
    op.execute(
        f"INSERT INTO edited (id, {named}) SELECT rowid, {named} FROM edited_before ORDER BY rowid"
    )
    op.drop_table("edited_before")
    op.create_index("edited_by", "edited", ["edit"])


def _chain_audit() -> None:
    """The first versions noted acts without chaining them, and knew no callers."""
    noted = op.get_bind().exec_driver_sql("SELECT at, action, details FROM audit ORDER BY id")
    last = (
        op.get_bind()
        .exec_driver_sql("SELECT id, sum FROM acts ORDER BY id DESC LIMIT 1")
        .fetchone()
    )
    number, before = (last[0], last[1]) if last else (0, "0" * 64)
    for at, action, details in noted.fetchall():
        number += 1
        told = json.dumps([before, number, at, "", action, details], ensure_ascii=False)
        own = sha256(told.encode("utf-8", "replace")).hexdigest()
        op.get_bind().exec_driver_sql(
            "INSERT INTO acts (id, at, who, action, details, before, sum) VALUES (?,?,'',?,?,?,?)",
            (number, at, action, details, before, own),
        )
        before = own
    op.drop_table("audit")
