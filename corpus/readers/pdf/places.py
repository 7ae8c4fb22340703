"""Where the words that were recognised on a page stand in its text: by their order, never by their
looks. The letters of its lines and cells follow one another as they do in the text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.document import ScannedWord
from corpus.readers.pdf.seen.ink import Box
from corpus.readers.pdf.seen.layout import Part
from corpus.readers.pdf.seen.lines import Line, read
from corpus.readers.pdf.seen.words import Word
from corpus.text.clean import one_line

_SURE = 6  # letters: a line that does not follow is looked for if it has as many


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter or figure of the page as it was read."""

    text: str
    word: Word
    part: float  # how far into the word it begins, from 0 to 1
    width: float  # of the word's


def scanned_boxes(words: Sequence[ScannedWord], start: int, end: int) -> list[Box]:
    """Boxes around the words between two offsets that were recognised on a page's picture; words
    of one line share a box."""
    boxes: list[Box] = []
    for word in words:
        if word.end <= start or word.start >= end:
            continue
        box, before = word.box, boxes[-1] if boxes else None
        tall = box[3] - box[1]
        if (
            before is not None
            and abs(before[1] - box[1]) < 0.5 * tall
            and -tall < box[0] - before[2] < 1.5 * tall
        ):
            boxes[-1] = (
                before[0],
                min(before[1], box[1]),
                max(before[2], box[2]),
                max(before[3], box[3]),
            )
        else:
            boxes.append(box)
    return boxes


def letters_at(text: str, parts: Sequence[Part]) -> dict[int, Letter]:
    """For each character of a page's text the letter of the page that it is."""
    return _aligned(text, list(_units(parts)))


def _units(parts: Sequence[Part]) -> Iterator[list[Letter]]:
    """What follows one another in the text: lines, and the cells of tables row by row."""
    for part in parts:
        if isinstance(part, Line):
            yield list(_letters(part.words))
            continue
        for row, cells in zip(part.rows, part.cells, strict=True):
            for text, cell in zip(row, cells, strict=True):
                letters = [letter for line in cell for letter in _letters(line.words)]
                if _bare(text) == "".join(letter.text for letter in letters):
                    yield letters
                elif cell:  # a tick that is written as a word
                    yield [Letter(sign, cell[0].words[0], 0.0, 1.0) for sign in _bare(text)]


def _letters(words: Sequence[Word]) -> Iterator[Letter]:
    for word, text, _ in read(words):
        text = one_line(text)
        step = 1 / max(len(text), 1)
        for at, character in enumerate(text):
            for sign in _bare(character):
                yield Letter(sign, word, at * step, step)


def _bare(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalnum())


def _aligned(text: str, units: Sequence[list[Letter]]) -> dict[int, Letter]:
    """For each character of the text the letter of the page that it is."""
    offsets = [at for at, character in enumerate(text) for _ in _bare(character)]
    squeezed = _bare(text)
    if len(offsets) != len(squeezed):
        return {}
    places: dict[int, Letter] = {}
    cursor = 0
    left: list[list[Letter]] = []
    for unit in units:
        wanted = "".join(letter.text for letter in unit)
        at = cursor
        if not squeezed.startswith(wanted, cursor):
            at = squeezed.find(wanted, cursor) if len(wanted) >= _SURE else -1
        if at < 0:
            left.append(unit)
            continue
        cursor = at + len(wanted)
        places.update(zip(offsets[at:cursor], unit, strict=True))
    for unit in left:  # running lines that are kept stand at the end of the page's text
        at = squeezed.find("".join(letter.text for letter in unit), cursor)
        if unit and at >= 0:
            cursor = at + len(unit)
            places.update(zip(offsets[at:cursor], unit, strict=True))
    return places
