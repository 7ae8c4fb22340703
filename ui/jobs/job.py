"""What a job is, as it is told at every face."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from corpus.errors import CodedeskError

KINDS = {
    "sync": "Reading the library",
    "dry run": "Looking at what a sync would do",
    "evaluate": "Asking the golden questions",
    "doctor": "Checking the library",
    "backup": "Making a backup",
    "restore": "Putting a backup back",
    "alerts": "Telling what is new to saved searches",
}
# Nobody asked for them: they follow another one, whose report is what people look for.
FOLLOWING = ("alerts",)


class JobProblem(CodedeskError):
    """A job cannot be started or stopped."""


@dataclass(frozen=True, slots=True)
class Job:
    """A job as it was last written down. `state`: running, done, failed or cancelled.

    `pid` and `since` name its process: its number and when it started (see running.py). `step`,
    `done` and `total` say how far it is, `what` which file is in hand; `report` is what it found,
    `problem` a sentence.
    """

    number: int
    kind: str
    state: str
    pid: int
    started: str
    since: str = ""
    ended: str = ""
    step: str = ""
    done: int = 0
    total: int = 0
    what: str = ""
    problem: str = ""
    report: Mapping[str, Any] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
