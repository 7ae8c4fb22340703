"""Raised and lowered marks: which small words belong to a larger one beside them, and as what.

A footnote's mark must never become a figure of the number before it: "60" with a raised 2 is
"60 ²", not 602.
"""

from __future__ import annotations

from dataclasses import dataclass

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
            if word.size > _SMALLER * near or len(word.text) > 8:
                continue
            best = _host(word, row) if word.mark else None
            for host_row in rows[max(at - 2, 0) : at + 3]:
                if host_row is not row and (found := _host(word, host_row)) is not None:
                    best = found if best is None or found < best else best
            if best is not None and best.row is not row:
                word.mark = best.mark
                row.remove(word)
                best.row.append(word)
    return [row for row in rows if row]


@dataclass(frozen=True, slots=True)
class _Host:
    """A row with a word that a mark may belong to. That which it touches comes before one that is
    only near, then the one on the nearer height: where lines stand close, the 2 of H₂O may stand
    level with the next line."""

    row: list[Word]
    apart: bool
    far: float  # of the word's size, upwards or downwards
    mark: int

    def __lt__(self, other: _Host) -> bool:
        return (self.apart, self.far) < (other.apart, other.far)


def _mark_within(row: list[Word]) -> None:
    sizes = [word.size for word in row]
    if len(row) < 2 or min(sizes) > _SMALLER * max(sizes):
        return
    for word in row:
        if (found := _host(word, row)) is not None:
            word.mark = found.mark


def _host(word: Word, row: list[Word]) -> _Host | None:
    """The word of a row that a small word belongs to as its mark; None where there is none."""
    best: _Host | None = None
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
            apart = not _touches(word, host)
            found = _Host(row, apart, abs(rise) / host.size, 1 if rise > 0 else -1)
            best = found if best is None or found < best else best
    return best


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
