"""Passages found by a query: facets with counts, a table with score parts, a reading pane."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from urllib.parse import urlencode

import streamlit as st

from assistant.answer import Answer, Citation
from assistant.desk import Desk
from assistant.ranking.facets import Facets
from index.library import Library
from ui.access.roles import Act
from ui.desks.parts import opening
from ui.desks.parts.cards import card, place_of
from ui.desks.parts.components import draw_answer
from ui.desks.search.address import (
    BOX,
    MOST,
    Searched,
    changed,
    go,
    now,
    open_place,
    write_searched,
)
from ui.desks.search.facets import FACETS, filters_of, in_words, label_of, narrowed, shown
from ui.desks.search.saved import save_form, show_refusal
from ui.exports.results import FORMATS, Asking, export
from ui.wording import (
    counted_documents,
    kind_name,
    page_name,
    plain,
    section_name,
    status_name,
    written_day,
)

_MODES = {"hybrid": "Words and meaning", "lexical": "Words", "dense": "Meaning"}
_HELP = (
    'Operators: `"exact phrase"`, `-without`, `payer:Cigna`, `kind:policy`, `code:0581T`, '
    "`doc:cigna-0540.md`, `date:2025-03-01`, `include:retired`."
)
_NAMES = {"csv": "CSV", "xlsx": "Excel", "json": "JSON", "md": "Markdown"}


def passages_view(desk: Desk, library: Library, searched: Searched) -> None:
    """Query, facets, results."""
    _query_form()
    if not searched.query:
        st.caption(_HELP)
        return
    found, facets = _found(desk, searched)
    _facets(facets, searched)
    _summary(found, facets.passages)
    if found.citations:
        _results(found, searched)


def _query_form() -> None:
    with st.form("search_form", border=False):
        row = st.container(horizontal=True, wrap=False, vertical_alignment="bottom")
        row.text_input(
            BOX,
            key="search_query",
            max_chars=2000,
            placeholder='0581T "not medically necessary" -ovarian payer:Cigna',
            label_visibility="collapsed",
            icon=":material/search:",
            autocomplete="off",
        )
        row.form_submit_button("Search", type="primary", width=104, on_click=changed)
    with st.container(horizontal=True, vertical_alignment="bottom", key="search_options"):
        st.segmented_control(
            "Find by",
            list(_MODES),
            format_func=_MODES.__getitem__,
            key="search_mode",
            required=True,
            on_change=changed,
        )
        st.date_input(
            "As of",
            key="search_on",
            format="MM/DD/YYYY",
            min_value="1990-01-01",
            max_value="2100-01-01",
            on_change=changed,
            width=180,
        )
        st.toggle("Include retired and future", key="search_all", on_change=changed)


def _found(desk: Desk, searched: Searched) -> tuple[Answer, Facets]:
    """Search and count once for the same question and index, not at every click."""
    query, mode, filters = searched.query, searched.mode, narrowed(searched)
    asked = (query, mode, filters, desk.library.generation)
    kept: dict[object, tuple[Answer, Facets]] = st.session_state.setdefault("search_found", {})
    if asked not in kept:
        while len(kept) >= 4:
            kept.pop(next(iter(kept)))
        kept[asked] = (
            desk.search(query, filters, k=MOST, mode=mode),
            desk.facets(query, filters, fixed=filters_of(searched), mode=mode),
        )
    return kept[asked]


def _facets(facets: Facets, searched: Searched) -> None:
    with st.sidebar:
        st.subheader("Narrow down", anchor=False)
        for name, (label, _) in FACETS.items():
            counter = shown(name, facets.counts[name], searched)
            st.multiselect(
                label,
                _ordered(name, counter),
                key=f"search_{name}",
                format_func=_with_count(name, counter),
                placeholder=f"{len(counter)} to choose from",
                on_change=changed,
            )
        if any(getattr(searched, name) for name in FACETS):
            st.button("Clear all", on_click=_clear, icon=":material/close:")


def _ordered(name: str, counter: Counter[str]) -> list[str]:
    if name == "years":
        return sorted(counter, reverse=True)
    return sorted(counter, key=lambda value: (-counter[value], value.casefold()))


def _with_count(name: str, counter: Counter[str]) -> Callable[[str], str]:
    return lambda value: f"{label_of(name, value)} ({counter.get(value, 0):,})"


def _clear() -> None:
    go(
        replace(
            now(), payers=(), kinds=(), documents=(), statuses=(), years=(), codes=(), open=None
        )
    )


def _summary(found: Answer, passages: int) -> None:
    if not found.citations:
        st.info(
            f"No passage matches. {found.searched.passages:,} passages of "
            f"{found.searched.documents:,} documents were searched as of "
            f"{written_day(found.as_of)}. Take away a filter or a word, or include retired "
            "documents.",
            icon=":material/search_off:",
        )
        return
    count = len(found.citations)
    alike = sum(len(citation.also_in) for citation in found.citations)
    best = f"The best {count:,} of {passages:,}" if count + alike < passages else f"{count:,}"
    documents = len({citation.version.document for citation in found.citations})
    st.markdown(
        f"**{best} passages**, from {counted_documents(documents)}, as of "
        f"{written_day(found.as_of)}. Index generation {found.generation}."
        + (f" {alike:,} more say the same in the same words." if alike else "")
    )


def _results(found: Answer, searched: Searched) -> None:
    hits = found.citations
    with st.container(key="results"):
        table, pane = st.columns([1.6, 1], gap="medium")
    with table:
        picked = st.dataframe(
            _rows(hits),
            key=f"search_table_{hash((searched, found.generation))}",
            hide_index=True,
            height=388,
            on_select="rerun",
            selection_mode="single-row",
            column_config=_COLUMNS,
            placeholder="",
            alt="Passages found, best first",
        )
        _exports(found, searched)
    rows = picked["selection"]["rows"]
    chosen = hits[rows[0]] if rows and rows[0] < len(hits) else hits[0]
    with pane:
        link = f"?{urlencode(write_searched(replace(searched, open=place_of(chosen))), doseq=True)}"
        draw_answer(
            {"draw": "cards", "cards": [card(chosen, link=link)], "print": False, "reasons": None},
            key="reading",
            on={"open": open_place},
        )


_COLUMNS = {
    "#": st.column_config.NumberColumn(width=36),
    "Score": st.column_config.ProgressColumn(
        min_value=0.0, max_value=1.0, format="%.2f", width=84, color="auto"
    ),
    "Passage": st.column_config.TextColumn(width=390),
    "Document": st.column_config.TextColumn(width=200),
    "Payer": st.column_config.TextColumn(width=96),
    "Page": st.column_config.TextColumn(width=52),
    "Status": st.column_config.TextColumn(width=76),
    "Words": st.column_config.NumberColumn(format="%.2f", width=64),
    "Meaning": st.column_config.NumberColumn(format="%.2f", width=74),
    "Word by word": st.column_config.NumberColumn(format="%.2f", width=96),
}


def _rows(hits: Sequence[Citation]) -> list[dict[str, object]]:
    return [
        {
            "#": one.rank,
            "Score": one.score,
            "Passage": _said(one),
            "Document": plain(one.version.metadata.title),
            "Payer": plain(one.version.metadata.payer or ""),
            "Page": page_name(one.page, one.page_label).removeprefix("page "),
            "Status": status_name(one.version, one.status),
            "Words": one.why.lexical,
            "Meaning": one.why.dense,
            "Word by word": one.why.late,
            "Kind": kind_name(one.version.metadata.kind),
            "In force since": one.version.metadata.effective,
            "Section": section_name(one.section[-1:]),
            "Codes": ", ".join(one.codes),
        }
        for one in hits
    ]


def _said(one: Citation) -> str:
    """How the passage begins after its headings, which have a column of their own."""
    lines = [line for line in one.text.splitlines() if line.strip() not in one.section]
    return " ".join(plain(" ".join(lines) or one.text).split())[:200]


def _exports(found: Answer, searched: Searched) -> None:
    asking = Asking.now(searched.query, in_words(searched, found.as_of))

    def made(format: str) -> Callable[[], bytes]:
        def make() -> bytes:
            opening.allow(Act.EXPORT)
            opening.audit(
                "export", query=searched.query, format=format, passages=len(found.citations)
            )
            return export(found, format, asking=asking)

        return make

    with st.container(horizontal=True, vertical_alignment="center"):
        for format, mime in FORMATS.items():
            st.download_button(
                _NAMES[format],
                made(format),
                file_name=f"codedesk-search.{format}",
                mime=mime,
                key=f"export_{format}",
                icon=":material/download:",
                on_click="ignore",
            )
        save_form(found, searched)
    show_refusal()
