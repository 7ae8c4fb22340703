"""How well the current generation answers the golden questions, compared with the one before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from assistant.desk import Desk
from index.library import Library
from ui.desks.parts import opening
from ui.desks.parts.job_view import changed_answers, start_evaluation
from ui.jobs import evaluations
from ui.jobs.gate import lowered_in_words
from ui.wording import plain


def quality_view(desk: Desk, library: Library) -> None:
    """The figures, what became worse, and which answers changed."""
    home = opening.home().path
    seen = opening.discretion()
    now = seen.evaluation(evaluations.read(home, library.generation))
    earlier = seen.evaluation(evaluations.before(home, now)) if now else None
    row = st.container(horizontal=True, vertical_alignment="center")
    row.button(
        "Ask the golden questions" if now is None else "Ask them again",
        on_click=start_evaluation,
        icon=":material/rule:",
        type="primary" if now is None else "secondary",
    )
    if now is None:
        st.info(
            f"Generation {library.generation} was not asked the golden questions yet. It runs in "
            "the background. Put your own into questions.jsonl in the home.",
            icon=":material/quiz:",
        )
        return
    _set(now, earlier)
    if not now.get("own"):
        return
    if starters := seen.evaluation(evaluations.read(home, library.generation, starters=True)):
        with st.expander("The questions of the starter library, apart from your own"):
            _set(starters, seen.evaluation(evaluations.before(home, starters, starters=True)))


def _set(now: Mapping[str, Any], earlier: Mapping[str, Any] | None) -> None:
    """One set of questions: its figures, what changed, and what fails."""
    whose = "of your own" if now.get("own") else "of the starter library"
    st.caption(
        f"Generation {now['generation']}: {now['questions']} golden questions {whose} to answer, "
        f"{now['declined']} to decline"
        + (f"; compared with generation {earlier['generation']}." if earlier else ".")
    )
    _figures(now, earlier)
    if earlier:
        _compared(now, earlier)
    _failing(now)


def _failing(now: Mapping[str, Any]) -> None:
    """The questions that fail, by name: first those that are answered and should not be."""
    failing = now.get("failing", ())
    false = [one for one in failing if one["false_answer"]]
    if false:
        st.markdown(
            f"**{len(false)} answered though {'it' if len(false) == 1 else 'they'} should "
            "be declined**"
        )
        _questions(false)
    wrong = [one for one in failing if not one["false_answer"]]
    if wrong:
        st.markdown(f"**{len(wrong)} not answered by the right passage**")
        _questions(wrong)


def _questions(failing: Sequence[Mapping[str, Any]]) -> None:
    st.dataframe(
        [
            {
                "Question": plain(one["question"]),
                "What came": plain(one["said"]),
                "Expected": plain(one["expected"]),
            }
            for one in failing
        ],
        hide_index=True,
        height="content" if len(failing) < 10 else 320,
        alt="Golden questions that fail",
    )


def _figures(now: Mapping[str, Any], earlier: Mapping[str, Any] | None) -> None:
    with st.container(horizontal=True, key=f"figures_{'own' if now.get('own') else 'starter'}"):
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
    found = evaluations.compared(now, earlier, tolerance=opening.settings().gate_tolerance)
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
