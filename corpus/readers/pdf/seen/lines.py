"""Lines of text of a PDF page, each with its place, size and weight, and its words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from corpus.readers.pdf.seen.marks import written
from corpus.readers.pdf.seen.rows import Segment
from corpus.readers.pdf.seen.words import Word
from corpus.readers.raised import LOWERED, RAISED
from corpus.text.clean import one_line

# What begins a line and is a picture in a font of pictures is a list's mark.
_BULLETS = dict.fromkeys(("\ufffd", "\uf0b7", "\uf0a7", "\uf0d8", "\uf076", "\uf0fc"), "•")


@dataclass(slots=True)
class Line:
    """A line of text. `x` and `y`, where it stands, are points from the top left of the page;
    `column` counts the columns of text on the page in reading order. `words` are let go when only
    the text is wanted: those of a long file would fill the memory.
    """

    text: str
    x: float
    y: float
    size: float  # of most of its letters, in points
    bold: bool
    right: float = 0.0
    column: int = 0
    same: bool = False  # it goes on where the line before ends, on the same height
    turn: int = 0  # of its text, clockwise, in degrees
    top: float = 0.0
    bottom: float = 0.0
    spot: int = -1  # which of its page's lines whose places are kept; -1 where none is known
    words: tuple[Word, ...] = field(default=(), compare=False, repr=False)


def line_of(segments: Sequence[Segment], *, column: int = 0, same: bool = False) -> Line | None:
    """Segments of one row as a line; None where nothing can be read in them."""
    words = [word for segment in segments for word in segment.words]
    text = text_of_words(words)
    if not text:
        return None
    main = segments[0] if len(segments) == 1 else max(segments, key=_length)
    letters = bold = 0
    for word in words:
        amount = len(word.text)
        letters += amount
        if word.bold:
            bold += amount
    return Line(
        text,
        segments[0].left,
        main.base,
        main.size,
        bold * 10 >= letters * 9,
        segments[-1].right,
        column,
        same,
        words[0].turn,
        min([segment.top for segment in segments]),
        max([segment.bottom for segment in segments]),
        words=tuple(words),
    )


def _length(segment: Segment) -> int:
    return sum(len(word.text) for word in segment.words)


def text_of_words(words: Sequence[Word]) -> str:
    """Words of one row as text: marks apart from their words, right-to-left text in order."""
    if len(words) > 1 and not any([word.mark or word.backwards for word in words]):
        parts = [f" {word.text}" if word.spaced else word.text for word in words]
        parts[0] = _BULLETS.get(words[0].text, words[0].text)
        return one_line("".join(parts))
    return one_line("".join([f" {text}" if space else text for _, text, space in read(words)]))


def read(words: Sequence[Word]) -> Iterator[tuple[Word, str, bool]]:
    """Words of one row as they are read: each with its text, and whether a space is before it."""
    if any([word.backwards for word in words]):
        words = _in_reading_order(words)
    before: Word | None = None
    for at, word in enumerate(words):
        text = word.text if before or len(words) == 1 else _BULLETS.get(word.text, word.text)
        space = before is not None and word.spaced
        if word.mark:
            text, apart = written(
                word, _plain(words[max(at - 2, 0) : at]), _plain(words[at + 1 : at + 4])
            )
            space = before is not None and (apart or _gap(before, word) > 0.3 * before.size)
        elif before is not None and before.mark:
            space = _follows_mark(before, word)
        yield word, text, space
        before = word


def _plain(words: Sequence[Word]) -> str:
    """What stands beside a mark; other marks as such."""
    signs = {0: "", 1: RAISED, -1: LOWERED}
    said = ""
    for word in words:
        space = " " if said and word.spaced and not word.mark else ""
        said += f"{space}{signs[word.mark]}{word.text}"
    return said


def _gap(before: Word, word: Word) -> float:
    return word.left - before.right


def _follows_mark(mark: Word, word: Word) -> bool:
    """Whether a space stands between a mark and what follows: not before a sign."""
    if word.text[0] in ".,;:)]}%/":
        return _gap(mark, word) > 0.15 * word.size
    near = _gap(mark, word) < 0.13 * word.size
    return not (mark.mark < 0 and near)  # H₂O is one word, and a note's mark is none


def _in_reading_order(words: Sequence[Word]) -> list[Word]:
    """A line whose words are mostly read from right to left; what is read from left to right
    keeps its order within it."""
    backwards = sum(len(word.text) for word in words if word.backwards)
    if backwards * 2 < sum(len(word.text) for word in words if any(map(str.isalpha, word.text))):
        return _runs_turned(list(words), turned=True)
    return _runs_turned(list(reversed(words)), turned=False)


def _runs_turned(words: list[Word], *, turned: bool) -> list[Word]:
    """Every run of words for which `backwards` is `turned`, turned round; spaces stay seen."""
    result: list[Word] = []
    at = 0
    while at < len(words):
        end = at
        while end < len(words) and words[end].backwards is turned:
            end += 1
        if end > at:
            result += reversed(words[at:end])
            at = end
        else:
            result.append(words[at])
            at += 1
    return result
