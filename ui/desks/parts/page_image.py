"""A PDF's page as a picture, and where on it a passage stands."""

from __future__ import annotations

import io
import threading
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from corpus.document import ScannedWord
from corpus.errors import CodedeskError
from corpus.readers import CannotRead
from corpus.readers.pdf.places import page_boxes, scanned_boxes

# pdfium may be in one thread of a process at a time, whatever documents are open.
_PDFIUM = threading.Lock()
_SCALE = 2.0  # pixels per point: sharp when zoomed in
_MOST_PIXELS = 6_000_000
_MOST_BYTES = 200_000_000
Span = tuple[int, int]
Spans = tuple[Span, ...]


class NoPicture(CodedeskError):
    """A page cannot be drawn; the sentence says why, and what is shown instead."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page, in parts of its width and height, from the upper left corner."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class PageImage:
    """A page as PNG in base64. `boxes` frame the passage's lines, `marks` what answers in it."""

    png: str
    width: int
    height: int
    pages: int
    boxes: tuple[Box, ...] = ()
    marks: tuple[Box, ...] = ()


@lru_cache(maxsize=24)
def page_image(
    path: Path,
    digest: str,
    page: int,
    *,
    text: str,
    passage: Spans,
    marked: Spans,
    scanned: tuple[ScannedWord, ...] = (),
) -> PageImage:
    """Draw page `page` (from 1), whose text is `text`, with boxes around parts of that text.

    `scanned` are the words that were recognised on it, their offsets in `text`.
    `digest` is the sha-256 of the bytes that were read: of another file nothing is shown.
    Raises NoPicture.
    """
    data = _bytes(path, digest)
    import pypdfium2

    with _PDFIUM:
        try:
            drawn = _draw(pypdfium2.PdfDocument(data), page)
            return replace(
                drawn,
                boxes=_boxes(data, page, text, passage, scanned),
                marks=_boxes(data, page, text, marked, scanned),
            )
        except pypdfium2.PdfiumError as error:
            raise NoPicture(
                "The page cannot be drawn from this file. Its text, as it was read, is shown."
            ) from error


def _bytes(path: Path, digest: str) -> bytes:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise NoPicture(
                "The file is too large to be drawn. Its text, as it was read, is shown."
            )
        data = path.read_bytes()
    except OSError as error:
        raise NoPicture(
            "The file is no longer where it was read. Its text, as it was read, is shown."
        ) from error
    if sha256(data).hexdigest() != digest:
        raise NoPicture(
            "The file has changed since it was read. The text that was read is shown; sync to read "
            "the file again."
        )
    return data


def _draw(document: Any, number: int) -> PageImage:
    try:
        pages = len(document)
        if not 1 <= number <= pages:
            raise NoPicture(f"The file has {pages} pages; there is no page {number}.")
        page = document[number - 1]
        width, height = page.get_size()
        scale = min(_SCALE, (_MOST_PIXELS / max(width * height, 1)) ** 0.5)
        bitmap = page.render(scale=scale)
        png = io.BytesIO()
        bitmap.to_pil().convert("RGB").save(png, "PNG")
        return PageImage(
            png=b64encode(png.getvalue()).decode("ascii"),
            width=bitmap.width,
            height=bitmap.height,
            pages=pages,
        )
    finally:
        document.close()


def _boxes(
    data: bytes, number: int, text: str, spans: Sequence[Span], scanned: Sequence[ScannedWord]
) -> tuple[Box, ...]:
    """Boxes around the words of `spans`, offsets in `text`; none where they cannot be told."""
    try:
        if scanned:
            found = [scanned_boxes(scanned, *span) for span in spans]
        else:
            found = page_boxes(data, number, text, spans)
    except CannotRead:
        return ()
    return tuple(
        Box(max(left, 0.0), max(top, 0.0), right - max(left, 0.0), bottom - max(top, 0.0))
        for boxes in found
        for left, top, right, bottom in boxes
    )
