"""PDF: from pages as a person sees them to one text with headings, paragraphs, lists and tables."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from pypdf import apply_configuration

from corpus.document import BlockKind
from corpus.files.limits import STANDARD, Limits
from corpus.readers import Progress
from corpus.readers.draft import Draft, DraftBuilder
from corpus.readers.pdf.blocks import Composer
from corpus.readers.pdf.file.bursting import STREAM_BYTES
from corpus.readers.pdf.file.source import Source, opened
from corpus.readers.pdf.page import PageRead, lines_of
from corpus.readers.pdf.running import Body, Sheet, without_running
from corpus.readers.pdf.scanned import ScansRead, scanned_words, scans_read, told_of_scans
from corpus.readers.pdf.seen.layout import Part
from corpus.readers.pdf.seen.lines import Line
from corpus.readers.pdf.seen.spots import PlacesBuilder
from corpus.readers.pdf.tables.ruled import Table
from corpus.readers.pdf.told import told_of
from corpus.text.clean import one_line

_FEW_LETTERS = 16  # a page with an image and fewer letters is a picture of a page
_NOISE = re.compile(  # what programs write where a person would write a title
    r"^(?:microsoft (?:word|powerpoint|excel)\s*-\s*|untitled.*|\(?anonymous\)?|\(?unspecified\)?"
    r"|document\s?\d*|.*\.(?:docx?|xlsx?|pptx?|indd|pdf|rtf|tmp|qxd|exe|txt|wpd|pub|html?)|none|null|title)$"
    r"|^microsoft (?:word|powerpoint|excel)\s*-\s*",
    re.IGNORECASE,
)
_XFA_READ = (
    "The PDF is an XFA form: its texts and values were read as the form was saved; what its "
    "scripts would change is not there, and no page shows them."
)
_XFA_UNREAD = (
    "The PDF is an XFA form: what its pages hold may not be what a person sees. "
    "Open it in Adobe Reader, print it to a new PDF and put that into the library."
)
_FIELDS = {"Title": "title", "Author": "author", "Subject": "subject"}


def read_pdf(data: bytes, *, limits: Limits = STANDARD, progress: Progress | None = None) -> Draft:
    """Read a PDF; `progress` is called for each page that is done.

    Raises CannotRead for a password, for too many pages and where no page can be read. Uses
    PDFium, which is not thread-safe: one call at a time in a process.
    """
    with (
        _quiet("pypdf", "pypdfium2"),
        apply_configuration(
            zlib_maximum_output_length=STREAM_BYTES,
            lzw_maximum_output_length=STREAM_BYTES,
            run_length_maximum_output_length=STREAM_BYTES,
            array_based_stream_maximum_output_length=STREAM_BYTES,
            page_tree_maximum_entries=max(limits.pages, 1),
            jbig2dec_binary=None,  # no other program is ever run
            disable_legacy_handling=True,
        ),
        opened(data) as source,
    ):
        pages = source.pages(limits, progress)
        pictures = [number for number, page in enumerate(pages, start=1) if _is_picture(page)]
        read = scans_read(source.pdf, pictures, limits, progress)
        pages = [_as_read(page, read.pages.get(at)) for at, page in enumerate(pages, start=1)]
        needs_ocr = [number for number in pictures if number not in read.pages]
        return _composed(source, pages, needs_ocr, read)


def _as_read(page: PageRead, recognised: PageRead | None) -> PageRead:
    """The page with what was recognised on it in place of letters that mean nothing."""
    if recognised is not None:
        return replace(
            page,
            parts=recognised.parts,
            height=recognised.height,
            letters=recognised.letters,
            unknown=0,
        )
    return replace(page, parts=()) if page.unknown and _is_picture(page) else page


@contextmanager
def _quiet(*names: str) -> Iterator[None]:
    """Turn loggers off inside the block: libraries log pieces of the documents that they read."""
    loggers = [logging.getLogger(name) for name in names]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)


def _has_table(page: PageRead) -> bool:
    return any(isinstance(part, Table) for part in page.parts)


def _composed(
    source: Source, pages: Sequence[PageRead], needs_ocr: Sequence[int], scans: ScansRead
) -> Draft:
    bodies, told = without_running(
        [Sheet(tuple(lines_of(page.parts)), page.height, _has_table(page)) for page in pages]
    )
    builder = DraftBuilder()
    outline = source.outline()
    lines = [line for page in pages for line in lines_of(page.parts)]
    places = PlacesBuilder([page.spots for page in pages])
    composer = Composer(builder, lines, outline, [body.lines for body in bodies], places)
    labels = _labels(source.labels(len(pages)))
    form = _Form.of(source)
    for number, (page, body) in enumerate(zip(pages, bodies, strict=True), start=1):
        builder.page(number, labels.get(number) or body.label)
        if number > 1 or not form.lines or not _asks_to_wait(page):
            composer.add_page(number, _without(page.parts, body), body.kept)
        if number == 1:
            form.add_to(builder)
    warnings = (*told_of(pages), *form.told, *told, *told_of_scans(scans, needs_ocr))
    found = _found(source.information())
    draft = builder.draft(
        found=found,
        running=tuple(text for body in bodies for text, _ in body.kept),
        needs_ocr=tuple(needs_ocr),
        warnings=warnings,
        attached=tuple(source.attached(pages)),
        places=places.packed(builder.text),
    )
    return replace(draft, scanned=scanned_words(scans, draft)) if scans.pages else draft


def _without(parts: Sequence[Part], body: Body) -> list[Part]:
    """The parts without the lines that are not in the body: the running ones."""
    kept = set(map(id, body.lines))
    return [part for part in parts if not isinstance(part, Line) or id(part) in kept]


def _is_picture(page: PageRead) -> bool:
    """Whether the page is an image with hardly a letter, or its letters have no meaning."""
    known = unknown = 0
    for part in page.parts:
        words = part.text if isinstance(part, Line) else "".join(map("".join, part.rows))
        unknown += sum(map(_is_unknown, words)) if not words.isascii() else 0
        known += len(words)
    unknown = max(unknown, page.unknown)
    return (page.image and known < unknown + _FEW_LETTERS) or unknown * 2 > max(known, _FEW_LETTERS)


def _is_unknown(character: str) -> bool:
    """Whether a font gave no meaning to the character: it is a picture of a letter."""
    return character == "\ufffd" or "\ue000" <= character < "\uf900"


def _asks_to_wait(page: PageRead) -> bool:
    """Whether a page says no more than that another program would show the form."""
    return next((line.text for line in lines_of(page.parts)), "").startswith("Please wait")


@dataclass(frozen=True, slots=True)
class _Form:
    """A form whose viewer draws it from XML."""

    lines: tuple[str, ...] = ()
    told: tuple[str, ...] = ()

    @classmethod
    def of(cls, source: Source) -> _Form:
        if not source.is_xfa():
            return cls()
        lines = source.xfa()
        return cls(tuple(lines), (_XFA_READ,)) if lines else cls(told=(_XFA_UNREAD,))

    def add_to(self, builder: DraftBuilder) -> None:
        for line in self.lines:
            builder.add(BlockKind.PARAGRAPH, line)


def _labels(labels: Sequence[str]) -> Mapping[int, str]:
    """The printed labels, where the file gives any that are not just 1, 2, 3 and so on."""
    labels = [one_line(label) for label in labels]
    if all(label == str(number) for number, label in enumerate(labels, start=1)):
        return {}
    return dict(enumerate(labels, start=1))


def _found(information: Mapping[str, str]) -> dict[str, Any]:
    return {
        name: text
        for key, name in _FIELDS.items()
        if (text := _NOISE.sub("", one_line(information.get(key, ""))))
    }
