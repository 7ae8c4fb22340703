"""Files inside a file: each readable one becomes a part of the document, under its own heading."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from corpus.document import Block, BlockKind, Page, ScannedWord, Span
from corpus.files.limits import MEGABYTE
from corpus.readers import CannotRead
from corpus.readers.draft import Draft
from corpus.text.clean import printable

_MOST = 20  # files of one file
_MOST_BYTES = 20 * MEGABYTE  # of one
_MOST_TOGETHER = 50 * MEGABYTE
_DEEPEST = 9  # level of a heading
_LABEL = "attachment"
Read = Callable[[str, bytes], Draft]


@dataclass(frozen=True, slots=True)
class Attached:
    """A file inside a file. `data` is None where it cannot be taken out."""

    name: str
    data: bytes | None


def with_attached(draft: Draft, read: Read) -> Draft:
    """The draft with what its attached files say, as far as they can be read; of the others the
    warnings say why not. Files attached to these are named only."""
    left, told = _MOST_TOGETHER, []
    for number, file in enumerate(draft.attached):
        name = printable(file.name)
        size = len(file.data or b"")
        if number >= _MOST:
            told.append(f"{len(draft.attached) - _MOST} more attached files are not read.")
            break
        if size > min(left, _MOST_BYTES):
            told.append(f"The attached file {name} is not read: it is too large. {_SAVE}")
            continue
        left -= size
        try:
            inner = read(file.name, _taken_out(file))
        except CannotRead as error:
            told.append(f"The attached file {name} is not read: {error}")
            continue
        draft = _joined(draft, inner, name)
        told += [f"The attached file {name} was read as a part of the document.", *_of(inner, name)]
    return replace(draft, attached=(), warnings=(*draft.warnings, *told))


_SAVE = "Save it into the library as a file of its own."


def _taken_out(file: Attached) -> bytes:
    if file.data is None:
        raise CannotRead(f"it cannot be taken out. {_SAVE}")
    return file.data


def _of(inner: Draft, name: str) -> Iterator[str]:
    """What an attached file's own warnings are, and what of it is not read."""
    for warning in inner.warnings:
        yield f"In the attached file {name}: {warning}"
    if inner.needs_ocr:
        pages = ", ".join(map(str, inner.needs_ocr[:20]))
        yield f"In the attached file {name}, pages that are pictures are not read: {pages}. {_SAVE}"
    if inner.attached:
        names = ", ".join(printable(file.name) for file in inner.attached[:_MOST])
        yield f"Files attached to the attached file {name} are not read: {names}. {_SAVE}"


def _joined(draft: Draft, inner: Draft, name: str) -> Draft:
    """The inner text behind the outer one: on no page of it, one heading deeper."""
    heading = f"Attachment {name}"
    start = len(draft.text) + 2 if draft.text else 0
    offset = start + len(heading) + 2
    blocks = (*draft.blocks, Block(BlockKind.HEADING, Span(start, start + len(heading)), 1))
    text = "\n\n".join(filter(None, (draft.text, heading, inner.text)))
    pages: Sequence[Page] = draft.pages
    if pages:
        pages = (*pages, Page(len(pages) + 1, start, _LABEL))
    return replace(
        draft,
        text=text,
        blocks=(*blocks, *_moved(inner.blocks, offset)),
        pages=tuple(pages),
        scanned=(*draft.scanned, *_words_moved(inner.scanned, offset)),
    )


def _moved(blocks: Sequence[Block], offset: int) -> Iterator[Block]:
    for block in blocks:
        span = Span(block.span.start + offset, block.span.end + offset)
        level = min(block.level + 1, _DEEPEST) if block.level else 0
        yield Block(block.kind, span, level, block.header)


def _words_moved(words: Sequence[ScannedWord], offset: int) -> Iterator[ScannedWord]:
    for word in words:
        yield ScannedWord(word.start + offset, word.end + offset, word.box, word.sure)
