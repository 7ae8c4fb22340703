"""Adding documents: a preview is shown before anything is stored."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import streamlit as st

from assistant.desk import Desk
from corpus.document import Document
from corpus.errors import CodedeskError
from corpus.files.formats import FORMATS, SUPPORTED
from index.library import Library
from ui.access.roles import Act
from ui.desks.library.upload_choices import BESIDE, CANCEL, CHOICES, offered
from ui.desks.library.upload_table import forget_table, upload_table, wrong
from ui.desks.parts import opening
from ui.desks.parts.job_view import start_sync
from ui.state import own_library
from ui.state.own_library import Preview
from ui.state.trash import REPLACED, throw
from ui.wording import escape_markdown, kind_name, plain, written_day

_FEW = 4  # files that are shown one by one; more stand in one table


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
    previews = dict(_preview(file.name, file.getvalue(), library) for file in files)
    many = len(previews) > _FEW
    typed = upload_table(previews, choosing=many)
    if typed:
        st.caption("Change what is wrong or missing; it is kept with the file before the sync.")
    if many:
        _unreadable(previews)
        with st.expander("What was found in each"):
            for key, one in previews.items():
                _show(key, one, asking=False)
    else:
        for key, one in previews.items():
            _show(key, one, asking=True)
    count = sum(
        one.document is not None and _choice(key) != CANCEL for key, one in previews.items()
    )
    if problem := wrong(previews, typed):
        st.error(escape_markdown(problem), icon=":material/error:")
    st.button(
        f"Add {count} and sync",
        type="primary",
        disabled=not count or bool(problem),
        on_click=_add,
        args=(library, previews, typed),
    )


def _unreadable(previews: Mapping[str, Preview]) -> None:
    for one in previews.values():
        if one.document is None:
            st.error(escape_markdown(plain(f"{one.name}: {one.problem}")), icon=":material/error:")


def _preview(name: str, data: bytes, library: Library) -> tuple[str, Preview]:
    """A file's preview, and the key of its choice: made of its name and bytes, not its position,
    which changes when a file before it is removed.

    The file is read once for the same bytes and index, not at every click.
    """
    kept = st.session_state.setdefault("previews", {})
    read = (name, sha256(data).hexdigest(), library.generation, library.hidden)
    if read not in kept:
        with st.spinner(f"Reading {escape_markdown(plain(name))}"):
            kept[read] = own_library.preview(name, data, library, opening.settings())
    found: Preview = kept[read]
    return "choice_" + sha256(repr(read[:3]).encode()).hexdigest()[:24], found


def _show(key: str, one: Preview, *, asking: bool) -> None:
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
        if asking:
            _ask(key, one)


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
        st.warning(f"No text on page {pages}: a picture. It is not found until it is recognised.")
    for warning in document.warnings:
        st.warning(escape_markdown(plain(warning)))


def _date(metadata: Any, name: str) -> str:
    value = getattr(metadata, name)
    if value is None:
        return "not stated"
    unconfirmed = any(found.field == name for found in metadata.found)
    return written_day(value) + (" (found in the text)" if unconfirmed else "")


def _ask(key: str, one: Preview) -> None:
    st.radio(
        "What to do",
        offered(one),
        format_func=CHOICES.__getitem__,
        key=key,
        horizontal=True,
        label_visibility="collapsed",
    )


def _choice(key: str) -> str:
    return str(st.session_state.get(key, CANCEL))


def _add(
    library: Library, previews: Mapping[str, Preview], typed: Mapping[str, Mapping[str, Any]]
) -> None:
    home = opening.home().path
    put: set[str] = set()
    for key, one in previews.items():
        choice = _choice(key)
        if one.document is None or choice == CANCEL:
            continue
        # Two files with one name in one upload are two documents: neither replaces the other.
        beside = choice == BESIDE or one.name in put
        try:
            opening.allow(Act.UPLOAD)
            seen = opening.discretion()  # what is hidden is not replaced
            beside = beside or not seen.knows(f"{own_library.own_name(library, home)}/{one.name}")
            path = _put(home, one, beside=beside)
            if told := typed.get(key):
                own_library.edit(home, f"library/{path.name}", told)
        except (CodedeskError, OSError) as error:
            st.session_state["job_problem"] = str(error)
            return
        put.add(path.name)
        opening.audit("add", document=path.name, choice=choice)
    st.session_state["upload_round"] = st.session_state.get("upload_round", 0) + 1
    st.session_state["added"] = f"{len(put)} {'document' if len(put) == 1 else 'documents'}"
    st.session_state["previews"] = {}
    forget_table()
    start_sync()


def _put(home: Path, one: Preview, *, beside: bool) -> Path:
    """Store the file; one that it replaces goes into the trash first."""
    present = own_library.own_folder(home) / one.name
    if present.exists() and not beside:
        throw(home, present, action=REPLACED)
    return own_library.put(home, one.name, one.data, beside=beside)
