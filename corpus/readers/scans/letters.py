"""The letters of lines on a picture, each with its place along the line and how sure it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from corpus.readers.scans.lines import TextLine
from corpus.readers.scans.models import Models

Numbers = np.ndarray[Any, np.dtype[Any]]
_HEIGHT = 48  # pixels of a line as the model reads it
_STEP = 320
_WIDEST = 3_200


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A line's letters; `places` are their middles, from 0 at its beginning to 1 at its end."""

    line: TextLine
    text: str
    places: tuple[float, ...]
    sure: tuple[float, ...]  # of each letter, from 0 to 1

    @property
    def surely(self) -> float:
        return sum(self.sure) / len(self.sure) if self.sure else 0.0


def read_lines(
    picture: Numbers, lines: Sequence[TextLine], models: Models, *, check: Callable[[], None]
) -> list[ReadLine]:
    """What each line says. `check` is called before each, and may stop it by raising.

    One at a time: several at once are no quicker on one core and take half as much memory again.
    """
    read = []
    for line in lines:
        check()
        cut, used = _cut(picture, line)
        letters, sure = models.letters_in(cut)
        read.append(_read(line, letters, sure, used, models.letters))
    return read


def _cut(picture: Numbers, line: TextLine) -> tuple[Numbers, float]:
    """The line's part of the picture, made level and 48 pixels high, in a field of few possible
    widths, since each new one costs the engine time and memory; and how much of that it fills."""
    import cv2

    natural = _HEIGHT * line.length / max(line.height, 1)
    width = max(min(round(natural), _WIDEST), 1)
    field = np.zeros((3, _HEIGHT, -(-width // _STEP) * _STEP), np.float32)
    turn = np.deg2rad(line.lean)
    along = np.array([np.cos(turn), np.sin(turn)])
    down = np.array([-along[1], along[0]])
    start = np.array([line.x, line.y]) - along * line.length / 2 - down * line.height / 2
    corners = np.array([start, start + along * line.length, start + down * line.height], np.float32)
    target = np.array([[0, 0], [width, 0], [0, _HEIGHT]], np.float32)
    part = cv2.warpAffine(
        picture,
        cv2.getAffineTransform(corners, target),
        (width, _HEIGHT),
        flags=cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_REPLICATE,
    )
    field[:, :, :width] = part.astype(np.float32) / 127.5 - 1
    return field, width / field.shape[2]


def _read(
    line: TextLine, letters: Numbers, sure: Numbers, used: float, names: Sequence[str]
) -> ReadLine:
    """From the model's columns to letters: one that goes on over columns is one letter."""
    begins = np.concatenate([[True], letters[1:] != letters[:-1]]) & (letters != 0)
    at = np.flatnonzero(begins)
    step = 1 / (len(letters) * max(used, 1e-6))
    text, places, told = [], [], []
    for place in at.tolist():
        for sign in names[int(letters[place])]:
            text.append(sign)
            places.append(min((place + 0.5) * step, 1.0))
            told.append(float(sure[place]))
    return ReadLine(line, "".join(text), tuple(places), tuple(told))
