"""Adding documents: what will be read is shown before anything is kept."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

import streamlit as st

from assistant.desk import Desk
from corpus.document import Document
from corpus.errors import CodedeskError
from corpus.files.formats import FORMATS, SUPPORTED
from index.library import Library
from ui.desks.parts import opening
from ui.desks.parts.job_view import start_sync
from ui.state import own_library
from ui.state.own_library import Preview
from ui.wording import escape_markdown, kind_name, plain, written_day

_KEEP, _REPLACE, _BESIDE, _CANCEL = "keep", "replace", "beside", "cancel"
_CHOICES = {
    _KEEP: "Add it",
    _REPLACE: "Replace: the new file becomes the next version",
    _BESIDE: "Keep both, under another name",
    _CANCEL: "Leave it out",
}


def add_view(desk: Desk, library: Library) -> None:
    """Upload, preview, choose, add and sync."""
    if added := st.session_state.pop("added", None):
        st.success(f"{added} put into the library.", icon=":material/check_circle:")
    files = st.file_uploader(
        f"Documents ({SUPPORTED})",
        type=[ending.removeprefix(".") for ending in FORMATS],
        accept_multiple_files=True,
        key=f"upload_{st.session_state.get('upload_round', 0)}",
        help="They are kept in Codedesk's own library folder on this machine.",
    )
    if not files:
        st.caption(
            "Drop files here. You will see what is found in them, dates with their sentence "
            "included, before anything is kept."
        )
        return
    if refusal := own_library.too_much([file.size for file in files]):
        st.error(refusal, icon=":material/error:")
        return
    previews = [_preview(file.name, file.getvalue(), library) for file in files]
    for number, one in enumerate(previews):
        _show(number, one)
    ready = [one for number, one in enumerate(previews) if _choice(number) != _CANCEL]
    readable = [one for one in ready if one.document]
    st.button(
        f"Add {len(readable)} and sync",
        type="primary",
        disabled=not readable,
        on_click=_add,
        args=(previews,),
    )


def _preview(name: str, data: bytes, library: Library) -> Preview:
    """Read once for the same bytes and index, not at every click."""
    kept = st.session_state.setdefault("previews", {})
    key = (name, sha256(data).hexdigest(), library.generation)
    if key not in kept:
        with st.spinner(f"Reading {escape_markdown(plain(name))}"):
            kept[key] = own_library.preview(name, data, library, opening.settings())
    found: Preview = kept[key]
    return found


def _show(number: int, one: Preview) -> None:
    with st.container(border=True):
        st.markdown(f"**{escape_markdown(plain(one.name))}** · {len(one.data) / 1000:,.0f} KB")
        if one.document is None:
            st.error(escape_markdown(plain(one.problem)), icon=":material/error:")
            return
        if one.same_as:
            st.warning(
                f"The library holds the same file as {escape_markdown(plain(one.same_as))}.",
                icon=":material/content_copy:",
            )
        elif one.replaces:
            st.info(
                f"The library holds version {one.replaces.ordinal} of a file of this name, first "
                f"read on {written_day(one.replaces.first_seen)}.",
                icon=":material/update:",
            )
        _facts(one.document)
        _ask(number, one)


def _facts(document: Document) -> None:
    metadata = document.metadata
    found = {date_found.field: date_found for date_found in metadata.found}
    rows = [
        ("Title", plain(metadata.title)),
        ("Payer", plain(metadata.payer or "not stated")),
        ("Kind", kind_name(metadata.kind) or "not stated"),
        *((name.capitalize(), _date(metadata, name)) for name in ("effective", "retired")),
        ("Pages", str(len(document.pages)) if document.pages else "the format has none"),
        ("Text", f"{len(document.text):,} characters"),
    ]
    st.table(
        # A table's cells are Markdown.
        [{"Found": label, "": escape_markdown(value)} for label, value in rows],
        hide_header=True,
        hide_index=True,
    )
    for date_found in found.values():
        where = f" on page {date_found.page}" if date_found.page else ""
        st.markdown(
            f"{date_found.field.capitalize()}: found{where} in "
            f"“{escape_markdown(plain(date_found.sentence))}”. Confirm it after the sync."
        )
    if document.needs_ocr:
        pages = ", ".join(map(str, document.needs_ocr[:20]))
        st.warning(f"No text on page {pages}: a picture. It needs OCR to be found.")
    for warning in document.warnings:
        st.warning(escape_markdown(plain(warning)))


def _date(metadata: Any, name: str) -> str:
    value = getattr(metadata, name)
    if value is None:
        return "not stated"
    unconfirmed = any(found.field == name for found in metadata.found)
    return written_day(value) + (" (found in the text)" if unconfirmed else "")


def _ask(number: int, one: Preview) -> None:
    if one.same_as:
        offered = [_CANCEL, _BESIDE]
    elif one.replaces:
        offered = [_REPLACE, _BESIDE, _CANCEL]
    else:
        offered = [_KEEP, _CANCEL]
    st.radio(
        "What to do",
        offered,
        format_func=_CHOICES.__getitem__,
        key=f"choice_{number}",
        horizontal=True,
        label_visibility="collapsed",
    )


def _choice(number: int) -> str:
    return str(st.session_state.get(f"choice_{number}", _CANCEL))


def _add(previews: Sequence[Preview]) -> None:
    home = opening.home().path
    added = 0
    for number, one in enumerate(previews):
        choice = _choice(number)
        if one.document is None or choice == _CANCEL:
            continue
        try:
            path = own_library.put(home, one.name, one.data, beside=choice == _BESIDE)
        except (CodedeskError, OSError) as error:
            st.session_state["job_problem"] = str(error)
            return
        added += 1
        opening.open_records().audit("add", document=path.name, choice=choice)
    st.session_state["upload_round"] = st.session_state.get("upload_round", 0) + 1
    st.session_state["added"] = f"{added} {'document' if added == 1 else 'documents'}"
    st.session_state["previews"] = {}
    start_sync()
