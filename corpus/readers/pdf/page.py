"""One page of a PDF: from PDFium's characters and lines to text in reading order and tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from corpus.readers.pdf.file import engine
from corpus.readers.pdf.seen.boxes import around_text, with_ticks
from corpus.readers.pdf.seen.hidden import seen_of, struck_of
from corpus.readers.pdf.seen.initials import with_initials
from corpus.readers.pdf.seen.ink import Box, Ink, ink_of
from corpus.readers.pdf.seen.layout import Part, Placed, in_order
from corpus.readers.pdf.seen.letters import (
    Fonts,
    Frame,
    Letters,
    Sheet,
    by_turn,
    letters_of,
    sheet_of,
)
from corpus.readers.pdf.seen.lines import Line
from corpus.readers.pdf.seen.notes import Notes, notes_of
from corpus.readers.pdf.seen.rows import rows_of
from corpus.readers.pdf.seen.spots import Spots, spots_of
from corpus.readers.pdf.seen.turned import in_cells
from corpus.readers.pdf.seen.words import Word, words_of
from corpus.readers.pdf.tables.grids import Grid, grids_of
from corpus.readers.pdf.tables.levels import level_grids
from corpus.readers.pdf.tables.ruled import ruled_table

_FEW_LOST = 50  # pieces of text without letters
_MOST_BLANK = 0.6  # of the pieces of text of a page
_PICTURE = 0.3  # of the page: an image as large may be the page itself


@dataclass(frozen=True, slots=True)
class File:
    """What is asked of the file once: its handle, its form's (0 if none), its fonts.

    `hides_layers` tells whether it switches layers off, when the first page with layers asks.
    """

    document: int
    form: int = 0
    hides_layers: Callable[[], bool] = bool
    fonts: Fonts = field(default_factory=Fonts)


@dataclass(frozen=True, slots=True)
class PageRead:
    """What a person sees on a page, and what of it could not be given."""

    parts: tuple[Part, ...] = ()
    height: float = 0.0  # in the direction of its text
    size: tuple[float, float] = (1.0, 1.0)  # width and height as shown
    image: bool = False  # an image that could be the page itself
    drawn: bool = False  # anything at all is drawn
    letters: int = 0
    unknown: int = 0  # letters without a meaning
    hidden: int = 0
    outside: int = 0
    unseen: str = ""  # the letters that are hidden or outside
    struck: str = ""
    comments: int = 0
    files: int = 0
    problem: str | None = None
    spots: Spots | None = None


def read_page(file: File, number: int) -> PageRead:
    """Page `number`, which counts from 1. Raises TooMuch."""
    page = engine.load_page(file.document, number - 1)
    if not page:
        return PageRead(problem="it is damaged")
    if file.form:
        engine.after_load(page, file.form)
    try:
        return _read(page, file)
    finally:
        if file.form:
            engine.before_close(page, file.form)
        engine.close_page(page)


def _read(page: int, file: File) -> PageRead:
    sheet = sheet_of(page)
    text_page = engine.load_text(page)
    if not text_page:
        return PageRead(problem="it is damaged")
    try:
        letters = letters_of(text_page, sheet, file.fonts)
    finally:
        engine.close_text(text_page)
    ink = ink_of(page, sheet)
    if ink.layered and not file.hides_layers():
        ink.layered.clear()
    notes = notes_of(page, file.form, sheet)
    seen = seen_of(page, letters, ink, sheet)
    letters = seen.letters
    struck = struck_of(letters, ink.rules, notes.struck)
    crossed = ""
    if struck.any():
        crossed = _said(letters.only(struck))
        letters = letters.only(~struck)
    parts, height = _laid_out(letters, ink, notes, sheet)
    return PageRead(
        parts,
        height,
        sheet.shown_size,
        image=_is_picture(ink, sheet),
        drawn=bool(len(seen.letters) or ink.images or ink.fills or ink.rules or ink.drawings),
        letters=len(letters),
        unknown=letters.text.count("\ufffd") + _without_letters(seen.letters, ink),
        hidden=seen.hidden,
        outside=seen.outside,
        unseen=seen.unseen,
        struck=crossed,
        comments=notes.comments,
        files=notes.files,
    )


def _without_letters(letters: Letters, ink: Ink) -> int:
    """How many pieces of text PDFium can give no letter of, where most are such: a font that is not
    in the file. A few are only spaces.
    """
    lost = len(ink.order) - len({piece.object for piece in letters.pieces})
    return lost if lost > max(_FEW_LOST, _MOST_BLANK * len(ink.order)) else 0


def _laid_out(
    letters: Letters, ink: Ink, notes: Notes, sheet: Sheet
) -> tuple[tuple[Part, ...], float]:
    """The parts of the page in its main direction, then what runs in others: margin notes."""
    width, height = sheet.shown_size
    parts: list[Part] = []
    tall = height
    directions = by_turn(letters) if len(letters) else []
    if notes.words and (not directions or directions[0][0] != 0):
        directions.insert(0, (0, letters.only(np.zeros(len(letters), bool))))
    upright, beside = _upright(directions, ink, sheet)
    for at, (turn, some) in enumerate(directions):
        frame = Frame(turn, width, height)
        words = words_of(some, frame)
        if turn == 0:
            words += _level_with(notes.words, words)
            words = with_ticks(words, ink)
        if at == 0:
            tall = frame.size[1]
            words += upright
            boxes = (ink.frames, ink.panels) if turn == 0 else ((), ())
            parts += ordered(words, _turned(ink.rules, frame), tall, boxes=boxes)
        else:
            taken = beside.get(turn, words)
            parts += ordered(taken, [], frame.size[1])
    return tuple(parts), tall


def _upright(
    directions: Sequence[tuple[int, Letters]], ink: Ink, sheet: Sheet
) -> tuple[list[Word], dict[int, list[Word]]]:
    """Of a page whose text is upright: the words that run up or down in a table's cells, as the
    words of these cells, and for each such direction what is left."""
    moved: list[Word] = []
    left: dict[int, list[Word]] = {}
    turned = [(turn, some) for turn, some in directions[1:] if turn in (90, 270)]
    grids = grids_of(ink.rules) if turned and directions[0][0] == 0 else []
    for turn, some in turned if grids else ():
        frame = Frame(turn, *sheet.shown_size)
        found, left[turn] = in_cells(words_of(some, frame), frame, grids)
        moved += found
    return moved, left


def _level_with(notes: Sequence[Word], words: Sequence[Word]) -> Sequence[Word]:
    """What was filled in stands level with the text beside it."""
    levels = [word.base for word in words] if notes else []
    for note in notes:
        beside = [level for level in levels if note.top <= level <= note.bottom + 1]
        if beside:
            note.base = min(beside, key=lambda level: abs(level - note.base))
    return notes


def _turned(rules: Sequence[Box], frame: Frame) -> Sequence[Box]:
    if frame.turn == 0 or not rules:
        return rules
    return [
        (left, top, right, bottom)
        for left, top, right, bottom in frame.boxes(np.array(rules)).tolist()
    ]


def ordered(
    words: list[Word],
    rules: Sequence[Box],
    height: float,
    *,
    boxes: tuple[Sequence[Box], Sequence[Box]] = ((), ()),
) -> list[Part]:
    """Words and ruling lines of one direction as lines and tables in reading order; what stands in
    one of `boxes` (those of lines, and coloured ones) beside other text is read by itself, after
    that text."""
    words = with_initials(words)
    placed: list[Placed] = []
    for grid in [*grids_of(rules), *level_grids(rules, words)] if len(rules) > 2 else ():
        inside = [word for word in words if _is_inside(word, grid)]
        table = ruled_table(grid, inside) if inside else None
        if table is None:
            continue
        taken = set(map(id, inside))
        words = [word for word in words if id(word) not in taken]
        left, top, right, bottom = grid.box
        placed.append(Placed(table, left, top, right, bottom, top + inside[0].size, inside[0].size))
    for box in around_text(*boxes, words, height) if any(boxes) else ():
        inside = [word for word in words if _is_in(word, box)]
        taken = set(map(id, inside))
        words = [word for word in words if id(word) not in taken]
        inner = tuple(in_order(rows_of(inside), [], height=height))
        size = inside[0].size if inside else 1.0
        placed.append(Placed(None, *box, _end_beside(box, words), size, inner))
    return in_order(rows_of(words), placed, height=height)


def _end_beside(box: Box, words: Sequence[Word]) -> float:
    """Below the text that stands beside a box: it goes on until a gap."""
    end = box[3]
    for base, size in sorted((word.base, word.size) for word in words):
        if box[1] < base and base - end < 1.6 * size:
            end = max(end, base)
    return end + 0.1


def _is_inside(word: Word, grid: Grid) -> bool:
    return _is_in(word, grid.box)


def _is_in(word: Word, box: Box) -> bool:
    left, top, right, bottom = box
    across, down = (word.left + word.right) / 2, (word.top + word.bottom) / 2
    return left - 1 <= across <= right + 1 and top - 1 <= down <= bottom + 1


def _is_picture(ink: Ink, sheet: Sheet) -> bool:
    """Whether an image could be the page itself, or several together."""
    width, height = sheet.shown_size
    covered = sum(
        max(min(image.box[2], width) - max(image.box[0], 0), 0)
        * max(min(image.box[3], height) - max(image.box[1], 0), 0)
        for image in ink.images
    )
    return covered >= _PICTURE * width * height


def _said(letters: Letters) -> str:
    words = words_of(letters, Frame(0, 0.0, 0.0))
    return " ".join(word.text for word in words)


def without_words(page: PageRead) -> PageRead:
    """The page without the words of its lines and cells: of these it keeps where they stand."""
    lines = _all_lines(page.parts)
    spots = spots_of(lines, page.size)
    for line in lines:
        line.words = ()
    return replace(page, spots=spots)


def _all_lines(parts: Sequence[Part]) -> list[Line]:
    """The lines of the page and of its tables' cells, each once."""
    lines: list[Line] = []
    for part in parts:
        if isinstance(part, Line):
            lines.append(part)
        else:
            held = (line for row in part.cells for cell in row for line in cell)
            lines += {id(line): line for line in held}.values()
    return lines


def lines_of(parts: Sequence[Part]) -> list[Line]:
    return [part for part in parts if isinstance(part, Line)]
