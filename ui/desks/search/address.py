"""A search with its filters and facets, kept in sync between the address and the widgets."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import streamlit as st

from assistant.desk import MODES, ORDERS
from corpus.document import KINDS
from index.library import Library
from index.versions import Status, today
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

PAGE = "search"
BOX = "Search the library"
PER_PAGE = 50  # passages
PER_LIST = 25  # of a list that shows them whole

VIEWS = {
    "passages": "Passages",
    "code": "Every passage with a code",
    "payers": "Payers side by side",
    "versions": "Versions compared",
    "saved": "Saved searches",
}

NO_KIND = "No kind"


@dataclass(frozen=True, slots=True)
class Searched:
    """A search. `on` is None for today."""

    view: str = "passages"
    query: str = ""
    mode: str = "hybrid"
    on: date | None = None
    include_all: bool = False
    payers: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    years: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    code: str = ""  # of the views on one code
    compared: str = ""  # the document whose versions are compared
    other: str = ""  # another document that it is compared with
    older: int | None = None
    newer: int | None = None
    order: str = "best"
    page: int = 1
    open: Place | None = None


_LISTS = {
    "payer": "payers",
    "kind": "kinds",
    "in": "documents",
    "status": "statuses",
    "year": "years",
    "has": "codes",
}


def read_searched(parameters: Parameters) -> Searched:
    """What an address asks for. Unreadable parts are ignored."""
    view, mode = one(parameters, "view"), one(parameters, "mode")
    lists = {name: tuple(parameters.get(key, ())) for key, name in _LISTS.items()}
    return Searched(
        view=view if view in VIEWS else "passages",
        query=one(parameters, "q")[:LONGEST],
        mode=mode if mode in MODES else "hybrid",
        on=day(one(parameters, "on")),
        include_all=one(parameters, "all") == "1",
        payers=lists["payers"],
        kinds=tuple(kind for kind in lists["kinds"] if kind in (*KINDS, NO_KIND)),
        documents=lists["documents"],
        statuses=tuple(known for known in lists["statuses"] if known in set(Status)),
        years=lists["years"],
        codes=lists["codes"],
        code=one(parameters, "code")[:100],
        compared=one(parameters, "compare")[:LONGEST],
        other=one(parameters, "with")[:LONGEST],
        older=_number(one(parameters, "from")),
        newer=_number(one(parameters, "to")),
        order=order if (order := one(parameters, "order")) in ORDERS else "best",
        page=_number(one(parameters, "page")) or 1,
        open=read_place(parameters),
    )


def write_searched(searched: Searched) -> dict[str, str | list[str]]:
    """The parameters of an address that asks for this."""
    single = {
        "view": searched.view if searched.view != "passages" else "",
        "q": searched.query,
        "mode": searched.mode if searched.mode != "hybrid" else "",
        "on": searched.on.isoformat() if searched.on else "",
        "all": "1" if searched.include_all else "",
        "code": searched.code,
        "compare": searched.compared,
        "with": searched.other,
        "from": str(searched.older or ""),
        "to": str(searched.newer or ""),
        "order": searched.order if searched.order != "best" else "",
        "page": str(searched.page) if searched.page > 1 else "",
    }
    written: dict[str, str | list[str]] = {name: text for name, text in single.items() if text}
    for key, name in _LISTS.items():
        values = getattr(searched, name)
        if values:
            written[key] = list(values)
    return written | write_place(searched.open)


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 6 and int(text) > 0 else None


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
    "other": "search_other",
    "older": "search_older",
    "newer": "search_newer",
    "order": "search_order",
}


def take_up(library: Library) -> Searched:
    """What the address asks for. If the widgets did not cause the change, they are set to match."""
    brought = now()
    searched = _guarded(brought, library)
    if searched != brought:
        go(searched)
    state = st.session_state
    known = replace(searched, open=None)
    settle(PAGE, known)
    fresh = state.get("search_known") != known
    for field, key in _WIDGETS.items():
        if fresh or key not in state:
            value = getattr(searched, field)
            state[key] = list(value) if isinstance(value, tuple) else value
    if fresh or "search_on" not in state:
        state["search_on"] = searched.on or today()
    state["search_known"] = known
    return searched


def _guarded(searched: Searched, library: Library) -> Searched:
    def named(*values: str) -> tuple[str, ...]:
        return guard_choices(values, library, page=PAGE)

    place = searched.open
    return replace(
        searched,
        query=guarded(searched.query, page=PAGE),
        code=guarded(searched.code, page=PAGE),
        compared="".join(named(searched.compared)),
        other="".join(named(searched.other)),
        payers=named(*searched.payers),
        documents=named(*searched.documents),
        years=named(*searched.years),
        codes=named(*searched.codes),
        open=place if place and named(place.document) else None,
    )


def changed() -> None:
    """Update the address after a widget changed. Widgets that are not drawn keep their value."""
    begin(PAGE)
    state, before = st.session_state, now()
    fields: dict[str, Any] = {}
    for field, key in _WIDGETS.items():
        if key in state:
            value = state[key]
            fields[field] = tuple(value) if isinstance(value, list) else value
    on = state.get("search_on")
    fields["on"] = on if on and on != today() else None
    fields["query"] = guard_box("search_query", page=PAGE)
    fields["code"] = guard_box("search_code", page=PAGE)
    fields["compared"] = fields.get("compared") or ""
    fields["other"] = fields.get("other") or ""
    fields["view"] = fields.get("view") or "passages"
    fields["mode"] = fields.get("mode") or "hybrid"
    go(replace(before, open=None, page=1, **fields))


def now() -> Searched:
    return read_searched(parameters_now())


def go(searched: Searched) -> None:
    st.query_params.from_dict(write_searched(searched))


def open_place(value: dict[str, str]) -> None:
    """Open a passage that was clicked."""
    go(replace(now(), open=read_place({name: [text] for name, text in value.items()})))
