"""PDF: pypdf's text, outline, page labels and fields; ruled tables by pdfplumber."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from pypdf import PageObject, PdfReader, apply_configuration
from pypdf.errors import DependencyError, LimitReachedError

from corpus.files.limits import STANDARD, Limits
from corpus.readers import CannotRead, Progress
from corpus.readers.draft import Draft, DraftBuilder
from corpus.readers.pdf.blocks import Composer, Part
from corpus.readers.pdf.images import has_image
from corpus.readers.pdf.lines import Line, PageListener, Shape
from corpus.readers.pdf.outline import outline_of
from corpus.readers.pdf.running import Body, Sheet, without_running
from corpus.readers.pdf.spacing import Reference, respaced, settled, words_of
from corpus.readers.pdf.tables import TableFinder
from corpus.text.clean import one_line

_TABLE_PAGE = 10  # looking for tables on a page costs as much as the text of ten
_FEW_LETTERS = 16  # a page with an image and fewer letters is a picture of a page
_MOST_TABLE_PAGES = 400
_STREAM_BYTES = 32_000_000  # of one stream, decompressed
_NOISE = re.compile(  # what programs write where a person would write a title
    r"^(?:microsoft (?:word|powerpoint|excel)\s*-\s*|untitled.*|\(?anonymous\)?|\(?unspecified\)?"
    r"|document\s?\d*|.*\.(?:docx?|xlsx?|pptx?|indd|pdf|rtf|tmp|qxd|exe|txt|wpd|pub|html?)|none|null|title)$"
    r"|^microsoft (?:word|powerpoint|excel)\s*-\s*",
    re.IGNORECASE,
)
_FIELDS = {"/Title": "title", "/Author": "author", "/Subject": "subject"}


@dataclass(frozen=True, slots=True)
class _Page:
    """What was found on a page; `problem` says why its text could not be read."""

    sheet: Sheet
    image: bool = False
    ruled: bool = False
    problem: str | None = None


def read_pdf(data: bytes, *, limits: Limits = STANDARD, progress: Progress | None = None) -> Draft:
    """Read a PDF; `progress` is called for each piece of work done, counted in pages.

    Raises CannotRead for a password, for too many pages and where no page can be read. Uses
    PDFium, which is not thread-safe: one call at a time in a process.
    """
    with (
        _quiet("pypdf", "pdfminer"),
        apply_configuration(
            zlib_maximum_output_length=_STREAM_BYTES,
            lzw_maximum_output_length=_STREAM_BYTES,
            run_length_maximum_output_length=_STREAM_BYTES,
            array_based_stream_maximum_output_length=_STREAM_BYTES,
            page_tree_maximum_entries=max(limits.pages, 1),
            jbig2dec_binary=None,  # no other program is ever run
            disable_legacy_handling=True,
        ),
    ):
        reader = _open(data)
        pages = _pages(reader, data, limits, progress)
        return _composed(reader, data, pages, progress)


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


def _open(data: bytes) -> PdfReader:
    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted:
        try:
            opened = bool(reader.decrypt(""))
        except (DependencyError, NotImplementedError) as error:
            raise CannotRead(
                "The PDF is encrypted in a way that cannot be read here. "
                "Save it without protection and replace it in the library."
            ) from error
        if not opened:
            raise CannotRead(
                "The PDF is protected by a password. "
                "Save it without the password and replace it in the library."
            )
    return reader


def _pages(
    reader: PdfReader, data: bytes, limits: Limits, progress: Progress | None
) -> list[_Page]:
    count = _count(reader, limits)
    pages: list[_Page] = []
    characters = 0
    with Reference(data) as reference:
        for number in range(1, count + 1):
            page = _read_page(reader, number, reference)
            pages.append(page)
            characters += sum(len(line.text) for line in page.sheet.lines)
            if characters > limits.characters:
                raise CannotRead(
                    f"The PDF holds more than {limits.characters:,} characters of text. Split it."
                )
            if progress is not None:
                progress(1)
    problems = {page.problem for page in pages}
    if None not in problems:
        raise CannotRead(
            f"No page of the PDF can be read ({', '.join(sorted(filter(None, problems)))}). "
            "Copy it again from its source, or print it to a new PDF."
        )
    return pages


def _count(reader: PdfReader, limits: Limits) -> int:
    try:
        count = len(reader.pages)
    except LimitReachedError as error:
        raise CannotRead(
            f"The PDF has more than {limits.pages:,} pages or a page tree without end. Split it."
        ) from error
    if count > limits.pages:
        raise CannotRead(f"The PDF has {count:,} pages, more than {limits.pages:,}. Split it.")
    if not count:
        raise CannotRead("The PDF has no pages. Copy it again from its source.")
    return count


def _read_page(reader: PdfReader, number: int, reference: Reference) -> _Page:
    """One page. An error on it affects no other page."""
    try:
        page = reader.pages[number - 1]
        shape = _shape(page)
        listener = PageListener(shape)
        page.extract_text(visitor_operand_before=listener.operator, visitor_text=listener.text)
        lines = respaced(listener.lines(), reference.text_of(number))
    except MemoryError:
        raise
    except LimitReachedError:
        return _Page(Sheet((), 0.0), problem="its content is larger than any real page's")
    except Exception:
        return _Page(Sheet((), 0.0), problem="it is damaged")
    return _Page(
        Sheet(tuple(lines), shape.shown_height),
        image=has_image(page, drawn=listener.drawn),
        ruled=listener.rulings.suggest_table(),
    )


def _shape(page: PageObject) -> Shape:
    box = page.mediabox
    return Shape(
        float(box.left), float(box.bottom), float(box.width), float(box.height), page.rotation % 360
    )


def _composed(
    reader: PdfReader, data: bytes, pages: Sequence[_Page], progress: Progress | None
) -> Draft:
    words = words_of(line for page in pages for line in page.sheet.lines)
    pages = [
        replace(page, sheet=replace(page.sheet, lines=tuple(settled(page.sheet.lines, words))))
        for page in pages
    ]
    # Tables first: a cell that stands on every page must not pass for a running line.
    tabled = list(_with_tables(data, pages, progress))
    bodies, told = without_running(
        [
            replace(page.sheet, lines=tuple(_lines(parts)))
            for page, parts in zip(pages, tabled, strict=True)
        ]
    )
    builder = DraftBuilder()
    outline = outline_of(reader)
    composer = Composer(builder, (line for parts in tabled for line in _lines(parts)), outline)
    labels = _labels(reader)
    needs_ocr = []
    for number, (page, body) in enumerate(zip(pages, bodies, strict=True), start=1):
        parts = _without(tabled[number - 1], body)
        if _is_picture(page, parts):
            needs_ocr.append(number)
        builder.page(number, labels.get(number) or body.label)
        composer.add_page(number, parts, body.kept)
    warnings = (*_problems(pages), *told)
    return builder.draft(found=_found(reader), needs_ocr=tuple(needs_ocr), warnings=warnings)


def _with_tables(
    data: bytes, pages: Sequence[_Page], progress: Progress | None
) -> Iterator[Sequence[Part]]:
    """The lines of each page, those of ruled tables replaced by the tables."""
    ruled = [at for at, page in enumerate(pages, start=1) if page.ruled and page.sheet.lines]
    ruled = ruled[:_MOST_TABLE_PAGES]
    finder = TableFinder(data, ruled)
    among = set(ruled)
    for number, page in enumerate(pages, start=1):
        parts: Sequence[Part] = page.sheet.lines
        if number in among:
            try:
                parts = finder.parts(number, page.sheet.lines)
            except MemoryError:
                raise
            except Exception:  # the lines are there in any case, only not as a table
                parts = page.sheet.lines
            if progress is not None:
                progress(_TABLE_PAGE)
        yield parts
    finder.close()


def _lines(parts: Sequence[Part]) -> Iterator[Line]:
    return (part for part in parts if isinstance(part, Line))


def _without(parts: Sequence[Part], body: Body) -> list[Part]:
    """The parts without the lines that are not in the body: the running ones."""
    kept = set(map(id, body.lines))
    return [part for part in parts if not isinstance(part, Line) or id(part) in kept]


def _is_picture(page: _Page, parts: Sequence[Part]) -> bool:
    """Whether the page is an image with hardly a letter, or its letters have no meaning."""
    known = unknown = 0
    for part in parts:
        words = part.text if isinstance(part, Line) else "".join(map("".join, part.rows))
        known += sum(map(str.isalnum, words))
        unknown += sum(map(_is_unknown, words))
    return (page.image and known < _FEW_LETTERS) or unknown > max(known, _FEW_LETTERS)


def _is_unknown(character: str) -> bool:
    """Whether a font gave no meaning to the character: it is a picture of a letter."""
    return character == "\ufffd" or "\ue000" <= character < "\uf900"


def _problems(pages: Sequence[_Page]) -> Iterator[str]:
    found: dict[str, list[str]] = {}
    for number, page in enumerate(pages, start=1):
        if page.problem is not None:
            found.setdefault(page.problem, []).append(str(number))
    for problem, numbers in found.items():
        word = "Page" if len(numbers) == 1 else "Pages"
        shown = ", ".join(numbers[:20]) + (" and more" if len(numbers) > 20 else "")
        yield f"{word} {shown} could not be read: {problem}."


def _labels(reader: PdfReader) -> Mapping[int, str]:
    """The printed labels, where the file gives any that are not just 1, 2, 3 and so on."""
    try:
        labels = [one_line(label) for label in reader.page_labels]
    except Exception:
        return {}
    if all(label == str(number) for number, label in enumerate(labels, start=1)):
        return {}
    return dict(enumerate(labels, start=1))


def _found(reader: PdfReader) -> dict[str, Any]:
    try:
        information: Mapping[str, Any] = reader.metadata or {}
        return {
            name: text
            for key, name in _FIELDS.items()
            if (text := _NOISE.sub("", one_line(str(information.get(key) or ""))))
        }
    except Exception:
        return {}
