"""Where the lines of PDF pages stand: kept while a page is read, told of its text at the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from corpus.places import MOST, UNIT, Runs, pack
from corpus.readers.pdf.seen.letters import codes_of
from corpus.readers.pdf.seen.lines import Line

Numbers = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, slots=True)
class Spots:
    """Of one page, a row for each line that has words: its box, its turn, and where each of its
    words begins, all in quarters of a point."""

    size: tuple[float, float]
    boxes: Numbers  # left, top, right, bottom, turn
    ends: Numbers  # in `lefts`, of each line's words
    lefts: Numbers


def spots_of(lines: Sequence[Line], size: tuple[float, float]) -> Spots | None:
    """Keep where lines stand, and number them; None for a page that is too large."""
    if max(size) * UNIT > MOST:
        return None
    known = [line for line in lines if line.words]
    for number, line in enumerate(known):
        line.spot = number
    boxes = [(line.x, line.top, line.right, line.bottom, 0.0) for line in known]
    found = np.array(boxes, np.float64).reshape(-1, 5) * UNIT
    if len(known):
        found[:, 4] = [line.turn for line in known]
    lefts = np.array([word.left for line in known for word in line.words], np.float64) * UNIT
    counts = [len(line.words) for line in known]
    return Spots(size, _whole(found), np.cumsum(counts, dtype=np.int64), _whole(lefts))


def _whole(values: Numbers) -> Numbers:
    return np.clip(np.rint(values), 0, MOST).astype(np.uint16)


@dataclass(frozen=True, slots=True)
class _Region:
    """A stretch of the text, and what it was made of: texts, and the spot of each on its page."""

    start: int
    end: int
    page: int
    units: tuple[tuple[str, int], ...]


class PlacesBuilder:
    """Told of each stretch of the text as it is added; packs the places of all."""

    def __init__(self, pages: Sequence[Spots | None]) -> None:
        self._pages = pages
        self._regions: list[_Region] = []

    def add(self, start: int, end: int, page: int, units: Sequence[tuple[str, int]]) -> None:
        """The text from `start` to `end` was made of `units`: texts, each with the number of the
        line on page `page` (from 1) where it stands, -1 where nobody knows."""
        if end > start and units and self._pages[page - 1] is not None:
            self._regions.append(_Region(start, end, page, tuple(units)))

    def packed(self, text: str) -> bytes:
        """The places of all that was added; b"" where there are none.

        A stretch whose letters are not those of its units has no places: better none than wrong.
        """
        if not self._regions:
            return b""
        runs, pages = self._runs(text)
        sizes = {page: spots.size for page in pages if (spots := self._pages[page - 1])}
        return pack(runs, sizes) if len(runs.start) else b""

    def _runs(self, text: str) -> tuple[Runs, list[int]]:
        letters = np.flatnonzero(_is_letter(text))
        of_regions = np.array([len(region.units) for region in self._regions])
        counts = _counted([said for region in self._regions for said, _ in region.units])
        spots = np.array([spot for region in self._regions for _, spot in region.units])
        pages = np.repeat([region.page for region in self._regions], of_regions)
        starts = np.array([region.start for region in self._regions])
        ends = np.array([region.end for region in self._regions])
        first_letter = np.searchsorted(letters, starts)
        held = np.searchsorted(letters, ends) - first_letter
        last_unit = np.cumsum(of_regions)
        total = np.concatenate([[0], np.cumsum(counts)])
        before = total[last_unit - of_regions]
        agree = held == total[last_unit] - before
        within = total[:-1] - np.repeat(before, of_regions)
        first = np.repeat(first_letter, of_regions) + within
        kept = np.repeat(agree, of_regions) & (counts > 0) & (spots >= 0)
        first, count = first[kept], counts[kept]
        return self._rows(
            text, letters[first], letters[first + count - 1], pages[kept], spots[kept]
        )

    def _rows(
        self, text: str, first: Numbers, last: Numbers, pages: Numbers, spots: Numbers
    ) -> tuple[Runs, list[int]]:
        blank = np.concatenate([_is_blank(text), [True]])
        blanks = np.flatnonzero(blank)
        following = np.append(first[1:], len(text))
        end = np.minimum(blanks[np.searchsorted(blanks, last)], np.maximum(following, last + 1))
        word_starts = ~blank[:-1] & np.concatenate([[True], blank[:-2]])
        word_sums = np.concatenate([[0], np.cumsum(word_starts)])
        start = _word_start(blanks, first, np.concatenate([[0], end[:-1]]))
        words = word_sums[end] - word_sums[start] + ~word_starts[start]
        boxes, lefts, told = self._gathered(pages, spots, words)
        left, top, right, bottom, turn = boxes.T
        runs = Runs(start, end - start, pages, turn, left, top, right, bottom, told, lefts)
        return runs, np.unique(pages).tolist()

    def _gathered(
        self, pages: Numbers, spots: Numbers, words: Numbers
    ) -> tuple[Numbers, Numbers, Numbers]:
        """Boxes and words of the lines; no words of one that is read in other words than drawn."""
        known = [(page, found) for page, found in enumerate(self._pages, start=1) if found]
        base = np.zeros(len(self._pages) + 1, np.int64)
        base[[page for page, _ in known]] = _before([len(found.ends) for _, found in known])
        at = base[pages] + spots
        boxes = np.concatenate([found.boxes for _, found in known]).astype(np.int64)[at]
        counts = np.concatenate([np.diff(found.ends, prepend=0) for _, found in known])
        firsts = _before(counts)[at]
        told = np.where(counts[at] == words, words, 0)
        inside = np.arange(told.sum()) - np.repeat(_before(told), told)
        lefts = np.concatenate([found.lefts for _, found in known]).astype(np.int64)
        return boxes, lefts[np.repeat(firsts, told) + inside], told


def _before(counts: Any) -> Numbers:
    """How many there are before each."""
    sums: Numbers = np.cumsum(counts) - counts
    return sums


def _word_start(blanks: Numbers, first: Numbers, before: Numbers) -> Numbers:
    """Where the word begins whose first letter is known: a bracket or a mark may stand before it.

    Never before the end of the run before.
    """
    at = np.searchsorted(blanks, first) - 1
    opened = np.where(at >= 0, blanks[np.maximum(at, 0)] + 1, 0)
    return np.maximum(opened, np.minimum(before, first))


def _counted(texts: Sequence[str]) -> Numbers:
    """How many letters and figures each text has."""
    sums = np.concatenate([[0], np.cumsum(_is_letter("".join(texts)))])
    ends = np.cumsum([len(text) for text in texts])
    counts: Numbers = np.diff(sums[ends], prepend=0)
    return counts


def _is_letter(text: str) -> Numbers:
    return _where(text, str.isalnum)


def _is_blank(text: str) -> Numbers:
    return _where(text, str.isspace)


def _where(text: str, kind: Any) -> Numbers:
    """For each character whether it is of a kind; each distinct one is asked once."""
    if not text:
        return np.zeros(0, bool)
    codes = codes_of(text)
    seen = np.bincount(codes)
    table = np.zeros(len(seen), bool)
    for code in np.flatnonzero(seen).tolist():
        table[code] = kind(chr(code))
    found: Numbers = table[codes]
    return found
