"""Which lines of a page belong together, judged by gaps, sizes, weight, indents and list marks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from corpus.document import BlockKind
from corpus.readers.pdf.hyphens import Hyphens
from corpus.readers.pdf.lines import Line
from corpus.readers.plain import ITEM

_LEADERS = re.compile(r"(?:\s?[.·_…]){5,}")
_ENTRY = re.compile(r"(?=.*[^\W\d]).{2,120}\s(?:[A-Za-z]{1,6}-)?\d{1,4}$")
_SENTENCE_END = re.compile(r"[.!?:;][\"”’')\]\d]*$")
_NOTE = re.compile(r"(?:\d{1,2}|[*†‡§]{1,3}|[⁰¹²³⁴-⁹]+)\s?(?=[A-Z“\"])")  # a footnote begins
_NO_HEADING_END = re.compile(r"[.,;]$")
_LONGEST_HEADING = 160  # characters
_MOST_HEADING_LINES = 4
_SHORT = 0.7  # of the page's usual full line, in characters


@dataclass(frozen=True, slots=True)
class Style:
    """A document's letters: the usual size, larger ones from the largest down, in points."""

    body: float
    larger: tuple[float, ...]
    bold_tells: bool


@dataclass(frozen=True, slots=True)
class Group:
    kind: BlockKind
    lines: tuple[Line, ...]
    level: int = 0
    outlined: bool = False


@dataclass(frozen=True, slots=True)
class _Measure:
    """Of one page: the usual step from line to line in points, and a full line's characters.

    `listing`: most lines end in a number, as in a table of contents or of figures.
    """

    leading: float
    full: int
    listing: bool


def groups_of(
    lines: Sequence[Line], headings: Mapping[int, tuple[int, int]], style: Style
) -> Iterator[Group]:
    """The lines in groups; `headings` are known ones: {first line: (how many lines, level)}."""
    measure = _measured(lines)
    run: list[Line] = []
    at = 0
    while at < len(lines):
        if at in headings:
            if run:
                yield _judged(run, style, measure)
                run = []
            count, level = headings[at]
            yield Group(BlockKind.HEADING, tuple(lines[at : at + count]), level, outlined=True)
            at += count
            continue
        if run and _begins(run, lines[at], measure, style):
            yield _judged(run, style, measure)
            run = []
        run.append(lines[at])
        at += 1
    if run:
        yield _judged(run, style, measure)


def text_of(lines: Sequence[Line], hyphens: Hyphens) -> str:
    """The lines as one paragraph; the dots that lead to a page number become one sign."""
    text = hyphens.joined([line.text for line in lines])
    return _LEADERS.sub(" … ", text).replace("  ", " ")


def _measured(lines: Sequence[Line]) -> _Measure:
    steps = [
        after.y - before.y
        for before, after in pairwise(lines)
        if before.size == after.size and 0.5 * after.size < after.y - before.y < 2.5 * after.size
    ]
    lengths = sorted(len(line.text) for line in lines)
    full = lengths[int(len(lengths) * 0.9)] if lengths else 0
    sizes = [line.size for line in lines]
    leading = median(steps) if steps else 1.2 * (median(sizes) if sizes else 10.0)
    entries = sum(_ENTRY.match(line.text) is not None for line in lines)
    return _Measure(leading, full, listing=entries >= 5 and entries * 2 > len(lines))


def _begins(run: Sequence[Line], line: Line, measure: _Measure, style: Style) -> bool:
    """Whether `line` begins a new group after the lines of `run`."""
    before = run[-1]
    if line.same:
        return False
    if line.turn != before.turn:
        return True
    if measure.listing and _ENTRY.match(before.text):
        return True
    if ITEM.match(line.text) or _LEADERS.search(before.text):
        return True
    if line.size < 0.92 * style.body and _NOTE.match(line.text) and line.x <= before.x + 1:
        return True
    if abs(line.size - before.size) > 1.0 and len(line.text) > 3:
        return True
    goes_on = line.text[0].islower() and not _SENTENCE_END.search(before.text)
    if style.bold_tells and line.bold != before.bold and not goes_on:
        return True
    return _apart(before, line, measure, goes_on=goes_on) or _indented(run, line, measure)


def _apart(before: Line, line: Line, measure: _Measure, *, goes_on: bool) -> bool:
    step = line.y - before.y
    if line.column != before.column or step < -line.size or step > 8 * measure.leading:
        return not goes_on  # the next column
    largest = max(measure.leading, 1.15 * min(line.size, before.size))
    return step > 1.4 * largest


def _indented(run: Sequence[Line], line: Line, measure: _Measure) -> bool:
    """Whether an indent, or a line before that ends early, marks a new paragraph."""
    before = run[-1]
    if not _SENTENCE_END.search(before.text) or line.text[0].islower():
        return False
    if len(before.text) < _SHORT * measure.full:
        return True
    hanging = ITEM.match(run[0].text) is not None and len(run) == 1
    return not hanging and abs(line.x - before.x) > line.size


def _judged(run: Sequence[Line], style: Style, measure: _Measure) -> Group:
    """What kind of block a group of lines is."""
    lines = tuple(run)
    if measure.listing and _ENTRY.match(lines[-1].text):
        return Group(BlockKind.ITEM, lines)
    level = _heading_level(lines, style)
    if level:
        return Group(BlockKind.HEADING, lines, level)
    kind = BlockKind.ITEM if ITEM.match(lines[0].text) else BlockKind.PARAGRAPH
    return Group(kind, lines)


def _heading_level(lines: tuple[Line, ...], style: Style) -> int:
    """1 for the largest letters, more for smaller ones and for bold; 0 for what is no heading."""
    if len(lines) > _MOST_HEADING_LINES:
        return 0
    text = " ".join(line.text for line in lines)
    if len(text) > _LONGEST_HEADING:
        return 0
    if sum(map(str.isalpha, text)) < 3:
        return 0
    if _LEADERS.search(text) or text[0] in "•‣▪●○■–—-*":
        return 0
    size = max(line.size for line in lines)
    if size in style.larger and text[0].upper() == text[0]:
        return min(style.larger.index(size) + 1, 6)
    bold = style.bold_tells and all(line.bold for line in lines)
    if bold and size >= 0.95 * style.body and not _NO_HEADING_END.search(text):
        return min(len(style.larger) + 1, 6)
    return 0
