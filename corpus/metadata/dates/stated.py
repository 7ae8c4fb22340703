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
    label. `value` is None where nobody can tell which day is meant, and `doubt` says why.

    `line` is the line of business that the words restrict it to, "" for none. `row` says that it is
    one of several rows of a table or history: only the newest may date the document.
    """

    meaning: Meaning
    value: date | None
    start: int
    end: int
    place: Place
    strength: int = 3
    precision: str = DAY
    doubt: str = ""
    line: str = ""
    row: bool = False
