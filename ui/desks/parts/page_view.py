"""The page itself: a PDF's page drawn with the passage boxed, or the text at its section."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import streamlit as st

from corpus.document import Block, BlockKind, Document, Span, sureness
from index.library import Library
from index.shards.stored import StoredPassage
from index.versions import Version
from ui.access.roles import Act
from ui.desks.parts import opening
from ui.desks.parts.components import draw_page
from ui.desks.parts.place import Place
from ui.paper.framed import rectangles, version_of, words_on
from ui.paper.page_image import NoPicture, original, page_image
from ui.wording import escape_markdown, plain, recognised_words, section_name

_PART = 9_000  # characters shown at once, for formats without pages
_STATE = "viewer_page"

Marks = Sequence[tuple[int, int]]  # in the document's text


def look_at(library: Library, place: Place, *, marks: Marks, closed: Callable[[], None]) -> None:
    """Open the document at a passage, or say that it is no longer in the library."""
    version = version_of(library, place.document, place.version)
    if version is None:
        st.warning(
            "The passage that this link names is not in the library any more. The answer below is "
            "from the library as it is now.",
            icon=":material/link_off:",
        )
        return
    opening.note("open page", document=version.document, version=version.ordinal)
    title = escape_markdown(plain(version.metadata.title)[:120])
    st.dialog(title, width="large", on_dismiss=closed)(_viewer)(library, version, place, marks)


def _viewer(library: Library, version: Version, place: Place, marks: Marks) -> None:
    document = library.document(version.id)
    passage = passage_at(library, version, place.start)
    span = passage.content.span if passage else None
    state = st.session_state.get(_STATE)
    stops = stops_of(document)
    here = stop_at(stops, place.start)
    if isinstance(state, tuple) and state[0] == place:
        here = min(max(state[1], 1), len(stops))

    def turn(number: float) -> None:
        st.session_state[_STATE] = (place, int(number))

    framed = [(span.start, span.end)] if span else []
    data = view_data(version, document, stops, here=here, framed=framed, marks=marks)
    if passage:
        data["section"] = section_name(passage.content.section)
    draw_page(data, key="page_view", on={"turn": turn})
    _original(library, version)


def _original(library: Library, version: Version) -> None:
    """The file itself to download, as long as it is the one that was read."""
    path = Path(version.path)
    try:
        original(path, version.sha256)
    except NoPicture as problem:
        st.caption(escape_markdown(str(problem)))
        return

    st.download_button(
        "Download the original file",
        opening.file_of(
            Act.READ,
            library,
            lambda: original(path, version.sha256),
            "original",
            document=version.document,
        ),
        file_name=path.name,
        key="original_file",
        icon=":material/download:",
        on_click="ignore",
    )


def passage_at(library: Library, version: Version, start: int) -> StoredPassage | None:
    for stored in library.passages_of(version.id):
        if stored.content.span.start <= start < stored.content.span.end:
            return stored
    return None


def stops_of(document: Document) -> tuple[Span, ...]:
    """The stretches of text that are shown one at a time: pages, or parts of some length."""
    length = max(len(document.text), 1)
    if document.pages:
        starts = [page.start for page in document.pages]
        ends = [*starts[1:], length]
        return tuple(
            Span(start, max(end, start + 1)) for start, end in zip(starts, ends, strict=True)
        )
    starts = [0]
    for block in document.blocks:
        if block.span.start - starts[-1] >= _PART:
            starts.append(block.span.start)
    return tuple(Span(a, b) for a, b in zip(starts, [*starts[1:], length], strict=True))


def stop_at(stops: Sequence[Span], offset: int) -> int:
    """Which stop, from 1, holds the character at `offset`."""
    held = [number for number, stop in enumerate(stops, 1) if stop.start <= offset]
    return held[-1] if held else 1


def view_data(
    version: Version,
    document: Document,
    stops: Sequence[Span],
    *,
    here: int,
    framed: Marks,
    marks: Marks = (),
) -> dict[str, Any]:
    """What is drawn of one stop: its picture if there is one, and its text."""
    stop = stops[here - 1]
    picture, note = _picture(version, document, here, framed, marks)
    label = document.pages[here - 1].label if document.pages else None
    return {
        "here": here,
        "of": len(stops),
        "unit": "Page" if document.pages else "Part",
        "label": plain(label) if label and label != str(here) else "",
        "note": note,
        "picture": picture,
        "blocks": [
            _block(document, block, framed, marks)
            for block in document.blocks
            if block.span.start < stop.end and block.span.end > stop.start
        ],
        "section": "",
        "scanned": here in document.needs_ocr,
        "recognised": recognised_words(sureness(document.scanned, stop)),
    }


def _picture(
    version: Version,
    document: Document,
    here: int,
    framed: Marks,
    marks: Marks,
) -> tuple[dict[str, Any] | None, str]:
    if version.format != "pdf":
        return None, ""
    number = document.pages[here - 1].number if document.pages else here
    try:
        drawn = page_image(Path(version.path), version.sha256, number)
    except NoPicture as problem:
        return None, str(problem)
    return {
        "png": drawn.png,
        "width": drawn.width,
        "height": drawn.height,
        "boxes": rectangles(document, number, framed),
        "marks": rectangles(document, number, marks),
        "lines": words_on(document, number),
    }, ""


def _block(document: Document, block: Block, framed: Marks, marks: Marks) -> dict[str, Any]:
    """A block of the text, cut where what is framed or marked begins or ends."""
    span = block.span
    cuts = {span.start, span.end}
    edges = [*marks, *framed]
    cuts |= {at for edge in edges for at in edge if span.start < at < span.end}
    ordered = sorted(cuts)
    pieces = [
        {
            "text": plain(document.text[start:end]),
            "mark": any(a <= start and end <= b for a, b in marks),
            "cited": any(a <= start and end <= b for a, b in framed),
        }
        for start, end in pairwise(ordered)
    ]
    kind = "heading" if block.kind is BlockKind.HEADING else block.kind.value
    return {"kind": kind, "level": block.level, "pieces": pieces}
