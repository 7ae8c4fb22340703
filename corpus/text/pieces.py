"""The pieces of a block that passages are put together from: sentences, rows and parts of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from corpus.document import Block, BlockKind, Document, Span
from corpus.text.figures import BAR, without_figures
from corpus.text.sentences import sentences

CHARACTERS = 4000  # of one passage; only text without spaces or beyond the alphabet gets there
_KEY = 60  # characters; a cell that names its row


class Sizer(Protocol):
    """Measures text as the embedder does."""

    @property
    def limit(self) -> int:
        """How many tokens the embedder reads of one text."""

    def token_offsets(self, text: str) -> NDArray[np.int32]:
        """Where each token begins and ends, in characters, shape (tokens, 2)."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a block that is not cut further, and its size in tokens."""

    span: Span
    tokens: int
    kind: BlockKind
    header: str
    part: bool = False  # of a row that is too long for one passage


def pieces_of(
    document: Document, block: Block, sizer: Sizer, *, room: int, slim: bool
) -> Iterator[Piece]:
    """A block's sentences, each as it is where it fits, else cut; a table row is one piece."""
    text = block.span.of(document.text)
    offsets = sizer.token_offsets(without_figures(text) if slim and block.header else text)
    short = len(offsets) <= room and len(text) <= CHARACTERS
    if short and block.kind in (BlockKind.ROW, BlockKind.HEADING):
        yield Piece(block.span, len(offsets), block.kind, block.header)
    elif block.kind is BlockKind.ROW and BAR in text:
        yield from _row_parts(text, block, sizer, room)
    else:
        for span, tokens in _sentence_parts(text, sizer, room):
            start = block.span.start
            place = Span(start + span.start, start + span.end)
            yield Piece(place, tokens, block.kind, block.header)


def _sentence_parts(text: str, sizer: Sizer, room: int) -> Iterator[tuple[Span, int]]:
    offsets = sizer.token_offsets(text)
    parts = sentences(text)
    bounds = np.array([(part.start, part.end) for part in parts], np.int32).reshape(-1, 2)
    for sentence, (first, last) in zip(parts, np.searchsorted(offsets[:, 0], bounds), strict=True):
        inside = offsets[first:last]
        spans = list(_cut(sentence, inside, room=room))
        for span in spans:
            if span.of(text).strip():
                tokens = len(inside)
                if len(spans) > 1:  # a cut word may have more tokens than it had whole
                    tokens = len(sizer.token_offsets(span.of(text)))
                yield span, tokens


def _row_parts(text: str, block: Block, sizer: Sizer, room: int) -> Iterator[Piece]:
    """A row that is too long, cut between its cells. Each part has the names of its own columns,
    with what names the row in front of them: `0581T: Rate | Units`."""
    names = block.header.split(BAR)
    cells = text.split(BAR)
    key = next((cell.strip() for cell in cells if 0 < len(cell.strip()) <= _KEY), "")
    at = first = column = 0
    for number, cell in enumerate(cells):
        end = at + len(cell)
        last = number == len(cells) - 1
        after = end if last else end + len(BAR) + len(cells[number + 1])
        size = len(sizer.token_offsets(text[first:after]))
        if last or size > room or after - first > CHARACTERS:
            header = BAR.join(names[column : number + 1])
            header = f"{key}: {header}" if block.header and key and column else header
            cut = end if last else end + len(BAR) - 1  # the bar is the end of what it follows
            yield from _part(text, Span(first, cut), block, header, sizer, room)
            first, column = end + len(BAR), number + 1
        at = end + len(BAR)


def _part(
    text: str, cells: Span, block: Block, header: str, sizer: Sizer, room: int
) -> Iterator[Piece]:
    said = cells.of(text)
    for span, tokens in _sentence_parts(said, sizer, room):
        start = block.span.start + cells.start
        yield Piece(
            Span(start + span.start, start + span.end), tokens, block.kind, header, part=True
        )


def _cut(sentence: Span, offsets: NDArray[np.int32], *, room: int) -> Iterator[Span]:
    """A sentence cut into stretches of at most `room` tokens and `CHARACTERS` characters."""
    bounds = [sentence.start]
    at = 0
    parts = -(-len(offsets) // room)
    even = -(-len(offsets) // max(parts, 1))
    while at + even < len(offsets):
        at = _word_start(offsets, at + even, after=at)
        bounds.append(int(offsets[at, 0]))
    bounds.append(sentence.end)
    for first, last in pairwise(dict.fromkeys(bounds)):
        for start in range(first, last, CHARACTERS):
            yield Span(start, min(start + CHARACTERS, last))


def _word_start(offsets: NDArray[np.int32], at: int, *, after: int) -> int:
    """The last token up to `at` that begins a word: a word cut in two may have more tokens."""
    for candidate in range(at, after, -1):
        if offsets[candidate, 0] > offsets[candidate - 1, 1]:
            return candidate
    return at
