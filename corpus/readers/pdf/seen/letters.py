"""The characters of a PDF page: what each is, where it stands, how it is written."""

from __future__ import annotations

import ctypes
from collections import Counter, deque
from dataclasses import dataclass, field
from itertools import repeat
from math import atan2, cos, degrees, hypot, radians, sin
from typing import Any

import numpy as np

from corpus.readers.pdf.file import engine

Numbers = np.ndarray[Any, np.dtype[Any]]
_BOLD = ("bold", "black", "heavy", "demi")
_HYPHENS = {0x02: "-", 0xFFFE: "-"}  # how PDFium writes a hyphen at a line's end
UNKNOWN = 0xFFFD  # a letter without a meaning
_PLANE = 0x10000  # characters that a font's letters are told apart by
_MOST_CHARACTERS = 2_000_000  # of one page: no person could have set more


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page's box and turn, and how places in its user space are shown, in points."""

    left: float
    bottom: float
    width: float
    height: float
    turn: int  # clockwise, in degrees

    @property
    def shown_size(self) -> tuple[float, float]:
        sizes = self.width, self.height
        return sizes[::-1] if self.turn in (90, 270) else sizes

    def shown(self, x: Any, y: Any) -> tuple[Any, Any]:
        """From the top left corner of the page as shown, rightwards and downwards."""
        x, y = x - self.left, y - self.bottom
        if self.turn == 90:
            return y, x
        if self.turn == 180:
            return self.width - x, y
        if self.turn == 270:
            return self.height - y, self.width - x
        return x, self.height - y


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of characters that the file writes at once, in one font, size and colour."""

    object: int
    size: float  # of its letters, in points
    turn: int  # clockwise, in degrees, as shown
    bold: bool
    mode: int
    colour: tuple[int, int, int, int]
    font: int


@dataclass(slots=True)
class Letters:
    """Characters in the file's order. The boxes are as wide as the font lets them be, so that
    letters of one word touch; places are points from the top left corner of the page as shown.
    """

    text: str
    boxes: Numbers  # left, top, right, bottom
    base: Numbers  # x and y of the point where each stands on its line
    piece: Numbers  # which of `pieces`
    index: Numbers  # PDFium's number of it
    pieces: list[Piece] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.text)

    def only(self, chosen: Numbers) -> Letters:
        """Those for which `chosen` is true."""
        places = np.flatnonzero(chosen)
        return Letters(
            _chosen(self.text, places),
            self.boxes[places],
            self.base[places],
            self.piece[places],
            self.index[places],
            self.pieces,
        )


class TooMuch(Exception):
    """A page with more on it than any real page."""


class Fonts:
    """What is asked of each font of a file once: is it bold, which of its letters mean nothing."""

    def __init__(self) -> None:
        self._numbers: dict[int, int] = {}
        self._bold: list[bool] = []
        self._states = np.zeros((0, _PLANE), np.uint8)  # 0 not asked, 1 a letter, 2 none

    def number_of(self, text_object: int) -> int:
        """A number for the font that a text object is written in."""
        font = engine.text_font(text_object) or 0
        number = self._numbers.get(font)
        if number is None:
            number = self._numbers[font] = len(self._numbers)
            room = ctypes.create_string_buffer(128)
            engine.font_name(font, ctypes.addressof(room), 128)
            name = room.value.decode("latin-1").lower()
            self._bold.append(any(word in name for word in _BOLD))
        return number

    def is_bold(self, number: int) -> bool:
        return self._bold[number]

    def without_meaning(
        self, text_page: int, fonts: Numbers, codes: Numbers, index: Numbers
    ) -> Numbers | None:
        """Which letters are pictures only: their font does not say which letter they are."""
        if len(self._numbers) > len(self._states):
            more = np.zeros((len(self._numbers) + 8 - len(self._states), _PLANE), np.uint8)
            self._states = np.concatenate([self._states, more]) if len(self._states) else more
        low = codes % _PLANE
        states = self._states[fonts, low]
        if not states.all():
            for at in np.flatnonzero(states == 0).tolist():
                font, code = int(fonts[at]), int(low[at])
                if not self._states[font, code]:
                    unknown = engine.has_no_meaning(text_page, int(index[at])) == 1
                    self._states[font, code] = 2 if unknown else 1
            states = self._states[fonts, low]
        return states == 2 if states.max(initial=0) == 2 else None


def sheet_of(page: int) -> Sheet:
    """The box of a page: what a viewer shows of it."""
    room, places = engine.floats(4)
    engine.page_box(page, places[0])
    left, top, right, bottom = room
    turn = 90 * (engine.page_rotation(page) % 4)
    return Sheet(left, min(top, bottom), abs(right - left), abs(top - bottom), turn)


def letters_of(text_page: int, sheet: Sheet, fonts: Fonts) -> Letters:
    """The characters that the file itself has; those that PDFium adds (spaces) are left out."""
    count = max(engine.count_characters(text_page), 0)
    if count > _MOST_CHARACTERS:
        raise TooMuch
    text = _text(text_page, count)
    objects = _objects(text_page, codes_of(text))
    real = np.flatnonzero(objects)
    boxes = np.zeros((count, 4), np.float32)
    start = boxes.ctypes.data
    addresses = range(start, start + 16 * count, 16)
    deque(map(engine.character_box, repeat(text_page), range(count), addresses), maxlen=0)
    objects, edges = objects[real], boxes[real].astype(np.float64)
    breaks = np.flatnonzero(objects[1:] != objects[:-1]) + 1 if len(real) else real
    starts = [0, *breaks.tolist()] if len(real) else []
    pieces, origins = _pieces(text_page, real[starts].tolist(), sheet, fonts, objects, starts)
    piece = np.zeros(len(real), np.int64)
    piece[breaks] = 1
    piece = np.cumsum(piece)
    base = _bases(edges, piece, origins, np.array(starts, np.int64), pieces, sheet)
    x0, y0 = sheet.shown(edges[:, 0], edges[:, 1])
    x1, y1 = sheet.shown(edges[:, 2], edges[:, 3])
    shown = np.empty_like(edges)
    np.minimum(x0, x1, out=shown[:, 0])
    np.minimum(y0, y1, out=shown[:, 1])
    np.maximum(x0, x1, out=shown[:, 2])
    np.maximum(y0, y1, out=shown[:, 3])
    codes = codes_of(text)[real]
    fonts_of = np.array([piece.font for piece in pieces], np.int64)[piece] if pieces else piece
    unknown = fonts.without_meaning(text_page, fonts_of, codes, real)
    if not codes.all():  # a character without a number
        unknown = codes == 0 if unknown is None else unknown | (codes == 0)
    if unknown is not None:
        codes = np.where(unknown, UNKNOWN, codes).astype(np.uint32)
    kept = codes.tobytes().decode("utf-32-le", "surrogatepass")
    return Letters(kept, shown, base, piece, real, pieces)


def _objects(text_page: int, codes: Numbers) -> Numbers:
    """Which text object each character is of; 0 for those that PDFium adds, which are spaces.

    Characters of one object stand together, so a run of letters is asked at its ends alone.
    """
    count = len(codes)
    objects = np.zeros(count, np.uint64)
    letter = codes > 32
    starts = np.flatnonzero(letter & ~np.concatenate([[False], letter[:-1]]))
    ends = np.flatnonzero(letter & ~np.concatenate([letter[1:], [False]]))
    asked = np.concatenate([np.flatnonzero(~letter), starts, ends])
    objects[asked] = _asked(text_page, asked)
    whole = objects[starts] == objects[ends]
    lengths = np.where(whole, ends - starts + 1, 0)
    spread = np.repeat(starts, lengths)
    inside = spread + np.arange(len(spread)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    objects[inside] = objects[spread]
    for start, end in zip(starts[~whole].tolist(), ends[~whole].tolist(), strict=True):
        objects[start : end + 1] = _asked(text_page, np.arange(start, end + 1))
    return objects


def _asked(text_page: int, places: Numbers) -> Numbers:
    found = map(engine.character_object, repeat(text_page), places.tolist())
    return np.fromiter(found, np.uint64, len(places))


def _text(text_page: int, count: int) -> str:
    """One character for each of PDFium's, whatever it is."""
    room = (ctypes.c_ushort * (count + 1))()
    written = engine.characters(text_page, 0, count, ctypes.addressof(room))
    if written == count + 1:
        text = bytes(memoryview(room))[: 2 * count].decode("utf-16-le", "replace")
        if len(text) == count:
            return _with_hyphens(text)
    codes = map(engine.character, repeat(text_page), range(count))
    text = "".join([chr(code) if code < 0x110000 else "\ufffd" for code in codes])
    return _with_hyphens(text)


def _with_hyphens(text: str) -> str:
    return text.translate(_HYPHENS) if "\x02" in text or "\ufffe" in text else text


def codes_of(text: str) -> Numbers:
    """The characters as numbers."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def _chosen(text: str, places: Numbers) -> str:
    return codes_of(text)[places].tobytes().decode("utf-32-le", "surrogatepass")


def _pieces(
    text_page: int,
    firsts: list[int],
    sheet: Sheet,
    fonts: Fonts,
    objects: Numbers,
    starts: list[int],
) -> tuple[list[Piece], Numbers]:
    matrix, (at_matrix, *_) = engine.floats(6)
    colour, at_colour = engine.whole_numbers(4)
    origins = np.zeros((len(firsts), 2))
    place = origins.ctypes.data
    pieces: list[Piece] = []
    for number, (first, start) in enumerate(zip(firsts, starts, strict=True)):
        found = int(objects[start])
        engine.character_origin(text_page, first, place + 16 * number, place + 16 * number + 8)
        engine.character_matrix(text_page, first, at_matrix)
        a, b, c, d = matrix[:4]
        if not engine.object_fill(found, *at_colour):
            colour[0] = colour[1] = colour[2] = 0
            colour[3] = 255
        font = fonts.number_of(found)
        pieces.append(
            Piece(
                found,
                round(abs(engine.character_size(text_page, first)) * hypot(c, d) * 4) / 4,
                (sheet.turn - round(degrees(atan2(b, a)))) % 360,
                fonts.is_bold(font),
                engine.text_mode(found),
                (colour[0], colour[1], colour[2], colour[3]),
                font,
            )
        )
    return pieces, origins


def _bases(
    edges: Numbers,
    piece: Numbers,
    origins: Numbers,
    starts: Numbers,
    pieces: list[Piece],
    sheet: Sheet,
) -> Numbers:
    """Where each letter stands: as far from its box as the first one of its piece is."""
    if not len(edges):
        return np.zeros((0, 2))
    offset = origins - edges[starts][:, [0, 3]]
    offset[:, 1] = origins[:, 1] - edges[starts][:, 3]
    at_x = edges[:, 0] + offset[piece, 0]
    at_y = edges[:, 3] + offset[piece, 1]
    x, y = sheet.shown(at_x, at_y)
    return np.stack([x, y], axis=1)


@dataclass(frozen=True, slots=True)
class Frame:
    """The page turned so that text of one direction runs rightwards."""

    turn: int  # of the text, clockwise, in degrees
    width: float  # of the page as shown
    height: float

    @property
    def size(self) -> tuple[float, float]:
        size = self.width, self.height
        return size[::-1] if self.turn in (90, 270) else size

    def seen(self, x: Any, y: Any) -> tuple[Any, Any]:
        """A shown place in this frame."""
        if self.turn == 0:
            return x, y
        if self.turn == 90:
            return y, self.width - x
        if self.turn == 180:
            return self.width - x, self.height - y
        if self.turn == 270:
            return self.height - y, x
        angle = -radians(self.turn)
        return x * cos(angle) - y * sin(angle), x * sin(angle) + y * cos(angle)

    def boxes(self, boxes: Numbers) -> Numbers:
        if self.turn == 0 or not len(boxes):
            return boxes
        x0, y0 = self.seen(boxes[:, 0], boxes[:, 1])
        x1, y1 = self.seen(boxes[:, 2], boxes[:, 3])
        return np.stack(
            [np.minimum(x0, x1), np.minimum(y0, y1), np.maximum(x0, x1), np.maximum(y0, y1)], axis=1
        )


def by_turn(letters: Letters) -> list[tuple[int, Letters]]:
    """The letters by the direction in which they run, the page's main direction first."""
    turns = {piece.turn for piece in letters.pieces}
    if len(turns) == 1:
        turn = _straight(turns.pop())
        return [(turn, letters)]
    of_piece = np.array([_straight(piece.turn) for piece in letters.pieces], np.int64)
    of_letter = of_piece[letters.piece]
    amounts = Counter(of_letter.tolist())
    return [(turn, letters.only(of_letter == turn)) for turn, _ in amounts.most_common()]


def _straight(turn: int) -> int:
    """Text that leans a little is read as straight."""
    near = round(turn / 90) * 90
    return near % 360 if abs(turn - near) <= 4 else turn
