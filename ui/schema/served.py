"""What only a server tells: errors as RFC 9457 has them, and what maintainers look at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ui.jobs import evaluations
from ui.jobs.evaluations import FIGURES, Comparison
from ui.schema.model import Model
from ui.state.question_log import Lack


class ProblemDetails(Model, kw_only=True):
    """Why something was not done (RFC 9457). `detail` says what happened and what to do next."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str


class Stored(Model):
    """A file that was put into the library's own folder; the next sync reads it. `pages` is 0 where
    its format has none; `same_as` is a document with the same bytes, `replaces` the number of the
    version that it follows."""

    name: str
    title: str
    pages: int
    same_as: str | None
    replaces: int | None
    warnings: tuple[str, ...]


class Graded(Model):
    """How a generation answered the golden questions. Figures are shares of 1; `outcomes` says what
    became of each question, `compared` what differs from the generation asked before it."""

    generation: int
    questions: int
    declined: int
    figures: Mapping[str, float]
    outcomes: Mapping[str, str]
    compared: Comparison | None


def graded_of(now: Mapping[str, Any], earlier: Mapping[str, Any] | None) -> Graded:
    return Graded(
        generation=now["generation"],
        questions=now["questions"],
        declined=now["declined"],
        figures={name: now[name] for name in FIGURES},
        outcomes=now["outcomes"],
        compared=evaluations.compared(now, earlier) if earlier else None,
    )


class Lacking(Model):
    """Questions that were not answered well, the most frequent first."""

    questions: tuple[Lack, ...]


class Belonging(Model):
    """To which groups a folder or a document belongs. `rule` is what the rule that names it says,
    null without one, empty for everybody. Of each of the `conditions` a person needs one group;
    without any it is everybody's."""

    path: str
    rule: tuple[str, ...] | None
    conditions: tuple[tuple[str, ...], ...]


class Belongings(Model):
    """The rules by which folders and documents belong to groups; `problem` says why they cannot be
    read, and then nobody who signs in sees anything."""

    rules: tuple[Belonging, ...]
    problem: str | None


class Noted(Model):
    """It was kept."""

    kept: bool = True
