"""What was read of each page of a document: how much text, how many passages, what is a picture."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from typing import Any

import streamlit as st

from corpus.document import BlockKind
from index.library import Library
from index.versions import Version


def reading_report(library: Library, version: Version) -> None:
    """A row for each page; for formats without pages what is known of the whole."""
    rows = report_of(library, version)
    if not rows:
        st.caption("This format has no pages. Its text is shown under Passages.")
    else:
        st.dataframe(
            rows,
            hide_index=True,
            height="content" if len(rows) < 12 else 440,
            alt="What was read of each page",
        )
    for warning in version.warnings:
        st.text(warning)


def report_of(library: Library, version: Version) -> list[dict[str, Any]]:
    if not version.pages:
        return []
    document = library.document(version.id)
    starts = [page.start for page in version.pages]
    passages = Counter(
        bisect_right(starts, stored.content.span.start) - 1
        for stored in library.passages_of(version.id)
    )
    scanned = {
        bisect_right(starts, stored.content.span.start) - 1
        for stored in library.passages_of(version.id)
        if stored.content.sure is not None
    }
    rows_of_tables = Counter(
        bisect_right(starts, block.span.start) - 1
        for block in document.blocks
        if block.kind is BlockKind.ROW
    )
    ends = [*starts[1:], len(document.text)]
    pictures = set(version.needs_ocr)
    return [
        {
            "Page": page.number,
            "Printed": page.label or "",
            "Characters": len(document.text[page.start : end].strip()),
            "Passages": passages[at],
            "Table rows": rows_of_tables[at],
            "Read as": "a picture without text"
            if page.number in pictures
            else ("a scan, recognised" if at in scanned else "text"),
        }
        for at, (page, end) in enumerate(zip(version.pages, ends, strict=True))
    ]
