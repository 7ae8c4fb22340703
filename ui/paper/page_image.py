"""A PDF's page as a picture."""

from __future__ import annotations

import io
import threading
from base64 import b64encode
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from corpus.errors import CodedeskError

# pdfium may be in one thread of a process at a time, whatever documents are open.
_PDFIUM = threading.Lock()
_SCALE = 2.0  # pixels per point: sharp when zoomed in
_MOST_PIXELS = 6_000_000
_MOST_BYTES = 200_000_000


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
    data = original(path, digest)
    import pypdfium2

    with _PDFIUM:
        try:
            return _draw(pypdfium2.PdfDocument(data), page)
        except pypdfium2.PdfiumError as error:
            raise NoPicture(
                "The page cannot be drawn from this file. Its text, as it was read, is shown."
            ) from error


def original(path: Path, digest: str) -> bytes:
    """A file's bytes, if they are those that were read. Raises NoPicture."""
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
