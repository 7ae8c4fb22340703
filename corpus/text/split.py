"""Splits documents into passages by structure: headings, then blocks, sentences and tokens.

A passage never crosses a page or a section, and never holds more tokens than the embedder
reads. Together the passages cover every non-blank character of the document.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from corpus.document import Block, BlockKind, Document, Passage, Span
from corpus.text.sentences import sentences

_ORPHAN = 40  # tokens; prose shorter than this does not stand alone after a table
_CHARACTERS = 4000  # of one passage; only text without spaces or beyond the alphabet gets there


class Sizer(Protocol):
    """Measures text as the embedder does."""

    @property
    def limit(self) -> int:
        """How many tokens the embedder reads of one text."""

    def token_offsets(self, text: str) -> NDArray[np.int32]:
        """Where each token begins and ends, in characters, shape (tokens, 2)."""


@dataclass(frozen=True, slots=True)
class Lengths:
    """How long a passage should be, in tokens: of prose, and of table rows put together.

    Chosen by measuring retrieval on the tuning sets; the embedder's limit holds besides.
    """

    prose: int = 145
    rows: int = 64


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of a block that is not cut further, and its size in tokens."""

    span: Span
    tokens: int
    kind: BlockKind
    header: str


def split(document: Document, sizer: Sizer, *, lengths: Lengths | None = None) -> list[Passage]:
    """The passages of a document, in order. Equal documents give equal passages.

    `sizer` measures text in the tokens of the embedder; no passage with its context is longer than
    `sizer.limit`.
    """
    lengths = lengths or Lengths()
    passages: list[Passage] = []
    for section, blocks in _sections(document):
        for stretch in _without_orphans(document, list(_stretches(document, blocks)), sizer):
            header = next((block.header for block in stretch if block.header), "")
            context = _context(document.metadata.title, section, header, stretch, document, sizer)
            room = sizer.limit - len(sizer.token_offsets(context))
            is_table = any(block.kind is BlockKind.ROW for block in stretch)
            target = min(lengths.rows if is_table else lengths.prose, room)
            longest = min(target + target // 2, room)
            pieces = [
                piece
                for block in stretch
                for piece in _pieces(document, block, sizer, room=longest)
            ]
            for group in _groups(pieces, target=target, room=room):
                passages.append(_passage(document, group, section, context))
    return passages


def embedded_text(passage: Passage) -> str:
    """What is embedded for a passage: its context on a line of its own, then its text."""
    return f"{passage.context}\n{passage.text}" if passage.context else passage.text


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
    names = before.span.of(document.text)  # a row of column names belongs to the rows under it
    headers = before.kind is BlockKind.ROW and after.header not in (before.header, names)
    return tables or headers or not _same_page(document, before, after)


def _context(
    title: str,
    section: tuple[str, ...],
    header: str,
    stretch: list[Block],
    document: Document,
    sizer: Sizer,
) -> str:
    """Title, headings and column names, without what the text itself begins with; at most half
    of what the embedder reads."""
    own = {
        " ".join(block.span.of(document.text).split())
        for block in stretch
        if block.kind is BlockKind.HEADING
    }
    parts = [part for part in (title, *section) if part and part not in own]
    unique = list(dict.fromkeys(parts))
    context = " > ".join(unique) + (f"\n{header}" if header else "")
    offsets = sizer.token_offsets(context)
    most = sizer.limit // 2
    return context if len(offsets) <= most else context[: int(offsets[most - 1, 1])]


def _pieces(document: Document, block: Block, sizer: Sizer, *, room: int) -> Iterator[_Piece]:
    """A block's sentences, each as it is where it fits, else cut; a table row is one piece."""
    start = block.span.start
    text = block.span.of(document.text)
    offsets = sizer.token_offsets(text)
    short = len(offsets) <= room and len(text) <= _CHARACTERS
    if short and block.kind in (BlockKind.ROW, BlockKind.HEADING):
        yield _Piece(block.span, len(offsets), block.kind, block.header)
        return
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
                yield _Piece(
                    Span(start + span.start, start + span.end), tokens, block.kind, block.header
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


def _groups(pieces: list[_Piece], *, target: int, room: int) -> Iterator[list[_Piece]]:
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
        if group and (full or _characters(group, piece) > _CHARACTERS):
            yield group
            group, size = [], 0
        group.append(piece)
        size += piece.tokens
    if group:
        yield group


def _characters(group: list[_Piece], piece: _Piece) -> int:
    return piece.span.end - group[0].span.start


def _passage(
    document: Document, group: list[_Piece], section: tuple[str, ...], context: str
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
        header=body.header,
        context=context,
        page=page.number if page else None,
        page_label=page.label if page else None,
    )
