"""The gate before publishing: a generation that answers golden questions worse has to wait."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from index.home import Home
from index.sync.build import Progress
from ui.jobs.evaluations import FIGURES, Changed, Comparison, compare
from ui.state.settings import Settings


class Gate:
    """Decides whether a new generation may be published. `found` is the comparison it made."""

    def __init__(self, settings: Settings, progress: Progress) -> None:
        self._settings = settings
        self._progress = progress
        self.found: Comparison | None = None

    def __call__(self, generation: int) -> bool:
        now = Home(self._settings.home).current()
        self.found = compare(self._settings, now, generation, progress=self._progress)
        return not self.found.lowered


def lowered_in_words(found: Comparison) -> str:
    """The figures that got worse: `right passage first 88.5 % -> 87.9 %`."""
    return "; ".join(
        f"{FIGURES[name].lower()} {before:.1%} → {after:.1%}"
        for name, (before, after) in found.lowered.items()
    )


def gate_json(found: Comparison | None) -> Mapping[str, Any] | None:
    """What was compared, as `--json` and a job's report hold it."""
    if found is None:
        return None
    return {
        "before": found.before,
        "after": found.after,
        "lowered": {name: list(pair) for name, pair in found.lowered.items()},
        "changed": [
            {"question": one.question, "before": one.before, "after": one.after}
            for one in found.changed
        ],
    }


def read_gate(told: Mapping[str, Any]) -> Comparison:
    """The comparison that `gate_json` wrote."""
    return Comparison(
        before=told["before"],
        after=told["after"],
        lowered={name: (pair[0], pair[1]) for name, pair in told["lowered"].items()},
        changed=tuple(Changed(**one) for one in told["changed"]),
    )
