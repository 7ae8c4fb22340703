"""The answer that a session looks at: asked once, whatever else is pressed beside it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from weakref import ReferenceType, ref

import streamlit as st

from assistant.answer import Answer
from assistant.desk import Desk
from index.library import Library
from index.versions import today
from ui.desks.ask.address import Asked
from ui.desks.ask.filters import filters_of

PASSAGES = 5
_STATE = "ask_kept"


@dataclass(frozen=True, slots=True)
class _Kept:
    """An answer, and what it is the answer to. The library is not kept open by it."""

    asked: Asked
    on: date
    library: ReferenceType[Library]
    answer: Answer


def answered(desk: Desk, library: Library, asked: Asked) -> tuple[Answer, bool]:
    """The answer, and whether it is a new one: asked anew only where the question, the filters, the
    day or the library is another. Raises CodedeskError."""
    alone, on = replace(asked, open=None), asked.on or today()
    kept: _Kept | None = st.session_state.get(_STATE)
    if kept and (kept.asked, kept.on) == (alone, on) and kept.library() is library:
        return kept.answer, False
    answer = desk.ask(asked.question, filters_of(asked), k=PASSAGES)
    before = kept and (kept.asked, kept.on, kept.answer.generation)
    st.session_state[_STATE] = _Kept(alone, on, ref(library), answer)
    return answer, before != (alone, on, answer.generation)
