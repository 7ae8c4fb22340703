"""A date that a document states, with its meaning and its evidence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from corpus.metadata.dates.meaning import Meaning
from corpus.metadata.dates.place import Place
from corpus.metadata.dates.written import DAY


@dataclass(frozen=True, slots=True)
class Stated:
    """`start` is where its label begins, `end` where the date ends. `strength` is that of the
    label. Where nobody can tell which of two days is meant, `other` is the second; `doubtful` says
    that the date is not to be used until a person confirms it. `last`: it is the last day in force.

    `line` is the line of business that the words restrict it to, "" for none. `row` says that it is
    one of several rows of a table or history: only the newest may date the document.
    """

    meaning: Meaning
    value: date
    start: int
    end: int
    place: Place
    strength: int = 3
    precision: str = DAY
    other: date | None = None
    doubtful: bool = False
    line: str = ""
    row: bool = False
    last: bool = False
