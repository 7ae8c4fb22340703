"""Changes of metadata in the terminal: what was, what is to be, and what is wrong with a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.text import Text

from ui.confirming.checks import written
from ui.terminal.safe import console, errors, safe

if TYPE_CHECKING:
    from corpus.metadata.told import Value
    from ui.confirming.table import RowProblem
    from ui.confirming.writing import Edit, Noted

_MOST = 200  # lines; `--json` has all


def show_changes(changes: Sequence[Noted]) -> None:
    out = console()
    document = ""
    for one in changes[:_MOST]:
        if one.document != document:
            document = one.document
            out.print(Text(safe(document), style="bold"))
        out.print(Text(safe(f"  {one.field}: {_shown(one.old)} → {_shown(one.new)}")))
    if len(changes) > _MOST:
        out.print(Text(f"and {len(changes) - _MOST:,} more, which `--json` lists"))


def show_problems(problems: Sequence[RowProblem]) -> None:
    out = errors()
    for one in problems[:_MOST]:
        named = f" ({one.document})" if one.document else ""
        out.print(Text(safe(f"Row {one.row}, column {one.column}{named}: {one.problem}")))
    if len(problems) > _MOST:
        out.print(Text(f"and {len(problems) - _MOST:,} more, which `--json` lists"))


def show_edits(edits: Sequence[Edit]) -> None:
    out = console()
    if not edits:
        out.print("Nothing was edited yet.")
    for edit in edits:
        undone = f", undone by edit {edit.undone}" if edit.undone else ""
        head = f"Edit {edit.number} · {edit.at} UTC · {edit.who} · {edit.what}{undone}"
        out.print(Text(safe(head), style="bold"))
        show_changes(edit.changes)


def _shown(value: Value) -> str:
    return f"“{written(value)}”" if value is not None else "not known"
