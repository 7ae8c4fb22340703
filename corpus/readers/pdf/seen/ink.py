"""What else is drawn on a PDF page: straight lines, filled boxes and images, in drawing order."""

from __future__ import annotations

from dataclasses import dataclass, field

from corpus.readers.pdf.file import engine
from corpus.readers.pdf.seen.letters import Sheet, TooMuch

Box = tuple[float, float, float, float]  # left, top, right, bottom, points from the top left
Matrix = tuple[float, float, float, float, float, float]
_SAME: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_THIN = 3.0  # points: what is thinner is a line
_LARGEST_STROKE = 24.0  # points
_DEEPEST = 6  # forms within forms
_MOST_OBJECTS = 200_000
_MOST_TEXTS = 60_000  # pieces of text on one page: no real one has as many
_MOST_SEGMENTS = 2_000  # of one path: more is a drawing


@dataclass(frozen=True, slots=True)
class Fill:
    """A filled box. `order` counts what is drawn on the page."""

    box: Box
    colour: tuple[int, int, int, int]
    order: int


@dataclass(frozen=True, slots=True)
class Image:
    box: Box
    order: int


@dataclass(slots=True)
class Ink:
    """`rules` are the straight lines: their boxes are thin."""

    rules: list[Box] = field(default_factory=list)
    fills: list[Fill] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    frames: list[Box] = field(default_factory=list)  # boxes of four lines with nothing in them
    panels: list[Box] = field(default_factory=list)  # coloured boxes
    strokes: list[Box] = field(default_factory=list)  # small drawings: a tick, a cross
    drawings: int = 0  # shadings, and paths that are no lines and no boxes
    order: dict[int, int] = field(default_factory=dict)  # of text objects
    layered: set[int] = field(default_factory=set)  # text objects inside optional content


class _Scratch:
    """Room for the answers of PDFium, made once for a page."""

    def __init__(self) -> None:
        self.numbers, self.places = engine.floats(6)
        self.colour, self.at_colour = engine.whole_numbers(4)


def ink_of(page: int, sheet: Sheet) -> Ink:
    """Gather what is drawn. Raises TooMuch."""
    ink, scratch = Ink(), _Scratch()
    pending: list[tuple[int, Matrix, int, bool]] = [
        (engine.get_object(page, at), _SAME, 0, False)
        for at in range(min(engine.count_objects(page), _MOST_OBJECTS) - 1, -1, -1)
    ]
    drawn = 0
    while pending and drawn < _MOST_OBJECTS:
        if len(ink.order) > _MOST_TEXTS:
            raise TooMuch
        found, matrix, depth, layered = pending.pop()
        drawn += 1
        kind = engine.object_type(found)
        layered = layered or _in_layer(found)
        if kind == engine.TEXT:
            ink.order[found] = drawn
            if layered:
                ink.layered.add(found)
        elif kind == engine.PATH:
            _take_path(ink, scratch, found, matrix, sheet, drawn)
        elif kind == engine.IMAGE:
            ink.images.append(Image(_bounds(scratch, found, matrix, sheet), drawn))
        elif kind == engine.SHADING:
            ink.drawings += 1
        elif kind == engine.FORM and depth < _DEEPEST:
            inner = _within(scratch, found, matrix)
            pending += [
                (engine.get_form_object(found, at), inner, depth + 1, layered)
                for at in range(engine.count_form_objects(found) - 1, -1, -1)
            ]
    return ink


def _take_path(
    ink: Ink, scratch: _Scratch, found: int, matrix: Matrix, sheet: Sheet, order: int
) -> None:
    engine.draw_mode(found, scratch.at_colour[0], scratch.at_colour[1])
    filled, stroked = scratch.colour[0], scratch.colour[1]
    if not filled and not stroked:
        return  # a clipping path: nothing is painted
    segments = engine.count_segments(found)
    box = _bounds(scratch, found, matrix, sheet)
    colour = _colour(scratch, found) if filled else None
    if _is_thin(box) or (segments == 2 and stroked and _is_thick_line(box)):
        if not (colour and not stroked and _is_white(colour)):
            ink.rules.append(box)
        return
    if segments <= 6 and (segments <= 2 or _is_box(scratch, found, segments)):
        if colour:
            ink.fills.append(Fill(box, colour, order))
        if segments <= 2:
            _take_stroke(ink, box)
        else:
            _take_sides(ink, box, colour, stroked=bool(stroked))
        return
    if segments > _MOST_SEGMENTS:
        ink.drawings += 1
        return
    straight = _straight(scratch, found, _times(_matrix(scratch, found), matrix), sheet, segments)
    if colour and not stroked:
        ink.fills.append(Fill(box, colour, order))
    _take_stroke(ink, box)
    if straight:
        ink.rules += straight
    else:
        ink.drawings += 1


def _take_sides(
    ink: Ink, box: Box, colour: tuple[int, int, int, int] | None, *, stroked: bool
) -> None:
    """The four sides of a box that is seen."""
    white = colour is None or _is_white(colour)
    if stroked and white:
        ink.frames.append(box)
    elif not white:
        ink.panels.append(box)
    if stroked or not white:
        ink.rules += _sides(box)


def _take_stroke(ink: Ink, box: Box) -> None:
    if max(box[2] - box[0], box[3] - box[1]) <= _LARGEST_STROKE:
        ink.strokes.append(box)


def _is_box(scratch: _Scratch, found: int, segments: int) -> bool:
    """Whether the path is four straight sides along the axes."""
    x, y = scratch.places[:2]
    before: tuple[float, float] | None = None
    for at in range(segments):
        segment = engine.get_segment(found, at)
        if engine.segment_type(segment) == 1:  # a curve
            return False
        engine.segment_point(segment, x, y)
        point = scratch.numbers[0], scratch.numbers[1]
        if before and abs(point[0] - before[0]) > 0.5 and abs(point[1] - before[1]) > 0.5:
            return False
        before = point
    return segments >= 4


def _straight(
    scratch: _Scratch, found: int, matrix: Matrix, sheet: Sheet, segments: int
) -> list[Box]:
    """The lines of a path along the axes: a grid is often drawn as one path."""
    lines: list[Box] = []
    x, y = scratch.places[:2]
    pen = begin = (0.0, 0.0)
    for at in range(segments):
        segment = engine.get_segment(found, at)
        kind = engine.segment_type(segment)
        engine.segment_point(segment, x, y)
        point = sheet.shown(*_moved(matrix, scratch.numbers[0], scratch.numbers[1]))
        if kind == 2:
            begin = point
        elif kind == 0:
            _add_line(lines, pen, point)
        pen = point
        if engine.segment_closes(segment):
            _add_line(lines, pen, begin)
            pen = begin
    return lines


def _add_line(lines: list[Box], start: tuple[float, float], end: tuple[float, float]) -> None:
    box = (
        min(start[0], end[0]),
        min(start[1], end[1]),
        max(start[0], end[0]),
        max(start[1], end[1]),
    )
    if _is_thin(box) and max(box[2] - box[0], box[3] - box[1]) > 2:
        lines.append(box)


def _sides(box: Box) -> list[Box]:
    left, top, right, bottom = box
    return [
        (left, top, right, top),
        (left, bottom, right, bottom),
        (left, top, left, bottom),
        (right, top, right, bottom),
    ]


def _is_thin(box: Box) -> bool:
    return min(box[2] - box[0], box[3] - box[1]) <= _THIN


def _is_thick_line(box: Box) -> bool:
    """Whether the box of two points that a pen joins is a level or upright line. PDFium tells twice
    the width of a line."""
    short, long = sorted((box[2] - box[0], box[3] - box[1]))
    return short <= 2 * _THIN and long > 4 * short


def _is_white(colour: tuple[int, int, int, int]) -> bool:
    return min(colour[:3]) >= 250 or colour[3] < 8


def _colour(scratch: _Scratch, found: int) -> tuple[int, int, int, int]:
    if not engine.object_fill(found, *scratch.at_colour):
        return 0, 0, 0, 255
    red, green, blue, alpha = scratch.colour
    return red, green, blue, alpha


def _bounds(scratch: _Scratch, found: int, matrix: Matrix, sheet: Sheet) -> Box:
    if not engine.object_bounds(found, *scratch.places[:4]):
        return 0.0, 0.0, 0.0, 0.0
    left, bottom, right, top = scratch.numbers[:4]
    if matrix is _SAME:
        corners = [(left, bottom), (right, top)]
    else:
        corners = [_moved(matrix, x, y) for x in (left, right) for y in (bottom, top)]
    shown = [sheet.shown(*corner) for corner in corners]
    across, down = [x for x, _ in shown], [y for _, y in shown]
    return min(across), min(down), max(across), max(down)


def _matrix(scratch: _Scratch, found: int) -> Matrix:
    if not engine.object_matrix(found, scratch.places[0]):
        return _SAME
    a, b, c, d, e, f = scratch.numbers
    return a, b, c, d, e, f


def _within(scratch: _Scratch, form: int, matrix: Matrix) -> Matrix:
    own = _matrix(scratch, form)
    return matrix if own == _SAME else _times(own, matrix)


def _times(one: Matrix, other: Matrix) -> Matrix:
    if other is _SAME:
        return one
    a, b, c, d, e, f = one
    x, y = _moved(other, e, f)
    return (
        a * other[0] + b * other[2],
        a * other[1] + b * other[3],
        c * other[0] + d * other[2],
        c * other[1] + d * other[3],
        x,
        y,
    )


def _moved(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    return (
        matrix[0] * x + matrix[2] * y + matrix[4],
        matrix[1] * x + matrix[3] * y + matrix[5],
    )


def _in_layer(found: int) -> bool:
    count = engine.count_marks(found)
    return count > 0 and any(engine.is_layer(engine.get_mark(found, at)) for at in range(count))
