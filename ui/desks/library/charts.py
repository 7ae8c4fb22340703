"""What people would rather look at than read: questions over time, freshness by payer, as data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from assistant.policies.freshness import Freshness, Staleness
from ui.state.records import Question
from ui.wording import plain, written_day

VERDICTS = {"answered": "Answered", "weak": "Weak", "not_found": "Not found"}
_DAYS = 30  # shown at the most, and at the least: a single column tells nothing
_WHY = {
    Staleness.PAST_REVIEW: "Past its review",
    Staleness.SILENT: "Silent for a year",
    Staleness.UNDATED: "Without any date",
}


def days_data(questions: Sequence[Question]) -> dict[str, Any]:
    """How many questions got which verdict on each of the last thirty days that had any."""
    counted = Counter((one.at[:10], one.verdict) for one in questions)
    last = date.fromisoformat(max(day for day, _ in counted))
    days = [last - timedelta(days=ago) for ago in reversed(range(_DAYS))]
    rows = [
        {
            "label": written_day(day),
            "parts": [counted[(day.isoformat(), verdict)] for verdict in VERDICTS],
        }
        for day in days
    ]
    return {
        "draw": "days",
        "rows": rows,
        "series": _series(VERDICTS.values(), ("good", "fair", "poor")),
        "alt": f"Questions by day and verdict, {_DAYS} days until {written_day(last)}",
    }


def freshness_data(found: Freshness) -> dict[str, Any]:
    """How many documents of each payer want a look, by the reason; most first."""
    rows = [
        {
            "label": plain(payer or "No payer"),
            "parts": [sum(stale.why is why for stale in held) for why in _WHY],
        }
        for payer, held in sorted(found.by_payer.items(), key=lambda pair: -len(pair[1]))
    ]
    return {
        "draw": "bars",
        "rows": rows,
        "series": _series(_WHY.values(), ("fair", "poor", "dim")),
        "alt": "Documents to look at again, by payer and reason",
    }


def _series(names: Iterable[str], tones: Sequence[str]) -> list[dict[str, str]]:
    return [{"name": name, "tone": tone} for name, tone in zip(names, tones, strict=True)]
