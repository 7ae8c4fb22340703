"""What is asked, as it stands in the address: a link reproduces the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from corpus.document import KINDS

LONGEST = 2000  # characters of a question that an address may hold


@dataclass(frozen=True, slots=True)
class Place:
    """A passage as a link names it: a version of a document and where the passage begins in it."""

    document: str
    version: int
    start: int


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and its filters. `on` is None for today; `open` is the passage being looked at."""

    question: str = ""
    on: date | None = None
    payers: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    open: Place | None = None


Parameters = Mapping[str, Sequence[str]]


def read_asked(parameters: Parameters) -> Asked:
    """What an address asks for. What cannot be read in it is left out: links get cut and edited."""
    return Asked(
        question=one(parameters, "q")[:LONGEST],
        on=day(one(parameters, "on")),
        payers=tuple(parameters.get("payer", ())),
        kinds=tuple(kind for kind in parameters.get("kind", ()) if kind in KINDS),
        open=read_place(parameters),
    )


def write_asked(asked: Asked) -> dict[str, str | list[str]]:
    """The parameters of an address that asks for this."""
    written: dict[str, str | list[str]] = {}
    if asked.question:
        written["q"] = asked.question
    if asked.on:
        written["on"] = asked.on.isoformat()
    if asked.payers:
        written["payer"] = list(asked.payers)
    if asked.kinds:
        written["kind"] = list(asked.kinds)
    return written | write_place(asked.open)


def read_place(parameters: Parameters) -> Place | None:
    document, version, start = (one(parameters, name) for name in ("doc", "v", "at"))
    if not (document and version.isdecimal() and start.isdecimal()):
        return None
    return Place(document, int(version), int(start))


def write_place(place: Place | None) -> dict[str, str | list[str]]:
    if place is None:
        return {}
    return {"doc": place.document, "v": str(place.version), "at": str(place.start)}


def one(parameters: Parameters, name: str) -> str:
    """A parameter's last value, as browsers and Streamlit read it."""
    values = parameters.get(name) or ("",)
    return values[-1]


def day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
