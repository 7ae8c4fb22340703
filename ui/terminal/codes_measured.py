"""How well codes are found on labelled pages, as a person reads it in the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from ui.terminal.safe import console, safe

if TYPE_CHECKING:
    from ui.schema.measured import PageScore


def show_page_score(score: PageScore) -> None:
    out = console()
    for name in score.absent:
        out.print(Text(safe(f"Not in this folder, so not scored: {name}")))
    for error in score.unreadable:
        out.print(Text(safe(error), "red"))
    if not score.pages:
        out.print("None of the labelled documents is in this folder: nothing was scored.")
        return
    table = Table(box=None, padding=(0, 2))
    for heading in ("half", "system", "mentions", "precision", "recall"):
        table.add_column(heading, justify="left" if heading in ("half", "system") else "right")
    for one in score.codes:
        half, shares = one.half.replace("_", " "), (_share(one.precision), _share(one.recall))
        table.add_row(half, one.system, str(one.mentions), *shares)
    out.print(table)
    alike = f"{score.look_alikes_taken} of {score.look_alikes} look-alikes taken for codes"
    out.print(f"{score.pages} pages; {alike}.")


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
