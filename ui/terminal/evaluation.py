"""How good the answers are, as a person reads it in the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from assistant.answer import Verdict
from ui.schema.as_json import evaluation_json
from ui.terminal.safe import console, safe

if TYPE_CHECKING:
    from assistant.evaluation.golden import Evaluation

_POINTS = 8  # of the curve of thresholds, that are shown


def show_evaluation(result: Evaluation) -> None:
    out = console()
    table = Table(box=None, padding=(0, 2))
    for name, value in evaluation_json(result).items():
        if isinstance(value, int | float):
            shown = f"{value:.3f}" if isinstance(value, float) else f"{value:,}"
            table.add_row(name.replace("_", " "), shown)
    out.print(table)
    _show_verdicts(out, result)
    for score in evaluation_json(result)["codes"]:
        shares = (
            f"{name} {score[name]:.3f}"
            for name in ("precision", "recall")
            if score[name] is not None
        )
        out.print(
            Text(
                f"  codes {score['system']} ({score['half'].replace('_', ' ')}, "
                f"{score['mentions']} mentions): {', '.join(shares)}"
            )
        )
    for outcome in result.outcomes:
        golden = outcome.golden
        if golden.decline and outcome.verdict is Verdict.ANSWERED:
            out.print(Text(safe(f"false answer: {golden.id} {golden.question} ({outcome.first})")))
        elif not golden.decline and outcome.rank != 1:
            place_ = f"at {outcome.rank}" if outcome.rank else "not found"
            out.print(
                Text(safe(f"{place_}: {golden.id} {golden.question} ({outcome.first})"), "dim")
            )


def _show_verdicts(out: Console, result: Evaluation) -> None:
    """What was declined, by what it comes near to, and what other thresholds would give."""
    for near, rates in result.declined_by_near.items():
        shares = (f"{name.replace('_', ' ')} {rates[name]:.3f}" for name in Verdict)
        out.print(Text(safe(f"  to decline, {near} ({rates['questions']}): {', '.join(shares)}")))
    for point in result.curve[:: max(1, len(result.curve) // _POINTS)]:
        told = ", ".join(f"{name.replace('_', ' ')} {value:.3f}" for name, value in point.items())
        out.print(Text(f"  {told}", "dim"))
