"""The Ask desk: one question box, the answer first, then everything needed to defend it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
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
from ui.desks.ask.address import ADDRESS, BOX, Asked, ask
from ui.desks.ask.answered import answered
from ui.desks.ask.around import around, show_more
from ui.desks.ask.filters import filter_row
from ui.desks.ask.on_paper import pack, packed, print_it, save_it, to_paper
from ui.desks.ask.replies import Beside, answer_data, start_data
from ui.desks.parts import opening
from ui.desks.parts.cards import place_of
from ui.desks.parts.components import draw_answer, draw_frame
from ui.desks.parts.first_run import first_run, trouble
from ui.desks.parts.guard import show_notice
from ui.desks.parts.page_view import look_at
from ui.desks.parts.person import person
from ui.desks.parts.place import Place, day
from ui.state.question_log import Question
from ui.wording import escape_markdown, plain, written_day


def show() -> None:
    """The whole page."""
    draw_frame(box=BOX)
    if searched := st.session_state.pop("ask_go_search", None):
        st.switch_page("desks/search/page.py", query_params=searched)
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
    asked = ADDRESS.take_up(library)
    too_long = bool(ADDRESS.too_long("question"))
    starts = not asked.question and not too_long
    if starts:
        _start(library)
    _question_box()
    filter_row(library, asked, prefix="ask", changed=ADDRESS.changed)
    _only_in(library, asked)
    show_notice(ADDRESS.page, left=bool(asked.question or too_long))
    if ADDRESS.say_too_long("question", what="question", ask="ask", asked="asked"):
        return
    if starts:
        _examples(library)
    else:
        _answer(desk, library, asked)


def _question_box() -> None:
    with st.form("ask_form", border=False, enter_to_submit=True):
        row = st.container(horizontal=True, wrap=False, vertical_alignment="bottom")
        row.text_input(
            BOX,
            key="ask_question",
            placeholder="For example: can we bill the ultrasound with 0581T?",
            label_visibility="collapsed",
            icon=":material/search:",
            autocomplete="off",
        )
        row.form_submit_button("Ask", type="primary", width=88, on_click=ADDRESS.changed)


def _only_in(library: Library, asked: Asked) -> None:
    if not asked.documents:
        return
    titles = library.titles()
    named = ", ".join(f"“{plain(titles.get(one, one))}”" for one in asked.documents)
    with st.container(horizontal=True, vertical_alignment="center", key="only_in"):
        st.markdown(f"Only in {escape_markdown(named)}.")
        st.button(
            "Ask in all documents",
            key="all_documents",
            type="tertiary",
            on_click=_narrow,
            args=({"documents": []},),
        )


def _start(library: Library) -> None:
    records = opening.open_records()
    recent: list[Question] = opening.unless_away(lambda: records.recent(person()), [])
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


def _answer(desk: Desk, library: Library, asked: Asked) -> None:
    try:
        answer, is_new = answered(desk, library, asked)
    except CodedeskError as error:
        trouble(error)
        return
    st.session_state["ask_answer"] = answer
    beside = Beside(
        around={one.rank: shown for one in answer.citations if (shown := around(library, one))},
        rated=_rated(answer),
        packed=packed(answer),
    )
    data = answer_data(answer, asked, link=lambda citation: _link(asked, citation), beside=beside)
    draw_answer(
        data | to_paper(library, answer, address=_link(asked, None)),
        key="answer",
        on={
            "open": ADDRESS.look_at,
            "ask": ask,
            "narrow": _narrow,
            "rate": _rate,
            "search": _search,
            "around": show_more,
            "pack": _pack,
            "print": print_it,
            "file": save_it,
        },
    )
    if is_new:
        _log(answer)  # after the answer was sent to the browser
    if asked.open:
        look_at(library, asked.open, marks=_marks(answer, asked.open), closed=ADDRESS.close)


def _narrow(value: dict[str, Any]) -> None:
    asked = ADDRESS.now()
    ADDRESS.go(
        replace(
            asked,
            open=None,
            on=_day(value["on"]) if "on" in value else asked.on,
            payers=() if "payers" in value else asked.payers,
            kinds=() if "kinds" in value else asked.kinds,
            documents=tuple(value.get("documents", asked.documents)),
        )
    )


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def _search(address: dict[str, str]) -> None:
    st.session_state["ask_go_search"] = address


def _pack(value: dict[str, Any]) -> None:
    answer: Answer = st.session_state["ask_answer"]
    address = _link(ADDRESS.now(), None)
    pack(answer, int(value["rank"]), wanted=bool(value["packed"]), address=address)


def _rate(value: dict[str, Any]) -> None:
    answer: Answer = st.session_state["ask_answer"]
    opening.allow(Act.RATE)
    opening.require_seen(*(one.version.document for one in answer.citations))
    for citation in answer.citations:
        if citation.rank == value.get("rank"):
            opening.open_records().rate(
                answer.question,
                document=citation.version.document,
                good=bool(value.get("good")),
                reason=value.get("reason"),
                generation=answer.generation,
                person=person(),
                place=str(citation.span.start),
            )


def _rated(answer: Answer) -> dict[int, str]:
    """What this person said of the answer's passages before."""
    said: dict[tuple[str, str], bool] = opening.unless_away(
        lambda: opening.open_records().rated(answer.question, person=person()), {}
    )
    return {
        one.rank: "up" if said[key] else "down"
        for one in answer.citations
        if (key := (one.version.document, str(one.span.start))) in said
    }


def _link(asked: Asked, citation: Citation | None) -> str:
    place = place_of(citation) if citation else None
    address = ADDRESS.write(replace(asked, on=asked.on or today(), open=place))
    return f"?{urlencode(address, doseq=True)}"


def _marks(answer: Answer, place: Place) -> tuple[tuple[int, int], ...]:
    """The highlights of the open passage, as offsets in the document's text."""
    return tuple(
        (citation.span.start + mark.start, citation.span.start + mark.end)
        for citation in answer.citations
        if place_of(citation) == place
        for mark in citation.highlights
    )


def _log(answer: Answer) -> None:
    opening.note("ask", question=answer.question, verdict=answer.verdict.value)
    is_noted = opening.open_records().add_question(
        answer.question,
        verdict=answer.verdict.value,
        generation=answer.generation,
        as_of=answer.as_of.isoformat(),
        filters=opening.discretion().marked(answer.searched.filters),
        seconds=answer.seconds,
        person=person(),
    )
    if not is_noted:
        opening.say_once_not_noted()
