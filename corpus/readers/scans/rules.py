"""Ruling lines on a picture of a page: what a table's cells are told by."""

from __future__ import annotations

from typing import Any

import numpy as np

Numbers = np.ndarray[Any, np.dtype[Any]]
Box = tuple[float, float, float, float]
_AROUND, _DARKER = 31, 12  # pixels around, and how much darker than these ink is
_SHORTEST = 0.045  # of the picture's longer side
_THICKEST = 0.006
_MOST = 2_000  # lines: more are no table's


def rules_on(picture: Numbers, lean: float) -> list[Box]:
    """The lines across and down the page, made level: boxes in pixels."""
    import cv2

    height, width = picture.shape
    blurred = cv2.blur(picture, (3, 3))
    mean = cv2.ADAPTIVE_THRESH_MEAN_C
    ink = cv2.adaptiveThreshold(blurred, 255, mean, cv2.THRESH_BINARY_INV, _AROUND, _DARKER)
    if lean:
        middle = (width / 2, height / 2)
        turn = cv2.getRotationMatrix2D(middle, lean, 1.0)
        ink = cv2.warpAffine(ink, turn, (width, height))
    longer = max(height, width)
    found = []
    for across in (True, False):
        length = round(_SHORTEST * longer)
        found += _straight(ink if across else np.ascontiguousarray(ink.T), length, longer, across)
    return found if len(found) <= _MOST else []


def _straight(ink: Numbers, length: int, longer: int, across: bool) -> list[Box]:
    import cv2

    joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((3, 9), np.uint8))
    lines = cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    lines = cv2.dilate(lines, np.ones((3, 5), np.uint8))
    _, _, boxes, _ = cv2.connectedComponentsWithStats(lines)
    result = []
    for left, top, wide, tall, _ in boxes[1:].tolist():
        if tall > _THICKEST * longer + 4 or wide < length:
            continue
        middle = top + tall / 2
        line = (left + 2.0, middle, left + wide - 2.0, middle)
        result.append(line if across else (middle, line[0], middle, line[2]))
    return result
