"""Where the words of a document's text stand on its pages: one packed value for each document.

Made while the text is read, from the same characters, and kept with the document. A *run* is the
part of the text that one line of a page, or of a table's cell, holds: from where to where in the
text, on which page, in which box, and where in the box each of its words begins.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, radians, sin
from typing import Any

import numpy as np

Numbers = np.ndarray[Any, np.dtype[Any]]
Box = tuple[float, float, float, float]  # left, top, right, bottom
UNIT = 4  # to a point: places are kept in quarters of one
MOST = 32_767  # of these units: a page that is larger has no places
_HEAD = struct.Struct("<BII")
_FORMAT = 1
_LEVEL = 4  # of compression
_COLUMNS = ("start", "length", "page", "turn", "left", "top", "right", "bottom", "words")
_SPACE = 0.22  # of a line's height: the space before the next word


@dataclass(frozen=True, slots=True)
class Runs:
    """Columns of equal length, a row for each run, in the order of the text. `page` counts from 1,
    `turn` is that of its text, clockwise, in degrees; a box stands in the page so turned. `lefts`
    holds, run after run, where its words begin; a run of no words has none that are known.
    """

    start: Numbers
    length: Numbers
    page: Numbers
    turn: Numbers
    left: Numbers
    top: Numbers
    right: Numbers
    bottom: Numbers
    words: Numbers
    lefts: Numbers


def pack(runs: Runs, sizes: Mapping[int, tuple[float, float]]) -> bytes:
    """`sizes` are the width and height of each page as shown, in points."""
    pages = sorted(sizes)
    parts = [_HEAD.pack(_FORMAT, len(runs.start), len(pages))]
    for page in pages:
        width, height = (round(size * UNIT) for size in sizes[page])
        parts.append(struct.pack("<IHH", page, width, height))
    for name in _COLUMNS:
        column = getattr(runs, name).astype(np.int64)
        steps = np.diff(column, prepend=0) if name in ("start", "page") else column
        parts.append(steps.astype("<i4" if name == "start" else "<u2").tobytes())
    firsts = np.cumsum(runs.words) - runs.words
    steps = np.diff(runs.lefts.astype(np.int64), prepend=0)
    known = np.flatnonzero(runs.words)
    steps[firsts[known]] = runs.lefts[firsts[known]]
    parts.append(steps.astype("<i2").tobytes())
    return zlib.compress(b"".join(parts), _LEVEL)


class Places:
    """The places of one document, unpacked."""

    def __init__(self, packed: bytes) -> None:
        """Raises ValueError for what was not packed here."""
        try:
            self._sizes, self._runs = _unpacked(zlib.decompress(packed))
        except (zlib.error, struct.error, ValueError) as error:
            raise ValueError("these are no places") from error
        self._ends = self._runs.start + self._runs.length
        self._firsts = np.cumsum(self._runs.words) - self._runs.words

    def boxes(self, text: str, page: int, spans: Sequence[tuple[int, int]]) -> list[list[Box]]:
        """For each span of the document's `text`, boxes around its words on a page, a box a line.

        Boxes are in parts of the page's width and height from its top left corner as shown.
        """
        if page not in self._sizes:
            return [[] for _ in spans]
        return [list(self._on(text, page, start, end)) for start, end in spans]

    def lines(self, text: str, page: int) -> list[tuple[str, Box]]:
        """What each line of a page, or of a table's cell on it, reads, and the box around it."""
        held = np.flatnonzero(self._runs.page == page).tolist() if page in self._sizes else []
        spans = [(int(self._runs.start[at]), int(self._ends[at])) for at in held]
        return [
            (text[start:end], box)
            for start, end in spans
            for box in self._on(text, page, start, end)
        ]

    def _on(self, text: str, page: int, start: int, end: int) -> Iterator[Box]:
        runs = self._runs
        held = (runs.start < end) & (self._ends > start) & (runs.page == page)
        width, height = self._sizes[page]
        for at in np.flatnonzero(held).tolist():
            first, last = int(runs.start[at]), int(self._ends[at])
            cut = self._cut(text, at, max(start, first), min(end, last))
            if cut is None:
                continue
            box = (cut[0], float(runs.top[at]), cut[1], float(runs.bottom[at]))
            left, top, right, bottom = shown(box, int(runs.turn[at]), width, height)
            yield left / width, top / height, right / width, bottom / height

    def _cut(self, text: str, at: int, start: int, end: int) -> tuple[float, float] | None:
        """From where to where, along the line, a part of a run stands; None for blank."""
        if not text[start:end].strip():
            return None
        runs = self._runs
        first, last = int(runs.start[at]), int(self._ends[at])
        left, right = float(runs.left[at]), float(runs.right[at])
        words = _words(text, first, last)
        lefts = runs.lefts[self._firsts[at] : self._firsts[at] + int(runs.words[at])].tolist()
        if len(lefts) != len(words):
            words, lefts = [(first, last)], [left]
        space = _SPACE * float(runs.bottom[at] - runs.top[at])
        edges = [max(after - space, before) for before, after in pairwise(lefts)]
        found: list[float] = []
        for (begin, stop), low, high in zip(words, lefts, [*edges, right], strict=True):
            if begin < end and stop > start:
                step = (high - low) / max(stop - begin, 1)
                found += [low + step * max(start - begin, 0), high - step * max(stop - end, 0)]
        return (min(found), max(found)) if found else None


def shown(box: Box, turn: int, width: float, height: float) -> Box:
    """A box of text that was turned to run rightwards, as it is shown on the page."""
    across, down = (height, width) if turn in (90, 270) else (width, height)
    corners = [
        _turned(x, y, turn, across, down) for x in (box[0], box[2]) for y in (box[1], box[3])
    ]
    return (
        min(x for x, _ in corners),
        min(y for _, y in corners),
        max(x for x, _ in corners),
        max(y for _, y in corners),
    )


def _turned(x: float, y: float, turn: int, across: float, down: float) -> tuple[float, float]:
    if turn == 0:
        return x, y
    if turn == 90:
        return down - y, x
    if turn == 180:
        return across - x, down - y
    if turn == 270:
        return y, across - x
    angle = radians(turn)
    return x * cos(angle) - y * sin(angle), x * sin(angle) + y * cos(angle)


def _words(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """From where to where each word of a part of the text goes."""
    found = []
    for word in text[start:end].split():
        begin = text.index(word, start)
        start = begin + len(word)
        found.append((begin, start))
    return found


def _unpacked(content: bytes) -> tuple[dict[int, tuple[float, float]], Runs]:
    known, count, pages = _HEAD.unpack_from(content)
    if known != _FORMAT:
        raise ValueError("another format")
    at = _HEAD.size
    sizes: dict[int, tuple[float, float]] = {}
    for _ in range(pages):
        page, width, height = struct.unpack_from("<IHH", content, at)
        sizes[page] = max(float(width), 1.0), max(float(height), 1.0)
        at += 8
    columns: dict[str, Numbers] = {}
    for name in _COLUMNS:
        kind = "<i4" if name == "start" else "<u2"
        column = np.frombuffer(content, kind, count, at).astype(np.int64)
        at += column.size * np.dtype(kind).itemsize
        columns[name] = np.cumsum(column) if name in ("start", "page") else column
    total = int(columns["words"].sum())
    lefts = np.frombuffer(content, "<i2", total, at).astype(np.int64)
    return sizes, Runs(**columns, lefts=_summed(lefts, columns["words"]))


def _summed(steps: Numbers, words: Numbers) -> Numbers:
    """The sums of the steps, begun anew for each run."""
    if not len(steps):
        return steps
    sums = np.cumsum(steps)
    firsts = (np.cumsum(words) - words)[words > 0]
    before = np.where(firsts > 0, sums[firsts - 1], 0)
    counted: Numbers = sums - np.repeat(before, words[words > 0])
    return counted
