"""The Search desk: queries with operators and facets, codes, payers, versions, saved searches."""

from __future__ import annotations

from typing import Any

import streamlit as st

from assistant.desk import Desk
from corpus.errors import CodedeskError
from index.errors import NoIndex
from index.library import Library
from ui.access.roles import Act
from ui.desks.parts import opening
from ui.desks.parts.components import draw_frame
from ui.desks.parts.first_run import first_run, trouble
from ui.desks.parts.guard import show_notice
from ui.desks.parts.page_view import look_at
from ui.desks.search.address import ADDRESS, BOX, VIEWS, Searched
from ui.desks.search.codes import code_view, payers_view, versions_view
from ui.desks.search.passages import passages_view
from ui.desks.search.saved import saved_view

_SHOWS: dict[str, Any] = {
    "passages": passages_view,
    "code": code_view,
    "payers": payers_view,
    "versions": versions_view,
    "saved": saved_view,
}


def show() -> None:
    """The whole page."""
    draw_frame(box=BOX)
    try:
        opening.allow(Act.LIST)
        desk = opening.open_desk()
        library = desk.library
    except NoIndex:
        first_run()
        return
    except CodedeskError as error:
        trouble(error)
        return
    searched = ADDRESS.take_up(library)
    show_notice(ADDRESS.page, left=bool(searched.query or searched.code or _too_long()))
    st.segmented_control(
        "View",
        list(VIEWS),
        format_func=VIEWS.__getitem__,
        key="search_view",
        required=True,
        label_visibility="collapsed",
        on_change=ADDRESS.changed,
    )
    _view(desk, library, searched)


def _view(desk: Desk, library: Library, searched: Searched) -> None:
    try:
        _SHOWS[searched.view](desk, library, searched)
    except CodedeskError as error:
        trouble(error)
    if searched.open:
        look_at(library, searched.open, marks=(), closed=ADDRESS.close)


def _too_long() -> bool:
    return any(ADDRESS.too_long(field) for field in ("query", "code"))
