"""How well codes are found on labelled pages, for people and for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from ui.terminal.safe import console, safe

if TYPE_CHECKING:
    from assistant.evaluation.code_score import CodeScore
    from assistant.evaluation.page_score import PageScore


def page_score_json(score: PageScore) -> dict[str, Any]:
    return {
        "pages": score.pages,
        "codes": [
            {"half": half} | score_json(one) for half in score.scores for one in score.scores[half]
        ],
        "look_alikes": score.look_alikes,
        "look_alikes_taken": score.taken,
        "absent": list(score.absent),
        "unreadable": [str(error) for error in score.unreadable],
    }


def score_json(score: CodeScore) -> dict[str, Any]:
    return {
        "system": score.system,
        "precision": score.precision,
        "recall": score.recall,
        "mentions": score.right + score.missed,
    }


def show_page_score(score: PageScore) -> None:
    out = console()
    for name in score.absent:
        out.print(Text(safe(f"Not in this folder, so not scored: {name}")))
    for error in score.unreadable:
        out.print(Text(safe(str(error)), "red"))
    if not score.pages:
        out.print("None of the labelled documents is in this folder: nothing was scored.")
        return
    table = Table(box=None, padding=(0, 2))
    for heading in ("half", "system", "mentions", "precision", "recall"):
        table.add_column(heading, justify="left" if heading in ("half", "system") else "right")
    for half, scores in score.scores.items():
        for one in scores:
            mentions = str(one.right + one.missed)
            name = half.replace("_", " ")
            table.add_row(name, one.system, mentions, _share(one.precision), _share(one.recall))
    out.print(table)
    out.print(
        f"{score.pages} pages; {score.taken} of {score.look_alikes} look-alikes taken for codes."
    )


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
