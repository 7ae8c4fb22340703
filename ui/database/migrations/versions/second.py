"""Jobs are records: until then each was a file of its home."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_NUMBER = sa.Float().with_variant(sa.REAL(), "sqlite")
_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_KINDS = {"id": sa.Integer, "heard": _NUMBER} | dict.fromkeys(
    ("pid", "done", "total", "stopped"), sa.Integer
)
_COLUMNS = (
    "id home kind state server seen_from pid since started heard ended step done total what problem"
    " report options stopped log"
)


def upgrade() -> None:
    op.create_table("jobs", *map(_column, _COLUMNS.split()), sqlite_autoincrement=True)


def _column(name: str) -> sa.Column[object]:
    kind: object = _KINDS.get(name, _TEXT)
    return sa.Column(name, kind, primary_key=name == "id", nullable=False)  # type: ignore[arg-type]
