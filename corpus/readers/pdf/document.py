"""PDF: PDFium's characters, lines and images give the text; pypdf the outline and the labels."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from pypdf import PdfReader, apply_configuration
from pypdf.errors import LimitReachedError

from corpus.files.limits import STANDARD, Limits
from corpus.readers import CannotRead
from corpus.readers.draft import Draft, DraftBuilder
from corpus.readers.pdf import engine
from corpus.readers.pdf.blocks import Composer
from corpus.readers.pdf.layout import Part
from corpus.readers.pdf.letters import TooMuch
from corpus.readers.pdf.lines import Line
from corpus.readers.pdf.outline import outline_of
from corpus.readers.pdf.page import File, PageRead, lines_of, read_page
from corpus.readers.pdf.running import Body, Sheet, without_running
from corpus.readers.pdf.told import told_of
from corpus.readers.quiet import quiet
from corpus.text.clean import one_line, tidy_lines

PageWatch = Callable[[int], None]
_FEW_LETTERS = 16  # a page with an image and fewer letters is a picture of a page
_STREAM_BYTES = 32_000_000  # of one stream, decompressed
_NOISE = re.compile(  # what programs write where a person would write a title
    r"^(?:microsoft (?:word|powerpoint|excel)\s*-\s*|untitled.*|\(?anonymous\)?|\(?unspecified\)?"
    r"|document\s?\d*|.*\.(?:docx?|xlsx?|pptx?|indd|pdf|rtf|tmp|qxd|exe|txt|wpd|pub|html?)|none|null|title)$"
    r"|^microsoft (?:word|powerpoint|excel)\s*-\s*",
    re.IGNORECASE,
)
_FIELDS = {"/Title": "title", "/Author": "author", "/Subject": "subject"}
_TOO_LARGE = "its content is larger than any real page's"
_DAMAGED = "it is damaged"


def read_pdf(data: bytes, *, limits: Limits = STANDARD, on_page: PageWatch | None = None) -> Draft:
    """Read a PDF; `on_page` is told how many pages are done.

    Raises CannotRead for a password, for too many pages and where no page can be read. Uses
    PDFium, which is not thread-safe: one call at a time in a process.
    """
    with (
        quiet("pypdf"),
        apply_configuration(
            zlib_maximum_output_length=_STREAM_BYTES,
            lzw_maximum_output_length=_STREAM_BYTES,
            run_length_maximum_output_length=_STREAM_BYTES,
            array_based_stream_maximum_output_length=_STREAM_BYTES,
            page_tree_maximum_entries=max(limits.pages, 1),
            jbig2dec_binary=None,  # no other program is ever run
            disable_legacy_handling=True,
        ),
        _opened(data) as source,
    ):
        pages = source.pages(limits, on_page)
        return _composed(source, pages)


class _Source:
    """The file as PDFium and pypdf see it: what one cannot open the other may."""

    def __init__(self, reader: PdfReader | None, pdf: Any) -> None:
        self.reader = reader
        self.pdf = pdf
        self.attached: list[str] = []
        self.file: File | None = None
        if pdf is not None:
            self.attached = _attached(pdf)
            form = _form(pdf)
            self.file = File(engine.handle(pdf.raw), form, layers=_has_layers(reader))

    def pages(self, limits: Limits, on_page: PageWatch | None) -> list[PageRead]:
        count = self._count(limits)
        pages: list[PageRead] = []
        characters = 0
        for number in range(1, count + 1):
            page = self._page(number)
            pages.append(page)
            characters += page.letters
            if characters > limits.characters:
                raise CannotRead(
                    f"The PDF holds more than {limits.characters:,} characters of text. Split it."
                )
            if on_page is not None:
                on_page(number)
        problems = {page.problem for page in pages}
        if None not in problems:
            raise CannotRead(
                f"No page of the PDF can be read ({', '.join(sorted(filter(None, problems)))}). "
                "Copy it again from its source, or print it to a new PDF."
            )
        return pages

    def _count(self, limits: Limits) -> int:
        count = len(self.pdf) if self.pdf is not None else 0
        if not count and self.reader is not None:
            try:
                count = len(self.reader.pages)
            except LimitReachedError as error:
                raise CannotRead(
                    f"The PDF has more than {limits.pages:,} pages or a page tree without end. "
                    "Split it."
                ) from error
        if count > limits.pages:
            raise CannotRead(f"The PDF has more than {limits.pages:,} pages: {count:,}. Split it.")
        if not count:
            raise CannotRead("The PDF has no pages. Copy it again from its source.")
        return count

    def _page(self, number: int) -> PageRead:
        """One page; whatever is wrong with it stays with it."""
        try:
            if self.file is not None and number <= len(self.pdf):
                page = read_page(self.file, number)
                if page.letters or page.drawn or page.hidden or page.parts:
                    return page
            return self._by_pypdf(number)
        except MemoryError:
            raise
        except (LimitReachedError, TooMuch):
            return PageRead(problem=_TOO_LARGE)
        except Exception:
            return PageRead(problem=_DAMAGED)

    def _by_pypdf(self, number: int) -> PageRead:
        """A page on which PDFium finds nothing: it may be blank, damaged, or pypdf reads it."""
        if self.reader is None:
            return PageRead(height=1.0)
        page = self.reader.pages[number - 1]
        written = tidy_lines(page.extract_text()).split("\n")
        lines = [
            Line(text, 0.0, 14.0 * at, 10.0, bold=False)
            for at, text in enumerate(map(one_line, written), start=1)
            if text
        ]
        letters = sum(len(line.text) for line in lines)
        return PageRead(tuple(lines), float(page.mediabox.height), letters=letters)


@contextmanager
def _opened(data: bytes) -> Iterator[_Source]:
    import pypdfium2

    reader, protected = _by_pypdf(data)
    pdf = None
    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        locked = protected or "password" in str(error).lower()
        if locked:
            reader = None if protected else reader
        if reader is None:
            raise _closed(data, protected=locked) from error
    try:
        yield _Source(None if protected else reader, pdf)
    finally:
        if pdf is not None:
            pdf.close()


def _by_pypdf(data: bytes) -> tuple[PdfReader | None, bool]:
    """pypdf's reader of the file, and whether it is locked; None where pypdf cannot open it."""
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            return reader, True
        return reader, False
    except (MemoryError, LimitReachedError):
        raise
    except Exception:
        return None, False


def _closed(data: bytes, *, protected: bool) -> CannotRead:
    if protected:
        return CannotRead(
            "The PDF is protected by a password. "
            "Save it without the password and replace it in the library."
        )
    return CannotRead("The PDF file is damaged and cannot be read. Copy it again from its source.")


def _form(pdf: Any) -> int:
    try:
        pdf.init_forms()
    except Exception:
        return 0
    return engine.handle(pdf.formenv.raw) if pdf.formenv is not None else 0


def _attached(pdf: Any) -> list[str]:
    try:
        return [
            one_line(pdf.get_attachment(at).get_name()) or "without a name"
            for at in range(min(pdf.count_attachments(), 100))
        ]
    except Exception:
        return []


def _has_layers(reader: PdfReader | None) -> bool:
    """Whether the file has layers (optional content), or it cannot be told."""
    if reader is None:
        return True
    try:
        return "/OCProperties" in reader.root_object
    except Exception:
        return True


def _composed(source: _Source, pages: Sequence[PageRead]) -> Draft:
    reader = source.reader
    needs_ocr = [number for number, page in enumerate(pages, start=1) if _is_picture(page)]
    unreadable = {number for number in needs_ocr if pages[number - 1].unknown}
    pages = [
        replace(page, parts=()) if number in unreadable else page
        for number, page in enumerate(pages, start=1)
    ]
    bodies, told = without_running(
        [Sheet(tuple(lines_of(page.parts)), page.height) for page in pages]
    )
    builder = DraftBuilder()
    outline = outline_of(reader) if reader is not None else {}
    lines = [line for page in pages for line in lines_of(page.parts)]
    composer = Composer(builder, lines, outline)
    labels = _labels(reader)
    for number, (page, body) in enumerate(zip(pages, bodies, strict=True), start=1):
        builder.page(number, labels.get(number) or body.label)
        composer.add_page(number, _without(page.parts, body), body.kept)
    warnings = (*told_of(pages, source.attached), *_forms_told(source), *told)
    return builder.draft(found=_found(reader), needs_ocr=tuple(needs_ocr), warnings=warnings)


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
    return (page.image and known - unknown < _FEW_LETTERS) or unknown * 2 > max(known, _FEW_LETTERS)


def _is_unknown(character: str) -> bool:
    """Whether a font gave no meaning to the character: it is a picture of a letter."""
    return character == "\ufffd" or "\ue000" <= character < "\uf900"


def _forms_told(source: _Source) -> Iterator[str]:
    """An XFA form's pages may be no more than "Please wait": its own texts stand in XML."""
    if source.reader is None:
        return
    try:
        form = source.reader.root_object.get("/AcroForm")
        dynamic = form is not None and "/XFA" in form.get_object()
    except Exception:
        return
    if dynamic:
        yield (
            "The PDF is an XFA form: what its pages hold may not be what a person sees. "
            "Open it in Adobe Reader, print it to a new PDF and put that into the library."
        )


def _labels(reader: PdfReader | None) -> Mapping[int, str]:
    """The printed labels, where the file gives any that are not just 1, 2, 3 and so on."""
    if reader is None:
        return {}
    try:
        labels = [one_line(label) for label in reader.page_labels]
    except Exception:
        return {}
    if all(label == str(number) for number, label in enumerate(labels, start=1)):
        return {}
    return dict(enumerate(labels, start=1))


def _found(reader: PdfReader | None) -> dict[str, Any]:
    if reader is None:
        return {}
    try:
        information: Mapping[str, Any] = reader.metadata or {}
        return {
            name: text
            for key, name in _FIELDS.items()
            if (text := _NOISE.sub("", one_line(str(information.get(key) or ""))))
        }
    except Exception:
        return {}
