"""The Ask desk: one question box, the answer first, then everything needed to defend it."""

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
from ui.access.roles import Act
from ui.desks.ask.address import PAGE, Asked, ask, changed, go, now, take_up, write_asked
from ui.desks.ask.filters import filter_row, filters_of
from ui.desks.ask.replies import answer_data, start_data
from ui.desks.parts import opening
from ui.desks.parts.cards import place_of
from ui.desks.parts.components import draw_answer, draw_frame
from ui.desks.parts.first_run import first_run, trouble
from ui.desks.parts.guard import show_notice
from ui.desks.parts.page_view import look_at
from ui.desks.parts.place import LONGEST, Place, day, read_place
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
    asked = take_up(library)
    if not asked.question:
        _start(library)
    _question_box()
    filter_row(library, asked, prefix="ask", changed=changed)
    show_notice(PAGE, left=bool(asked.question))
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
            "ask": ask,
            "narrow": _narrow,
            "rate": _rate,
            "search": _search,
        },
    )
    _log(answer, asked)  # after the answer was sent to the browser
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
        row.form_submit_button("Ask", type="primary", width=88, on_click=changed)


def _start(library: Library) -> None:
    recent = opening.open_records().recent() if opening.caller().may(Act.REVIEW) else []
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
    draw_answer({**data, "draw": "examples"}, key="start", on={"ask": ask})


def _read_on(library: Library) -> str:
    created = day(library.about.created[:10])
    return written_day(created) if created else "an unknown day"


def _narrow(value: dict[str, Any]) -> None:
    asked = now()
    go(
        replace(
            asked,
            open=None,
            on=None if "on" in value else asked.on,
            payers=() if "payers" in value else asked.payers,
            kinds=() if "kinds" in value else asked.kinds,
        )
    )


def _open(value: dict[str, str]) -> None:
    go(replace(now(), open=read_place({name: [text] for name, text in value.items()})))


def _close() -> None:
    go(replace(now(), open=None))


def _search(question: str) -> None:
    st.session_state["ask_go_search"] = question


def _rate(value: dict[str, Any]) -> None:
    answer: Answer = st.session_state["ask_answer"]
    cited = [c.version.document for c in answer.citations if c.rank == value.get("rank")]
    opening.allow(Act.RATE)
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
    """The highlights of the open passage, as offsets in the document's text."""
    return tuple(
        (citation.span.start + mark.start, citation.span.start + mark.end)
        for citation in answer.citations
        if place_of(citation) == place
        for mark in citation.highlights
    )


def _log(answer: Answer, asked: Asked) -> None:
    """Log a question once, however often the page reruns."""
    told = (replace(asked, open=None), answer.generation)
    if st.session_state.get("ask_logged") == told:
        return
    st.session_state["ask_logged"] = told
    opening.note("ask", question=answer.question, verdict=answer.verdict.value)
    opening.open_records().add_question(
        answer.question,
        verdict=answer.verdict.value,
        generation=answer.generation,
        as_of=answer.as_of.isoformat(),
        filters=answer.searched.filters,
        seconds=answer.seconds,
    )
