"""A picture of a page to the words on it, whichever way the page lay on the glass."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from corpus.readers.scans.letters import ReadLine, read_lines
from corpus.readers.scans.lines import NoPage, TextLine, lean_of, lines_on
from corpus.readers.scans.models import Models
from corpus.readers.scans.rules import rules_on

Numbers = np.ndarray[Any, np.dtype[Any]]
Box = tuple[float, float, float, float]
_SURE = 0.85  # less sure of upright text than that, a page is tried upside down
_SAMPLE = 8  # lines, the longest
_WELL = 0.7  # lines that are as surely read
_READABLE = 0.6  # of all lines' length: a page of which less is read well is not read at all
_LEGIBLE = 0.4  # a line that is less surely read is left out
_TALL = 2.0  # times the usual height of a line: so long is what runs down the page, not a letter


@dataclass(frozen=True, slots=True)
class ScannedWord:
    """A word as it was read. `left` to `bottom` are pixels on the page made upright and level;
    `box` is where it stands on the page as shown, in parts of its width and height. `sure` is how
    sure the least sure of its letters is, from 0 to 1; `height` is that of its line.
    """

    text: str
    left: float
    top: float
    right: float
    bottom: float
    height: float
    sure: float
    box: Box
    steep: bool = False  # it runs along the side of the page; its places are those of a page turned


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a picture says: its words line by line, the lines that are drawn on it, the upright
    page's size in pixels, and how many lines of text could not be read."""

    words: tuple[ScannedWord, ...]
    rules: tuple[Box, ...]
    width: int
    height: int
    lost: int = 0

    @property
    def sure(self) -> float:
        """How sure the words are, letter by letter."""
        letters = sum(len(word.text) for word in self.words)
        return sum(word.sure * len(word.text) for word in self.words) / max(letters, 1)


def recognised(picture: Numbers, models: Models, *, check: Callable[[], None]) -> Recognised:
    """The words on a grey picture. `check` is called between steps, and may stop them by raising.
    Raises NoPage."""
    lines = lines_on(picture, models)
    quarters = 0
    if sum(line.length for line in lines if line.is_steep) > _half(lines):
        quarters, picture = 1, np.ascontiguousarray(np.rot90(picture))
        check()
        lines = lines_on(picture, models)
    read = _read(picture, lines, models, check)
    if lines and _surely(read) < _SURE:
        sample = sorted(read, key=lambda one: one.line.length)[-_SAMPLE:]
        turned = np.ascontiguousarray(np.rot90(picture, 2))
        other = [_turned(one.line, picture) for one in sample]
        if _surely(_read(turned, other, models, check)) > _surely(sample):
            quarters, picture = quarters + 2, turned
            read = _read(turned, [_turned(line, picture) for line in lines], models, check)
    legible = [one for one in read if one.text.strip() and one.surely >= _LEGIBLE]
    if not legible:
        raise NoPage("no words were found on it")
    length = sum(one.line.length for one in read)
    if sum(one.line.length for one in read if one.surely >= _WELL) < _READABLE * length:
        raise NoPage("its letters are too faint, or none of the Latin alphabet")
    height, width = picture.shape
    lean = lean_of([one.line for one in legible])
    place = _Places(width, height, quarters, lean)
    words = tuple(word for one in legible for word in place.words_of(one))
    lost = sum(bool(one.text.strip()) for one in read) - len(legible)
    return Recognised(words, tuple(rules_on(picture, lean)), width, height, lost)


def _half(lines: Sequence[TextLine]) -> float:
    return sum(line.length for line in lines) / 2


def _read(
    picture: Numbers, lines: Sequence[TextLine], models: Models, check: Callable[[], None]
) -> list[ReadLine]:
    """What the lines say. What runs along the page's side is read in both directions, and only
    where it is long: one tall letter runs nowhere."""
    usual = float(np.median([line.height for line in lines])) if lines else 0.0
    steep = [line for line in lines if line.is_steep and line.length > _TALL * usual]
    level = [line for line in lines if not line.is_steep]
    read = read_lines(picture, level, models, check=check)
    if steep:
        down = read_lines(picture, steep, models, check=check)
        up = [replace(line, lean=line.lean - 180) for line in steep]
        pairs = zip(down, read_lines(picture, up, models, check=check), strict=True)
        read += [max(pair, key=lambda one: one.surely) for pair in pairs]
    return read


def _surely(read: Sequence[ReadLine]) -> float:
    """How sure the lines are, letter by letter."""
    letters = [sure for one in read for sure in one.sure]
    return sum(letters) / len(letters) if letters else 0.0


def _turned(line: TextLine, picture: Numbers) -> TextLine:
    """The line on the picture turned upside down."""
    height, width = picture.shape
    return replace(line, x=width - line.x, y=height - line.y)


@dataclass(frozen=True, slots=True)
class _Places:
    """From places along lines to places on the page. `quarters` is how often the picture was
    turned counterclockwise before it was read, `lean` by how much its text leans."""

    width: int
    height: int
    quarters: int
    lean: float

    def words_of(self, read: ReadLine) -> Iterator[ScannedWord]:
        line = read.line
        pitch = _pitch(read.places)
        for start, end in _words(read.text):
            before = max(read.places[start] - pitch / 2, 0.0)
            after = min(read.places[end - 1] + pitch / 2, 1.0)
            corners = _corners(line, before, after)
            steep = line.is_steep
            left, top, right, bottom = self._upright(line, before, after, steep=steep)
            yield ScannedWord(
                read.text[start:end],
                left,
                top,
                right,
                bottom,
                line.height,
                min(read.sure[start:end]),
                self._shown(corners),
                steep,
            )

    def _upright(self, line: TextLine, before: float, after: float, *, steep: bool) -> Box:
        """The box on the page when its text is level."""
        turn = np.deg2rad(line.lean if steep else self.lean)
        x, y = line.x - self.width / 2, line.y - self.height / 2
        across = x * np.cos(turn) + y * np.sin(turn)
        down = y * np.cos(turn) - x * np.sin(turn)
        wide, tall = (self.height, self.width) if steep else (self.width, self.height)
        begin = float(across) + wide / 2 - line.length / 2
        middle = float(down) + tall / 2
        return (
            begin + before * line.length,
            middle - line.height / 2,
            begin + after * line.length,
            middle + line.height / 2,
        )

    def _shown(self, corners: Numbers) -> Box:
        x, y = corners[:, 0] / self.width, corners[:, 1] / self.height
        for _ in range(self.quarters):  # back, clockwise
            x, y = 1 - y, x
        left, top, right, bottom = np.clip([x.min(), y.min(), x.max(), y.max()], 0, 1).tolist()
        return left, top, right, bottom


def _corners(line: TextLine, before: float, after: float) -> Numbers:
    turn = np.deg2rad(line.lean)
    along = np.array([np.cos(turn), np.sin(turn)])
    down = np.array([-along[1], along[0]]) * line.height / 2
    middle = np.array([line.x, line.y])
    start, end = (middle + along * line.length * (part - 0.5) for part in (before, after))
    return np.array([start - down, start + down, end - down, end + down])


def _pitch(places: Sequence[float]) -> float:
    """How far letters stand from each other, as a part of the line."""
    steps = np.diff(places)
    return float(np.median(steps)) if len(steps) else 0.8


def _words(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for word in text.split(" "):
        if word.strip():
            yield start, start + len(word)
        start += len(word) + 1
