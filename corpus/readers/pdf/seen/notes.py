"""What people put onto a page: form values, corrections typed over it, lines struck, comments."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass, field

from corpus.readers.pdf.file import engine
from corpus.readers.pdf.seen.ink import Box
from corpus.readers.pdf.seen.letters import Sheet
from corpus.readers.pdf.seen.words import Word
from corpus.text.clean import one_line, tidy_lines

_COMMENT, _FREE_TEXT, _STRIKE_OUT, _FILE, _WIDGET = 1, 3, 12, 17, 20
_TICKED, _RADIO, _COMBO, _LIST, _TEXT_FIELD = 2, 3, 4, 5, 6
_NOT_SEEN = 2 | 32  # flags: hidden, and not for the screen
_MOST = 20_000
_SIZE = 10.0  # points: of letters whose size is not told


@dataclass(slots=True)
class Notes:
    """`words` stand on the page; `struck` boxes strike what is under them."""

    words: list[Word] = field(default_factory=list)
    struck: list[Box] = field(default_factory=list)
    comments: int = 0
    files: int = 0
    fields: int = 0


def notes_of(page: int, form: int, sheet: Sheet) -> Notes:
    """The annotations of a page that a person sees; `form` is 0 where the file has no form."""
    notes = Notes()
    for at in range(min(max(engine.count_annotations(page), 0), _MOST)):
        annotation = engine.get_annotation(page, at)
        if annotation:
            _take(notes, annotation, form, sheet)
            engine.close_annotation(annotation)
    return notes


def _take(notes: Notes, annotation: int, form: int, sheet: Sheet) -> None:
    kind = engine.annotation_kind(annotation)
    if kind not in (_COMMENT, _FREE_TEXT, _STRIKE_OUT, _FILE, _WIDGET):
        return
    if engine.annotation_flags(annotation) & _NOT_SEEN:
        return
    if kind == _COMMENT:
        notes.comments += bool(_contents(annotation))
    elif kind == _FILE:
        notes.files += 1
    elif kind == _STRIKE_OUT:
        notes.struck += _quads(annotation, sheet) or [_box(annotation, sheet)]
    elif kind == _FREE_TEXT:
        notes.words += _typed(tidy_lines(_contents(annotation)), _box(annotation, sheet))
    elif form:
        words = _value(annotation, form, _box(annotation, sheet))
        notes.fields += bool(words)
        notes.words += words


def _contents(annotation: int) -> str:
    return engine.wide_text(
        lambda room, size: engine.annotation_string(annotation, b"Contents", room, size)
    )


def _value(annotation: int, form: int, box: Box) -> list[Word]:
    """What a field holds, as words where it stands."""
    kind = engine.field_kind(form, annotation)
    if kind in (_TICKED, _RADIO):
        ticked = engine.field_ticked(form, annotation)
        return _typed("[ticked]" if ticked else "[not ticked]", box)
    if kind in (_COMBO, _LIST, _TEXT_FIELD):
        text = engine.wide_text(lambda room, size: engine.field_value(form, annotation, room, size))
        return _typed(tidy_lines(text), box)
    return []


def _typed(text: str, box: Box) -> list[Word]:
    """Lines of text in a box, one below the other."""
    lines = [line for line in map(one_line, text.split("\n")) if line]
    if not lines:
        return []
    left, top, right, bottom = box
    step = (bottom - top) / len(lines)
    size = max(min(_SIZE, 0.8 * step), 1.0)
    return [
        Word(
            line,
            left,
            top + at * step,
            max(right, left + 1),
            top + (at + 1) * step,
            top + (at + 0.5) * step + 0.33 * size,
            size,
            bold=False,
        )
        for at, line in enumerate(lines)
    ]


def _box(annotation: int, sheet: Sheet) -> Box:
    room, places = engine.floats(4)
    engine.annotation_box(annotation, places[0])
    return _shown(room[0], room[1], room[2], room[3], sheet)


def _quads(annotation: int, sheet: Sheet) -> list[Box]:
    boxes = []
    for at in range(min(engine.count_quads(annotation), 1_000)):
        room = (ctypes.c_float * 8)()
        if engine.get_quad(annotation, at, ctypes.addressof(room)):
            boxes.append(
                _shown(min(room[0::2]), min(room[1::2]), max(room[0::2]), max(room[1::2]), sheet)
            )
    return boxes


def _shown(left: float, top: float, right: float, bottom: float, sheet: Sheet) -> Box:
    x0, y0 = sheet.shown(left, top)
    x1, y1 = sheet.shown(right, bottom)
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)
