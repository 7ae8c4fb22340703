"""The packet: passages that a person gathers for a letter or an appeal, as they were shown.

It lies with the records. Questions are masked before they are stored, as all records.
"""

from __future__ import annotations

from pathlib import Path

from msgspec.json import decode, encode
from msgspec.structs import replace

from ui.database.store import store_of
from ui.paper.sheet import Quote, Sheet
from ui.state.privacy import masked

MOST = 60  # passages: a packet is read by somebody


class Packets:
    """Everybody's packets. Threads can share it."""

    def __init__(self, home: Path) -> None:
        self._store = store_of(home)
        self._rows = self._store.rows

    def add(self, person: str, sheet: Sheet) -> bool:
        """Add the sheet's passages; the first to have been added stays. False for a full packet."""
        sheet = replace(sheet, question=masked(sheet.question), address=masked(sheet.address))
        for quote in sheet.quotes:
            if self.count(person) >= MOST:
                return False
            self._rows(
                "INSERT INTO packet (person, question, asked_for, place, sheet)"
                " VALUES (:person, :question, :asked_for, :place, :sheet) ON CONFLICT DO NOTHING",
                **_key(person, sheet, quote),
                sheet=encode(replace(sheet, quotes=(quote,))),
            )
        return True

    def remove(self, person: str, sheet: Sheet) -> None:
        """Take the sheet's passages out."""
        sheet = replace(sheet, question=masked(sheet.question))
        for quote in sheet.quotes:
            self._rows(
                "DELETE FROM packet WHERE person = :person AND question = :question"
                " AND asked_for = :asked_for AND place = :place",
                **_key(person, sheet, quote),
            )

    def empty(self, person: str) -> None:
        self._rows("DELETE FROM packet WHERE person = :person", person=person)

    def forget(self) -> None:
        """Delete everybody's packets."""
        self._store.erase("packet")

    def count(self, person: str) -> int:
        [(count,)] = self._rows("SELECT count(*) FROM packet WHERE person = :person", person=person)
        return int(count)

    def places(self, person: str, question: str, on: str) -> frozenset[str]:
        """The passages that are held for a question and a day; see place_in_words."""
        rows = self._rows(
            "SELECT place FROM packet WHERE person = :person AND question = :question"
            " AND asked_for = :asked_for",
            person=person,
            question=masked(question),
            asked_for=on,
        )
        return frozenset(place for (place,) in rows)

    def sheets(self, person: str) -> list[Sheet]:
        """The packet: each question and day once, in the order in which they were first added."""
        rows = self._rows(
            "SELECT sheet FROM packet WHERE person = :person ORDER BY id", person=person
        )
        gathered: dict[tuple[str, str], Sheet] = {}
        for (stored,) in rows:
            one = decode(stored, type=Sheet)
            before = gathered.get((one.question, one.on))
            quotes = (*before.quotes, *one.quotes) if before else one.quotes
            gathered[one.question, one.on] = replace(before or one, quotes=quotes)
        return list(gathered.values())


def place_in_words(quote: Quote) -> str:
    """A quote's passage as one text: the same passage has the same."""
    return f"{quote.version}:{quote.start}:{quote.document}"


def _key(person: str, sheet: Sheet, quote: Quote) -> dict[str, str]:
    return {
        "person": person,
        "question": sheet.question,
        "asked_for": sheet.on,
        "place": place_in_words(quote),
    }
