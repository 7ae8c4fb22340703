"""How good the answers and the found codes are, in the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from assistant.answer import Verdict
from ui.schema.as_json import evaluation_json
from ui.terminal.safe import console, safe

if TYPE_CHECKING:
    from assistant.evaluation.code_score import CodeScore
    from assistant.evaluation.golden import Evaluation
    from assistant.evaluation.page_score import PageScore

_POINTS = 8  # of the threshold curve to show


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
    """What was declined, by nearest topic, and what other thresholds would give."""
    for near, rates in result.declined_by_near.items():
        shares = (f"{name.replace('_', ' ')} {rates[name]:.3f}" for name in Verdict)
        out.print(Text(safe(f"  to decline, {near} ({rates['questions']}): {', '.join(shares)}")))
    for point in result.curve[:: max(1, len(result.curve) // _POINTS)]:
        told = ", ".join(f"{name.replace('_', ' ')} {value:.3f}" for name, value in point.items())
        out.print(Text(f"  {told}", "dim"))


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
