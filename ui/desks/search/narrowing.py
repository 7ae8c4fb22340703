"""Facets beside a list, and its pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from math import ceil
from typing import Any

import streamlit as st

from assistant.ranking.facets import Value
from ui.desks.search.address import ADDRESS, PER_PAGE, Searched, go, now
from ui.desks.search.facets import FACETS, label_of, shown


def draw_facets(counts: Mapping[str, Counter[Value]], searched: Searched) -> None:
    """The facets that are counted, each with a count behind every value."""
    with st.sidebar:
        st.subheader("Narrow down", anchor=False)
        for name, (label, _) in FACETS.items():
            if name not in counts:
                continue
            counter = shown(name, counts[name], searched)
            st.multiselect(
                label,
                _ordered(name, counter),
                key=f"search_{name}",
                format_func=_with_count(name, counter),
                placeholder=f"{len(counter)} to choose from",
                on_change=ADDRESS.changed,
            )
        if any(getattr(searched, name) for name in counts):
            st.button("Clear all", on_click=_clear, icon=":material/close:")


def _ordered(name: str, counter: Counter[str]) -> list[str]:
    if name == "years":
        return sorted(counter, reverse=True)
    return sorted(counter, key=lambda value: (-counter[value], value.casefold()))


def _with_count(name: str, counter: Counter[str]) -> Callable[[str], str]:
    return lambda value: f"{label_of(name, value)} ({counter.get(value, 0):,})"


def _clear() -> None:
    go(cleared(now()))


def cleared(searched: Searched) -> Searched:
    """The same without any facet, from its first page on."""
    none: dict[str, Any] = dict.fromkeys(FACETS, ())
    return replace(searched, page=1, open=None, **none)


def draw_pages(count: int, searched: Searched, *, each: int = PER_PAGE) -> None:
    """The pages of a list of so many passages; nothing where one page holds them."""
    if count <= each:
        return
    pages = ceil(count / each)
    key = f"search_page_{hash(replace(searched, open=None))}"  # another list has pages of its own
    st.pagination(
        pages,
        default=min(searched.page, pages),
        key=key,
        on_change=lambda: go(replace(now(), page=st.session_state[key], open=None)),
    )
