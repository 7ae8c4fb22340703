"""Personal tokens, as a table."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from ui.access.tokens import Token
from ui.terminal.safe import safe


def show_tokens(tokens: Sequence[Token]) -> None:
    table = Table(box=None)
    for column in ("number", "of", "for", "made", "ends", ""):
        table.add_column(column)
    for one in tokens:
        state = "taken back" if one.revoked else ""
        made = one.made[:10]
        table.add_row(
            str(one.number), safe(one.owner), safe(one.name), made, one.ends.isoformat(), state
        )
    Console().print(table)
