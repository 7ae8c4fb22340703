"""Passages found by a query: facets with counts, a table with score parts, a reading pane."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from urllib.parse import urlencode

import streamlit as st

from assistant.answer import Answer, Citation
from assistant.desk import Desk
from assistant.ranking.facets import Facets
from assistant.tables import table_at
from index.library import Library
from ui.access.roles import Act
from ui.desks.parts import opening
from ui.desks.parts.cards import card, place_of
from ui.desks.parts.components import draw_answer
from ui.desks.parts.teasers import teaser
from ui.desks.search.address import (
    ADDRESS,
    BOX,
    PER_PAGE,
    Searched,
    go,
    now,
)
from ui.desks.search.facets import filters_of, in_words, narrowed
from ui.desks.search.narrowing import cleared, draw_facets, draw_pages
from ui.desks.search.saved import save_form, show_refusal
from ui.exports.results import EXPORTED, FORMATS, Asking, export
from ui.exports.tables import to_csv
from ui.wording import (
    kind_name,
    page_name,
    payer_names,
    plain,
    section_name,
    status_name,
    written_day,
)

_MODES = {"hybrid": "Words and meaning", "lexical": "Words", "dense": "Meaning"}
_ORDERS = {
    "best": "Best first",
    "newest": "Newest first",
    "payer": "By payer",
    "document": "By document",
}
_HELP = (
    'Operators: `"exact phrase"`, `-without`, `this OR that`, `payer:Cigna`, `kind:policy`, '
    "`code:0581T`, `doc:cigna-0540.md`, `title:ablation`, `page:4`, `status:retired`, "
    "`date:2025-03-01`, `include:retired`. Each also stands alone: `doc:cigna-0540.md` lists the "
    "document."
)
_NAMES = {"csv": "CSV", "xlsx": "Excel", "docx": "Word", "json": "JSON", "md": "Markdown"}


def passages_view(desk: Desk, library: Library, searched: Searched) -> None:
    """Query, facets, results."""
    _query_form()
    if ADDRESS.say_too_long("query", what="search", ask="search", asked="searched"):
        return
    if not searched.query:
        st.caption(_HELP)
        return
    found, facets = _found(desk, searched)
    opening.note("search", query=searched.query, mode=searched.mode)
    draw_facets(facets.counts, searched)
    if not found.citations:
        _nothing(found, searched)
        return
    _results(desk, library, found, searched)


def _query_form() -> None:
    with st.form("search_form", border=False):
        row = st.container(horizontal=True, wrap=False, vertical_alignment="bottom")
        row.text_input(
            BOX,
            key="search_query",
            placeholder='0581T "not medically necessary" -ovarian payer:Cigna',
            label_visibility="collapsed",
            icon=":material/search:",
            autocomplete="off",
        )
        row.form_submit_button("Search", type="primary", width=104, on_click=ADDRESS.changed)
    with st.container(horizontal=True, vertical_alignment="bottom", key="search_options"):
        st.segmented_control(
            "Find by",
            list(_MODES),
            format_func=_MODES.__getitem__,
            key="search_mode",
            required=True,
            on_change=ADDRESS.changed,
        )
        st.selectbox(
            "Order",
            list(_ORDERS),
            format_func=_ORDERS.__getitem__,
            key="search_order",
            on_change=ADDRESS.changed,
            width=160,
        )
        st.date_input(
            "As of",
            key="search_on",
            format="MM/DD/YYYY",
            min_value="1990-01-01",
            max_value="2100-01-01",
            on_change=ADDRESS.changed,
            width=150,
        )
        st.toggle("Include retired and future", key="search_all", on_change=ADDRESS.changed)


def _found(desk: Desk, searched: Searched) -> tuple[Answer, Facets]:
    """Search and count once for the same question and index, not at every click."""
    query, mode, filters = searched.query, searched.mode, narrowed(searched)
    page = (PER_PAGE * (searched.page - 1), searched.order)
    library = desk.library
    asked = (query, mode, filters, page, library.generation, library.hidden)
    kept: dict[object, tuple[Answer, Facets]] = st.session_state.setdefault("search_found", {})
    if asked not in kept:
        while len(kept) >= 4:
            kept.pop(next(iter(kept)))
        kept[asked] = (
            desk.search(query, filters, k=PER_PAGE, mode=mode, skip=page[0], order=page[1]),
            desk.facets(query, filters, fixed=filters_of(searched), mode=mode),
        )
    return kept[asked]


def _nothing(found: Answer, searched: Searched) -> None:
    if found.found:
        st.info(f"The results have no page {searched.page}.", icon=":material/last_page:")
        st.button("Go to the first page", on_click=lambda: go(replace(now(), page=1)))
        return
    st.info(
        f"No passage matches. {found.searched.passages:,} passages of "
        f"{found.searched.documents:,} documents were searched as of "
        f"{written_day(found.as_of)}. Take away a filter or a word, or include retired "
        "documents.",
        icon=":material/search_off:",
    )


def _summary(found: Answer) -> str:
    first, last = found.citations[0].rank, found.citations[-1].rank
    whole = found.shown or 0
    alike = (found.found or 0) - whole
    head = (
        f"**{whole:,} {'passage' if whole == 1 else 'passages'}**"
        if last - first + 1 == whole
        else f"**{first:,} to {last:,} of {whole:,} passages**"
    )
    more = f" {alike:,} more say the same in the same words." if alike else ""
    return f"{head}, as of {written_day(found.as_of)}. Index generation {found.generation}.{more}"


def _results(desk: Desk, library: Library, found: Answer, searched: Searched) -> None:
    hits = found.citations
    with st.container(key="results"):
        table, pane = st.columns([1.3, 1], gap="medium")
    with table:
        st.markdown(_summary(found))
        picked = st.dataframe(
            _rows(hits, listed=found.trust == 0 and all(one.score == 1 for one in hits)),
            key=f"search_table_{hash((replace(searched, open=None), found.generation))}",
            hide_index=True,
            height=min(36 + 35 * len(hits), 420),
            on_select="rerun",
            selection_mode="single-cell",
            column_config=_COLUMNS,
            placeholder="",
            alt="Passages found; a click on a row reads it",
        )
        draw_pages(found.shown or 0, searched)
    cells = picked["selection"]["cells"]
    row = cells[0][0] if cells and cells[0][0] < len(hits) else 0
    chosen = hits[row]
    link = f"?{urlencode(ADDRESS.write(replace(searched, open=place_of(chosen))), doseq=True)}"
    shown = {"draw": "cards", "cards": [card(chosen, link=link)], "print": False, "reasons": None}
    with pane:
        with st.container(height=460, border=False, key="reading_pane"):
            draw_answer(shown, key="reading", on={"open": ADDRESS.look_at})
        _on(library, chosen)
    _exports(desk, found, searched)


def _on(library: Library, chosen: Citation) -> None:
    """What else can be done with the passage that is read."""
    with st.container(horizontal=True):
        st.button(
            "More like this",
            key="more_like_this",
            icon=":material/join_inner:",
            on_click=_more_like,
            args=(chosen,),
            help="Passages that are near to this one in meaning, whatever their words.",
        )
        if table := table_at(library.document(chosen.version.id), chosen.span):
            st.download_button(
                "Table as CSV",
                lambda: to_csv(table.rows, table.columns).encode("utf-8-sig"),
                file_name="codedesk-table.csv",
                mime="text/csv",
                key="table_csv",
                icon=":material/table:",
                on_click="ignore",
            )


def _more_like(chosen: Citation) -> None:
    document = chosen.version.document
    like = f"{document}#{chosen.span.start}"
    quoted = f'"{like}"' if " " in like else like
    go(replace(cleared(now()), query=f"like:{quoted}", order="best"))


_COLUMNS = {
    "#": st.column_config.NumberColumn(width=40),
    "Score": st.column_config.ProgressColumn(
        min_value=0.0, max_value=1.0, format="%.2f", width=84, color="auto"
    ),
    "Passage": st.column_config.TextColumn(width=260),
    "Document": st.column_config.TextColumn(width=190),
    "Payer": st.column_config.TextColumn(width=96),
    "Page": st.column_config.TextColumn(width=52),
    "Status": st.column_config.TextColumn(width=76),
    "Words": st.column_config.NumberColumn(format="%.2f", width=64),
    "Meaning": st.column_config.NumberColumn(format="%.2f", width=74),
    "Word by word": st.column_config.NumberColumn(format="%.2f", width=96),
}


def _rows(hits: Sequence[Citation], *, listed: bool) -> list[dict[str, object]]:
    """`listed`: they are found by conditions alone, so that no score tells anything."""
    return [
        {
            "#": one.rank,
            "Passage": teaser(one),
            "Document": plain(one.version.metadata.title),
            "Payer": payer_names(one.version.metadata),
            "Page": page_name(one.page, one.page_label).removeprefix("page "),
            "Status": status_name(one.version, one.status),
            "Score": None if listed else one.score,
            "Words": None if listed else one.why.lexical,
            "Meaning": None if listed else one.why.dense,
            "Word by word": one.why.late,
            "Kind": kind_name(one.version.metadata.kind),
            "In force since": one.version.metadata.effective,
            "Section": section_name(one.section[-1:]),
            "Codes": ", ".join(one.codes),
        }
        for one in hits
    ]


def _exports(desk: Desk, found: Answer, searched: Searched) -> None:
    asking = Asking.now(searched.query, in_words(searched, found.as_of))

    def made(format: str) -> Callable[[], bytes]:
        def make() -> bytes:
            """From the best of all pages."""
            whole = desk.search(
                searched.query,
                narrowed(searched),
                k=EXPORTED,
                mode=searched.mode,
                order=searched.order,
            )
            return export(whole, format, asking=asking)

        told = {"query": searched.query, "format": format}
        return opening.file_of(Act.EXPORT, desk.library, make, "export", **told)

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
        save_form(desk, searched)
    show_refusal()
