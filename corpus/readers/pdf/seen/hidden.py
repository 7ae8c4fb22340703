"""Which letters of a page nobody sees, and which are struck out.

What lies outside the page's box, is written in invisible mode or is smaller than a point needs no
look. Of letters that may be hidden (white, of a switched-off layer, under a box or an image) it is
asked of the page itself: it is drawn with and without them, and what changes nothing is not seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from corpus.readers.pdf.file import engine
from corpus.readers.pdf.seen.ink import Box, Ink
from corpus.readers.pdf.seen.letters import Letters, Numbers, Piece, Sheet

_TINY = 1.0  # points: nobody reads smaller letters
_PALE = 225  # of 255: letters that light may be as light as the paper
_CLEAR = 24  # of 255: how opaque letters are that hardly leave a trace
_ALIKE = 48  # of 255: letters nearer to their ground's colour may not be seen on it
_FAINT = 16  # of 255: how much a pixel changes at least where something is seen
_MOST_PIXELS = 4_000_000
_COVERED = 0.6  # of a piece's box
_THICKEST = 0.4  # of the letters' size: what strikes them; PDFium tells twice the width of a line


@dataclass(frozen=True, slots=True)
class Seen:
    """`letters` are those that a reader of the page sees; the rest is counted."""

    letters: Letters
    hidden: int = 0
    outside: int = 0
    scanned: int = 0  # invisible letters over an image: what a scanner's program recognised
    unseen: str = ""  # what is hidden or outside


def seen_of(page: int, letters: Letters, ink: Ink, sheet: Sheet) -> Seen:
    """The letters of the page without those that nobody sees."""
    if not len(letters):
        return Seen(letters)
    width, height = sheet.shown_size
    boxes = letters.boxes
    x, y = (boxes[:, 0] + boxes[:, 2]) / 2, letters.base[:, 1] * 0.7 + boxes[:, 1] * 0.3
    within = (x >= 0) & (x <= width) & (y >= 0) & (y <= height)
    gone, scanned = _judged(page, letters, ink, sheet)
    hidden = gone[letters.piece] & within
    shown = within & ~hidden
    over = int((scanned[letters.piece] & shown).sum())
    if shown.all():
        return Seen(letters, scanned=over)
    blank = np.array([character.isspace() for character in letters.text])
    return Seen(
        letters.only(shown),
        int((hidden & ~blank).sum()),
        int((~within & ~blank).sum()),
        over,
        letters.only(~shown).text,
    )


def _judged(page: int, letters: Letters, ink: Ink, sheet: Sheet) -> tuple[Numbers, Numbers]:
    """Of each piece, whether nobody sees it, and whether it is a scanned image's text."""
    pieces = letters.pieces
    gone, scanned = np.zeros(len(pieces), bool), np.zeros(len(pieces), bool)
    doubtful = _doubtful(pieces, ink)
    if not doubtful:
        return gone, scanned
    extents = _extents(letters)
    suspects: list[int] = []
    for at in doubtful:
        piece, box = pieces[at], tuple(extents[at].tolist())
        if piece.mode in (engine.INVISIBLE, engine.CLIP):
            scanned[at] = any(_covers(image.box, box) for image in ink.images)
            gone[at] = not scanned[at] and piece.mode == engine.INVISIBLE
        elif box[3] - box[1] < _TINY:
            gone[at] = True
        elif piece.object in ink.layered or _may_be_hidden(piece, box, ink):
            if _is_white(piece) and _is_bare(box, ink):
                gone[at] = True
            else:
                suspects.append(at)
    if suspects:
        gone[_unseen(page, pieces, suspects, extents, sheet)] = True
    return gone, scanned


def _doubtful(pieces: Sequence[Piece], ink: Ink) -> list[int]:
    """The pieces that are not plainly seen: dark letters that nothing is drawn over are."""
    fills = {fill.colour[:3] for fill in ink.fills}
    covers = [fill.order for fill in ink.fills if fill.colour[3] > 200]
    latest = max([*covers, *(image.order for image in ink.images)], default=0)
    return [
        at
        for at, piece in enumerate(pieces)
        if piece.mode in (engine.INVISIBLE, engine.CLIP)
        or min(piece.colour[:3]) >= _PALE
        or piece.colour[3] <= _CLEAR
        or piece.size < _TINY
        or piece.object in ink.layered
        or piece.colour[:3] in fills
        or ink.order.get(piece.object, latest) < latest
    ]


def _extents(letters: Letters) -> Numbers:
    """The box of each piece."""
    extents = np.zeros((len(letters.pieces), 4))
    starts = np.flatnonzero(np.diff(letters.piece, prepend=-1))
    found = letters.piece[starts]
    for side in range(4):
        gather = np.minimum if side < 2 else np.maximum
        extents[found, side] = gather.reduceat(letters.boxes[:, side], starts)
    return extents


def _may_be_hidden(piece: Piece, box: Any, ink: Ink) -> bool:
    """Whether something is drawn over the letters, or they have the colour of their ground."""
    order = ink.order.get(piece.object, 0)
    behind: tuple[int, int, int, int] | None = None
    for fill in ink.fills:
        if not _covers(fill.box, box):
            continue
        if fill.order < order:
            if fill.colour[3] > 200:
                behind = fill.colour
        elif fill.colour[3] > 200:
            return True  # a box is drawn over the letters
    if any(image.order > order and _covers(image.box, box) for image in ink.images):
        return True
    if piece.colour[3] <= _CLEAR:
        return True
    paper = behind or (255, 255, 255, 255)
    apart = max(abs(one - two) for one, two in zip(piece.colour[:3], paper[:3], strict=True))
    return apart < _ALIKE


def _is_white(piece: Piece) -> bool:
    return min(piece.colour[:3]) >= 252


def _is_bare(box: Any, ink: Ink) -> bool:
    """Whether nothing at all is drawn on that part of the paper."""
    boxes = [*(fill.box for fill in ink.fills), *(image.box for image in ink.images)]
    return not ink.drawings and not any(_overlap(other, box) for other in boxes)


def _overlap(one: Box, other: Any) -> bool:
    across = min(one[2], other[2]) > max(one[0], other[0])
    return bool(across and min(one[3], other[3]) > max(one[1], other[1]))


def _covers(outer: Box, inner: Any) -> bool:
    across = min(outer[2], inner[2]) - max(outer[0], inner[0])
    down = min(outer[3], inner[3]) - max(outer[1], inner[1])
    if across <= 0 or down <= 0:
        return False
    area = max((inner[2] - inner[0]) * (inner[3] - inner[1]), 0.01)
    return bool(across * down >= _COVERED * area)


def _unseen(
    page: int, pieces: Sequence[Piece], suspects: Sequence[int], extents: Numbers, sheet: Sheet
) -> list[int]:
    """Which of the suspects change nothing on the page: it is drawn with them and without."""
    width, height = sheet.shown_size
    boxes = np.clip(extents[suspects], 0, [width, height, width, height])
    left, top = np.floor(boxes[:, :2].min(axis=0)).tolist()
    right, bottom = np.ceil(boxes[:, 2:].max(axis=0)).tolist()
    area = max((right - left) * (bottom - top), 1.0)
    scale = min(1.5, (_MOST_PIXELS / area) ** 0.5)
    window = (int(left * scale), int(top * scale), int(right * scale) + 1, int(bottom * scale) + 1)
    whole = max(int(width * scale), 1), max(int(height * scale), 1)
    drawn = _drawn(page, window, whole)
    for at in suspects:
        engine.object_active(pieces[at].object, 0)
    without = _drawn(page, window, whole)
    for at in suspects:
        engine.object_active(pieces[at].object, 1)
    result = []
    corner = [window[0], window[1], window[0], window[1]]
    places = np.maximum((boxes * scale).astype(int) - corner, 0).tolist()
    for at, (x0, y0, x1, y1) in zip(suspects, places, strict=True):
        before = drawn[y0 : y1 + 1, x0 : x1 + 1].astype(np.int16)
        after = without[y0 : y1 + 1, x0 : x1 + 1]
        if not before.size or int(np.abs(before - after).max()) < _FAINT:
            result.append(at)
    return result


def _drawn(page: int, window: tuple[int, int, int, int], whole: tuple[int, int]) -> Numbers:
    """A part of the page as a picture."""
    left, top, right, bottom = window
    width, height = max(right - left, 1), max(bottom - top, 1)
    picture = np.full((height, width, 4), 255, np.uint8)
    bitmap = engine.create_bitmap(width, height, 3, picture.ctypes.data, 4 * width)
    if bitmap:
        engine.render(bitmap, page, -left, -top, *whole, 0, 0)
        engine.destroy_bitmap(bitmap)
    return picture


def struck_of(letters: Letters, rules: Sequence[Box], struck: Sequence[Box]) -> Numbers:
    """Which letters a line is drawn through, or an annotation strikes; for upright text."""
    count = len(letters)
    found = np.zeros(count, bool)
    if not count or (not rules and not struck):
        return found
    boxes, base = letters.boxes, letters.base[:, 1]
    middle = (boxes[:, 0] + boxes[:, 2]) / 2
    if struck:
        level = base - 0.25 * (boxes[:, 3] - boxes[:, 1])
        for left, top, right, bottom in struck:
            found |= (middle >= left) & (middle <= right) & (level >= top) & (level <= bottom)
    sizes = np.array([piece.size for piece in letters.pieces])
    largest = float(sizes.max())
    order = np.argsort(base)
    levels = base[order]
    for left, top, right, bottom in rules:
        if right - left < 4 or bottom - top > _THICKEST * largest or right - left < bottom - top:
            continue
        y = (top + bottom) / 2
        near = order[np.searchsorted(levels, y + 0.5) : np.searchsorted(levels, y + 0.5 * largest)]
        if not len(near):
            continue
        size = sizes[letters.piece[near]]
        high = base[near] - y
        level_with = near[
            (high > 0.13 * size) & (high < 0.48 * size) & (bottom - top < _THICKEST * size)
        ]
        crossed = level_with[(middle[level_with] > left) & (middle[level_with] < right)]
        if not _is_word(letters, crossed) or _is_ruling(
            left, right, boxes[crossed], sizes[letters.piece[crossed]]
        ):
            continue
        found[crossed] = True
    return found


def _is_word(letters: Letters, crossed: Numbers) -> bool:
    """Whether letters are crossed as a word is: one alone may be a sign with a bar."""
    return sum(letters.text[at].isalnum() for at in crossed.tolist()) > 1


def _is_ruling(left: float, right: float, boxes: Numbers, sizes: Numbers) -> bool:
    """Whether the line goes far beyond the letters it crosses: a table's, not a pen's."""
    slack = 1.5 * float(sizes.max())
    start, end = float(boxes[:, 0].min()), float(boxes[:, 2].max())
    return left < start - slack or right > end + slack
