"""Where passages stand on a page's picture, and the picture with them framed, for paper."""

from __future__ import annotations

import io
from base64 import b64decode
from collections.abc import Sequence
from pathlib import Path

from corpus.document import Document
from corpus.places import Places
from corpus.readers.pdf.places import scanned_boxes
from index.library import Library
from index.versions import Version
from ui.paper.page_image import NoPicture, PageImage, page_image
from ui.paper.sheet import Picture, Quote

Spans = Sequence[tuple[int, int]]  # in the document's text
Rectangle = list[float]  # left, top, width and height, in parts of the page
_FRAME, _MARK = (11, 114, 133), (245, 197, 24, 96)


def rectangles(document: Document, page: int, spans: Spans) -> list[Rectangle]:
    """Left, top, width and height of the lines of `spans` that stand on a page, in parts of it.

    They come from the characters that were read, or recognised on its picture: an equal text beside
    them is never framed.
    """
    scanned = [word for word in document.scanned if _page_of(document, word.start) == page]
    found = [scanned_boxes(scanned, *span) for span in spans]
    if not scanned and document.places:
        found = Places(document.places).boxes(document.text, page, spans)
    return [_rectangle(*box) for boxes in found for box in boxes]


def words_on(document: Document, page: int) -> list[tuple[str, float, float, float, float]]:
    """What stands where on a page, line by line, to lie unseen over its picture."""
    scanned = [word for word in document.scanned if _page_of(document, word.start) == page]
    placed = [(document.text[word.start : word.end], word.box) for word in scanned]
    if not scanned and document.places:
        placed = Places(document.places).lines(document.text, page)
    return [(text, *_rectangle(*box)) for text, box in placed]  # type: ignore[misc]


def _rectangle(left: float, top: float, right: float, bottom: float) -> Rectangle:
    return [round(x, 5) for x in (max(left, 0.0), max(top, 0.0), right - left, bottom - top)]


def _page_of(document: Document, offset: int) -> int:
    page = document.page_at(offset)
    return page.number if page else 0


def version_of(library: Library, document: str, ordinal: int) -> Version | None:
    for version in library.versions.values():
        if version.document == document and version.ordinal == ordinal:
            return version
    return None


def framed_page(library: Library, quote: Quote) -> Picture | None:
    """The page on which a quote begins, framed; None where there is no picture of it: another
    format, another file by now, or no longer in the library."""
    version = version_of(library, quote.document, quote.version)
    if version is None or version.format != "pdf":
        return None
    document = library.document(version.id)
    page = document.page_at(quote.start)
    if page is None:
        return None
    try:
        drawn = page_image(Path(version.path), version.sha256, page.number)
    except NoPicture:
        return None
    frames = rectangles(document, page.number, [(quote.start, quote.end)])
    marks = rectangles(document, page.number, quote.marks)
    png = _painted(drawn, frames, marks)
    return Picture(png, drawn.width, drawn.height, f"{quote.title}, {quote.page}")


def _painted(drawn: PageImage, frames: list[Rectangle], marks: list[Rectangle]) -> bytes:
    from PIL import Image, ImageDraw

    sheet = Image.open(io.BytesIO(b64decode(drawn.png))).convert("RGBA")
    over = Image.new("RGBA", sheet.size, (255, 255, 255, 0))
    paint = ImageDraw.Draw(over)
    for left, top, width, height in marks:
        corners = _pixels(drawn, left, top, left + width, top + height, grow=0)
        paint.rectangle(corners, fill=_MARK)
    if frames:
        left, top = min(one[0] for one in frames), min(one[1] for one in frames)
        right = max(one[0] + one[2] for one in frames)
        bottom = max(one[1] + one[3] for one in frames)
        corners = _pixels(drawn, left, top, right, bottom, grow=drawn.width // 160)
        paint.rectangle(corners, outline=(*_FRAME, 255), width=max(drawn.width // 400, 2))
    out = io.BytesIO()
    Image.alpha_composite(sheet, over).convert("RGB").save(out, "PNG", optimize=False)
    return out.getvalue()


def _pixels(
    drawn: PageImage, left: float, top: float, right: float, bottom: float, *, grow: int
) -> list[float]:
    across, down = drawn.width, drawn.height
    return [
        max(left * across - grow, 0),
        max(top * down - grow, 0),
        min(right * across + grow, across - 1),
        min(bottom * down + grow, down - 1),
    ]
