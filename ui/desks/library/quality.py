"""How well the current generation answers the golden questions, compared with the one before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from assistant.desk import Desk
from index.library import Library
from ui.desks.parts import opening
from ui.desks.parts.job_view import changed_answers, start_evaluation
from ui.jobs import evaluations
from ui.jobs.gate import lowered_in_words


def quality_view(desk: Desk, library: Library) -> None:
    """The figures, what became worse, and which answers changed."""
    home = opening.home().path
    now = evaluations.read(home, library.generation)
    earlier = evaluations.before(home, library.generation)
    row = st.container(horizontal=True, vertical_alignment="center")
    row.button(
        "Ask the golden questions" if now is None else "Ask them again",
        on_click=start_evaluation,
        icon=":material/rule:",
        type="primary" if now is None else "secondary",
    )
    if now is None:
        st.info(
            f"Generation {library.generation} was not asked the golden questions yet. It takes "
            "minutes and runs in the background. Put your own into questions.jsonl in the home.",
            icon=":material/quiz:",
        )
        return
    row.caption(
        f"Generation {library.generation}: {now['questions']} golden questions to answer, "
        f"{now['declined']} to decline"
        + (f"; compared with generation {earlier['generation']}." if earlier else ".")
    )
    _figures(now, earlier)
    if earlier:
        _compared(now, earlier)


def _figures(now: Mapping[str, Any], earlier: Mapping[str, Any] | None) -> None:
    with st.container(horizontal=True, key="figures"):
        for name, label in evaluations.FIGURES.items():
            change = (now[name] - earlier[name]) * 100 if earlier else 0.0
            st.metric(
                label,
                f"{now[name] * 100:.1f} %",
                delta=f"{change:+.1f}"
                if change
                else None,  # an arrow without a change would mislead
                delta_color="inverse" if name in evaluations.LOWER_IS_BETTER else "normal",
                border=True,
            )


def _compared(now: Mapping[str, Any], earlier: Mapping[str, Any]) -> None:
    found = evaluations.compared(now, earlier)
    if found.lowered:
        st.warning(
            f"Worse than generation {found.before}: {lowered_in_words(found)}. Look at the changed "
            "answers; under Generations the earlier one can answer again.",
            icon=":material/trending_down:",
        )
    if not found.changed:
        st.success("Every golden question is answered as before.", icon=":material/check_circle:")
        return
    count = len(found.changed)
    st.markdown(f"**{count} {'answer' if count == 1 else 'answers'} changed**")
    changed_answers(found)
