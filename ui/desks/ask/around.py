"""What stands around a passage in its document: its neighbours, as many as were asked for."""

from __future__ import annotations

from typing import Any

import streamlit as st

from assistant.answer import Citation
from corpus.document import Passage
from index.library import Library
from ui.desks.ask.replies import Around
from ui.desks.parts.cards import passage_blocks, place_of
from ui.desks.parts.place import Place, read_place

_STATE = "ask_around"
_MOST = 5  # passages on each side; beyond that, the document itself is the better view


def show_more(value: dict[str, str]) -> None:
    """Show one more passage on each side of the one that was pressed."""
    place = read_place({name: [text] for name, text in value.items()})
    if place:
        steps = _steps()
        steps[place] = min(steps.get(place, 0) + 1, _MOST)


def around(library: Library, citation: Citation) -> Around | None:
    """The neighbours of a passage, None where none were asked for."""
    steps = _steps().get(place_of(citation), 0)
    if not steps:
        return None
    all_of = [stored.content for stored in library.passages_of(citation.version.id)]
    start, end = citation.span.start, citation.span.end
    before = [one for one in all_of if one.span.end <= start]
    after = [one for one in all_of if one.span.start >= end]
    more = steps < _MOST and (len(before) > steps or len(after) > steps)
    return Around(_lines(before[-steps:]), _lines(after[:steps]), more=more)


def _lines(passages: list[Passage]) -> tuple[dict[str, Any], ...]:
    return tuple(
        block
        for one in passages
        for block in passage_blocks(one.text, header=one.header, section=one.section, marks=())
    )


def _steps() -> dict[Place, int]:
    steps: dict[Place, int] = st.session_state.setdefault(_STATE, {})
    return steps
