"""Lets a kept generation answer from the pages or the API."""

from __future__ import annotations

from contextlib import closing, suppress
from pathlib import Path

from index.home import Home
from index.home.generations import roll_back
from ui.jobs import jobs
from ui.state.records import Records


def let_answer(home: Path, generation: int | None) -> tuple[int, int]:
    """Let a generation answer, by default the one before, and have it told in a process of its own
    what is new by it to saved searches. Gives the generation that answered and the one that does.
    Raises like roll_back."""
    before, now = roll_back(Home(home), generation)
    with closing(Records(home)) as records:
        watched = bool(records.saved())
    if watched:
        with suppress(jobs.JobProblem):  # a sync under way tells it at its end
            jobs.start(home, "alerts")
    return before, now
