"""The review queue: what was found in documents, for a person to accept, to correct or to skip."""

from __future__ import annotations

from datetime import date
from typing import Any

import streamlit as st

from assistant.desk import Desk
from corpus.document import DATES, FoundText
from corpus.errors import CodedeskError
from corpus.metadata.told import Value
from index.library import Library
from ui.access.roles import Act
from ui.confirming.book import Book, Refused
from ui.confirming.checks import Change, change, written
from ui.confirming.labels import HINTS, LABELS
from ui.confirming.queue import Open, Waiting, accepted, places_of, waiting
from ui.desks.library.edits import edits_view, pending
from ui.desks.library.names import names_view
from ui.desks.library.sheet import sheet_view
from ui.desks.library.versions import versions_view
from ui.desks.parts import opening
from ui.desks.parts.components import draw_page
from ui.desks.parts.page_view import stops_of, view_data
from ui.wording import escape_markdown, plain, written_day

_WAYS = {
    "cards": "One by one",
    "sheet": "As a table",
    "versions": "Versions",
    "names": "Names",
    "edits": "Edits",
}
_SKIPPED, _CORRECTING, _PAGE = "review_skipped", "review_correcting", "review_page"


def review_view(desk: Desk, library: Library) -> None:
    """What waits, in the way that was chosen."""
    book = opening.open_book(library)
    pending(library, book)
    way = st.segmented_control(
        "Way of reviewing",
        list(_WAYS),
        format_func=_WAYS.__getitem__,
        key="review_way",
        default="cards",
        required=True,
        label_visibility="collapsed",
    )
    if way == "versions":
        versions_view(library)
    elif way == "names":
        names_view(library)
    elif way == "edits":
        edits_view(library, book)
    elif way == "sheet":
        sheet_view(library, book, _held(library, book))
    else:
        _cards(library, _held(library, book))


def _held(library: Library, book: Book) -> list[Waiting]:
    """What waits; looked for once, until something is edited or read."""
    newest = book.edits(most=1)
    state = (library.generation, library.hidden, newest[0].number if newest else 0)
    kept = st.session_state.get("review_held")
    if kept is None or kept[0] != state:
        kept = st.session_state["review_held"] = (state, waiting(library, book))
    return list(kept[1])


def _cards(library: Library, held: list[Waiting]) -> None:
    if not held:
        st.success(
            "Nothing waits: of all that was found in the documents, somebody has looked at each "
            "value.",
            icon=":material/check_circle:",
        )
        return
    skipped = st.session_state.setdefault(_SKIPPED, [])
    order = {document: at for at, document in enumerate(skipped)}
    held.sort(key=lambda one: order.get(one.version.document, -1))
    one = held[0]
    count = f"{len(held):,} {'document waits' if len(held) == 1 else 'documents wait'}"
    st.caption(f"{count} for a look. A value that nobody confirmed is used, and marked as such.")
    page, values = st.columns([11, 9], gap="medium")
    with values:
        _card(one, library)
    with page:
        _page(one, library)


def _page(one: Waiting, library: Library) -> None:
    """The page on which the first evidence stands, with all evidence on it framed."""
    document = library.document(one.version.id)
    stops = stops_of(document)
    first = 1
    if one.page and document.pages:
        numbers = [page.number for page in document.pages]
        first = numbers.index(one.page) + 1 if one.page in numbers else 1
    turned = st.session_state.get(_PAGE)
    here = turned[1] if turned and turned[0] == one.version.id else first
    here = min(max(here, 1), len(stops))

    def turn(number: float) -> None:
        st.session_state[_PAGE] = (one.version.id, int(number))

    evidence = [found for field in one.fields for found in field.found]
    framed = places_of(document, evidence)
    data = view_data(one.version, document, stops, here=here, framed=framed)
    data |= {"framed": "what was found", "apart": True}
    draw_page(data, key=f"review_page_{one.version.id}", on={"turn": turn})


def _card(one: Waiting, library: Library) -> None:
    st.subheader(escape_markdown(plain(one.version.metadata.title)), anchor=False)
    st.caption(escape_markdown(plain(one.version.document)))
    if problem := st.session_state.pop("review_problem", None):
        st.error(escape_markdown(problem), icon=":material/error:")
    if st.session_state.get(_CORRECTING) == one.version.id:
        _correcting(one, library)
        return
    with st.container(horizontal=True):
        st.button(
            "Accept",
            key="review_accept",
            type="primary",
            shortcut="A",
            icon=":material/check:",
            on_click=_accept,
            args=(one, library),
            help="Confirms what is used and what is ticked. The rest is not known from then on.",
        )
        st.button(
            "Correct",
            key="review_correct",
            shortcut="E",
            icon=":material/edit:",
            on_click=_correct,
            args=(one,),
            help="Opens the values for writing.",
        )
        st.button(
            "Skip",
            key="review_skip",
            shortcut="S",
            icon=":material/skip_next:",
            on_click=_skip,
            args=(one,),
            help="Puts it at the end of the queue. Nothing is changed.",
        )
    for field in one.fields:
        _field(one, field)


def _field(one: Waiting, field: Open) -> None:
    with st.container(border=True, gap="xsmall"):
        label = LABELS[field.field]
        if field.value is not None:
            st.markdown(f"**{label}** {_shown(field.field, field.value)}")
        else:
            st.markdown(f"**{label}** is not known. Perhaps:")
            for at, value in enumerate(field.perhaps):
                st.checkbox(_shown(field.field, value), key=_tick(one, field, at))
        for found in field.found:
            st.text(_evidence(found))


def _shown(field: str, value: Value) -> str:
    if field in DATES and isinstance(value, str):
        return written_day(date.fromisoformat(value))
    return escape_markdown(plain(written(value)))


def _tick(one: Waiting, field: Open, at: int) -> str:
    return f"review_{one.version.id}_{field.field}_{at}"


def _evidence(found: FoundText) -> str:
    """As text: Markdown would make a link of an address, whatever is escaped."""
    where = f"Page {found.page}" if found.page else "In the file"
    return f"{where}, {found.sure:.0%} sure: “{plain(found.sentence)}”"


def _correcting(one: Waiting, library: Library) -> None:
    with st.form(f"review_form_{one.version.id}", border=False, enter_to_submit=True):
        keys = {field.field: f"review_{one.version.id}_{field.field}" for field in one.fields}
        for field in one.fields:
            shown = written(field.value) or (field.perhaps[0] if field.perhaps else "")
            st.session_state.setdefault(keys[field.field], shown)
            st.text_input(LABELS[field.field], key=keys[field.field], help=HINTS.get(field.field))
            for found in field.found:
                st.text(_evidence(found))
        with st.container(horizontal=True):
            st.form_submit_button(
                "Save",
                type="primary",
                icon=":material/check:",
                on_click=_save,
                args=(one, library, keys),
                help="An empty value is not known from then on.",
            )
            st.form_submit_button("Back", on_click=_back)


def _accept(one: Waiting, library: Library) -> None:
    chosen: dict[str, Value] = {}
    try:
        for field in one.fields:
            ticked = [
                value
                for at, value in enumerate(field.perhaps)
                if st.session_state.get(_tick(one, field, at))
            ]
            if ticked:
                document = one.version.document
                chosen[field.field] = change(document, field.field, "; ".join(ticked)).value
    except CodedeskError as error:
        st.session_state["review_problem"] = str(error)
        return
    _apply(accepted(one, chosen), library, "accepted on the page")


def _save(one: Waiting, library: Library, keys: dict[str, str]) -> None:
    typed: list[Change] = []
    try:
        for field, key in keys.items():
            typed.append(change(one.version.document, field, st.session_state.get(key)))
    except CodedeskError as error:
        st.session_state["review_problem"] = str(error)
        return
    if _apply(typed, library, "corrected on the page"):
        _back()


def _apply(changes: list[Change], library: Library, what: str) -> bool:
    try:
        opening.allow(Act.EDIT)
        opening.require_seen(*(one.document for one in changes))
        edit = opening.open_book(library).apply(library, changes, what=what, who=opening.who())
    except (CodedeskError, OSError) as error:
        first = error.problems[0].sentence if isinstance(error, Refused) else str(error)
        st.session_state["review_problem"] = first
        return False
    if edit:
        opening.audit("edit", edit=edit.number, documents=[one.document for one in edit.changes])
        values = f"{len(edit.changes)} {'value' if len(edit.changes) == 1 else 'values'}"
        st.toast(f"{values} kept. Undo it under Edits.", icon=":material/check:")
    return True


def _correct(one: Waiting) -> None:
    st.session_state[_CORRECTING] = one.version.id


def _back() -> None:
    st.session_state.pop(_CORRECTING, None)


def _skip(one: Waiting) -> None:
    skipped: list[Any] = st.session_state.setdefault(_SKIPPED, [])
    if one.version.document in skipped:
        skipped.remove(one.version.document)
    skipped.append(one.version.document)
