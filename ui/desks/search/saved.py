"""Saved searches: stored under a name, and run again to show what is new."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from assistant.answer import Citation
from assistant.desk import Desk
from corpus.errors import CodedeskError
from index.library import Library
from ui.access.discretion import Discretion
from ui.access.roles import Act
from ui.alerts.feed import NAME, feed
from ui.alerts.looking import Looked, look, seen_now
from ui.desks.parts import opening
from ui.desks.parts.cards import card, place_of
from ui.desks.parts.components import draw_answer
from ui.desks.parts.guard import begin, guard_box
from ui.desks.search.address import ADDRESS, Searched, go
from ui.state.searches import Saved
from ui.wording import beginning, escape_markdown

_LONGEST = 80  # characters of a name
_SHOWN = 5  # new passages of each search


def save_form(desk: Desk, searched: Searched) -> None:
    """The button that saves a search. Each search has its own box: no earlier name stays in it."""
    key = f"save_name_{hash(replace(searched, open=None))}"
    form = st.popover("Save this search", icon=":material/bookmark_add:")
    with form.form("save_form", border=False):
        st.text_input("Name", key=key, value=beginning(searched.query, most=_LONGEST))
        st.form_submit_button("Save", type="primary", on_click=_save, args=(key, searched, desk))


def show_refusal() -> None:
    """Show why a search was not saved."""
    if problem := st.session_state.pop("save_problem", None):
        st.warning(escape_markdown(problem), icon=":material/bookmark_remove:")


def _save(key: str, searched: Searched, desk: Desk) -> None:
    begin(ADDRESS.page)
    name = guard_box(key, page=ADDRESS.page)
    if not name:
        st.session_state["save_problem"] = "It was not saved: give it a name."
        return
    if len(name) > _LONGEST:
        st.session_state["save_problem"] = (
            f"It was not saved: the name is {len(name):,} characters long; a name has at most "
            f"{_LONGEST}. Shorten it."
        )
        return
    try:
        seen, since = seen_now(desk, searched)
        opening.open_records().save(
            name,
            address=opening.discretion().marked(
                ADDRESS.write(replace(searched, open=None, page=1))
            ),
            generation=desk.library.generation,
            seen=seen,
            since=since,
        )
    except CodedeskError as error:  # the name is taken, for one
        st.session_state["save_problem"] = str(error)
        return
    st.toast("Saved.", icon=":material/bookmark_added:")


def saved_view(desk: Desk, library: Library, searched: Searched) -> None:
    """All saved searches, with what is new in each."""
    seen, whole = opening.discretion(), opening.whole_desk()
    saved = [one for one in opening.open_records().saved() if seen.heard(one.seen_by)]
    if not saved:
        st.info(
            "No search is saved yet. Search for something, then press “Save this search”: it is "
            "asked again after every sync, and shows here what is new.",
            icon=":material/bookmark:",
        )
        return
    with st.container(horizontal=True):
        st.download_button(
            "Feed (Atom)",
            opening.file_of(Act.LIST, library, feed_of(saved, seen), "feed"),
            file_name=NAME,
            mime="application/atom+xml",
            icon=":material/rss_feed:",
            on_click="ignore",
            help=f"What was new after each sync. A reader can watch {opening.home().path / NAME}.",
        )
    for one in saved:
        try:
            _one(whole, one)
        except CodedeskError as error:
            st.error(escape_markdown(f"{one.name}: {error}"))


def feed_of(saved: Sequence[Saved], seen: Discretion) -> Callable[[], bytes]:
    """Makes the feed of some searches when it is asked for, in a thread of its own."""
    records, address = opening.open_records(), opening.settings().address
    names = {one.name for one in saved}

    def made() -> bytes:
        told = [
            one
            for one in records.alerts()
            if one.name in names and seen.sees(str(one.passage.get("document", "")))
        ]
        return feed(told, address=address)

    return made


def _one(desk: Desk, saved: Saved) -> None:
    looked = look(desk, saved)
    with st.container(border=True):
        row = st.container(horizontal=True, vertical_alignment="center")
        row.markdown(f"**{escape_markdown(saved.name)}**  \n{_news(looked)}")
        row.button("Open", key=f"open_{saved.name}", on_click=go, args=(looked.searched,))
        row.button(
            "Mark as seen",
            key=f"seen_{saved.name}",
            on_click=_seen,
            args=(looked,),
            disabled=not looked.news.new and not looked.news.gone,
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
                    "cards": [card(one, link=_link(looked, one)) for one in looked.new[:_SHOWN]],
                    "print": False,
                    "reasons": None,
                },
                key=f"new_{saved.name}",
                on={"open": ADDRESS.look_at},
            )
            if len(looked.news.new) > _SHOWN:
                st.caption(f"{len(looked.news.new) - _SHOWN:,} more are new.")


def _news(looked: Looked) -> str:
    saved = looked.saved
    count = len(looked.news.marks)
    told = f"{count:,} {'passage' if count == 1 else 'passages'}"
    new, gone = len(looked.news.new), looked.news.gone
    if not new and not gone:
        return f"{told}. Nothing new since generation {saved.generation}."
    parts = [f"**{new:,} new** since generation {saved.generation}"]
    if gone:
        parts.append(f"{gone:,} found no longer")
    return f"{told}. {', '.join(parts)}; this is generation {looked.generation}."


def _seen(looked: Looked) -> None:
    _require_heard(looked.saved.name)
    opening.open_records().mark_seen(
        looked.saved.name,
        generation=looked.generation,
        seen=sorted(looked.news.marks),
        since=looked.since,
    )


def _require_heard(name: str) -> None:
    """Raises CodedeskError for a search that is not shown to who presses."""
    opening.allow(Act.LIST)
    seen = opening.discretion()
    known = (one for one in opening.open_records().saved() if one.name == name)
    if not any(seen.heard(one.seen_by) for one in known):
        raise CodedeskError("There is no such search.")


def _unsave(name: str) -> None:
    _require_heard(name)
    opening.open_records().unsave(name)


def _link(looked: Looked, citation: Citation) -> str:
    address = {**ADDRESS.write(looked.searched), **_place(citation)}
    return f"?{urlencode(address, doseq=True)}"


def _place(citation: Citation) -> Mapping[str, Any]:
    place = place_of(citation)
    return {"doc": place.document, "v": place.version, "at": place.start}
