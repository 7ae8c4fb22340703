"""Words of a PDF page by their places: letters that touch are one word, whatever the file's order.

A space that is written but not seen parts nothing; a gap that is seen parts, space or no space.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from corpus.readers.pdf.seen.letters import Frame, Letters, codes_of

Numbers = np.ndarray[Any, np.dtype[Any]]
_GAP = 0.13  # of the letters' size: what a person sees as the end of a word
_SPACE = 0.03  # of the size: where a space is written, this much is enough
_BACK = 0.4  # of the size: by how much letters of a word may overlap
_SAME_PLACE = 0.12  # of the size: letters drawn twice to look bold


@dataclass(slots=True)
class Word:
    """`left` to `bottom` and `base`, the height on which it stands, are points in the frame.

    `mark`: 1 raised, -1 lowered, beside larger ones. `turn` is the frame's.
    """

    text: str
    left: float
    top: float
    right: float
    bottom: float
    base: float
    size: float
    bold: bool
    tight: bool = False  # no space is written after it, so a word that touches it goes on
    mark: int = 0
    spaced: bool = True  # whether a space is seen between the word before and this one
    backwards: bool = False  # read from right to left
    turn: int = 0


def words_of(letters: Letters, frame: Frame) -> list[Word]:
    """The words in the file's order."""
    if not len(letters):
        return []
    codes = codes_of(letters.text)
    boxes = frame.boxes(letters.boxes)
    _, base = frame.seen(letters.base[:, 0], letters.base[:, 1])
    sizes = np.array([piece.size for piece in letters.pieces])[letters.piece]
    bolds = np.array([piece.bold for piece in letters.pieces])[letters.piece]
    plain = letters.text.isascii()
    blank = codes <= 32 if plain else _blank(codes)
    at = np.flatnonzero(~blank)
    if not len(at):
        return []
    before, after = at[:-1], at[1:]
    size = np.maximum(np.minimum(sizes[before], sizes[after]), 0.5)
    left, right = boxes[:, 0], boxes[:, 2]
    space = after - before > 1
    gap = left[after] - _ends(left, right, before, space)
    rtl = None if plain else _is_backwards(codes)
    if rtl is not None:
        gap = np.where(rtl[before] & rtl[after], left[before] - right[after], gap)
    level = np.abs(base[after] - base[before])
    line = level > 0.1 * size
    tracked = _tracking(gap, size, line | space, codes[at])
    apart = (
        line
        | (np.abs(sizes[after] - sizes[before]) > 0.12 * size)
        | (gap < -_BACK * size)
        | (gap > (_GAP * size + tracked))
        | (space & (gap > _SPACE * size))
    )
    if rtl is not None:
        apart |= rtl[before] != rtl[after]
    piece = letters.piece
    stacked = (piece[before] == piece[after]) & (left[before] == left[after]) & (level < 0.01)
    apart &= ~stacked  # letters of one ligature
    again = (
        (codes[before] == codes[after])
        & (piece[before] != piece[after])
        & (np.abs(left[after] - left[before]) < _SAME_PLACE * size)
        & (level < _SAME_PLACE * size)
    )
    apart &= ~again
    if frame.turn % 90:  # of letters that lean no box tells where they begin and end
        apart = space | (piece[before] != piece[after])
    starts = np.concatenate([[0], np.flatnonzero(apart) + 1])
    ends = np.concatenate([starts[1:], [len(at)]])
    tight = np.concatenate([~space, [True]])[ends - 1].tolist()
    first, last = at[starts], at[ends - 1]
    columns = np.stack(
        [
            np.minimum.reduceat(left[at], starts),
            np.minimum.reduceat(boxes[at, 1], starts),
            np.maximum.reduceat(right[at], starts),
            np.maximum.reduceat(boxes[at, 3], starts),
            base[first],
            sizes[first],
        ],
        axis=1,
    ).tolist()
    bold = bolds[first].tolist()
    back = (rtl[first] & rtl[last]).tolist() if rtl is not None else [False] * len(first)
    text, places = letters.text, at.tolist()
    whole = (last - first == ends - starts - 1).tolist()
    if again.any():
        once = np.concatenate([[True], ~again])
        places = at[once].tolist()
        counts = np.add.reduceat(once.astype(np.int64), starts)
        ends = np.cumsum(counts)
        starts = ends - counts
        whole = [False] * len(starts)
    words: list[Word] = []
    for number, (a, b, start, end) in enumerate(
        zip(first.tolist(), last.tolist(), starts.tolist(), ends.tolist(), strict=True)
    ):
        if whole[number]:
            said = text[a : b + 1]
        else:
            said = "".join([text[place] for place in places[start:end]])
        left_, top, right_, bottom, level_, size_ = columns[number]
        words.append(
            Word(
                said,
                left_,
                top,
                right_,
                bottom,
                level_,
                size_,
                bold[number],
                tight[number],
                0,
                True,
                back[number],
                frame.turn,
            )
        )
    if rtl is not None:
        _touch_backwards(words)
    return words


def _touch_backwards(words: list[Word]) -> None:
    """What a line that is read from right to left has in pieces of another direction ("T", then
    "0581" on its left) touches as it does in any other line."""
    for after, word in pairwise(words):
        if after.tight and not (after.backwards or word.backwards):
            near = abs(after.left - word.right) < _GAP * min(after.size, word.size)
            word.tight |= near and after.base == word.base


def _ends(left: Numbers, right: Numbers, before: Numbers, space: Numbers) -> Numbers:
    """Where letters end: at the latest where the space begins that is written after them. The box
    of a letter that is drawn aslant reaches over it."""
    begins = left[before + 1]
    known = space & (begins > left[before])
    return np.where(known, np.minimum(right[before], begins), right[before])


def _blank(codes: Numbers) -> Numbers:
    """White space, controls, and characters that stand for nothing."""
    found: Numbers = (
        (codes <= 32)
        | (codes == 0xA0)
        | ((codes >= 0x7F) & (codes < 0xA0))
        | ((codes >= 0x2000) & (codes <= 0x200F))
        | (codes == 0x202F)
        | (codes == 0x205F)
        | (codes == 0x3000)
        | (codes == 0xFEFF)
    )
    return found


def _is_backwards(codes: Numbers) -> Numbers:
    found: Numbers = (
        ((codes >= 0x0590) & (codes < 0x0900))
        | ((codes >= 0xFB1D) & (codes < 0xFE00))
        | ((codes >= 0xFE70) & (codes < 0xFEFF))
    )
    return found


def _tracking(gap: Numbers, size: Numbers, apart: Numbers, codes: Numbers) -> Numbers:
    """How far letters are set apart on purpose, for each gap: at least three alike in a row."""
    letter = ((codes | 32) >= 97) & ((codes | 32) <= 122) | (codes >= 0xC0)
    wide = (gap > 0.1 * size) & (gap < 0.4 * size) & ~apart & letter[1:] & letter[:-1]
    if len(gap) < 3 or not wide.any():
        return np.zeros(len(gap))
    near = wide[1:] & wide[:-1] & (np.abs(gap[1:] - gap[:-1]) < 0.05 * size[1:])
    third = near[1:] & near[:-1]
    alike = np.zeros(len(gap), bool)
    for shift in range(3):
        alike[shift : len(gap) - 2 + shift] |= third
    return np.where(alike, gap, 0.0)
