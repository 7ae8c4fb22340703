"""Words that run up or down in a table's cell: they are the cell's, like any others."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.readers.pdf.seen.letters import Frame
from corpus.readers.pdf.seen.rows import rows_of
from corpus.readers.pdf.seen.words import Word
from corpus.readers.pdf.tables.grids import Grid, step_of


def in_cells(
    words: Sequence[Word], frame: Frame, grids: Sequence[Grid]
) -> tuple[list[Word], list[Word]]:
    """The words of a turned direction that stand in cells, a word for each cell as if upright, and
    the others as they are."""
    held: dict[tuple[int, int], list[Word]] = {}
    others: list[Word] = []
    for word in words:
        place = _area_at(
            _shown((word.left + word.right) / 2, (word.top + word.bottom) / 2, frame), grids
        )
        if place is None:
            others.append(word)
        else:
            held.setdefault(place, []).append(word)
    return [_upright(some, frame) for some in held.values()], others


def _area_at(point: tuple[float, float], grids: Sequence[Grid]) -> tuple[int, int] | None:
    x, y = point
    for number, grid in enumerate(grids):
        left, top, right, bottom = grid.box
        if left < x < right and top < y < bottom:
            return number, grid.area_at()[step_of(grid.down, y), step_of(grid.across, x)]
    return None


def _upright(words: Sequence[Word], frame: Frame) -> Word:
    rows = rows_of(words)
    text = " ".join(word.text for row in rows for segment in row for word in segment.words)
    corners = [_shown(word.left, word.top, frame) for word in words]
    corners += [_shown(word.right, word.bottom, frame) for word in words]
    left, top = min(x for x, _ in corners), min(y for _, y in corners)
    right, bottom = max(x for x, _ in corners), max(y for _, y in corners)
    size = words[0].size
    middle = (top + bottom) / 2
    return Word(text, left, top, right, bottom, middle + 0.33 * size, size, words[0].bold)


def _shown(x: float, y: float, frame: Frame) -> tuple[float, float]:
    """A place of a turned frame as shown."""
    if frame.turn == 90:
        return frame.width - y, x
    return y, frame.height - x
