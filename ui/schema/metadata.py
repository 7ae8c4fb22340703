"""What documents are, written to a table and read back from one."""

from __future__ import annotations

from ui.confirming.table import RowProblem
from ui.confirming.writing import Edit, Noted
from ui.schema.model import Model


class Exported(Model):
    """The table that was written, one row a document."""

    file: str
    documents: int
    columns: tuple[str, ...]


class Imported(Model):
    """What a table asks for. With a `problem` nothing is changed; `edit` is the step that holds the
    changes, None where none was made."""

    file: str
    dry_run: bool
    rows: int
    changes: tuple[Noted, ...]
    problems: tuple[RowProblem, ...]
    edit: Edit | None
