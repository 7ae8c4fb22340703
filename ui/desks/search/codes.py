"""Three views on codes and versions: every passage, payers side by side, versions compared."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from assistant.desk import Desk
from assistant.policies.differences import diff
from assistant.policies.listing import list_code
from assistant.policies.matrix import matrix
from index.library import Library
from ui.desks.parts.components import draw_listing
from ui.desks.search.address import Searched, changed, open_place
from ui.desks.search.facets import filters_of
from ui.desks.search.listings import difference_data, listing_data, matrix_data
from ui.exports.code_rows import LISTING, difference_markdown, listing_rows, matrix_rows
from ui.exports.tables import Cell, to_csv, to_xlsx
from ui.wording import plain

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def code_view(desk: Desk, library: Library, searched: Searched) -> None:
    """Every passage that names or covers a code, not just the best few."""
    row = _code_box()
    if not searched.code:
        st.caption("Type a code: CPT, Category III, HCPCS, ICD-10, a modifier, an LCD.")
        return
    listing = list_code(library, searched.code, filters_of(searched))
    _downloads(row, listing_rows(listing), f"codedesk-{listing.code}", tuple(LISTING))
    draw_listing(listing_data(listing), key="code_listing", on={"open": open_place})


def payers_view(desk: Desk, library: Library, searched: Searched) -> None:
    """What each payer's documents say on a code, each sentence quoted."""
    row = _code_box()
    table = matrix(library, searched.code or "0581T", filters_of(searched))
    _downloads(row, matrix_rows(table), f"codedesk-payers-{table.code}")
    draw_listing(matrix_data(table), key="matrix_listing", on={"open": open_place})


def versions_view(desk: Desk, library: Library, searched: Searched) -> None:
    """Two versions of one document, what changed marked word by word."""
    chains: dict[str, list[int]] = {}
    for version in library.versions.values():
        chains.setdefault(version.document, []).append(version.ordinal)
    several = sorted(document for document, known in chains.items() if len(known) > 1)
    if searched.compared and searched.compared not in several:
        several = [*several, searched.compared]
    if not several:
        st.info(
            "Every document has one version so far. When a file is replaced and the library is "
            "synced, both versions can be compared here.",
            icon=":material/difference:",
        )
        return
    document, older, newer = st.columns([4, 1, 1])
    document.selectbox(
        "Document",
        several,
        key="search_compared",
        index=None,
        format_func=plain,
        placeholder=f"{len(several)} documents have more than one version",
        on_change=changed,
    )
    if not searched.compared:
        return
    ordinals = sorted(chains.get(searched.compared, ()))
    older.selectbox(
        "From version",
        ordinals,
        key="search_older",
        index=None,
        on_change=changed,
        placeholder="before",
    )
    newer.selectbox(
        "To version",
        ordinals,
        key="search_newer",
        index=None,
        on_change=changed,
        placeholder="latest",
    )
    found = diff(library, searched.compared, searched.older, searched.newer)
    st.download_button(
        "Markdown",
        difference_markdown(found).encode(),
        file_name="codedesk-versions.md",
        mime="text/markdown",
        icon=":material/download:",
        on_click="ignore",
    )
    draw_listing(difference_data(found), key="version_listing", on={"open": open_place})


def _code_box() -> DeltaGenerator:
    """The inputs. Returns their row, for the downloads beside them."""
    outer = st.container(
        horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"
    )
    with outer.form("code_form", border=False, width="content"):
        row = st.container(horizontal=True, vertical_alignment="bottom")
        row.text_input("Code", key="search_code", placeholder="0581T", max_chars=100, width=180)
        row.date_input(
            "As of",
            key="search_on",
            format="MM/DD/YYYY",
            min_value="1990-01-01",
            max_value="2100-01-01",
            width=170,
        )
        row.form_submit_button("Show", type="primary", on_click=changed, width=88)
        row.toggle("Include retired and future", key="search_all")
    return outer


def _downloads(
    place: DeltaGenerator, rows: list[dict[str, Cell]], name: str, columns: tuple[str, ...] = ()
) -> None:
    with place.container(horizontal=True, width="content"):
        st.download_button(
            "CSV",
            to_csv(rows, columns).encode("utf-8-sig"),
            file_name=f"{name}.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
        )
        st.download_button(
            "Excel",
            to_xlsx(rows, name, columns),
            file_name=f"{name}.xlsx",
            mime=_XLSX,
            icon=":material/download:",
            on_click="ignore",
        )
