"""The Ask desk: one question box, the answer first, everything one needs to defend it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from assistant.answer import Answer, Citation
from assistant.desk import Desk
from corpus.errors import CodedeskError
from index.errors import NoIndex
from index.library import Library
from index.versions import today
from ui.desks.ask.filters import filter_row, filters_of
from ui.desks.ask.replies import answer_data, start_data
from ui.desks.parts import opening
from ui.desks.parts.address import LONGEST, Asked, Place, day, read_asked, read_place, write_asked
from ui.desks.parts.cards import place_of
from ui.desks.parts.components import draw_answer, draw_frame
from ui.desks.parts.first_run import first_run, trouble
from ui.desks.parts.page_view import look_at
from ui.state.privacy import identifiers, kinds_of, withheld
from ui.wording import written_day

BOX = "Your question"
PASSAGES = 5


def show() -> None:
    """The whole page."""
    draw_frame(box=BOX)
    if searched := st.session_state.pop("ask_go_search", None):
        st.switch_page("desks/search/page.py", query_params={"q": searched, "all": "1"})
    with st.container(key="narrow"):
        try:
            desk = opening.open_desk()
            library = desk.library
        except NoIndex:
            first_run()
            return
        except CodedeskError as error:
            trouble(error)
            return
        _page(desk, library)


def _page(desk: Desk, library: Library) -> None:
    asked = _take_up()
    if not asked.question:
        _start(library)
    _question_box()
    filter_row(library, asked, prefix="ask", changed=_changed)
    if withheld_kinds := st.session_state.get("ask_withheld"):
        with st.container(key="notice"):
            st.warning(
                f"Your question seems to hold {withheld_kinds} of a patient. It was left out: not "
                "searched, not stored, not in the address. Ask without patient data.",
                icon=":material/shield_person:",
            )
    if not asked.question:
        _examples(library)
        return
    try:
        answer = desk.ask(asked.question, filters_of(asked), k=PASSAGES)
    except CodedeskError as error:
        trouble(error)
        return
    st.session_state["ask_answer"] = answer
    draw_answer(
        answer_data(answer, asked, link=lambda citation: _link(asked, citation)),
        key="answer",
        on={
            "open": _open,
            "ask": _ask,
            "narrow": _narrow,
            "rate": _rate,
            "search": _search,
        },
    )
    _log(answer, asked)  # after it is on its way to the screen
    if asked.open:
        look_at(library, asked.open, marks=_marks(answer, asked.open), closed=_close)


def _question_box() -> None:
    with st.form("ask_form", border=False, enter_to_submit=True):
        row = st.container(horizontal=True, wrap=False, vertical_alignment="bottom")
        row.text_input(
            BOX,
            key="ask_question",
            max_chars=LONGEST,
            placeholder="For example: can we bill the ultrasound with 0581T?",
            label_visibility="collapsed",
            icon=":material/search:",
            autocomplete="off",
        )
        row.form_submit_button("Ask", type="primary", width=88, on_click=_changed)


def _start(library: Library) -> None:
    recent = opening.open_records().recent()
    data = start_data(
        recent,
        documents=library.about.counts.get("documents", 0),
        passages=library.size,
        read_on=_read_on(library),
    )
    draw_answer({**data, "groups": [], "searched": []}, key="hero", on={})
    st.session_state["ask_start"] = data


def _examples(library: Library) -> None:
    data = st.session_state["ask_start"]
    draw_answer({**data, "draw": "examples"}, key="start", on={"ask": _ask})


def _read_on(library: Library) -> str:
    created = day(library.about.created[:10])
    return written_day(created) if created else "an unknown day"


def _take_up() -> Asked:
    """What the address asks for; the widgets follow it when it is not their own doing."""
    parameters = {name: st.query_params.get_all(name) for name in st.query_params}
    asked = _without_patient(read_asked(parameters))
    known = replace(asked, open=None)
    if st.session_state.get("ask_known") != known or "ask_question" not in st.session_state:
        st.session_state["ask_known"] = known
        st.session_state["ask_question"] = asked.question
        st.session_state["ask_on"] = asked.on or today()
        st.session_state["ask_payers"] = list(asked.payers)
        st.session_state["ask_kinds"] = list(asked.kinds)
    return asked


def _changed() -> None:
    """The widgets changed: the address follows."""
    state = st.session_state
    on = state.get("ask_on")
    asked = Asked(
        question=" ".join((state.get("ask_question") or "").split()),
        on=on if on and on != today() else None,
        payers=tuple(state.get("ask_payers", ())),
        kinds=tuple(state.get("ask_kinds", ())),
    )
    state["ask_withheld"] = None
    _go(asked)


def _without_patient(asked: Asked) -> Asked:
    found = identifiers(asked.question)
    if not found:
        return asked
    st.session_state["ask_withheld"] = kinds_of(found)
    clean = replace(asked, question=withheld(asked.question))
    st.query_params.from_dict(write_asked(clean))
    return clean


def _go(asked: Asked) -> None:
    st.query_params.from_dict(write_asked(_without_patient(asked)))


def _now() -> Asked:
    return read_asked({name: st.query_params.get_all(name) for name in st.query_params})


def _ask(question: str) -> None:
    st.session_state["ask_withheld"] = None
    _go(replace(_now(), question=question, open=None))


def _narrow(value: dict[str, Any]) -> None:
    asked = _now()
    _go(
        replace(
            asked,
            open=None,
            on=None if "on" in value else asked.on,
            payers=() if "payers" in value else asked.payers,
            kinds=() if "kinds" in value else asked.kinds,
        )
    )


def _open(value: dict[str, str]) -> None:
    place = read_place({name: [text] for name, text in value.items()})
    _go(replace(_now(), open=place))


def _close() -> None:
    _go(replace(_now(), open=None))


def _search(question: str) -> None:
    st.session_state["ask_go_search"] = question


def _rate(value: dict[str, Any]) -> None:
    answer: Answer = st.session_state["ask_answer"]
    cited = [c.version.document for c in answer.citations if c.rank == value.get("rank")]
    opening.open_records().rate(
        answer.question,
        document=cited[0] if cited else "",
        good=bool(value.get("good")),
        reason=value.get("reason"),
        generation=answer.generation,
    )


def _link(asked: Asked, citation: Citation) -> str:
    address = write_asked(replace(asked, on=asked.on or today(), open=place_of(citation)))
    return f"?{urlencode(address, doseq=True)}"


def _marks(answer: Answer, place: Place) -> tuple[tuple[int, int], ...]:
    """The highlights of the passage that is looked at, counted in the document's text."""
    return tuple(
        (citation.span.start + mark.start, citation.span.start + mark.end)
        for citation in answer.citations
        if place_of(citation) == place
        for mark in citation.highlights
    )


def _log(answer: Answer, asked: Asked) -> None:
    """Note a question once, however often the page is drawn again."""
    told = (replace(asked, open=None), answer.generation)
    if st.session_state.get("ask_logged") == told:
        return
    st.session_state["ask_logged"] = told
    opening.open_records().add_question(
        answer.question,
        verdict=answer.verdict.value,
        generation=answer.generation,
        as_of=answer.as_of.isoformat(),
        filters=answer.searched.filters,
        seconds=answer.seconds,
    )
