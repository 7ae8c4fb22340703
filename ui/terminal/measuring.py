"""How good the answers and the found codes are, in the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import asdict
from rich.console import Console
from rich.table import Table
from rich.text import Text

from assistant.answer import Verdict
from ui.terminal.safe import console, safe

if TYPE_CHECKING:
    from ui.schema.measured import Evaluation, IdentityScore, PageScore

_POINTS = 8  # of the threshold curve to show


def show_evaluation(result: Evaluation) -> None:
    out = console()
    out.print(Text(safe(result.name), "bold"))
    table = Table(box=None, padding=(0, 2))
    for name, value in asdict(result).items():
        if isinstance(value, int | float):
            shown = f"{value:.3f}" if isinstance(value, float) else f"{value:,}"
            table.add_row(name.replace("_", " "), shown)
    out.print(table)
    _show_verdicts(out, result)
    for score in result.codes:
        named = (("precision", score.precision), ("recall", score.recall))
        shares = (f"{name} {share:.3f}" for name, share in named if share is not None)
        out.print(
            Text(
                f"  codes {score.system} ({score.half.replace('_', ' ')}, "
                f"{score.mentions} mentions): {', '.join(shares)}"
            )
        )
    for outcome in result.outcomes:
        asked = f"{outcome.id} {outcome.question} ({outcome.first})"
        if outcome.decline and outcome.verdict is Verdict.ANSWERED:
            out.print(Text(safe(f"false answer: {asked}")))
        elif not outcome.decline and outcome.rank != 1:
            place = f"at {outcome.rank}" if outcome.rank else "not found"
            out.print(Text(safe(f"{place}: {asked}"), "dim"))
        for sentence in outcome.unproven:
            out.print(Text(safe(f"not proved: {outcome.id} {sentence}"), "red"))


def _show_verdicts(out: Console, result: Evaluation) -> None:
    """What was declined, by nearest topic, and what other thresholds would give."""
    for near, rates in result.declined_by_near.items():
        shares = (f"{name.replace('_', ' ')} {rates[name]:.3f}" for name in Verdict)
        out.print(Text(safe(f"  to decline, {near} ({rates['questions']}): {', '.join(shares)}")))
    for point in result.curve[:: max(1, len(result.curve) // _POINTS)]:
        told = ", ".join(f"{name.replace('_', ' ')} {value:.3f}" for name, value in point.items())
        out.print(Text(f"  {told}", "dim"))


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


def show_identity_score(score: IdentityScore) -> None:
    out = console()
    for name in score.absent:
        out.print(Text(safe(f"Not in these folders, so not scored: {name}")))
    for error in score.unreadable:
        out.print(Text(safe(error), "red"))
    table = Table(box=None, padding=(0, 2))
    names = ("right", "wrong", "empty", "unsaid", "invented")
    for heading in ("half", "field", *names):
        table.add_column(heading, justify="left" if heading in ("half", "field") else "right")
    for one in score.fields:
        counts = (str(getattr(one, name)) for name in names)
        table.add_row(one.half.replace("_", " "), one.field.replace("_", " "), *counts)
    out.print(table)
    for wrong in score.not_right:
        told = f"{wrong.verdict} {wrong.field}, {wrong.file}: {wrong.expected!r}, {wrong.found!r}"
        out.print(Text(safe(told), "" if wrong.verdict != "empty" else "dim"))
    out.print(f"{score.documents} documents.")


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
