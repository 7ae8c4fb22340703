"""Words to rows: what stands on one height, marks beside the word they belong to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.readers.pdf.seen.marks import place_marks
from corpus.readers.pdf.seen.words import Word

_LEVEL = 0.3  # of the size: words of one row differ by less
_GLUE = 0.13  # of the size: words nearer than this touch
_CURRENCIES = frozenset("$€£¥")
_DASHES = frozenset("-–—")
_WIDE_CELL = 7.0  # of the size: no cell of an amount is wider
_APART = 0.9  # of the size: a wider gap may part columns or cells


@dataclass(slots=True)
class Segment:
    """Words of one row with no wide gap between them, from left to right."""

    words: list[Word]
    left: float
    top: float
    right: float
    bottom: float
    base: float
    size: float

    @property
    def height(self) -> float:
        return self.base


Row = list[Segment]


def rows_of(words: Sequence[Word]) -> list[Row]:
    """The rows from the top down, each as its segments from the left."""
    rows: list[list[Word]] = []
    level = size = 0.0
    for word in sorted(words, key=_by_base):
        if rows and word.base - level <= _LEVEL * min(size, word.size):
            rows[-1].append(word)
            if word.size > size:
                level, size = word.base, word.size
        else:
            rows.append([word])
            level, size = word.base, word.size
    rows = place_marks(rows)
    return [segments for row in rows if (segments := _segments(row))]


def _by_base(word: Word) -> float:
    return word.base


def _segments(row: list[Word]) -> Row:
    row.sort(key=_by_left)
    result: Row = []
    current: list[Word] = []
    reach = 0.0
    last: Word | None = None
    for word in row:
        if last is None:
            current = [word]
            reach = word.right
            last = word
            continue
        gap = word.left - reach
        size = last.size if last.size < word.size else word.size
        if word.text == last.text and abs(word.left - last.left) < 0.12 * size:
            continue  # drawn twice to look bold
        if gap > _APART * size and not word.mark and not _is_amount(last, word, gap):
            result.append(_segment(current))
            current = [word]
        else:
            if last.tight and gap < _GLUE * size and gap > -0.4 * size:
                word.spaced = word.mark != last.mark
            current.append(word)
        if word.right > reach or gap > 0:
            reach = word.right
        last = word
    if current:
        result.append(_segment(current))
    return result


def _is_amount(sign: Word, word: Word, gap: float) -> bool:
    """Whether a currency's sign stands on the left of its cell, and the amount on the right."""
    if sign.text not in _CURRENCIES or gap > _WIDE_CELL * word.size:
        return False
    return bool(word.text.lstrip("(-")[:1].isdigit() or word.text in _DASHES)


def _by_left(word: Word) -> float:
    return word.left


def _segment(words: list[Word]) -> Segment:
    main = [word for word in words if not word.mark] or words
    if len(main) == 1:
        base, size = main[0].base, main[0].size
    else:
        weight: dict[tuple[float, float], int] = {}
        for word in main:
            key = word.base, word.size
            weight[key] = weight.get(key, 0) + len(word.text)
        base, size = max(weight, key=weight.__getitem__)
    return Segment(
        words,
        min([word.left for word in words]),
        min([word.top for word in main]),
        max([word.right for word in words]),
        max([word.bottom for word in main]),
        base,
        size,
    )
