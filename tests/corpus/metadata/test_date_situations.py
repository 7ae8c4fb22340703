"""Situations in which documents print dates, and how many are read rightly, wrongly, not at all.

Even ones are those that the rules were made with; the odd ones were written with them and first
looked at when the rules stood. The later ones were written then, to be read at first sight.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from corpus.document import SURE, Page
from corpus.metadata.dates import read_dates

_FILES = [Path(__file__).parent / f"date_situations{which}.txt" for which in ("", "_later")]
_PROSE = "The plan considers it medically necessary when the record supports all criteria. " * 45
_TODAY = date(2026, 11, 28)
_ALWAYS = {"effective", "retired", "standing"}  # empty unless the situation names them


@dataclass(frozen=True, slots=True)
class Situation:
    name: str
    wanted: dict[str, str]
    text: str
    pages: tuple[Page, ...]

    def wrong(self) -> dict[str, tuple[str | None, str | None]]:
        """What was wanted and what was read, where they differ."""
        reading = read_dates(self.text, self.pages, on=_TODAY)
        read = {one.field: one.value.isoformat() for one in reading.found if one.sure >= SURE}
        if reading.standing:
            read["standing"] = reading.standing.value
        return {
            name: (self.wanted.get(name), read.get(name))
            for name in sorted(_ALWAYS | set(self.wanted))
            if self.wanted.get(name) != read.get(name)
        }


def _situations(file: Path) -> Iterator[Situation]:
    for part in re.split(r"(?m)^### ", file.read_text("utf-8"))[1:]:
        head, _, body = part.partition("\n")
        name, _, wanted = head.partition("|")
        written = body.strip("\n").replace("%FILLER%", _PROSE).split("%PAGE%\n")
        pages, text = [], ""
        for number, page in enumerate(written, 1):
            pages.append(Page(number, len(text)))
            text += page + "\n"
        fields = dict(one.split("=") for one in wanted.split())
        yield Situation(name.strip(), fields, text, tuple(pages) if len(pages) > 1 else ())


ALL, LATER = (tuple(_situations(file)) for file in _FILES)


@pytest.mark.parametrize("situation", (*ALL[::2], *LATER), ids=lambda one: one.name)
def test_a_situation_that_the_rules_know_is_read_rightly(situation: Situation) -> None:
    assert situation.wrong() == {}


def test_of_those_held_out_nearly_all_are_read_rightly_and_hardly_any_wrongly() -> None:
    held_out = ALL[1::2]
    missed = {one.name: differs for one in held_out if (differs := one.wrong())}
    wrong = [name for name, it in missed.items() if any(read for _, read in it.values())]
    assert len(ALL) >= 150
    assert len(missed) <= 0.05 * len(held_out), missed
    assert len(wrong) <= 0.01 * len(held_out), missed
