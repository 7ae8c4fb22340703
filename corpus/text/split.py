"""Splits documents into passages by structure: headings, then blocks, sentences and tokens.

A passage never crosses a page or a section, and never holds more tokens than the embedder
reads. Together the passages cover every non-blank character of the document.

Of a long or a wide table the embedder reads what its rows are about: the names of the columns that
hold words or codes, and those cells. Figures stay in the text, which is searched by words and by
codes and shown whole; a thousand rows that differ by their figures have no other meaning each.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence

from msgspec.structs import replace

from corpus.document import Block, BlockKind, Document, Passage, SectionDates, Span, sureness
from corpus.text.figures import BAR, is_figure, without_figures
from corpus.text.lengths import Lengths
from corpus.text.pieces import CHARACTERS, Piece, Sizer, pieces_of

_ORPHAN = 40  # tokens; prose shorter than this does not stand alone after a table
_LINE = 12  # words above the first heading that are no passage of their own
_LONG = 500  # rows of a table; of longer ones, figures are not embedded
_ROWS_CHARACTERS = 1200  # of rows put together of which figures are not embedded
_SAMPLE = 40  # rows by which it is told what a column holds


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
        self._names = header
        self._whole = self._context_with(header)
        self._slim = bool(header) and (self._rows > _LONG or header not in self._whole)
        if self._slim:
            self._names = self._key_names(header)
            self._whole = self._context_with(self._names)
        self._front = len(sizer.token_offsets(self._whole))

    def passages(self, lengths: Lengths) -> Iterator[Passage]:
        room = self._sizer.limit - self._front
        target = min(lengths.rows if self._rows else lengths.prose, room)
        longest = min(target + target // 2, room)
        pieces = [
            piece
            for block in self._blocks
            for piece in pieces_of(
                self._document, block, self._sizer, room=longest, slim=self._slim
            )
        ]
        most = _ROWS_CHARACTERS if self._slim else CHARACTERS
        for group in _groups(pieces, target=target, room=room, most=most):
            header = None
            if self._slim:  # also where the passage begins with the names themselves
                header = next((piece.header for piece in group if piece.header), "")
            context = self._context_of(group)
            yield _passage(self._document, group, self._section, context, header=header)

    def _context_of(self, group: list[Piece]) -> str:
        """A part of a row has the names of its own columns, and what names the row."""
        part = next((piece.header for piece in group if piece.part), "")
        if part:
            return self._context_with(part, most=self._front)
        own = self._headings(group)
        return self._context_with(self._names, own, most=self._front) if own else self._whole

    def _context_with(
        self, header: str, own: Collection[str] = (), *, most: int | None = None
    ) -> str:
        """Title, headings and column names, without the `own` headings of a passage; at most half
        of what the embedder reads, or `most` tokens."""
        parts = [self._document.metadata.title, *self._section]
        unique = list(dict.fromkeys(part for part in parts if part and part not in own))
        context = " > ".join(unique) + (f"\n{header}" if header else "")
        offsets = self._sizer.token_offsets(context)
        most = self._sizer.limit // 2 if most is None else most
        if not most:
            return ""
        return context if len(offsets) <= most else context[: int(offsets[most - 1, 1])]

    def _headings(self, group: list[Piece]) -> set[str]:
        text = self._document.text
        held = (piece.span.of(text) for piece in group if piece.kind is BlockKind.HEADING)
        return {" ".join(heading.split()) for heading in held}

    def _key_names(self, header: str) -> str:
        """The names of the columns that do not hold figures."""
        rows = [block for block in self._blocks if block.header][:_SAMPLE]
        cells = [block.span.of(self._document.text).split(BAR) for block in rows]
        kept = []
        for column, name in enumerate(header.split(BAR)):
            found = [row[column] for row in cells if column < len(row) and row[column].strip()]
            figures = sum(map(is_figure, found))
            if name.strip() and (not column or figures * 2 <= len(found)) and (found or not cells):
                kept.append(name)
        return BAR.join(kept)


def _sections(document: Document) -> Iterator[tuple[tuple[str, ...], list[Block]]]:
    """The blocks under each heading, the heading first, with the path of headings down to it.

    Headings with nothing between them stay together with what follows the last of them, and so do
    the few words that a document may have above its first one: the line at the top of a letter, a
    payer's name and a number. As a passage they would be found for whatever is asked of the payer.
    """
    path: list[tuple[int, str]] = []
    blocks: list[Block] = []
    for block in document.blocks:
        if block.kind is BlockKind.HEADING:
            says = any(b.kind is not BlockKind.HEADING for b in blocks)
            if says and (path or not _is_a_line_above(document, blocks, block)):
                yield tuple(text for _, text in path), blocks
                blocks = []
            path = [entry for entry in path if entry[0] < block.level]
            path.append((block.level, " ".join(block.span.of(document.text).split())))
        blocks.append(block)
    if blocks:
        yield tuple(text for _, text in path), blocks


def _is_a_line_above(document: Document, blocks: list[Block], heading: Block) -> bool:
    texts = [block.span.of(document.text).strip() for block in blocks]
    short = sum(len(text.split()) for text in texts) <= _LINE
    says_something = any(text.endswith((".", "!", "?", ":")) for text in texts)
    return short and not says_something and _same_page(document, blocks[0], heading)


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
    text = document.text[start : min(end, start + CHARACTERS)]
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


def _groups(pieces: list[Piece], *, target: int, room: int, most: int) -> Iterator[list[Piece]]:
    """Pieces put together to passages of about the target, all of much the same length.

    A passage is closed where the middle of the next piece would lie beyond its share; headings and
    the names of columns are never one by themselves.
    """
    total = sum(piece.tokens for piece in pieces)
    share = total / max(1, round(total / target))
    group: list[Piece] = []
    size = 0
    for piece in pieces:
        opens = all(p.kind is BlockKind.HEADING or _names(p, piece) for p in group)
        full = size + piece.tokens > room or (size + piece.tokens / 2 > share and not opens)
        other = bool(group) and (piece.part or group[-1].part) and piece.header != group[-1].header
        longest = CHARACTERS if opens else most
        if group and (full or other or _characters(group, piece) > longest):
            yield group
            group, size = [], 0
        group.append(piece)
        size += piece.tokens
    if group:
        yield group


def _names(piece: Piece, row: Piece) -> bool:
    """Whether these are the names of the columns that the row stands under."""
    return piece.kind is row.kind is BlockKind.ROW and bool(row.header) and not piece.header


def _characters(group: list[Piece], piece: Piece) -> int:
    return piece.span.end - group[0].span.start


def _passage(
    document: Document,
    group: list[Piece],
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
