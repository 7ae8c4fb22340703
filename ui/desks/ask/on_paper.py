"""An answer on paper: printed, saved as PDF, or put into the packet."""

from __future__ import annotations

import re
from base64 import b64encode
from typing import Any

import streamlit as st

from assistant.answer import Answer
from index.library import Library
from index.versions import today
from ui.access.roles import Act
from ui.desks.parts import opening
from ui.desks.parts.papers import pictures_of, quote_of, sheet_of
from ui.desks.parts.person import person
from ui.state.packets import MOST, place_in_words

_WANTED = "ask_wanted"  # what was pressed: made once, with the next drawing
_TIMES = "ask_papers"
_PAGE = re.compile(r"/(?:ask|many|packet|search|library)$")


def print_it(value: dict[str, Any]) -> None:
    _want("print", value)


def save_it(value: dict[str, Any]) -> None:
    _want("file", value)


def _want(what: str, value: dict[str, Any]) -> None:
    st.session_state[_TIMES] = st.session_state.get(_TIMES, 0) + 1
    ranks = tuple(rank for rank in value.get("ranks", ()) if isinstance(rank, int))
    st.session_state[_WANTED] = (what, ranks, st.session_state[_TIMES])


def to_paper(library: Library, answer: Answer, *, address: str) -> dict[str, Any]:
    """What the page needs to print or to save what was pressed; {} if nothing was."""
    wanted = st.session_state.pop(_WANTED, None)
    if wanted is None:
        return {}
    what, ranks, token = wanted
    ranks = ranks or tuple(one.rank for one in answer.citations)
    sheet = sheet_of(answer, ranks, address=address)
    pictures = pictures_of(library, [sheet])
    opening.audit(what, question=answer.question, passages=len(sheet.quotes))
    if what == "print":
        drawn = [
            {"png": b64encode(one.png).decode("ascii"), "caption": one.caption}
            for one in pictures.values()
            if one
        ]
        return {"print": {"token": token, "pictures": drawn}}
    from ui.paper.pdf import answer_pdf

    made = answer_pdf(sheet, pictures, printed=today(), address=base_address())
    return {
        "file": {
            "token": token,
            "name": "codedesk-answer.pdf",
            "type": "application/pdf",
            "bytes": b64encode(made).decode("ascii"),
        }
    }


def base_address() -> str:
    """The address of the Ask page, from whichever page, without what is asked."""
    address = (st.context.url or "").partition("?")[0].rstrip("/")
    return f"{_PAGE.sub('', address)}/"


def packed(answer: Answer) -> frozenset[int]:
    """Which passages of the answer are in this person's packet for its question and day."""
    held: frozenset[str] = opening.unless_away(
        lambda: opening.open_packets().places(person(), answer.question, answer.as_of.isoformat()),
        frozenset(),
    )
    if not held:
        return frozenset()
    return frozenset(one.rank for one in answer.citations if place_in_words(quote_of(one)) in held)


def pack(answer: Answer, rank: int, *, wanted: bool, address: str) -> None:
    """Put a passage into the packet, or take it out."""
    sheet = sheet_of(answer, [rank], address=address)
    opening.allow(Act.ASK)
    opening.require_seen(*(quote.document for quote in sheet.quotes))
    packets = opening.open_packets()
    if not wanted:
        packets.remove(person(), sheet)
    elif packets.add(person(), sheet):
        st.toast("It is in the packet.", icon=":material/inventory_2:")
    else:
        st.toast(f"The packet is full: it holds {MOST} passages.", icon=":material/inventory_2:")
