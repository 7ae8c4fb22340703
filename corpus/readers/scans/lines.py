"""Where lines of text lie on a picture of a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from corpus.readers.scans.models import Models

Numbers = np.ndarray[Any, np.dtype[Any]]
_SIDE = 1440  # pixels: the longer side of the picture that lines are looked for on
_STEP = 32
_TEXT = 0.3  # pixels that are as surely text
_LINE = 0.5  # lines that are as surely text, in the mean
_WIDER = 1.6  # the model marks the middle of a line: how much wider the line is
_LONG = 1.5  # times its height: a shorter box, a letter alone, is taken to stand upright
_LEANS = np.arange(-80, 81) / 10  # degrees that a page may lean on the glass
_MOST_SPECKS = 10_000
_MOST_LINES = 1_500  # a page with more is noise


@dataclass(frozen=True, slots=True)
class TextLine:
    """A box around a line: its middle, its length and height in pixels, its lean in degrees,
    clockwise: from -45 to 45, or from there to 135 where the line runs down the page."""

    x: float
    y: float
    length: float
    height: float
    lean: float

    @property
    def is_steep(self) -> bool:
        return not -45 <= self.lean <= 45


class NoPage(Exception):
    """What is on the picture is no page that can be read; the message says why, as a clause."""


def lines_on(picture: Numbers, models: Models) -> list[TextLine]:
    """The lines of a grey picture, in no order. Raises NoPage."""
    import cv2

    height, width = picture.shape
    scale = min(1.0, _SIDE / max(height, width))
    tall, wide = _stepped(height * scale), _stepped(width * scale)
    small = cv2.resize(picture, (wide, tall), interpolation=cv2.INTER_AREA)
    grey = small.astype(np.float32) / 127.5 - 1
    found = models.text_map(np.broadcast_to(grey, (3, tall, wide)))
    mask = cv2.dilate((found > _TEXT).astype(np.uint8), np.ones((2, 2), np.uint8))
    outlines, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    boxes = [box for outline in outlines[:_MOST_SPECKS] if (box := _box(found, outline))]
    if len(boxes) > _MOST_LINES:
        raise NoPage("it holds more specks than a page holds lines")
    back = np.array([width / wide, height / tall])
    return [_line(box, back) for box in boxes]


def lean_of(lines: Sequence[TextLine]) -> float:
    """By how much level text leans, in degrees clockwise: the lean at which most of it stands on
    few heights. A short line does not show its own lean, but it stands beside others."""
    level = [line for line in lines if not line.is_steep]
    if not level:
        return 0.0
    order = sorted(level, key=lambda line: line.lean)
    weights = np.cumsum([line.length**2 for line in order])
    middle = order[int(np.searchsorted(weights, weights[-1] / 2))].lean
    if abs(middle) > _LEANS[-1]:
        return middle
    points = np.concatenate([_along(line) for line in level])
    bins = max(float(np.median([line.height for line in level])) / 4, 1.0)
    amounts = [_standing(points, lean, bins) for lean in _LEANS]
    return float(max(zip(amounts, -np.abs(_LEANS), _LEANS, strict=True))[2])


def _along(line: TextLine) -> Numbers:
    """Points on the line's middle, a height apart."""
    count = max(round(line.length / line.height), 1)
    turn = np.deg2rad(line.lean if count > 4 else 0.0)
    steps = (np.arange(count) - (count - 1) / 2) * line.height
    return np.stack([line.x + steps * np.cos(turn), line.y + steps * np.sin(turn)], axis=1)


def _standing(points: Numbers, lean: float, bins: float) -> int:
    """How much of the text stands on one height with other text, were the page turned so."""
    turn = np.deg2rad(lean)
    heights = points[:, 1] * np.cos(turn) - points[:, 0] * np.sin(turn)
    _, counts = np.unique(np.round(heights / bins), return_counts=True)
    return int((counts**2).sum())


def _stepped(side: float) -> int:
    return max(round(side / _STEP), 1) * _STEP


def _box(found: Numbers, outline: Any) -> tuple[Any, Any, float] | None:
    """The rectangle around an outline, made as wide as its line; None where it is no line."""
    import cv2

    middle, (across, down), turn = cv2.minAreaRect(outline)
    if min(across, down) < 3 or _sureness(found, middle, (across, down), turn) < _LINE:
        return None
    more = _WIDER * across * down / (across + down)
    return middle, (across + more, down + more), turn


def _sureness(found: Numbers, middle: Any, size: Any, turn: float) -> float:
    import cv2

    corners = cv2.boxPoints((middle, size, turn))
    left, top = np.maximum(np.floor(corners.min(axis=0)).astype(int), 0)
    right, bottom = np.ceil(corners.max(axis=0)).astype(int) + 1
    part = found[top:bottom, left:right]
    inside = np.zeros(part.shape, np.uint8)
    cv2.fillPoly(inside, [(corners - [left, top]).astype(np.int32)], 1)
    return float(cv2.mean(part, inside)[0])


def _line(box: tuple[Any, Any, float], back: Numbers) -> TextLine:
    """The line in pixels of the whole picture; it runs along its longer side."""
    (x, y), (across, down), turn = box
    turn = (turn + 45) % 180 - 45
    if turn > 45:  # the other side is nearer to level
        across, down, turn = down, across, turn - 90
    if down > _LONG * across:
        across, down, turn = down, across, turn + 90
    steep = abs(turn) > 45
    along, over = (back[1], back[0]) if steep else (back[0], back[1])
    place = float(x * back[0]), float(y * back[1])
    return TextLine(*place, float(across * along), float(down * over), float(turn))
