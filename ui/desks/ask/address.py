"""A question and its filters, kept in sync between the address and the widgets."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import streamlit as st

from corpus.document import KINDS
from index.library import Library
from index.versions import today
from ui.desks.parts.guard import begin, guard_box, guard_choices, guarded, settle
from ui.desks.parts.place import (
    LONGEST,
    Parameters,
    Place,
    day,
    one,
    parameters_now,
    read_place,
    write_place,
)

PAGE = "ask"
BOX = "Your question"
_MOST_TYPED = 20_000  # characters that are kept in the box until it is said what to do with them
_TOO_LONG = "ask_too_long"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and its filters. `on` is None for today; `open` is the passage being looked at."""

    question: str = ""
    on: date | None = None
    payers: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    open: Place | None = None


def read_asked(parameters: Parameters) -> Asked:
    """What an address asks for. Unreadable parts are ignored: links get cut and edited."""
    return Asked(
        question=one(parameters, "q")[:LONGEST],
        on=day(one(parameters, "on")),
        payers=tuple(parameters.get("payer", ())),
        kinds=tuple(kind for kind in parameters.get("kind", ()) if kind in KINDS),
        documents=tuple(parameters.get("in", ())),
        open=read_place(parameters),
    )


def write_asked(asked: Asked) -> dict[str, str | list[str]]:
    """The parameters of an address that asks for this."""
    written: dict[str, str | list[str]] = {}
    if asked.question:
        written["q"] = asked.question
    if asked.on:
        written["on"] = asked.on.isoformat()
    if asked.payers:
        written["payer"] = list(asked.payers)
    if asked.kinds:
        written["kind"] = list(asked.kinds)
    if asked.documents:
        written["in"] = list(asked.documents)
    return written | write_place(asked.open)


def take_up(library: Library) -> Asked:
    """What the address asks for. If the widgets did not cause the change, they are set to match."""
    brought = now()
    asked = _guarded(brought, library)
    if asked != brought:
        go(asked)
    known = replace(asked, open=None)
    settle(PAGE, known)
    state = st.session_state
    shown = (known, today())  # over midnight, today's date is another one
    if state.get("ask_shown") != shown or "ask_question" not in state:
        state["ask_shown"] = shown
        state["ask_question"] = state.get(_TOO_LONG) or asked.question
        state["ask_on"] = asked.on or today()
        state["ask_payers"] = list(asked.payers)
        state["ask_kinds"] = list(asked.kinds)
    return asked


def _guarded(asked: Asked, library: Library) -> Asked:
    place = asked.open
    if place and not guard_choices((place.document,), library, page=PAGE):
        place = None
    return replace(
        asked,
        question=guarded(asked.question, page=PAGE),
        payers=guard_choices(asked.payers, library, page=PAGE),
        documents=guard_choices(asked.documents, library, page=PAGE),
        open=place,
    )


def changed() -> None:
    """Update the address after a widget changed."""
    state = st.session_state
    begin(PAGE)
    typed = guard_box("ask_question", page=PAGE, most=_MOST_TYPED)
    state[_TOO_LONG] = typed if len(typed) > LONGEST else ""
    go(
        Asked(
            question="" if state[_TOO_LONG] else typed,
            on=_chosen_day(),
            payers=tuple(state.get("ask_payers", ())),
            kinds=tuple(state.get("ask_kinds", ())),
            documents=now().documents,
        )
    )


def _chosen_day() -> date | None:
    """The day in the box; None for today, also where today has passed since it was drawn."""
    on = st.session_state.get("ask_on")
    _, drawn_on = st.session_state.get("ask_shown", (None, today()))
    return on if on and on not in (today(), drawn_on) else None


def too_long() -> str:
    """What was typed, where it is too long to be asked; else \"\"."""
    return st.session_state.get(_TOO_LONG) or ""


def ask_the_beginning() -> None:
    """Ask as much of a text that is too long as can be asked, to the end of a word."""
    begin_of = too_long()[: LONGEST + 1].rpartition(" ")[0] or too_long()[:LONGEST]
    ask(begin_of)


def ask(question: str) -> None:
    """Ask a question that was clicked: an example, or a recent one."""
    begin(PAGE)
    st.session_state[_TOO_LONG] = ""
    go(replace(now(), question=guarded(question, page=PAGE), open=None))


def now() -> Asked:
    return read_asked(parameters_now())


def go(asked: Asked) -> None:
    st.query_params.from_dict(write_asked(asked))
