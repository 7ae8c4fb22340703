"""Which lines of a page belong together, and how they are joined to one text.

Gaps, sizes, weight, indents and list marks tell where a paragraph ends. Between two of its lines
stands a space, or nothing where a word was broken.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from corpus.document import BlockKind
from corpus.readers.pdf.lines import Line
from corpus.readers.plain import ITEM

_LEADERS = re.compile(r"(?:\s?[.·_…]){5,}")
_ENTRY = re.compile(r"(?=.*[^\W\d]).{2,120}\s(?:[A-Za-z]{1,6}-)?\d{1,4}$")
_SENTENCE_END = re.compile(r"[.!?:;][\"”’')\]\d]*$")
_NO_HEADING_END = re.compile(r"[.,;]$")
_LONGEST_HEADING = 160  # characters
_MOST_HEADING_LINES = 4
_SHORT = 0.7  # of the page's usual full line, in characters

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_BROKEN = re.compile(r"([^\W\d_]{2,})-$")
_GOES_ON = re.compile(r"[^\W\d_]+")
_PREFIX_WORDS = (
    "anti co cross ex extra high inter intra long low mid multi non off on one out over peri post "
    "pre pro re self semi short sub three two ultra under up well year"
)
_PREFIXES = frozenset(_PREFIX_WORDS.split())


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


class Hyphens:
    """Decides whether a hyphen at a line's end belongs to the word, by the document's words."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self._words: Counter[str] = Counter()
        for line in lines:
            self._words.update(word.lower() for word in _WORD.findall(line.text))

    def join(self, left: str, line: Line) -> str:
        """`left`, the paragraph so far, and the next line."""
        if not left or line.joined:
            return left + line.text
        broken, rest = _BROKEN.search(left), _GOES_ON.match(line.text)
        if broken is None:
            return f"{left}{line.text}" if _glued(left, line.text) else f"{left} {line.text}"
        if rest is None or not rest[0].islower():
            return f"{left}{line.text}" if rest is not None else f"{left} {line.text}"
        if self._hyphen_belongs(broken[1].lower(), rest[0].lower()):
            return left + line.text
        return left[:-1] + line.text

    def _hyphen_belongs(self, first: str, second: str) -> bool:
        with_hyphen = self._words[f"{first}-{second}"]
        without = self._words[first + second]
        if with_hyphen or without:
            return with_hyphen >= without
        if first in _PREFIXES:
            return True
        return self._words[first] > 1 and self._words[second] > 1


def _glued(left: str, right: str) -> bool:
    """Whether a code or a range was broken after its hyphen or slash: "96360-" "96379"."""
    return bool(re.search(r"\w[-–/]$", left)) and right[:1].isalnum()


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
    text = ""
    for line in lines:
        text = hyphens.join(text, line)
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
    if line.joined or line.same:
        return False
    if measure.listing and _ENTRY.match(before.text):
        return True
    if ITEM.match(line.text) or _LEADERS.search(before.text):
        return True
    if abs(line.size - before.size) > 1.0 and len(line.text) > 3:
        return True
    goes_on = line.text[0].islower() and not _SENTENCE_END.search(before.text)
    if style.bold_tells and line.bold != before.bold and not goes_on:
        return True
    return _apart(before, line, measure, goes_on=goes_on) or _indented(run, line, measure)


def _apart(before: Line, line: Line, measure: _Measure, *, goes_on: bool) -> bool:
    step = line.y - before.y
    if step < -line.size or step > 8 * measure.leading:  # the next column
        return not goes_on
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
    """1 for the largest letters, more for smaller ones and for bold; 0 if no heading."""
    text = " ".join(line.text for line in lines)
    letters = sum(character.isalpha() for character in text)
    if len(lines) > _MOST_HEADING_LINES or len(text) > _LONGEST_HEADING or letters < 3:
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
