"""A document's passages as they were split, with the codes found in each, and their pages."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import Any

import streamlit as st

from index.library import Library
from index.shards.stored import StoredMention, StoredPassage
from index.versions import Status, Term, Version
from ui.desks.parts.components import draw_listing
from ui.desks.parts.groups import group, listing, opens, where
from ui.desks.parts.page_view import look_at
from ui.desks.parts.place import read_place
from ui.wording import cells_apart, plain

_EACH = 25  # passages on a page of the list


def passages_as_split(library: Library, version: Version, term: Term, status: Status) -> None:
    """The list of passages, and the page of the one that was opened."""
    stored = library.passages_of(version.id)
    pages = max(1, ceil(len(stored) / _EACH))
    page = 1
    if pages > 1:
        page = st.pagination(pages, key=f"split_{version.id}")
    count = len(stored)
    stored = stored[_EACH * (page - 1) : _EACH * page]
    mentions = library.mentions_of([one.id for one in stored]) if stored else []
    whole = len(library.text(version.id))
    draw_listing(
        split_data(version, term, stored, mentions, status=status, characters=whole, count=count),
        key="split",
        on={"open": _open},
    )
    opened = st.session_state.get("library_open")
    if opened and opened.document == version.document:
        look_at(library, opened, marks=(), closed=_close)


def _open(value: dict[str, str]) -> None:
    st.session_state["library_open"] = read_place({name: [text] for name, text in value.items()})


def _close() -> None:
    st.session_state.pop("library_open", None)


def split_data(
    version: Version,
    term: Term,
    passages: Sequence[StoredPassage],
    mentions: Sequence[StoredMention],
    *,
    status: Status,
    characters: int,
    count: int | None = None,
) -> dict[str, Any]:
    """A document's passages as they were split, with the codes found in each. `characters` is how
    many the whole document has, `count` how many passages, where these are not all."""
    codes: dict[int, list[str]] = {}
    for stored in mentions:
        codes.setdefault(stored.passage, []).append(stored.mention.code)
    entries = [
        {
            "label": f"{stored.ordinal + 1}",
            "pieces": [{"text": plain(cells_apart(stored.content.text, is_row=True)), "tone": ""}],
            "place": where(stored.content.section, stored.content.page, stored.content.page_label),
            "note": _split_note(stored, list(dict.fromkeys(codes.get(stored.id, [])))),
            "open": opens(version, stored.content.span.start),
        }
        for stored in passages
    ]
    count = len(passages) if count is None else count
    told = [f"{count:,} {'passage' if count == 1 else 'passages'}, {characters:,} characters."]
    return listing("", told, [group(version, term, status, entries)])


def _split_note(stored: StoredPassage, codes: Sequence[str]) -> str:
    parts = [f"characters {stored.content.span.start:,} to {stored.content.span.end:,}"]
    if stored.content.header:
        parts.append(f"columns: {plain(cells_apart(stored.content.header, is_row=True))}")
    if codes:
        parts.append(f"codes: {', '.join(codes)}")
    return " · ".join(parts)
