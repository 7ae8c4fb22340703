"""PDF: which letters are one word, told by their places alone."""

from __future__ import annotations

import numpy as np

from corpus.readers.pdf.seen.letters import Frame, Letters, Piece
from corpus.readers.pdf.seen.lines import line_of
from corpus.readers.pdf.seen.rows import rows_of
from corpus.readers.pdf.seen.words import words_of

_WIDE = 6.0  # of each letter, in points


def _line(*said: tuple[str, float]) -> str:
    """Letters in PDFium's order, each with where it begins, as the text of their line."""
    text = "".join(letter for letter, _ in said)
    boxes = np.array([(left, 90.0, left + _WIDE, 102.0) for _, left in said])
    base = np.array([(left, 100.0) for _, left in said])
    piece = Piece(1, 12.0, 0, False, 0, (0, 0, 0, 255), 0)
    none = np.zeros(len(said), np.int64)
    letters = Letters(text, boxes, base, none, np.arange(len(said)), [piece])
    [row] = rows_of(words_of(letters, Frame(0, 600.0, 800.0)))
    line = line_of(row)
    assert line is not None
    return line.text


def _backwards(text: str, right: float) -> list[tuple[str, float]]:
    return [(letter, right - _WIDE * at) for at, letter in enumerate(text, start=1)]


def test_a_code_in_a_line_that_is_read_from_right_to_left_stays_one_word():
    code = [("T", 74.0), *(("0581"[at], 50.0 + _WIDE * at) for at in range(4))]
    line = [*_backwards("הקוד", 110.0), (" ", 80.0), *code, (" ", 44.0), *_backwards("מכוסה", 40.0)]
    assert _line(*line) == "הקוד 0581T מכוסה"


def test_figures_apart_in_such_a_line_stay_apart():
    apart = [("2", 74.0), (" ", 68.0), *(("15"[at], 50.0 + _WIDE * at) for at in range(2))]
    assert "15 2" in _line(*_backwards("הקוד", 110.0), (" ", 80.0), *apart)
