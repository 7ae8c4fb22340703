"""The lines of a PDF page as pypdf finds them, each with its place, size and weight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import hypot
from typing import Any

from corpus.text.clean import one_line

Matrix = Sequence[float]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text. `x` and `y` are points from the page's top left corner as it is shown."""

    text: str
    x: float
    y: float
    size: float  # of the letters, in points; the largest that fills a good part of the line
    bold: bool
    joined: bool = False  # the line before ends in the middle of this line's first word
    same: bool = False  # it goes on where the line before ends, on the same height


@dataclass(slots=True)
class Rulings:
    """The straight lines drawn on a page: enough to tell whether a table is likely there."""

    across: set[int] = field(default_factory=set)  # heights of horizontal ones, rounded
    down: set[int] = field(default_factory=set)  # places of vertical ones, rounded

    def suggest_table(self) -> bool:
        """Two columns need three vertical lines, a header and a row three horizontal ones."""
        return len(self.across) >= 3 and len(self.down) >= 3

    def add(self, x: float, y: float, width: float, height: float) -> None:
        """Take in a stroke or a box from (x, y); boxes count with all their sides."""
        width, height = abs(width), abs(height)
        if width < 3 and height < 3:
            return
        if height > 6:
            self.down.add(round(x / 2))
        if height > 6 and width > 6:
            self.down.add(round((x + width) / 2))
        if width > 10:
            self.across.add(round(y / 2))
        if width > 10 and height > 6:
            self.across.add(round((y + height) / 2))


@dataclass(frozen=True, slots=True)
class Shape:
    """A page's size and turn, and how a place in its user space is shown. Sizes in points."""

    left: float
    bottom: float
    width: float
    height: float
    turn: int  # clockwise, in degrees

    @property
    def shown_height(self) -> float:
        return self.width if self.turn in (90, 270) else self.height

    def shown(self, x: float, y: float) -> tuple[float, float]:
        """From the top left corner of the page as shown, rightwards and downwards."""
        x, y = x - self.left, y - self.bottom
        if self.turn == 90:
            return y, x
        if self.turn == 180:
            return self.width - x, y
        if self.turn == 270:
            return self.height - y, self.width - x
        return x, self.height - y


@dataclass(slots=True)
class _Growing:
    """A line while its pieces come in."""

    pieces: list[str] = field(default_factory=list)
    sizes: dict[float, int] = field(default_factory=dict)
    places: dict[float, tuple[float, float]] = field(default_factory=dict)
    letters: int = 0
    bold: int = 0


class PageListener:
    """pypdf's visitor of one page: gathers lines, rulings, and whether an image was drawn."""

    def __init__(self, shape: Shape) -> None:
        self.rulings = Rulings()
        self.drawn = False
        self._shape = shape
        self._lines: list[Line] = []
        self._growing = _Growing()
        self._pen = (0.0, 0.0)
        self._bold: dict[int, bool] = {}
        self._places: dict[str, tuple[float, float]] = {}  # where a piece was drawn last

    def operator(self, name: bytes, operands: Any, cm: Matrix, _tm: Matrix) -> None:
        if name == b"re" and len(operands) >= 4:
            x, y, width, height = map(_number, operands[:4])
            self.rulings.add(*_placed(cm, x, y), width * cm[0], height * cm[3])
        elif name == b"m" and len(operands) >= 2:
            self._pen = _placed(cm, _number(operands[0]), _number(operands[1]))
        elif name == b"l" and len(operands) >= 2:
            x, y = _placed(cm, _number(operands[0]), _number(operands[1]))
            start, self._pen = self._pen, (x, y)
            if abs(x - start[0]) < 1 or abs(y - start[1]) < 1:
                low = min(x, start[0]), min(y, start[1])
                self.rulings.add(*low, x - start[0], y - start[1])
        elif name in (b"Do", b"INLINE IMAGE"):
            self.drawn = True

    def text(self, text: str, cm: Matrix, tm: Matrix, font: Any, size: float) -> None:
        if not text:
            return
        for at, piece in enumerate(text.split("\n")):
            if at:
                self._finish()
            if piece and not self._is_drawn_again(piece.strip(), cm, tm, size):
                self._take(piece, cm, tm, font, size)

    def lines(self) -> list[Line]:
        self._finish()
        return self._lines

    def _take(self, piece: str, cm: Matrix, tm: Matrix, font: Any, size: float) -> None:
        growing = self._growing
        growing.pieces.append(piece)
        letters = len(piece) - piece.count(" ")
        if not letters:
            return
        points = round(abs(size) * _scale(cm, tm) * 2) / 2
        growing.places.setdefault(points, _placed(cm, tm[4], tm[5]))
        growing.sizes[points] = growing.sizes.get(points, 0) + letters
        growing.letters += letters
        if self._is_bold(font):
            growing.bold += letters

    def _is_drawn_again(self, piece: str, cm: Matrix, tm: Matrix, size: float) -> bool:
        """Whether the same letters stand there already: so some programs make bold."""
        if not piece:
            return False
        place = _placed(cm, tm[4], tm[5])
        before, self._places[piece] = self._places.get(piece), place
        if before is None:
            return False
        apart = hypot(place[0] - before[0], place[1] - before[1])
        return apart < 0.1 * abs(size) * _scale(cm, tm)

    def _finish(self) -> None:
        growing, self._growing = self._growing, _Growing()
        text = one_line("".join(growing.pieces))
        if not text or not growing.places:
            return
        size = max(growing.sizes, key=lambda points: growing.sizes[points])
        x, _ = self._shape.shown(*next(iter(growing.places.values())))
        _, y = self._shape.shown(*growing.places[size])  # not that of a footnote's raised mark
        self._lines.append(Line(text, x, y, size, growing.bold * 10 >= growing.letters * 9))

    def _is_bold(self, font: Any) -> bool:
        if font is None:
            return False
        key = id(font)
        if key not in self._bold:
            name = str(font.get("/BaseFont", "")).lower()
            self._bold[key] = any(word in name for word in ("bold", "black", "heavy", "demi"))
        return self._bold[key]


def moved(line: Line, text: str, *, joined: bool, same: bool) -> Line:
    return replace(line, text=text, joined=joined, same=same)


def _scale(cm: Matrix, tm: Matrix) -> float:
    """How many points high a letter of size 1 is."""
    return hypot(tm[2] * cm[0] + tm[3] * cm[2], tm[2] * cm[1] + tm[3] * cm[3])


def _placed(cm: Matrix, x: float, y: float) -> tuple[float, float]:
    return x * cm[0] + y * cm[2] + cm[4], x * cm[1] + y * cm[3] + cm[5]


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return 0.0
