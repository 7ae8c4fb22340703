"""Many documents at once, as a table that is edited in place with the checks of an import."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from corpus.document import KINDS, STANDINGS
from corpus.errors import CodedeskError
from index.library import Library
from ui.access.roles import Act
from ui.confirming.book import Book
from ui.confirming.labels import LABELS
from ui.confirming.queue import Waiting
from ui.confirming.table import FOUND, Line, asked_by, rows_of
from ui.desks.parts import opening
from ui.wording import escape_markdown, plain

_SHOWN = (
    *("title", "payer", "kind", "number", "line_of_business", "effective", "retired", "standing"),
    *("publisher", "other_payers", "jurisdiction", "version", "part", "issued", "revised"),
    *("reviewed", "next_review", "source_url"),
)
_CONFIRM, _FILE = "Confirm", "File"


def sheet_view(library: Library, book: Book, held: Sequence[Waiting]) -> None:
    """Those that wait, or all; a cell that is changed is a person's word, a tick confirms a row."""
    everything = st.toggle("Documents that do not wait, too", key="sheet_all")
    rows = rows_of(library, book, None if everything else {one.version.document for one in held})
    if not rows:
        st.caption("No document waits for a look.")
        return
    st.caption(
        "Change cells, tick rows whose found values are right, then save. An empty cell is not "
        "known. Several values stand with a semicolon between them, days as 2025-01-31."
    )
    shown = [
        {_CONFIRM: False, _FILE: row["id"]} | {name: row[name] or "" for name in _SHOWN}
        for row in rows
    ]
    newest = book.edits(most=1)
    edited = st.data_editor(
        shown,
        key=f"sheet_{everything}_{library.generation}_{newest[0].number if newest else 0}",
        hide_index=True,
        disabled=[_FILE],
        column_config=_columns(),
        height=min(38 + 35 * len(shown), 560),
        alt="The documents and what is known of them",
    )
    st.button(
        "Save the table",
        type="primary",
        icon=":material/check:",
        on_click=_save,
        args=(library, shown, edited),
    )
    for sentence in st.session_state.pop("sheet_problems", ()):
        st.error(escape_markdown(plain(sentence)), icon=":material/error:")


def _columns() -> dict[str, Any]:
    columns: dict[str, Any] = {name: st.column_config.TextColumn(LABELS[name]) for name in _SHOWN}
    columns["kind"] = st.column_config.SelectboxColumn(LABELS["kind"], options=list(KINDS))
    columns["standing"] = st.column_config.SelectboxColumn("Not in force", options=["", *STANDINGS])
    return columns


def _save(library: Library, shown: Sequence[Mapping[str, Any]], edited: Any) -> None:
    lines = lines_of(shown, edited)
    book = opening.open_book(library)
    asked = asked_by(lines, library, book)
    if asked.problems:
        st.session_state["sheet_problems"] = [
            f"{one.document}, {one.column}: {one.problem}" for one in asked.problems
        ]
        return
    try:
        opening.allow(Act.EDIT)
        opening.require_seen(*(one.document for one in asked.changes))
        edit = book.apply(library, asked.changes, what="table on the page", who=opening.who())
    except (CodedeskError, OSError) as error:
        st.session_state["sheet_problems"] = [str(error)]
        return
    if edit:
        opening.audit("edit", edit=edit.number, documents=[one.document for one in edit.changes])
        st.toast(f"{len(edit.changes)} values kept. Undo it under Edits.", icon=":material/check:")
    else:
        st.toast("Nothing was changed.", icon=":material/edit_off:")


def lines_of(shown: Sequence[Mapping[str, Any]], edited: Sequence[Mapping[str, Any]]) -> list[Line]:
    """The rows that a person touched, with the cells that they changed or confirmed."""
    lines = []
    for number, (before, after) in enumerate(zip(shown, edited, strict=True), start=2):
        cells = {
            name: str(after[name] or "") for name in _SHOWN if (after[name] or "") != before[name]
        }
        if after[_CONFIRM]:
            for name in FOUND:
                if name in _SHOWN and before[name]:
                    cells.setdefault(name, before[name])
                    cells[f"{name}_confirmed"] = "yes"
        if cells:
            lines.append(Line(number, {"id": before[_FILE], **cells}))
    return lines
