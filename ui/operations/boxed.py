"""A page as a picture with a passage boxed, for programs."""

from __future__ import annotations

import io
from base64 import b64decode
from collections.abc import Sequence
from pathlib import Path

from corpus.document import Document
from index.versions import Version
from ui.paper.framed import Spans, rectangles
from ui.paper.page_image import NoPicture, page_image

_BOX = (11, 95, 115)  # of the pages' own box
_LINE, _AROUND = 3, 4  # pixels: its line, and the room between it and the letters


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
