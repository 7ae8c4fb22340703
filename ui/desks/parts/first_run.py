"""The page when nothing was indexed yet, or when the library cannot be opened."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from corpus.errors import CodedeskError
from corpus.files.formats import FORMATS, SUPPORTED
from ui.desks.parts import opening
from ui.desks.parts.components import draw_answer
from ui.desks.parts.job_view import start_sync, watch_job
from ui.state import own_library
from ui.wording import escape_markdown


def first_run() -> None:
    """Say that there is no index yet, offer to build one, and show the progress."""
    draw_answer(
        {
            "draw": "start",
            "title": "Let us read the library first",
            "sentence": "Codedesk answers from documents on this machine. Ask "
            "is for billing questions: the passage that answers, word for word, with its page and "
            "dates. Search is for policy text: every passage that names a code, by payer and date. "
            "Library is for the documents themselves: adding, checking, replacing them.",
            "groups": [],
            "searched": [],
        },
        key="first_run",
        on={},
    )
    if watch_job():
        return
    with st.container(horizontal=True, horizontal_alignment="center"):
        st.button(
            "Read the starter library",
            type="primary",
            on_click=start_sync,
            help="Documents on CPT 0581T that come with Codedesk. It takes about a minute.",
        )
        with st.popover("Read my own files", icon=":material/folder_open:"):
            _own_files()


def _own_files() -> None:
    """Files to begin with, without the starter library."""
    own = own_library.own_folder(opening.home().path)
    st.caption(f"They are kept in {own} on this machine. More can be put there at any time.")
    files = st.file_uploader(
        f"Documents ({SUPPORTED})",
        type=[ending.removeprefix(".") for ending in FORMATS],
        accept_multiple_files=True,
        key="first_files",
    )
    if files and (refusal := own_library.too_much([file.size for file in files])):
        st.error(refusal, icon=":material/error:")
        return
    st.button(
        f"Read {len(files)} {'file' if len(files) == 1 else 'files'}",
        type="primary",
        disabled=not files,
        on_click=_read_own,
        args=([(file.name, file.getvalue()) for file in files],),
    )
    if own.is_dir() and any(own.iterdir()):
        st.button("Read what is in the folder now", on_click=start_sync, kwargs={"own": True})


def _read_own(files: Sequence[tuple[str, bytes]]) -> None:
    for name, data in files:
        try:
            own_library.put(opening.home().path, name, data, beside=True)
        except (CodedeskError, OSError) as error:
            st.session_state["job_problem"] = str(error)
            return
    start_sync(own=True)


def trouble(error: CodedeskError) -> None:
    """Show an error as a sentence that says what to do."""
    st.error(escape_markdown(str(error)), icon=":material/error:")
