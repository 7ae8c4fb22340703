"""What is new to saved searches."""

from __future__ import annotations

from msgspec import convert

from ui.alerts.telling import Told
from ui.schema.model import Model


class NewPassage(Model):
    """A passage that a search finds now and that was not in the library when it was last seen."""

    document: str
    title: str
    payer: str | None
    page: str
    text: str
    cited: str
    address: str


class NewOf(Model):
    """A saved search and what is new to it; `problem` says why it could not be run."""

    name: str
    new: tuple[NewPassage, ...]
    problem: str


class Alerts(Model):
    """`noted` are those told for the first time, `mailed` those that were sent."""

    generation: int
    searches: tuple[NewOf, ...]
    noted: int
    mailed: int


def alerts_of(told: Told) -> Alerts:
    found = {
        name: NewOf(name=name, new=convert(passages, tuple[NewPassage, ...]), problem="")
        for name, passages in told.new.items()
    }
    failed = {
        name: NewOf(name=name, new=(), problem=problem) for name, problem in told.problems.items()
    }
    searches = {**found, **failed}
    return Alerts(
        generation=told.generation,
        searches=tuple(searches[name] for name in sorted(searches)),
        noted=told.noted,
        mailed=told.mailed,
    )
