"""Raised and lowered marks: which small words belong to a larger one beside them, and as what.

A footnote's mark must never become a figure of the number before it: "60" with a raised 2 is
"60 ²", not 602.
"""

from __future__ import annotations

from collections.abc import Sequence

from corpus.readers.pdf.seen.words import Word
from corpus.readers.raised import lowered_text, raised_text
from corpus.text.marks import lowered, raised

_SMALLER = 0.86  # of the size of the word beside it
_SMALLEST = (
    0.4  # of that size: beside a letter that is larger yet, which begins a chapter, words stand
)
_HIGHER = 0.12  # of that size: how far above or below the mark stands at least
_FARTHEST = 0.75
_LOWEST = 0.55  # of that size: how far below a mark stands that touches its word
_BESIDE = 0.35  # of that size: the mark stands as near as this


def place_marks(rows: list[list[Word]]) -> list[list[Word]]:
    """The rows with each small raised or lowered word in the row of the word that it stands at."""
    sizes = {word.size for row in rows for word in row}
    if len(sizes) < 2:
        return rows
    largest = [max([word.size for word in row]) for row in rows]
    for at, row in enumerate(rows):
        _mark_within(row)
        near = max(largest[max(at - 2, 0) : at + 3])
        for word in list(row):
            if word.mark or word.size > _SMALLER * near or len(word.text) > 8:
                continue
            for side in (1, -1):
                host_row = _neighbour(rows, at, side, word)
                if host_row is not None:
                    row.remove(word)
                    host_row.append(word)
                    break
    return [row for row in rows if row]


def _neighbour(rows: list[list[Word]], at: int, side: int, word: Word) -> list[Word] | None:
    """The next row below (`side` 1: the word is raised) or above that has a word beside it."""
    for row in rows[at + side : at + 3 * side if at + 3 * side >= 0 else None : side]:
        if _judge(word, row):
            return row
    return None


def _mark_within(row: list[Word]) -> None:
    sizes = [word.size for word in row]
    if len(row) < 2 or min(sizes) > _SMALLER * max(sizes):
        return
    for word in row:
        _judge(word, row)


def _judge(word: Word, row: Sequence[Word]) -> bool:
    """Set the word's mark if one of the row's words is its host."""
    for host in row:
        if host is word or host.mark:
            continue
        if not _SMALLEST * host.size <= word.size <= _SMALLER * host.size:
            continue
        rise = host.base - word.base
        far = _FARTHEST * host.size
        low = _LOWEST * host.size if _touches(word, host) else far / 2
        if not (_HIGHER * host.size <= rise <= far or -low <= rise <= -_HIGHER * host.size):
            continue
        if _beside(word, host):
            word.mark = 1 if rise > 0 else -1
            return True
    return False


def _beside(word: Word, host: Word) -> bool:
    near = _BESIDE * host.size
    after, before = word.left - host.right, host.left - word.right
    return -near < after < near or -near < before < near


def _touches(word: Word, host: Word) -> bool:
    return abs(word.left - host.right) < 0.1 * host.size


def written(word: Word, before: str, after: str) -> tuple[str, bool]:
    """The mark as text, and whether a space parts it from what stands `before` it."""
    if not before:
        return (raised if word.mark > 0 else lowered)(word.text), False
    said = (raised_text if word.mark > 0 else lowered_text)(word.text, before, after)
    return said.strip(), said[:1] == " "
