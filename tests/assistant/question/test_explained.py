"""What the library's documents explain is used: short forms, and the other way round."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from assistant.desk import Desk

MakeDesk = Callable[[Mapping[str, str]], Desk]


@pytest.fixture(scope="module")
def desk(desk_of: MakeDesk) -> Desk:
    filler = "\n\n".join(
        f"## Room {n}\n\nRoom {n} is cleaned on day {n} and has {n} chairs." for n in range(30)
    )
    return desk_of(
        {
            "care.md": "# Wards\n\nA quiet recovery bay (QRB) stands behind the wards.\n\n"
            + filler,
            "hours.md": "# Opening\n\nVisitors of a quiet recovery bay leave at nine.\n",
            "keys.md": "# Keys\n\nThe key of the QRB hangs at the gate.\n",
        }
    )


def _widened(desk: Desk, question: str) -> dict[str, tuple[str, ...]]:
    return {one.typed: one.added for one in desk.ask(question).widened}


@pytest.mark.parametrize("typed", ["QRB", "qrb"])
def test_a_short_form_is_searched_for_by_what_it_stands_for(desk: Desk, typed: str) -> None:
    question = f"when do visitors of the {typed} leave"
    assert _widened(desk, question)[typed] == ("quiet recovery bay",)
    assert desk.ask(question).citations[0].version.document.endswith("hours.md")


def test_what_is_said_in_full_is_searched_for_by_its_short_form(desk: Desk) -> None:
    question = "where is the key of the quiet recovery bay"
    assert _widened(desk, question)["quiet recovery bay"] == ("QRB",)
    first_few = [one.version.document for one in desk.ask(question).citations[:3]]
    assert "small/keys.md" in first_few


def test_an_ordinary_word_is_no_short_form(desk_of: MakeDesk) -> None:
    desk = desk_of({"shop.md": "# Shop\n\nThe whole aisle survey (WAS) counts jars.\n"})
    assert "was" not in _widened(desk, "what was counted")
    assert "WAS" not in _widened(desk, "WHAT WAS COUNTED")
