"""Saved searches, asked again of the index as it is now: what is new since they were seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from assistant.answer import Citation
from assistant.desk import Desk
from corpus.errors import CodedeskError
from index.library import Library
from ui.desks.parts import opening
from ui.desks.parts.cards import card, place_of
from ui.desks.parts.components import draw_answer
from ui.desks.search.address import Searched, read_searched, write_searched
from ui.desks.search.facets import narrowed
from ui.desks.search.passages import MOST
from ui.desks.search.saved_state import mark_of, seen_now
from ui.desks.search.state import go, open_place
from ui.state.records import Saved
from ui.wording import escape_markdown


@dataclass(frozen=True, slots=True)
class Looked:
    """A saved search asked now: what is there, and what was not when it was last seen."""

    searched: Searched
    citations: tuple[Citation, ...]
    new: tuple[Citation, ...]
    gone: int


def saved_view(desk: Desk, library: Library, searched: Searched) -> None:
    """All saved searches, those with something new first."""
    saved = opening.open_records().saved()
    if not saved:
        st.info(
            "No search is saved yet. Search for something, then press “Save this search”: it is "
            "asked again after every sync, and shows here what is new.",
            icon=":material/bookmark:",
        )
        return
    for one in saved:
        try:
            _one(desk, library, one)
        except CodedeskError as error:
            st.error(escape_markdown(f"{one.name}: {error}"))


def look(desk: Desk, saved: Saved) -> Looked:
    """Ask a saved search of the current generation."""
    searched = read_searched(_parameters(saved.address))
    answer = desk.search(searched.query, narrowed(searched), k=MOST, mode=searched.mode)
    citations = answer.citations
    new = tuple(one for one in citations if mark_of(one) not in saved.seen)
    return Looked(searched, citations, new, len(saved.seen - set(seen_now(citations))))


def _one(desk: Desk, library: Library, saved: Saved) -> None:
    looked = look(desk, saved)
    with st.container(border=True):
        row = st.container(horizontal=True, vertical_alignment="center")
        row.markdown(f"**{escape_markdown(saved.name)}**  \n{_news(looked, saved, library)}")
        row.button("Open", key=f"open_{saved.name}", on_click=go, args=(looked.searched,))
        row.button(
            "Mark as seen",
            key=f"seen_{saved.name}",
            on_click=_seen,
            args=(saved, looked, library.generation),
            disabled=not looked.new and not looked.gone,
        )
        row.button(
            "Delete",
            key=f"unsave_{saved.name}",
            type="tertiary",
            on_click=_unsave,
            args=(saved.name,),
        )
        if looked.new:
            draw_answer(
                {
                    "draw": "cards",
                    "cards": [card(one, link=_link(looked, one)) for one in looked.new[:5]],
                    "print": False,
                    "reasons": None,
                },
                key=f"new_{saved.name}",
                on={"open": open_place},
            )


def _news(looked: Looked, saved: Saved, library: Library) -> str:
    count = f"{len(looked.citations)} passages"
    if not looked.new and not looked.gone:
        return f"{count}. Nothing new since generation {saved.generation}."
    gone = f", {looked.gone} no longer found" if looked.gone else ""
    return (
        f"{count}. **{len(looked.new)} new** since generation {saved.generation}{gone}; "
        f"this is generation {library.generation}."
    )


def _seen(saved: Saved, looked: Looked, generation: int) -> None:
    opening.open_records().save(
        saved.name,
        address=saved.address,
        generation=generation,
        seen=seen_now(looked.citations),
    )


def _unsave(name: str) -> None:
    opening.open_records().unsave(name)


def _link(looked: Looked, citation: Citation) -> str:
    address = {**write_searched(looked.searched), **_place(citation)}
    return f"?{urlencode(address, doseq=True)}"


def _place(citation: Citation) -> Mapping[str, Any]:
    place = place_of(citation)
    return {"doc": place.document, "v": place.version, "at": place.start}


def _parameters(address: Mapping[str, Any]) -> dict[str, Sequence[str]]:
    return {name: [value] if isinstance(value, str) else value for name, value in address.items()}
