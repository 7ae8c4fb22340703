"""The Search page's widgets and its address, kept equal."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from index.versions import today
from ui.desks.parts.address import read_place
from ui.desks.search.address import Searched, read_searched, write_searched
from ui.state.privacy import withheld

BOX = "Search the library"
_WIDGETS = {  # field of Searched: key of its widget
    "view": "search_view",
    "query": "search_query",
    "mode": "search_mode",
    "include_all": "search_all",
    "payers": "search_payers",
    "kinds": "search_kinds",
    "documents": "search_documents",
    "statuses": "search_statuses",
    "years": "search_years",
    "codes": "search_codes",
    "code": "search_code",
    "compared": "search_compared",
    "older": "search_older",
    "newer": "search_newer",
}


def take_up(searched: Searched) -> Searched:
    """What the address asks for; the widgets follow it when it is not their own doing."""
    state = st.session_state
    known = replace(searched, open=None)
    fresh = state.get("search_known") != known
    for field, key in _WIDGETS.items():
        if fresh or key not in state:
            value = getattr(searched, field)
            state[key] = list(value) if isinstance(value, tuple) else value
    if fresh or "search_on" not in state:
        state["search_on"] = searched.on or today()
    state["search_known"] = known
    return searched


def changed() -> None:
    """A widget changed: the address follows. What is not drawn keeps what the address says."""
    state, before = st.session_state, now()
    fields: dict[str, Any] = {}
    for field, key in _WIDGETS.items():
        if key in state:
            value = state[key]
            fields[field] = tuple(value) if isinstance(value, list) else value
    on = state.get("search_on")
    fields["on"] = on if on and on != today() else None
    fields["query"] = withheld(" ".join((fields.get("query") or "").split()))
    fields["code"] = (fields.get("code") or "").strip()
    fields["compared"] = fields.get("compared") or ""
    fields["view"] = fields.get("view") or "passages"
    fields["mode"] = fields.get("mode") or "hybrid"
    go(replace(before, open=None, **fields))


def now() -> Searched:
    return read_searched({name: st.query_params.get_all(name) for name in st.query_params})


def go(searched: Searched) -> None:
    st.query_params.from_dict(write_searched(searched))


def open_place(value: dict[str, str]) -> None:
    """A passage was chosen to be looked at."""
    go(replace(now(), open=read_place({name: [text] for name, text in value.items()})))
