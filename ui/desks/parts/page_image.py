"""A PDF's page as a picture, and the position of a passage on it."""

from __future__ import annotations

import io
import threading
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from corpus.errors import CodedeskError

# pdfium is not thread-safe: one thread of the process may use it at a time.
_PDFIUM = threading.Lock()
_SCALE = 2.0  # pixels per point: sharp when zoomed in
_MOST_PIXELS = 6_000_000
_MOST_BYTES = 200_000_000
_LOCATED = 0.5  # of a passage; if less of it is found, the page has no box


class NoPicture(CodedeskError):
    """A page cannot be drawn. The message says why, and what is shown instead."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page, as fractions of its width and height from the upper left corner."""

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
    boxes: tuple[Box, ...]
    marks: tuple[Box, ...]


@lru_cache(maxsize=24)
def page_image(
    path: Path, digest: str, page: int, *, lines: tuple[str, ...], marked: tuple[str, ...]
) -> PageImage:
    """Draw page `page` (from 1) and find `lines` and `marked` on it.

    `digest` is the sha-256 of the bytes that were indexed: a changed file is not shown.
    Raises NoPicture.
    """
    data = _bytes(path, digest)
    import pypdfium2

    with _PDFIUM:
        try:
            return _draw(pypdfium2.PdfDocument(data), page, lines, marked)
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


def _draw(document: Any, number: int, lines: Sequence[str], marked: Sequence[str]) -> PageImage:
    try:
        pages = len(document)
        if not 1 <= number <= pages:
            raise NoPicture(f"The file has {pages} pages; there is no page {number}.")
        page = document[number - 1]
        width, height = page.get_size()
        scale = min(_SCALE, (_MOST_PIXELS / max(width * height, 1)) ** 0.5)
        bitmap = page.render(scale=scale)
        place = _Places(page, bitmap)
        png = io.BytesIO()
        bitmap.to_pil().convert("RGB").save(png, "PNG")
        return PageImage(
            png=b64encode(png.getvalue()).decode("ascii"),
            width=bitmap.width,
            height=bitmap.height,
            pages=pages,
            boxes=place.boxes(lines),
            marks=place.boxes(marked),
        )
    finally:
        document.close()


class _Places:
    """The positions of a page's characters in its picture."""

    def __init__(self, page: Any, bitmap: Any) -> None:
        self._text = page.get_textpage()
        self._convert = bitmap.get_posconv(page)
        self._size = (bitmap.width, bitmap.height)
        letters = [
            (letter, at)
            for at, character in enumerate(self._text.get_text_range())
            for letter in character.casefold()
            if letter.isalnum()
        ]
        # Line ends, hyphens and spaces differ between the indexed text and pdfium's text.
        self._letters = "".join(letter for letter, _ in letters)
        self._at = [at for _, at in letters]

    def boxes(self, lines: Sequence[str]) -> tuple[Box, ...]:
        """A box for each line of the page that holds some of `lines`; none where less than half
        of them is found."""
        found: list[tuple[int, int]] = []
        located = total = after = 0
        for line in lines:
            wanted = "".join(letter for letter in line.casefold() if letter.isalnum())
            total += len(wanted)
            at = self._find(wanted, after)
            if wanted and at >= 0:
                located += len(wanted)
                found.append((at, at + len(wanted)))
                after = at + len(wanted)
        if not total or located < _LOCATED * total:
            return ()
        return tuple(box for start, end in found for box in self._lines(start, end))

    def _find(self, wanted: str, after: int) -> int:
        if len(wanted) < 3:
            return -1
        at = self._letters.find(wanted, after)
        return at if at >= 0 else self._letters.find(wanted)

    def _lines(self, start: int, end: int) -> list[Box]:
        """The boxes of letters start..end, joined where they stand on one line."""
        joined: list[list[float]] = []
        for letter in range(start, end):
            left, top, right, bottom = self._box(self._at[letter])
            if right <= left or bottom <= top:
                continue
            last = joined[-1] if joined else None
            if last and top < last[3] and bottom > last[1] and left >= last[0] - (right - left):
                last[1], last[2], last[3] = (
                    min(last[1], top),
                    max(last[2], right),
                    max(last[3], bottom),
                )
            else:
                joined.append([left, top, right, bottom])
        width, height = self._size
        return [
            Box(left / width, top / height, (right - left) / width, (bottom - top) / height)
            for left, top, right, bottom in joined
        ]

    def _box(self, at: int) -> tuple[float, float, float, float]:
        left, bottom, right, top = self._text.get_charbox(at)
        (x, y), (other_x, other_y) = (
            self._convert.to_bitmap(left, top),
            self._convert.to_bitmap(right, bottom),
        )
        return min(x, other_x), min(y, other_y), max(x, other_x), max(y, other_y)
