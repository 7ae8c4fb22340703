"""Boxes drawn as lines: those to tick, which have no letter, and those around text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from corpus.readers.pdf.seen.ink import Box, Ink
from corpus.readers.pdf.seen.words import Word

Numbers = np.ndarray[Any, np.dtype[Any]]
_SMALLEST, _LARGEST = 5.0, 16.0  # points: sides of a box to tick
_MOST = 400  # boxes on a page: more are squared paper
_TOUCH = 1.5  # points: boxes for one letter each stand so near to one another
_AROUND = 3.0  # points: the lines of a coloured box stand as near to its colour
_MARKS = frozenset("xX×✓✔✕✖✗✘✚☑☒")
_TICKED, _EMPTY = "☒", "☐"


def with_ticks(words: list[Word], ink: Ink) -> list[Word]:
    """The words, with a sign for each box to tick that stands level with some of them.

    A letter inside a box is its tick.
    """
    boxes = [box for box in _once(ink.frames) if _is_to_tick(box)]
    if not boxes or len(boxes) > _MOST or not words:
        return words
    places = _places(words)
    found: list[Word] = []
    gone: set[int] = set()
    for box in boxes:
        inside = [words[at] for at in _within(places, box)]
        if any(word.text not in _MARKS for word in inside) or any(
            _touch(box, other) for other in boxes
        ):
            continue
        beside = _beside(box, words, places, inside)
        if beside is not None:
            drawn = [*ink.strokes, *(fill.box for fill in ink.fills if _is_smaller(fill.box, box))]
            ticked = inside or any(_is_within(_middle(mark), box) for mark in drawn)
            gone |= set(map(id, inside))
            found.append(_sign(_TICKED if ticked else _EMPTY, box, beside))
    return [word for word in words if id(word) not in gone] + found


def around_text(
    frames: Sequence[Box], panels: Sequence[Box], words: Sequence[Word], pages_height: float
) -> list[Box]:
    """The boxes around lines of text that stand beside other text: what is in them is read by
    itself. Of boxes within one another the innermost counts. A box of colour (`panels`) may also
    be a column of a table: its lines must stand on heights of their own."""
    framed = [box for box in _once(frames) if _may_hold_text(box, pages_height)]
    coloured = [
        box
        for box in _once(panels)
        if _may_hold_text(box, pages_height) and not any(_is_same(box, other) for other in framed)
    ]
    if not (framed or coloured) or not words:
        return []
    places = _places(words)
    found = []
    for at, box in enumerate([*framed, *coloured]):
        inside = _within(places, box)
        lines = {round(words[word].base) for word in inside}
        level = (places[:, 4] > box[1]) & (places[:, 4] < box[3])
        if len(lines) > 1 and np.count_nonzero(level) > len(inside):
            level[inside] = False
            others = set(np.round(places[level, 4]).tolist())
            if at < len(framed) or 2 * len(lines & others) < len(lines):
                found.append(box)
    return [
        box
        for box in found
        if not any(other != box and _is_within(_middle(other), box) for other in found)
    ]


def _is_same(box: Box, other: Box) -> bool:
    """Whether a coloured box lies within its own lines."""
    return all(abs(one - two) <= _AROUND for one, two in zip(box, other, strict=True))


def _may_hold_text(box: Box, pages_height: float) -> bool:
    return 20 <= box[3] - box[1] <= 0.7 * pages_height and box[2] - box[0] >= 40


def _once(boxes: Sequence[Box]) -> Iterator[Box]:
    """Boxes that were drawn twice, once."""
    seen: set[tuple[int, ...]] = set()
    for box in boxes:
        key = tuple(map(round, box))
        if key not in seen:
            seen.add(key)
            yield box


def _is_to_tick(box: Box) -> bool:
    wide, tall = box[2] - box[0], box[3] - box[1]
    return _SMALLEST <= wide <= _LARGEST and 0.7 < wide / max(tall, 0.1) < 1.4


def _touch(box: Box, other: Box) -> bool:
    level = abs(box[1] - other[1]) < _TOUCH
    return level and min(abs(box[2] - other[0]), abs(other[2] - box[0])) < _TOUCH


def _places(words: Sequence[Word]) -> Numbers:
    """Of each word the middle, its top, its bottom and the height on which it stands."""
    return np.array(
        [
            (
                (word.left + word.right) / 2,
                (word.top + word.bottom) / 2,
                word.top,
                word.bottom,
                word.base,
            )
            for word in words
        ]
    )


def _within(places: Numbers, box: Box) -> list[int]:
    """Which words have their middle in a box."""
    x, y = places[:, 0], places[:, 1]
    found = (x > box[0]) & (x < box[2]) & (y > box[1]) & (y < box[3])
    return np.flatnonzero(found).tolist()


def _beside(
    box: Box, words: Sequence[Word], places: Numbers, inside: Sequence[Word]
) -> Word | None:
    """The nearest word on the box's height."""
    middle = (box[1] + box[3]) / 2
    level = np.flatnonzero((places[:, 2] - 1 <= middle) & (places[:, 3] + 1 >= middle)).tolist()
    return min(
        (words[at] for at in level if words[at] not in inside),
        key=lambda word: max(word.left - box[2], box[0] - word.right),
        default=None,
    )


def _sign(text: str, box: Box, beside: Word) -> Word:
    return replace(
        beside,
        text=text,
        left=box[0],
        right=box[2],
        top=box[1],
        bottom=box[3],
        bold=False,
        tight=False,
        mark=0,
        spaced=True,
        backwards=False,
    )


def _is_smaller(box: Box, outer: Box) -> bool:
    return box[2] - box[0] < 0.9 * (outer[2] - outer[0])


def _middle(box: Box) -> tuple[float, float]:
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2


def _is_within(point: tuple[float, float], box: Box) -> bool:
    return box[0] < point[0] < box[2] and box[1] < point[1] < box[3]
