"""The page when there is nothing to search yet, or when something stands in the way."""

from __future__ import annotations

import streamlit as st

from corpus.errors import CodedeskError
from ui.desks.parts.components import draw_answer
from ui.desks.parts.job_view import start_sync, watch_job
from ui.wording import escape_markdown


def first_run() -> None:
    """No index yet: say so, offer to make one, and show how far it is."""
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
    """An error as a sentence with the way out."""
    st.error(escape_markdown(str(error)), icon=":material/error:")
