"""The page when nothing was indexed yet, or when the library cannot be opened."""

from __future__ import annotations

import streamlit as st

from corpus.errors import CodedeskError
from ui.desks.parts.components import draw_answer
from ui.desks.parts.job_view import start_sync, watch_job
from ui.wording import escape_markdown


def first_run() -> None:
    """Say that there is no index yet, offer to build one, and show the progress."""
    draw_answer(
        {
            "draw": "start",
            "title": "Let us read the library first",
            "sentence": "Codedesk answers from documents on this machine. The starter library on "
            "CPT 0581T comes with it; reading it takes about a minute.",
            "groups": [],
            "searched": [],
        },
        key="first_run",
        on={},
    )
    if not watch_job():
        with st.container(horizontal=True, horizontal_alignment="center"):
            st.button("Read the starter library", type="primary", on_click=start_sync)


def trouble(error: CodedeskError) -> None:
    """Show an error as a sentence that says what to do."""
    st.error(escape_markdown(str(error)), icon=":material/error:")
