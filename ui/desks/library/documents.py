"""The documents and all that is known about them, with metadata, passages and removal."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from assistant.desk import Desk
from index.library import Library
from index.versions import Status, Term, Version, today
from ui.confirming.labels import LABELS
from ui.desks.library.editing import editor, found_dates, put_aside
from ui.desks.library.pages import reading_report
from ui.desks.library.passages import passages_as_split
from ui.desks.parts.job_view import start_sync
from ui.wording import (
    STATUS_NAMES,
    escape_markdown,
    kind_name,
    payer_names,
    plain,
    status_name,
    written_day,
)

_MANY = 50_000  # passages; a larger library does not count the codes of every document


@dataclass(frozen=True, slots=True)
class Row:
    """A document as the table shows it."""

    version: Version
    term: Term
    status: Status
    versions: int
    problem: str
    notice: str


def documents_view(desk: Desk, library: Library) -> None:
    """The table, then the selected documents."""
    rows = rows_of(library)
    failed = [state for state in library.files() if state.is_unread]
    _figures(library, rows, len(failed))
    if failed:
        _failures(failed)
    shown = _found(rows)
    picked = st.dataframe(
        _table(library, shown),
        key=f"documents_{library.generation}",
        hide_index=True,
        height=min(38 + 35 * max(len(shown), 1), 560),
        on_select="rerun",
        selection_mode="multi-row",
        column_config=_COLUMNS,
        placeholder="",
        alt="The documents of the library",
    )
    chosen = [shown[at] for at in picked["selection"]["rows"] if at < len(shown)]
    if not chosen:
        st.caption(
            "Select a document to see its passages and edit it; several to edit them together."
        )
    elif len(chosen) == 1:
        _one(library, chosen[0])
    else:
        _several(chosen)
    put_aside()


def rows_of(library: Library) -> list[Row]:
    """The latest version of every document, with its problems."""
    chains: dict[str, list[Version]] = defaultdict(list)
    for version in library.versions.values():
        chains[version.document].append(version)
    rows = []
    for _, chain in sorted(chains.items()):
        latest = max(chain, key=lambda version: version.ordinal)
        term = library.terms[latest.id]
        rows.append(Row(latest, term, term.status(today()), len(chain), *_told(latest)))
    return rows


def _told(version: Version) -> tuple[str, str]:
    """What is wrong with a document, and what is only to be known of it."""
    problem = ""
    if version.needs_ocr:
        pages = ", ".join(map(str, version.needs_ocr[:8]))
        problem = f"no text on page {pages}"
    notices = [plain(warning) for warning in version.warnings]
    unconfirmed = sorted({found.field for found in version.metadata.found})
    if unconfirmed:
        notices.append(f"unconfirmed: {', '.join(unconfirmed)}")
    return problem, "; ".join(notices)


def _figures(library: Library, rows: Sequence[Row], failed: int) -> None:
    held = Counter(row.status for row in rows)
    figures = {
        "Documents": len(rows),
        **{STATUS_NAMES[status]: held[status] for status in Status if held[status]},
        "Not read": failed,
        "Passages": library.size,
    }
    with st.container(horizontal=True, key="figures"):
        for label, count in figures.items():
            st.metric(label, f"{count:,}", border=True)


def _failures(failed: Sequence[Any]) -> None:
    with st.expander(
        f"{len(failed)} {'file' if len(failed) == 1 else 'files'} could not be read",
        expanded=True,
        icon=":material/warning:",
    ):
        for state in failed:
            name, reason = (escape_markdown(plain(t)) for t in (state.document, state.reason))
            st.markdown(f"**{name}**  \n{reason}")
        st.button(
            "Try them again",
            on_click=start_sync,
            kwargs={"retry": True},
            icon=":material/refresh:",
            help="Reads only these files again. A file that changed is read by every sync.",
        )


def _found(rows: Sequence[Row]) -> list[Row]:
    text = st.text_input(
        "Find a document",
        key="documents_find",
        placeholder="Find a document by title, payer, kind or file",
        label_visibility="collapsed",
        icon=":material/search:",
    )
    words = (text or "").casefold().split()
    return [row for row in rows if all(word in _searchable(row) for word in words)]


def _searchable(row: Row) -> str:
    metadata = row.version.metadata
    parts = (
        metadata.title,
        *metadata.payers,
        metadata.kind,
        row.version.document,
        row.status.value,
    )
    return " ".join(part for part in parts if part).casefold()


_COLUMNS = {
    "Title": st.column_config.TextColumn(width=340),
    "Payer": st.column_config.TextColumn(width=130),
    "Problems": st.column_config.TextColumn(width=130),
    "To know": st.column_config.TextColumn(width=180),
    "Version": st.column_config.NumberColumn(width="small"),
    "Pages": st.column_config.NumberColumn(width="small"),
    "Passages": st.column_config.NumberColumn(width="small"),
    "Codes": st.column_config.NumberColumn(width="small"),
}


def _table(library: Library, rows: Sequence[Row]) -> list[dict[str, Any]]:
    codes = _code_counts(library)
    return [
        {
            "Title": plain(row.version.metadata.title),
            "Payer": payer_names(row.version.metadata),
            "Kind": kind_name(row.version.metadata.kind),
            "Status": status_name(row.version, row.status),
            "Version": row.version.ordinal,
            "In force since": row.term.start,
            "Until": row.term.end,
            "Pages": len(row.version.pages) or None,
            "Passages": library.passage_counts[row.version.id],
            "Codes": codes.get(row.version.id),
            "Problems": row.problem,
            "To know": row.notice,
            "File": plain(row.version.document),
        }
        for row in rows
    ]


def _code_counts(library: Library) -> dict[int, int]:
    """How many different codes each version names; cached for the generation."""
    kept = st.session_state.get("code_counts")
    if kept and kept[0] == (library.generation, library.hidden):
        return dict(kept[1])
    counts: dict[int, set[str]] = defaultdict(set)
    if library.size <= _MANY:
        for version in library.versions:
            ids = [stored.id for stored in library.passages_of(version)]
            for stored in library.mentions_of(ids) if ids else ():
                counts[version].add(stored.mention.code)
    found = {version: len(codes) for version, codes in counts.items()}
    st.session_state["code_counts"] = ((library.generation, library.hidden), found)
    return found


def _one(library: Library, row: Row) -> None:
    version = row.version
    st.subheader(escape_markdown(plain(version.metadata.title)), anchor=False)
    st.caption(
        escape_markdown(
            f"{plain(version.document)} · {version.format} · version {version.ordinal} of "
            f"{row.versions} · first read {written_day(version.first_seen)} · "
            f"sha256 {version.sha256[:12]}"
        )
    )
    if version.metadata.told:
        names = ", ".join(LABELS[name] for name in version.metadata.told)
        st.caption(
            f"A person said, beside the file: {names}. It counts in place of what the file says; "
            "under Review, Edits shows it."
        )
    found_dates(version)
    edit, passages, pages = st.tabs(["Metadata", "Passages as split", "Pages as read"])
    with edit:
        editor([version])
    with passages:
        passages_as_split(library, version, row.term, row.status)
    with pages:
        reading_report(library, version)


def _several(rows: Sequence[Row]) -> None:
    st.subheader(f"{len(rows)} documents", anchor=False)
    st.caption("What is left empty stays as it is in each of them.")
    editor([row.version for row in rows])
