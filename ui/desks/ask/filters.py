"""The filters of a question: date of service, payers, kinds. The library supplies the choices."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from corpus.document import KINDS
from index.filters import Filters
from index.library import Library
from index.versions import today
from ui.desks.ask.address import Asked
from ui.wording import escape_markdown, kind_name, plain, written_day

_OPENED = "filters_opened"


def payers_of(library: Library, also: Sequence[str] = ()) -> list[str]:
    """The library's payers by name, and those in `also`, which an address may name."""
    held = {payer for v in library.versions.values() for payer in v.metadata.payers}
    return sorted(held | set(also), key=str.casefold)


def kinds_of_library(library: Library, also: Sequence[str] = ()) -> list[str]:
    held = {version.metadata.kind for version in library.versions.values()} | set(also)
    return [kind for kind in KINDS if kind in held]


def filters_of(asked: Asked, *, include_all: bool = False) -> Filters:
    return Filters(
        on=asked.on or today(),
        payers=asked.payers,
        kinds=asked.kinds,
        documents=asked.documents,
        include_all=include_all,
    )


def filter_row(library: Library, asked: Asked, *, prefix: str, changed: Callable[[], None]) -> None:
    """Date of service, payer and kind, side by side. On a phone they are folded away until asked
    for, so that the answer comes first; the fold says what they are set to."""
    opened = bool(st.session_state.get(_OPENED))
    with st.container(key="fold_filters"):
        st.button(
            f"Filters: {escape_markdown(in_words(asked))}",
            key="filters_fold",
            icon=":material/expand_less:" if opened else ":material/expand_more:",
            type="tertiary",
            on_click=_fold,
        )
    with st.container(key="filters" if opened else "filters_folded"):
        date_of_service, payer, kind = st.columns([1.1, 1.7, 1.7], vertical_alignment="bottom")
        date_of_service.date_input(
            "Date of service",
            key=f"{prefix}_on",
            format="MM/DD/YYYY",
            min_value="1990-01-01",
            max_value="2100-01-01",
            on_change=changed,
            help="Only what is in force on this day is searched.",
        )
        payer.multiselect(
            "Payer",
            payers_of(library, asked.payers),
            key=f"{prefix}_payers",
            placeholder="All payers",
            on_change=changed,
        )
        kind.multiselect(
            "Kind of document",
            kinds_of_library(library, asked.kinds),
            key=f"{prefix}_kinds",
            format_func=kind_name,
            placeholder="All kinds",
            on_change=changed,
        )


def in_words(asked: Asked) -> str:
    """`Nov 28, 2026 · all payers · all kinds`."""
    return " · ".join(
        (
            written_day(asked.on or today()),
            plain(", ".join(asked.payers)) or "all payers",
            ", ".join(map(kind_name, asked.kinds)) or "all kinds",
        )
    )


def _fold() -> None:
    st.session_state[_OPENED] = not st.session_state.get(_OPENED)
