"""The log of edits: what was changed from which value to which, when and by whom, and undo."""

from __future__ import annotations

import streamlit as st

from corpus.errors import CodedeskError
from index.library import Library
from ui.access.discretion import Discretion
from ui.access.roles import Act
from ui.confirming.book import Book
from ui.confirming.checks import written
from ui.confirming.labels import LABELS
from ui.confirming.writing import Edit
from ui.desks.parts import opening
from ui.desks.parts.job_view import start_sync
from ui.wording import escape_markdown, plain

_MOST = 50


def pending(library: Library, book: Book) -> None:
    """Say that the newest edit was made after the library was last read, and offer to read it."""
    said = next((edit for edit in book.edits(most=_MOST) if not edit.of_files), None)
    if said and said.at >= library.about.created:
        row = st.container(horizontal=True, vertical_alignment="center", key="pending")
        row.markdown("Edits wait for the next sync. Until then answers are as before.")
        row.button(
            "Take them up now", icon=":material/sync:", on_click=start_sync, kwargs={"edit": True}
        )


def edits_view(library: Library, book: Book) -> None:
    """Newest first, each with a button to take it back."""
    seen = opening.discretion()
    edits = [edit for edit in book.edits(most=_MOST) if _may_see(seen, edit)]
    if not edits:
        st.caption("Nothing was edited yet.")
        return
    if problem := st.session_state.pop("edits_problem", None):
        st.error(escape_markdown(problem), icon=":material/error:")
    for edit in edits:
        _edit(library, book, edit)


def _may_see(seen: Discretion, edit: Edit) -> bool:
    """Whether an edit is of documents that are all for who sits before the page."""
    return all(seen.sees(one.document) for one in edit.changes)


def _edit(library: Library, book: Book, edit: Edit) -> None:
    with st.container(border=True):
        row = st.container(horizontal=True, vertical_alignment="center")
        head = f"**Edit {edit.number}** · {edit.at[:16].replace('T', ' ')} UTC · "
        row.markdown(head + escape_markdown(plain(f"{edit.who} · {edit.what}")))
        if edit.undone is not None:
            row.badge(f"Undone by edit {edit.undone}", color="gray")
        elif book.can_undo(edit):
            row.button(
                "Undo",
                key=f"undo_{edit.number}",
                icon=":material/undo:",
                on_click=_undo,
                args=(library, edit.number),
            )
        st.dataframe(
            [
                {
                    "File": plain(one.document),
                    "Field": LABELS.get(one.field, "Name"),
                    "What": "Confirmed" if one.old == one.new else "Changed",
                    "Before": plain(written(one.old)) or "not known",
                    "From then on": plain(written(one.new)) or "not known",
                }
                for one in edit.changes
            ],
            hide_index=True,
            height="content" if len(edit.changes) < 8 else 300,
            alt=f"What edit {edit.number} changed",
        )


def _undo(library: Library, number: int) -> None:
    try:
        opening.allow(Act.EDIT)
        opening.require_seen(
            *(one.document for one in opening.open_book(library).edit(number).changes)
        )
        opening.open_book(library).undo(number, who=opening.who())
        opening.audit("undo edit", edit=number)
    except (CodedeskError, OSError) as error:
        st.session_state["edits_problem"] = str(error)
