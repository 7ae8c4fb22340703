"""The gate before publishing: a generation that answers golden questions worse has to wait."""

from __future__ import annotations

from dataclasses import dataclass, fields

from index.home import Home
from index.sync.report import SyncReport
from index.sync.writing import Progress
from ui.jobs.evaluations import FIGURES, Comparison, compare
from ui.state.settings import Settings


class Gate:
    """Decides whether a new generation may be published. `found` is the comparison it made."""

    def __init__(self, settings: Settings, progress: Progress) -> None:
        self._settings = settings
        self._progress = progress
        self.found: Comparison | None = None

    def __call__(self, generation: int) -> bool:
        now = Home(self._settings.home).current()
        return not self.compare(now, generation).lowered

    def compare(self, before: int, after: int) -> Comparison:
        self.found = compare(self._settings, before, after, progress=self._progress)
        return self.found


def lowered_in_words(found: Comparison) -> str:
    """The figures that got worse: `right passage first 88.5 % -> 87.9 %`."""
    return "; ".join(
        f"{FIGURES[name].lower()} {before:.1%} → {after:.1%}"
        for name, (before, after) in found.lowered.items()
    )


@dataclass(slots=True)
class GatedReport(SyncReport):
    """What a sync did and, where anything was new to be asked, what the gate compared."""

    gate: Comparison | None = None


def gated(report: SyncReport, found: Comparison | None) -> GatedReport:
    return GatedReport(
        **{field.name: getattr(report, field.name) for field in fields(report)}, gate=found
    )
