"""The parts of the pages that our own script draws: answers, pages, listings, charts, the frame.

Document text is passed as data and becomes text nodes; see web/. AppTest and the browser get the
same data.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

_WEB = Path(__file__).resolve().parents[2] / "web"


@cache
def _text(name: str) -> str:
    return (_WEB / name).read_text("utf-8")


def _part(name: str) -> Any:
    """A part with its own style and script, after those that all parts share."""
    css, js = (f"{_text(f'dom.{ending}')}\n{_text(f'{name}.{ending}')}" for ending in ("css", "js"))
    return st.components.v2.component(f"codedesk_{name}", css=css, js=js)


_answer, _page, _listing, _chart = map(_part, ("answer", "page", "listing", "chart"))
_frame = st.components.v2.component(
    "codedesk_frame", css=_text("frame.css"), js=_text("frame.js"), isolate_styles=False
)


def draw_answer(
    data: Mapping[str, Any], *, key: str, on: Mapping[str, Callable[[Any], None]]
) -> None:
    """Draw an answer, a start page or plain cards. `on` says what to do with each event's value."""
    _mount(_answer, data, key=key, on=on)


def draw_page(
    data: Mapping[str, Any], *, key: str, on: Mapping[str, Callable[[Any], None]]
) -> None:
    """Draw a page of a document, or its text, with a passage marked."""
    _mount(_page, data, key=key, on=on)


def draw_listing(
    data: Mapping[str, Any], *, key: str, on: Mapping[str, Callable[[Any], None]]
) -> None:
    """Draw groups of quoted sentences; see groups.py."""
    _mount(_listing, data, key=key, on=on)


def draw_chart(data: Mapping[str, Any], *, key: str) -> None:
    """Draw counts as columns or bars."""
    _mount(_chart, data, key=key, on={})


def draw_frame(*, box: str) -> None:
    """The rules of the whole page, and `/` for the box with this label."""
    with st.container(key="frame"):
        _frame(data=_told({"box": box}), key="frame_script")


def _mount(
    component: Any, data: Mapping[str, Any], *, key: str, on: Mapping[str, Callable[[Any], None]]
) -> None:
    def told(event: str) -> Callable[[], None]:
        def act() -> None:
            value = getattr(st.session_state[key], event, None)
            if value is not None:
                on[event](value)

        return act

    component(data=_told(data), key=key, **{f"on_{event}_change": told(event) for event in on})


def _told(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A script's data in a list: in a dictionary Streamlit looks for tables, which imports pandas
    and delays the first page by 0.4 s."""
    return [dict(data)]
