"""A new generation that waits to be approved: why, which answers change, and the two ways on."""

from __future__ import annotations

import streamlit as st
from msgspec import convert

from corpus.errors import CodedeskError
from index.errors import IndexProblem
from index.home import Home
from index.home.generations import discard, roll_back
from ui.desks.parts import opening
from ui.jobs.evaluations import Comparison
from ui.jobs.gate import lowered_in_words
from ui.jobs.jobs import Job
from ui.wording import plain


def held_by(home: Home, job: Job) -> Comparison | None:
    """What a sync compared, while the generation that it made still waits for an answer."""
    gate, held = job.report.get("gate"), job.report.get("held")
    try:
        if not gate or held not in home.kept() or home.current() == held:
            return None
    except IndexProblem:
        return None
    return convert(gate, Comparison)


def held_view(found: Comparison) -> None:
    """Ask whether the new generation shall answer although it does worse."""
    with st.container(border=True, key="held"):
        st.markdown(f"#### Generation {found.after} waits for you")
        st.markdown(
            f"It is ready, but it answers the golden questions worse than generation "
            f"{found.before}, which goes on answering: **{lowered_in_words(found)}**. "
            "See which answers change, then choose."
        )
        if found.changed:
            changed_answers(found)
        row = st.container(horizontal=True)
        row.button(
            f"Keep generation {found.before}",
            type="primary",
            icon=":material/shield:",
            on_click=_discard,
            args=(found,),
            help="The new generation is removed. Correct the documents, then sync again.",
        )
        row.button(
            f"Publish generation {found.after} anyway",
            icon=":material/publish:",
            on_click=_publish,
            args=(found,),
        )


def changed_answers(found: Comparison) -> None:
    """The golden questions that are answered otherwise."""
    st.dataframe(
        [
            {"Question": plain(one.question), "Before": plain(one.before), "Now": plain(one.after)}
            for one in found.changed
        ],
        hide_index=True,
        height="content" if len(found.changed) < 8 else 300,
        alt="Golden questions whose answer changed",
    )


def _publish(found: Comparison) -> None:
    try:
        roll_back(opening.home(), found.after)
    except CodedeskError as error:
        st.session_state["job_problem"] = str(error)
        return
    opening.open_records().audit("publish anyway", generation=found.after, before=found.before)
    st.toast(f"Generation {found.after} answers now.", icon=":material/publish:")


def _discard(found: Comparison) -> None:
    try:
        discard(opening.home(), found.after)
    except CodedeskError as error:
        st.session_state["job_problem"] = str(error)
        return
    opening.open_records().audit("keep", generation=found.before, removed=found.after)
    st.toast(f"Generation {found.before} goes on answering.", icon=":material/shield:")
