"""A PDF's page as a picture, and where on it a passage stands."""

from __future__ import annotations

import io
import threading
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from corpus.document import Document
from corpus.errors import CodedeskError
from corpus.places import Places
from corpus.readers.pdf.places import scanned_boxes
from index.versions import Version

# pdfium may be in one thread of a process at a time, whatever documents are open.
_PDFIUM = threading.Lock()
_SCALE = 2.0  # pixels per point: sharp when zoomed in
_MOST_PIXELS = 6_000_000
_MOST_BYTES = 200_000_000


_BOX = (11, 95, 115)  # of the pages' own box
_LINE, _AROUND = 3, 4  # pixels: its line, and the room between it and the letters

Spans = Sequence[tuple[int, int]]  # in the document's text


class NoPicture(CodedeskError):
    """A page cannot be drawn; the sentence says why, and what is shown instead."""


@dataclass(frozen=True, slots=True)
class PageImage:
    """A page as PNG in base64."""

    png: str
    width: int
    height: int
    pages: int


@lru_cache(maxsize=24)
def page_image(path: Path, digest: str, page: int) -> PageImage:
    """Draw page `page` (from 1).

    `digest` is the sha-256 of the bytes that were read: of another file nothing is shown.
    Raises NoPicture.
    """
    data = _bytes(path, digest)
    import pypdfium2

    with _PDFIUM:
        try:
            return _draw(pypdfium2.PdfDocument(data), page)
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


def boxed_page(version: Version, document: Document, page: int, spans: Spans) -> bytes:
    """A page as PNG, with a box around every line of `spans` on it. Raises NoPicture."""
    if version.format != "pdf":
        raise NoPicture(
            f"{version.document} is no PDF, and only pages of PDFs are drawn. Ask for its text."
        )
    drawn = page_image(Path(version.path), version.sha256, page)
    plain = b64decode(drawn.png)
    boxes = rectangles(document, page, spans)
    return _boxed(plain, boxes) if boxes else plain


def _boxed(png: bytes, boxes: Sequence[Sequence[float]]) -> bytes:
    from PIL import Image, ImageDraw

    with Image.open(io.BytesIO(png)) as image:
        draw = ImageDraw.Draw(image)
        for left, top, width, height in boxes:
            corners = (
                left * image.width - _AROUND,
                top * image.height - _AROUND,
                (left + width) * image.width + _AROUND,
                (top + height) * image.height + _AROUND,
            )
            draw.rectangle(corners, outline=_BOX, width=_LINE)
        out = io.BytesIO()
        image.save(out, "PNG")
        return out.getvalue()


def rectangles(document: Document, page: int, spans: Spans) -> list[list[float]]:
    """Left, top, width and height of the lines of `spans` that stand on a page, in parts of it.

    They come from the characters that were read, or recognised on its picture: an equal text beside
    them is never framed.
    """
    scanned = [word for word in document.scanned if _page_of(document, word.start) == page]
    found = [scanned_boxes(scanned, *span) for span in spans]
    if not scanned and document.places:
        found = Places(document.places).boxes(document.text, page, spans)
    return [
        [round(value, 5) for value in (max(left, 0.0), max(top, 0.0), right - left, bottom - top)]
        for boxes in found
        for left, top, right, bottom in boxes
    ]


def _page_of(document: Document, offset: int) -> int:
    page = document.page_at(offset)
    return page.number if page else 0
