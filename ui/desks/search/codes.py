"""Three views on codes and versions: every passage, payers side by side, versions compared."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from assistant.desk import Desk
from assistant.policies.differences import compare, diff
from assistant.policies.listing import CodeListing, list_code
from assistant.policies.matrix import matrix
from assistant.showing import find_document
from index.library import Library
from ui.access.roles import Act
from ui.desks.parts import opening
from ui.desks.parts.components import draw_listing
from ui.desks.search.address import ADDRESS, PER_LIST, Searched
from ui.desks.search.facets import counts_of, filters_of, narrowed_listing
from ui.desks.search.listings import difference_data, listing_data, matrix_data
from ui.desks.search.narrowing import draw_facets, draw_pages
from ui.exports.code_rows import LISTING, difference_markdown, listing_rows, matrix_rows
from ui.exports.tables import Rows, to_csv, to_xlsx
from ui.wording import plain

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def code_view(desk: Desk, library: Library, searched: Searched) -> None:
    """Every passage that names or covers a code, not just the best few."""
    row = _code_box()
    if _is_too_long():
        return
    if not searched.code:
        st.caption("Type a code: CPT, Category III, HCPCS, ICD-10, a modifier, an LCD.")
        return
    listing = _listed(library, searched)
    opening.note("list code", code=listing.code)
    draw_facets(counts_of(listing, searched), searched)
    listing = narrowed_listing(listing, searched)
    _downloads(
        (row, library),
        lambda: listing_rows(listing, generation=library.generation),
        f"codedesk-{listing.code}",
        tuple(LISTING),
    )
    pages = max(1, -(-listing.passages // PER_LIST))
    page = min(searched.page, pages)
    draw_listing(
        listing_data(listing, skip=PER_LIST * (page - 1), most=PER_LIST),
        key="code_listing",
        on={"open": ADDRESS.look_at},
    )
    draw_pages(listing.passages, searched, each=PER_LIST)


def _listed(library: Library, searched: Searched) -> CodeListing:
    """Listed once for the same code and index, not at every click."""
    asked = (searched.code, filters_of(searched), library.generation, library.hidden)
    kept = st.session_state.get("code_listed")
    if not kept or kept[0] != asked:
        kept = (asked, list_code(library, searched.code, filters_of(searched)))
        st.session_state["code_listed"] = kept
    found: CodeListing = kept[1]
    return found


def payers_view(desk: Desk, library: Library, searched: Searched) -> None:
    """What each payer's documents say on a code, each sentence quoted."""
    row = _code_box()
    if _is_too_long():
        return
    table = matrix(library, searched.code or "0581T", filters_of(searched))
    opening.note("compare payers", code=table.code)
    _downloads(
        (row, library),
        lambda: matrix_rows(table, generation=library.generation),
        f"codedesk-payers-{table.code}",
    )
    draw_listing(matrix_data(table), key="matrix_listing", on={"open": ADDRESS.look_at})


def versions_view(desk: Desk, library: Library, searched: Searched) -> None:
    """Two versions of one document, or two documents, what differs marked word by word."""
    chains: dict[str, list[int]] = {}
    for version in library.versions.values():
        chains.setdefault(version.document, []).append(version.ordinal)
    several = sorted(document for document, known in chains.items() if len(known) > 1)
    if not several:
        st.info(
            "Every document has one version so far. When a file is replaced and the library is "
            "synced, both versions can be compared here. Two documents can be compared now.",
            icon=":material/difference:",
        )
    _chosen(chains, several, searched)
    if not searched.compared:
        return
    if searched.other:
        one, other = (find_document(library, n)[-1] for n in (searched.compared, searched.other))
        found = compare(library, one, other)
    else:
        found = diff(library, searched.compared, searched.older, searched.newer)
    opening.note("compare versions", document=searched.compared, other=searched.other)
    st.download_button(
        "Markdown",
        opening.file_of(
            Act.EXPORT,
            library,
            lambda: difference_markdown(found).encode(),
            "export",
            document=searched.compared,
        ),
        file_name="codedesk-versions.md",
        mime="text/markdown",
        icon=":material/download:",
        on_click="ignore",
    )
    draw_listing(difference_data(found), key="version_listing", on={"open": ADDRESS.look_at})


def _chosen(
    chains: Mapping[str, Sequence[int]], several: Sequence[str], searched: Searched
) -> None:
    """The inputs: a document, and two of its versions or another document."""
    names = [*several, *sorted(set(chains) - set(several))]
    if searched.compared and searched.compared not in names:
        names = [*names, searched.compared]
    document, other, older, newer = st.columns([3, 3, 1, 1])
    document.selectbox(
        "Document",
        names,
        key="search_compared",
        index=None,
        format_func=plain,
        placeholder=f"{len(several)} of {len(chains)} have more than one version",
        on_change=ADDRESS.changed,
    )
    others = [name for name in names if name != searched.compared]
    if searched.other and searched.other not in others:
        others = [*others, searched.other]
    other.selectbox(
        "With",
        others,
        key="search_other",
        index=None,
        format_func=plain,
        placeholder="its own earlier version",
        on_change=ADDRESS.changed,
        disabled=not searched.compared,
    )
    if not searched.compared or searched.other:
        return
    ordinals = sorted(chains.get(searched.compared, ()))
    for column, label, key, placeholder in (
        (older, "From version", "search_older", "before"),
        (newer, "To version", "search_newer", "latest"),
    ):
        column.selectbox(
            label, ordinals, key=key, index=None, on_change=ADDRESS.changed, placeholder=placeholder
        )


def _code_box() -> DeltaGenerator:
    """The inputs. Returns their row, for the downloads beside them."""
    outer = st.container(
        horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"
    )
    with outer.form("code_form", border=False, width="content"):
        row = st.container(horizontal=True, vertical_alignment="bottom")
        row.text_input("Code", key="search_code", placeholder="0581T", width=180)
        row.date_input(
            "As of",
            key="search_on",
            format="MM/DD/YYYY",
            min_value="1990-01-01",
            max_value="2100-01-01",
            width=170,
        )
        row.form_submit_button("Show", type="primary", on_click=ADDRESS.changed, width=88)
        row.toggle("Include retired and future", key="search_all")
    return outer


def _is_too_long() -> bool:
    return ADDRESS.say_too_long("code", what="code", ask="look up", asked="looked up")


def _downloads(
    place: tuple[DeltaGenerator, Library],
    rows: Callable[[], Rows],
    name: str,
    columns: tuple[str, ...] = (),
) -> None:
    """Files of what the library holds, that are made when they are asked for."""
    row, library = place
    csv, xlsx = (
        opening.file_of(Act.EXPORT, library, make, "export", file=name, format=format)
        for format, make in (
            ("csv", lambda: to_csv(rows(), columns).encode("utf-8-sig")),
            ("xlsx", lambda: to_xlsx(rows(), name, columns)),
        )
    )
    with row.container(horizontal=True, width="content"):
        st.download_button(
            "CSV",
            csv,
            file_name=f"{name}.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
        )
        st.download_button(
            "Excel",
            xlsx,
            file_name=f"{name}.xlsx",
            mime=_XLSX,
            icon=":material/download:",
            on_click="ignore",
        )
