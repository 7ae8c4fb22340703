"""The parts of the pages that our own script draws: answers, pages, listings, the frame.

Document text is passed as data and becomes text nodes; see web/. AppTest and the browser get the
same data.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from ui.desks.parts.person import COOKIE, browser

_WEB = Path(__file__).resolve().parents[2] / "web"


@cache
def _text(name: str) -> str:
    return (_WEB / name).read_text("utf-8")


@cache
def _preact() -> str:
    """The library as one constant: a part's script is a single module and imports nothing."""
    source, exported = _text("preact/preact.mjs").rstrip().removesuffix("};").split("export{")
    names = ", ".join(
        f"{name}: {inner}"
        for inner, _, name in (one.partition(" as ") for one in exported.split(","))
    )
    return f"const preact = (() => {{ {source}; return {{ {names} }}; }})();"


def _part(name: str, *, apart: bool = True) -> Any:
    """A part with its own style and script, after those that all parts share.

    One that is not `apart` shares the page with Streamlit: in a dialog the keyboard reaches nothing
    that is.
    """
    css, js = (f"{_text(f'dom.{ending}')}\n{_text(f'{name}.{ending}')}" for ending in ("css", "js"))
    return st.components.v2.component(
        f"codedesk_{name}",
        css=css if apart else f".codedesk {{\n{css}\n}}",
        js=f"{_preact()}\n{js}",
        isolate_styles=apart,
    )


_answer, _listing = map(_part, ("answer", "listing"))
_page = _part("page", apart=False)
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


def draw_frame(*, box: str) -> None:
    """What holds for the whole page: its rules, `/` for the box with this label, the sentence when
    the server is away."""
    with st.container(key="frame"):
        told = {"box": box, "cookie": COOKIE, "person": browser()}
        _frame(data=_told(told), key="frame_script", on_back_change=lambda: None)


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
