"""Waiting for what a job comes to."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from ui.jobs import jobs


def wait_for(done: Callable[[], object], *, seconds: int = 60) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "it did not come to an end"
        time.sleep(0.05)


def state_of(home: Path, number: int) -> str:
    job = jobs.read(home, number)
    return job.state if job else ""
