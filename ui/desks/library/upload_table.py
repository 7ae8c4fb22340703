"""What uploaded files are, as one table that is filled in before anything is kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import streamlit as st

from corpus.document import KINDS
from ui.desks.library.upload_choices import CHOICES, offered
from ui.state.own_library import Preview
from ui.wording import plain

FIELDS = {
    "title": "Title",
    "payer": "Payer",
    "kind": "Kind",
    "effective": "In force since",
    "retired": "Retired",
}
_FILE, _DO, _NOTE = "File", "What to do", "To know"
_SAID = "upload_said"  # by file: what was typed, whatever other files come or go


def upload_table(previews: Mapping[str, Preview], *, choosing: bool) -> dict[str, dict[str, Any]]:
    """The table; gives for each file that can be read what a person typed of it, None for what they
    emptied. `choosing`: what to do with each file stands in the table, too."""
    readable = {key: one for key, one in previews.items() if one.document is not None}
    if not readable:
        return {}
    said: dict[str, dict[str, Any]] = st.session_state.setdefault(_SAID, {})
    # The rows that the editor began with stay: it keeps what is typed as changes to them.
    began = f"upload_rows_{hash((tuple(readable), choosing))}"
    if began not in st.session_state:
        st.session_state[began] = [
            _row(one, choosing=choosing) | said.get(key, {}) for key, one in readable.items()
        ]
    edited = st.data_editor(
        st.session_state[began],
        key=f"{began}_editor",
        hide_index=True,
        disabled=[_FILE, _NOTE],
        column_config=_columns(previews, choosing=choosing),
        height=min(38 + 35 * len(readable), 560),
        alt="What the uploaded files are",
    )
    for key, row in zip(readable, edited, strict=True):
        said[key] = {name: row[name] for name in row if name not in (_FILE, _NOTE)}
        if choosing:
            st.session_state[key] = _choice(row[_DO])
    return {key: _typed(readable[key], said[key]) for key in readable}


def forget_table() -> None:
    for name in [name for name in st.session_state if str(name).startswith("upload_rows_")]:
        del st.session_state[name]
    st.session_state.pop(_SAID, None)


def _row(one: Preview, *, choosing: bool) -> dict[str, Any]:
    assert one.document is not None
    known = one.document.metadata
    row: dict[str, Any] = {_FILE: plain(one.name)}
    if choosing:
        row[_DO] = CHOICES[offered(one)[0]]
    row |= {label: getattr(known, name) for name, label in FIELDS.items()}
    return row | {_NOTE: plain("; ".join(_notes(one)))}


def _notes(one: Preview) -> list[str]:
    assert one.document is not None
    notes = [f"same file as {one.same_as}"] if one.same_as else []
    if one.replaces:
        notes.append(f"replaces version {one.replaces.ordinal}")
    if one.document.needs_ocr:
        notes.append("pages without text")
    return [*notes, *one.document.warnings]


def _columns(previews: Mapping[str, Preview], *, choosing: bool) -> dict[str, Any]:
    columns: dict[str, Any] = {
        FIELDS["title"]: st.column_config.TextColumn(width=280),
        FIELDS["kind"]: st.column_config.SelectboxColumn(options=list(KINDS)),
        FIELDS["effective"]: st.column_config.DateColumn(format="MM/DD/YYYY"),
        FIELDS["retired"]: st.column_config.DateColumn(format="MM/DD/YYYY"),
    }
    if choosing:
        columns[_DO] = st.column_config.SelectboxColumn(
            options=list(CHOICES.values()), required=True, width=200
        )
    return columns


def _choice(shown: str) -> str:
    return next((name for name, label in CHOICES.items() if label == shown), "cancel")


def _typed(one: Preview, row: Mapping[str, Any]) -> dict[str, Any]:
    """The fields whose value is another one than was read."""
    assert one.document is not None
    known = one.document.metadata
    told = {name: _value(row.get(label)) for name, label in FIELDS.items()}
    return {name: value for name, value in told.items() if value != getattr(known, name)}


def _value(shown: Any) -> Any:
    if isinstance(shown, str):
        try:
            return date.fromisoformat(shown)
        except ValueError:
            return shown.strip() or None
    return shown


def wrong(previews: Mapping[str, Preview], typed: Mapping[str, Mapping[str, Any]]) -> str:
    """Why what was typed cannot be kept; "" where it can."""
    for key, said in typed.items():
        document = previews[key].document
        if document is None:
            continue
        name = plain(previews[key].name)
        if "title" in said and said["title"] is None:
            return f"{name} needs a title."
        effective = said.get("effective", document.metadata.effective)
        retired = said.get("retired", document.metadata.retired)
        if effective and retired and effective > retired:
            return f"{name} cannot be retired before it is in force."
    return ""
