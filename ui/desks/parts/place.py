"""What addresses are made of: passages, days, words. A link reproduces its page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

Parameters = Mapping[str, Sequence[str]]
LONGEST = 2000  # characters of a question that an address may hold


@dataclass(frozen=True, slots=True)
class Place:
    """A passage as a link names it: a version of a document and where the passage begins in it."""

    document: str
    version: int
    start: int


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
