"""The tables of the records, as the statements of the other rooms read and write them.

Times are UTC, ISO 8601; texts of JSON stand as such. Texts are compared by their bytes in both
databases. A change of a table is a step in migrations/versions, and head.py names the last of them.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    REAL,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    UniqueConstraint,
)
from sqlalchemy import Text as _Text

METADATA = MetaData()
_NUMBER = Float().with_variant(REAL(), "sqlite")
TEXT = _Text().with_variant(_Text(collation="C"), "postgresql")


def _text(name: str, **options: Any) -> Column[str]:
    return Column(name, TEXT, nullable=False, **options)


def _added(name: str) -> Column[str]:
    """A text that files of earlier versions did not have."""
    return _text(name, server_default="")


def _number(name: str, **options: Any) -> Column[int]:
    return Column(name, Integer, nullable=False, **options)


def _key() -> Column[int]:
    return Column("id", Integer, primary_key=True)


Table(
    "questions",
    METADATA,
    _key(),
    *(_text("at"), _text("question"), _text("verdict"), _number("generation")),
    *(_text("as_of"), _text("filters"), Column("seconds", _NUMBER, nullable=False)),
    _added("person"),
)
Table(
    "feedback",
    METADATA,
    _key(),
    *(_text("at"), _text("question"), _text("document"), _number("good")),
    *(_text("reason"), _number("generation"), _added("person"), _added("place")),
)
Table(
    "saved",
    METADATA,
    _text("name", primary_key=True),
    *(_text("at"), _text("address"), _number("generation"), _text("seen"), _added("since")),
)
Table(
    "alerts",
    METADATA,
    _key(),
    *(_text("at"), _text("name"), _number("generation"), _text("mark"), _text("passage")),
    _number("mailed", server_default="0"),
    UniqueConstraint("name", "mark"),
)
Table("switched_off", METADATA, _text("document", primary_key=True), _text("at"))
Table(
    "acts",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    *(_text("at"), _text("who"), _text("action"), _text("details"), _text("before"), _text("sum")),
)
Table(
    "people",
    METADATA,
    _text("subject", primary_key=True),
    *(_text("name"), _text("groups"), _text("seen")),
)
Table(
    "tokens",
    METADATA,
    _key(),
    *(_text("sum", unique=True), _text("subject"), _text("name"), _text("made"), _text("ends")),
    Column("revoked", TEXT),
)
Table(
    "packet",
    METADATA,
    _key(),
    *(_text("person"), _text("question"), _text("asked_for"), _text("place")),
    Column("sheet", LargeBinary, nullable=False),
    UniqueConstraint("person", "question", "asked_for", "place"),
)
Table(
    "lists",
    METADATA,
    _key(),
    *(_text("person"), _text("at"), _text("name")),
    *(_number("pid", server_default="0"), _added("since")),
    *(_number("stopped", server_default="0"), _number("starts", server_default="0")),
    *(_added("server"), _added("heard")),
    sqlite_autoincrement=True,  # a number is not given again
)
Table(
    "list_rows",
    METADATA,
    *(_number("list", primary_key=True), _number("row", primary_key=True)),
    *(_text("question"), _text("on_day"), _text("payer"), Column("found", LargeBinary)),
    Column("verdict", TEXT),
)
Table(
    "told",
    METADATA,
    *(_text("document", primary_key=True), _text("field", primary_key=True)),
    *(_text("value"), _text("sha256")),
)
Table(
    "edits",
    METADATA,
    _key(),
    *(_text("at"), _text("who"), _text("what"), Column("undoes", Integer)),
    Column("undone", Integer),
)
Table(
    "edited",
    METADATA,
    _key(),
    *(_number("edit"), _text("document"), _text("field"), _text("old"), _text("new")),
    *(_text("before"), _text("after")),
    Index("edited_by", "edit"),
)
Table(
    "jobs",
    METADATA,
    _key(),
    *(_text("home"), _text("kind"), _text("state"), _text("server"), _text("seen_from")),
    *(_number("pid"), _text("since"), _text("started"), Column("heard", _NUMBER, nullable=False)),
    *(_text("ended"), _text("step"), _number("done"), _number("total"), _text("what")),
    *(_text("problem"), _text("report"), _text("options"), _number("stopped"), _text("log")),
    sqlite_autoincrement=True,  # a number is not given again
)
