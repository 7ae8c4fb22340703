"""Splits documents into passages by structure: headings, then blocks, sentences and tokens.

A passage never crosses a page or a section, and never holds more tokens than the embedder
reads. Together the passages cover every non-blank character of the document.

Of a long or a wide table the embedder reads what its rows are about: the names of the columns that
hold words or codes, and those cells. Figures stay in the text, which is searched by words and by
codes and shown whole; a thousand rows that differ by their figures have no other meaning each.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from corpus.document import Block, BlockKind, Document, Passage, SectionDates, Span, sureness
from corpus.text.lengths import Lengths
from corpus.text.sentences import sentences

_ORPHAN = 40  # tokens; prose shorter than this does not stand alone after a table
_CHARACTERS = 4000  # of one passage; only text without spaces or beyond the alphabet gets there
_LONG = 500  # rows of a table; of longer ones, figures are not embedded
_ROWS_CHARACTERS = 1200  # of rows put together of which figures are not embedded
_SAMPLE = 40  # rows by which it is told what a column holds
_KEY = 60  # characters; a cell that names its row


_BAR = " | "
_FIGURE = re.compile(
    r"[(\-]?[$€£]?\s?-?(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d*\.\d+|\d{1,3}|(?<=[$€£])\d+)\s?%?\)?"
)


def is_figure(cell: str) -> bool:
    """Whether a cell is an amount, a share or a count, not a code or a year."""
    return _FIGURE.fullmatch(cell.strip()) is not None


def without_figures(text: str) -> str:
    """Rows with blanks in the place of their figures, as long as before: places stay."""
    return "\n".join(map(_without_figures, text.split("\n")))


def _without_figures(row: str) -> str:
    cells = row.split(_BAR)
    parts = cells[:1]
    for cell in cells[1:]:
        blank = not cell.strip() or is_figure(cell)
        parts.append(" " * (len(_BAR) + len(cell)) if blank else f"{_BAR}{cell}")
    return "".join(parts)


class Sizer(Protocol):
    """Measures text as the embedder does."""

    @property
    def limit(self) -> int:
        """How many tokens the embedder reads of one text."""

    def token_offsets(self, text: str) -> NDArray[np.int32]:
        """Where each token begins and ends, in characters, shape (tokens, 2)."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of a block that is not cut further, and its size in tokens."""

    span: Span
    tokens: int
    kind: BlockKind
    header: str
    part: bool = False  # of a row that is too long for one passage


def split(document: Document, sizer: Sizer, *, lengths: Lengths | None = None) -> list[Passage]:
    """The passages of a document, in order. Equal documents give equal passages.

    `sizer` measures text in the tokens of the embedder; no passage with its context is longer than
    `sizer.limit`.
    """
    lengths = lengths or Lengths()
    passages: list[Passage] = []
    for section, blocks in _sections(document):
        for stretch in _without_orphans(document, list(_stretches(document, blocks)), sizer):
            passages += _Stretch(document, section, stretch, sizer).passages(lengths)
    return _dated(passages, document.metadata.sections)


def _dated(passages: list[Passage], sections: Sequence[SectionDates]) -> list[Passage]:
    """The passages, those in a section with a date of its own with that date."""
    if not sections:
        return passages
    starts = [one.span.start for one in sections]
    dated = []
    for passage in passages:
        at = bisect_right(starts, passage.span.start) - 1
        inside = at >= 0 and passage.span.start < sections[at].span.end
        dated.append(replace(passage, effective=sections[at].effective) if inside else passage)
    return dated


def embedded_text(passage: Passage) -> str:
    """What is embedded for a passage: its context on a line of its own, then its text; without the
    figures where the context does not hold the names of all columns."""
    text = passage.text
    if passage.header and passage.header not in passage.context:
        text = without_figures(text)
    return f"{passage.context}\n{text}" if passage.context else text


def searched_text(passage: Passage) -> str:
    """What is searched by words: context, all names of columns, and the whole text."""
    if passage.header and passage.header not in passage.context:
        return f"{passage.context}\n{passage.header}\n{passage.text}"
    return f"{passage.context}\n{passage.text}" if passage.context else passage.text


class _Stretch:
    """Blocks of one section, page and table, about to become passages."""

    def __init__(
        self, document: Document, section: tuple[str, ...], blocks: list[Block], sizer: Sizer
    ) -> None:
        self._document = document
        self._section = section
        self._blocks = blocks
        self._sizer = sizer
        self._rows = sum(block.kind is BlockKind.ROW for block in blocks)
        header = next((block.header for block in blocks if block.header), "")
        self._whole = self._context_with(header)
        self._slim = bool(header) and (self._rows > _LONG or header not in self._whole)
        if self._slim:
            self._whole = self._context_with(self._key_names(header))
        self._front = len(sizer.token_offsets(self._whole))

    def passages(self, lengths: Lengths) -> Iterator[Passage]:
        room = self._sizer.limit - self._front
        target = min(lengths.rows if self._rows else lengths.prose, room)
        longest = min(target + target // 2, room)
        pieces = [
            piece
            for block in self._blocks
            for piece in _pieces(self._document, block, self._sizer, room=longest, slim=self._slim)
        ]
        most = _ROWS_CHARACTERS if self._slim else _CHARACTERS
        for group in _groups(pieces, target=target, room=room, most=most):
            header = None
            if self._slim:  # also where the passage begins with the names themselves
                header = next((piece.header for piece in group if piece.header), "")
            context = self._context_of(group)
            yield _passage(self._document, group, self._section, context, header=header)

    def _context_of(self, group: list[_Piece]) -> str:
        """A part of a row has the names of its own columns, and what names the row."""
        part = next((piece.header for piece in group if piece.part), "")
        return self._context_with(part, most=self._front) if part else self._whole

    def _context_with(self, header: str, *, most: int | None = None) -> str:
        title = self._document.metadata.title
        return _context(
            title, self._section, header, self._blocks, self._document, self._sizer, most=most
        )

    def _key_names(self, header: str) -> str:
        """The names of the columns that do not hold figures."""
        rows = [block for block in self._blocks if block.header][:_SAMPLE]
        cells = [block.span.of(self._document.text).split(_BAR) for block in rows]
        kept = []
        for column, name in enumerate(header.split(_BAR)):
            found = [row[column] for row in cells if column < len(row) and row[column].strip()]
            figures = sum(map(is_figure, found))
            if name.strip() and (not column or figures * 2 <= len(found)) and (found or not cells):
                kept.append(name)
        return _BAR.join(kept)


def _sections(document: Document) -> Iterator[tuple[tuple[str, ...], list[Block]]]:
    """The blocks under each heading, the heading first, with the path of headings down to it.

    Headings with nothing between them stay together with what follows the last of them.
    """
    path: list[tuple[int, str]] = []
    blocks: list[Block] = []
    for block in document.blocks:
        if block.kind is BlockKind.HEADING:
            if any(b.kind is not BlockKind.HEADING for b in blocks):
                yield tuple(text for _, text in path), blocks
                blocks = []
            path = [entry for entry in path if entry[0] < block.level]
            path.append((block.level, " ".join(block.span.of(document.text).split())))
        blocks.append(block)
    if blocks:
        yield tuple(text for _, text in path), blocks


def _stretches(document: Document, blocks: list[Block]) -> Iterator[list[Block]]:
    """A section cut where a page ends and where a table begins, ends or changes its columns.

    Headings alone are not a stretch: they go with what follows, even on the next page.
    """
    stretch: list[Block] = []
    for block in blocks:
        body = [b for b in stretch if b.kind is not BlockKind.HEADING]
        if body and _apart(document, body[-1], block):
            yield stretch
            stretch = []
        stretch.append(block)
    if stretch:
        yield stretch


def _without_orphans(
    document: Document, stretches: list[list[Block]], sizer: Sizer
) -> list[list[Block]]:
    """A sentence or two after a table go with the table: alone they would be all context, and
    found by their heading for questions that they do not answer."""
    kept: list[list[Block]] = []
    for stretch in stretches:
        prose = all(block.kind is not BlockKind.ROW for block in stretch)
        near = kept and prose and _same_page(document, kept[-1][-1], stretch[0])
        if near and _is_short(document, stretch, sizer):
            kept[-1] = [*kept[-1], *stretch]
        else:
            kept.append(stretch)
    return kept


def _is_short(document: Document, stretch: list[Block], sizer: Sizer) -> bool:
    start, end = stretch[0].span.start, stretch[-1].span.end
    text = document.text[start : min(end, start + _CHARACTERS)]
    return len(sizer.token_offsets(text)) < _ORPHAN


def _same_page(document: Document, one: Block, other: Block) -> bool:
    return document.page_at(one.span.start) == document.page_at(other.span.start)


def _apart(document: Document, before: Block, after: Block) -> bool:
    tables = (before.kind is BlockKind.ROW) != (after.kind is BlockKind.ROW)
    headers = before.kind is BlockKind.ROW and after.header != before.header
    if headers and not before.header and after.header:
        # a row of column names belongs to the rows under it
        headers = not after.header.endswith(before.span.of(document.text))
    return tables or headers or not _same_page(document, before, after)


def _context(
    title: str,
    section: tuple[str, ...],
    header: str,
    stretch: list[Block],
    document: Document,
    sizer: Sizer,
    *,
    most: int | None = None,
) -> str:
    """Title, headings and column names, without what the text itself begins with; at most half
    of what the embedder reads, or `most` tokens."""
    own = {
        " ".join(block.span.of(document.text).split())
        for block in stretch
        if block.kind is BlockKind.HEADING
    }
    parts = [part for part in (title, *section) if part and part not in own]
    unique = list(dict.fromkeys(parts))
    context = " > ".join(unique) + (f"\n{header}" if header else "")
    offsets = sizer.token_offsets(context)
    most = sizer.limit // 2 if most is None else most
    if not most:
        return ""
    return context if len(offsets) <= most else context[: int(offsets[most - 1, 1])]


def _pieces(
    document: Document, block: Block, sizer: Sizer, *, room: int, slim: bool
) -> Iterator[_Piece]:
    """A block's sentences, each as it is where it fits, else cut; a table row is one piece."""
    text = block.span.of(document.text)
    offsets = sizer.token_offsets(without_figures(text) if slim and block.header else text)
    short = len(offsets) <= room and len(text) <= _CHARACTERS
    if short and block.kind in (BlockKind.ROW, BlockKind.HEADING):
        yield _Piece(block.span, len(offsets), block.kind, block.header)
    elif block.kind is BlockKind.ROW and _BAR in text:
        yield from _row_parts(text, block, sizer, room)
    else:
        for span, tokens in _sentence_parts(text, sizer, room):
            start = block.span.start
            place = Span(start + span.start, start + span.end)
            yield _Piece(place, tokens, block.kind, block.header)


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


def _row_parts(text: str, block: Block, sizer: Sizer, room: int) -> Iterator[_Piece]:
    """A row that is too long, cut between its cells. Each part has the names of its own columns,
    with what names the row in front of them: `0581T: Rate | Units`."""
    names = block.header.split(_BAR)
    cells = text.split(_BAR)
    key = next((cell.strip() for cell in cells if 0 < len(cell.strip()) <= _KEY), "")
    at = first = column = 0
    for number, cell in enumerate(cells):
        end = at + len(cell)
        last = number == len(cells) - 1
        after = end if last else end + len(_BAR) + len(cells[number + 1])
        size = len(sizer.token_offsets(text[first:after]))
        if last or size > room or after - first > _CHARACTERS:
            header = _BAR.join(names[column : number + 1])
            header = f"{key}: {header}" if block.header and key and column else header
            cut = end if last else end + len(_BAR) - 1  # the bar is the end of what it follows
            yield from _part(text, Span(first, cut), block, header, sizer, room)
            first, column = end + len(_BAR), number + 1
        at = end + len(_BAR)


def _part(
    text: str, cells: Span, block: Block, header: str, sizer: Sizer, room: int
) -> Iterator[_Piece]:
    said = cells.of(text)
    for span, tokens in _sentence_parts(said, sizer, room):
        start = block.span.start + cells.start
        yield _Piece(
            Span(start + span.start, start + span.end), tokens, block.kind, header, part=True
        )


def _cut(sentence: Span, offsets: NDArray[np.int32], *, room: int) -> Iterator[Span]:
    """A sentence cut into stretches of at most `room` tokens and `_CHARACTERS` characters."""
    bounds = [sentence.start]
    at = 0
    parts = -(-len(offsets) // room)
    even = -(-len(offsets) // max(parts, 1))
    while at + even < len(offsets):
        at = _word_start(offsets, at + even, after=at)
        bounds.append(int(offsets[at, 0]))
    bounds.append(sentence.end)
    for first, last in pairwise(dict.fromkeys(bounds)):
        for start in range(first, last, _CHARACTERS):
            yield Span(start, min(start + _CHARACTERS, last))


def _word_start(offsets: NDArray[np.int32], at: int, *, after: int) -> int:
    """The last token up to `at` that begins a word: a word cut in two may have more tokens."""
    for candidate in range(at, after, -1):
        if offsets[candidate, 0] > offsets[candidate - 1, 1]:
            return candidate
    return at


def _groups(pieces: list[_Piece], *, target: int, room: int, most: int) -> Iterator[list[_Piece]]:
    """Pieces put together to passages of about the target, all of much the same length.

    A passage is closed where the middle of the next piece would lie beyond its share.
    """
    total = sum(piece.tokens for piece in pieces)
    share = total / max(1, round(total / target))
    group: list[_Piece] = []
    size = 0
    for piece in pieces:
        heading_alone = all(p.kind is BlockKind.HEADING for p in group)
        full = size + piece.tokens > room or (size + piece.tokens / 2 > share and not heading_alone)
        other = bool(group) and (piece.part or group[-1].part) and piece.header != group[-1].header
        if group and (full or other or _characters(group, piece) > most):
            yield group
            group, size = [], 0
        group.append(piece)
        size += piece.tokens
    if group:
        yield group


def _characters(group: list[_Piece], piece: _Piece) -> int:
    return piece.span.end - group[0].span.start


def _passage(
    document: Document,
    group: list[_Piece],
    section: tuple[str, ...],
    context: str,
    *,
    header: str | None,
) -> Passage:
    text = document.text
    start, end = group[0].span.start, group[-1].span.end
    body = next((p for p in group if p.kind is not BlockKind.HEADING), group[0])
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    span = Span(start, start + len(piece.strip()))
    page = document.page_at(body.span.start)
    return Passage(
        span=span,
        text=span.of(text),
        section=section,
        header=body.header if header is None else header,
        context=context,
        page=page.number if page else None,
        page_label=page.label if page else None,
        sure=sureness(document.scanned, span) if document.scanned else None,
    )
