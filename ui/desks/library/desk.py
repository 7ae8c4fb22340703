"""The Library desk: documents, uploads, sync, generations, quality, what the library lacks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import streamlit as st

from corpus.errors import CodedeskError
from index.errors import NoIndex
from ui.access.roles import Act
from ui.desks.library.activity import activity_view
from ui.desks.library.add import add_view
from ui.desks.library.care import care_view
from ui.desks.library.documents import documents_view
from ui.desks.library.generations import damaged_view, generations_view, instead_view
from ui.desks.library.private import private_view
from ui.desks.library.quality import quality_view
from ui.desks.library.review import review_view
from ui.desks.library.trash_view import trash_view
from ui.desks.parts import opening
from ui.desks.parts.binding import Binding, Choice
from ui.desks.parts.components import draw_frame
from ui.desks.parts.first_run import first_run, trouble
from ui.desks.parts.job_view import start_sync, watch_job

VIEWS = {
    "documents": "Documents",
    "review": "Review",
    "add": "Add",
    "private": "Private",
    "generations": "Generations",
    "quality": "Quality",
    "activity": "Activity",
    "care": "Care",
    "trash": "Trash",
}
_SHOWS: dict[str, Any] = {
    "documents": documents_view,
    "review": review_view,
    "add": add_view,
    "private": private_view,
    "generations": generations_view,
    "quality": quality_view,
    "activity": activity_view,
    "care": care_view,
    "trash": trash_view,
}


@dataclass(frozen=True, slots=True)
class Looked:
    """What of the library is looked at."""

    view: str = "documents"


ADDRESS = Binding(
    page="library",
    asks=Looked,
    parts={"view": Choice("view", "library_view", among=VIEWS)},
)


def show() -> None:
    """The whole page."""
    draw_frame(box="Find a document")
    try:
        opening.allow(Act.WATCH)
        desk = opening.open_desk()
        library = desk.library
    except NoIndex:
        first_run()
        return
    except CodedeskError as error:
        trouble(error)
        damaged_view()
        watch_job()
        return
    view = ADDRESS.take_up(library).view
    _choice()
    instead_view(desk)
    watch_job()
    try:
        _SHOWS[view](desk, library)
    except CodedeskError as error:
        trouble(error)


def _choice() -> None:
    row = st.container(
        horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"
    )
    row.segmented_control(
        "View",
        list(VIEWS),
        format_func=VIEWS.__getitem__,
        key="library_view",
        required=True,
        label_visibility="collapsed",
        on_change=ADDRESS.changed,
    )
    row.button(
        "Sync now",
        type="primary",
        icon=":material/sync:",
        on_click=start_sync,
        help="Reads new and changed files. The present index answers meanwhile.",
    )
