"""Saved searches: stored under a name, and run again to show what is new."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from assistant.answer import Answer, Citation
from assistant.desk import Desk
from corpus.errors import CodedeskError
from index.library import Library
from ui.desks.parts import opening
from ui.desks.parts.cards import card, place_of
from ui.desks.parts.components import draw_answer
from ui.desks.parts.guard import begin, guard_box
from ui.desks.search.address import (
    MOST,
    PAGE,
    Searched,
    go,
    open_place,
    read_searched,
    write_searched,
)
from ui.desks.search.facets import narrowed
from ui.state.records import NameTaken, Saved
from ui.wording import escape_markdown


@dataclass(frozen=True, slots=True)
class Looked:
    """A saved search run now: what it finds, and what is new since it was last seen."""

    searched: Searched
    citations: tuple[Citation, ...]
    new: tuple[Citation, ...]
    gone: int


def save_form(found: Answer, searched: Searched) -> None:
    """The button that saves a search. Each search has its own box: no earlier name stays in it."""
    key = f"save_name_{hash(replace(searched, open=None))}"
    form = st.popover("Save this search", icon=":material/bookmark_add:")
    with form.form("save_form", border=False):
        st.text_input("Name", key=key, max_chars=80, value=searched.query[:80])
        st.form_submit_button("Save", type="primary", on_click=_save, args=(key, searched, found))


def show_refusal() -> None:
    """Show why a search was not saved."""
    if problem := st.session_state.pop("save_problem", None):
        st.warning(escape_markdown(problem), icon=":material/bookmark_remove:")


def _save(key: str, searched: Searched, found: Answer) -> None:
    begin(PAGE)
    name = guard_box(key, page=PAGE)
    if not name:
        st.session_state["save_problem"] = "It was not saved: give it a name."
        return
    try:
        opening.open_records().save(
            name,
            address=write_searched(replace(searched, open=None)),
            generation=found.generation,
            seen=seen_now(found.citations),
        )
    except NameTaken as error:
        st.session_state["save_problem"] = str(error)
        return
    st.toast("Saved.", icon=":material/bookmark_added:")


def mark_of(citation: Citation) -> str:
    """A passage, identified by its document and text: ids and positions change between syncs."""
    said = f"{citation.version.document}\n{citation.text}"
    return sha256(said.encode()).hexdigest()[:24]


def seen_now(citations: Iterable[Citation]) -> list[str]:
    """The passages seen now, so that a later look shows only new ones."""
    return [mark_of(citation) for citation in citations]


def saved_view(desk: Desk, library: Library, searched: Searched) -> None:
    """All saved searches, with what is new in each."""
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
    """Run a saved search on the current generation."""
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
    opening.open_records().mark_seen(
        saved.name, generation=generation, seen=seen_now(looked.citations)
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
