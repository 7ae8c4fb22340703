"""Which lines of a page belong together, judged by gaps, sizes, weight, indents and list marks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from corpus.document import BlockKind
from corpus.readers.headings.contents import is_contents
from corpus.readers.headings.nesting import Doubt
from corpus.readers.headings.number import numbers_of
from corpus.readers.headings.refused import is_revision, may_be_title
from corpus.readers.pdf.seen.hyphens import Hyphens
from corpus.readers.pdf.seen.lines import Line
from corpus.readers.plain import ITEM

_LEADERS = re.compile(r"(?:\s?[.·_…]){5,}")
_ENTRY = re.compile(r"(?=.*[^\W\d]).{2,120}\s(?:[A-Za-z]{1,6}-)?\d{1,4}$")
_SENTENCE_END = re.compile(r"[.!?:;][\"”’')\]\d]*$")
_NOTE = re.compile(r"(?:\d{1,2}|[*†‡§]{1,3}|[⁰¹²³⁴-⁹]+)\s?(?=[A-Z“\"])")  # a footnote begins
_NO_HEADING_END = re.compile(r"[.,;]$")
_BULLETS = "•‣▪●○■–—-*"
_SMALLEST, _CAPITALS = 0.95, 0.75  # of the usual size: the least of bold headings
_ALIKE = 1.04  # sizes nearer to one another look the same
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
    """Lines that belong together. `other` is the kind of a heading that is doubtful."""

    kind: BlockKind
    lines: tuple[Line, ...]
    look: int = 0  # of a heading, 1 for the largest letters
    outline: int | None = None
    doubt: Doubt = Doubt.NONE
    other: BlockKind = BlockKind.PARAGRAPH


@dataclass(frozen=True, slots=True)
class _Measure:
    """Of one page: the usual step from line to line in points, and a full line's characters.

    `listing`: most lines end in a number, as in a table of contents or of figures. `contents` are
    the lines of a contents page, which names headings and has none.
    """

    leading: float
    full: int
    listing: bool
    contents: Set[int]


Known = Mapping[int, tuple[int, int | None]]


def groups_of(
    lines: Sequence[Line], headings: Known, style: Style, contents: Set[int] = frozenset()
) -> Iterator[Group]:
    """The lines in groups; `headings` are known ones: {first line: (how many lines, level)}.

    `contents` are the ids of lines of contents pages.
    """
    measure = _measured(lines, contents)
    run: list[Line] = []
    at = 0
    while at < len(lines):
        if at in headings:
            if run:
                yield _judged(run, style, measure)
                run = []
            count, level = headings[at]
            known = tuple(lines[at : at + count])
            yield Group(BlockKind.HEADING, known, _look(known, style), level)
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


def _measured(lines: Sequence[Line], contents: Set[int]) -> _Measure:
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
    return _Measure(leading, full, entries >= 5 and entries * 2 > len(lines), contents)


def _begins(run: Sequence[Line], line: Line, measure: _Measure, style: Style) -> bool:
    """Whether `line` begins a new group after the lines of `run`."""
    before = run[-1]
    if line.same:
        return False
    if line.turn != before.turn:
        return True
    if measure.listing and _ENTRY.match(before.text):
        return True
    if is_revision(line.text) or _begins_a_title(line, style):
        return True
    if id(line) in measure.contents and id(before) not in measure.contents:
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


def _begins_a_title(line: Line, style: Style) -> bool:
    """Whether a line that stands out has a number and a title: not "Part A" at a title's end."""
    if not (line.bold or line.size in style.larger):
        return False
    readings = numbers_of(line.text)
    return bool(readings) and bool(readings[0].title) and readings[0].style != "1"


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
    kind = BlockKind.ITEM if ITEM.match(lines[0].text) else BlockKind.PARAGRAPH
    if id(lines[-1]) in measure.contents and not is_contents(lines[0].text):
        return Group(kind, lines)
    text = " ".join(line.text for line in lines)
    if _is_heading(lines, text, style):
        return Group(BlockKind.HEADING, lines, _look(lines, style), other=kind)
    if len(lines) == 1 and not measure.listing and may_be_title(text):
        look = _look(lines, style)
        return Group(BlockKind.HEADING, lines, look, doubt=Doubt.SURE, other=kind)
    return Group(kind, lines)


def _is_heading(lines: Sequence[Line], text: str, style: Style) -> bool:
    """Whether lines stand out as a heading does: by larger letters, bold ones or bold capitals."""
    if len(lines) > _MOST_HEADING_LINES or len(text) > _LONGEST_HEADING:
        return False
    if lines[0].turn % 90:  # a stamp over the page
        return False
    if sum(map(str.isalpha, text)) < 3 or _LEADERS.search(text) or text[0] in _BULLETS:
        return False
    size = max(line.size for line in lines)
    if size in style.larger and text[0].upper() == text[0]:
        return True
    bold = style.bold_tells and all(line.bold for line in lines)
    smallest = _CAPITALS if text.isupper() else _SMALLEST
    return bold and size >= smallest * style.body and not _NO_HEADING_END.search(text)


def _look(lines: Sequence[Line], style: Style) -> int:
    """1 for the largest letters, more for smaller ones, bold capitals, bold and plain letters."""
    size = max(line.size for line in lines)
    larger = [known for known in style.larger if known > size * _ALIKE]
    if size in style.larger:
        return len(_apart_sizes(larger)) + 1
    least = len(_apart_sizes(style.larger)) + 1
    if not all(line.bold for line in lines):
        return least + 2
    return least if all(line.text.isupper() for line in lines) else least + 1


def _apart_sizes(sizes: Sequence[float]) -> list[float]:
    """Sizes, the largest first, without those that nobody can tell from the one before."""
    apart: list[float] = []
    for size in sizes:
        if not apart or size * _ALIKE < apart[-1]:
            apart.append(size)
    return apart
