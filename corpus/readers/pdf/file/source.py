"""The PDF file itself: opened by PDFium, and by pypdf where PDFium is at a loss.

What one of the two cannot open the other may: a file is damaged, protected or without text only
where both say so.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from pypdf import PdfReader
from pypdf.errors import LimitReachedError

from corpus.files.limits import Limits
from corpus.readers import CannotRead, Progress
from corpus.readers.attached import Attached
from corpus.readers.pdf.file import engine
from corpus.readers.pdf.file.bursting import may_burst
from corpus.readers.pdf.file.inside import attached_files, has_fields, xfa_packets
from corpus.readers.pdf.file.outline import Titles, outline_by_pypdf, outline_of
from corpus.readers.pdf.file.xfa import xfa_lines
from corpus.readers.pdf.page import File, PageRead, read_page, without_words
from corpus.readers.pdf.seen.letters import TooMuch
from corpus.readers.pdf.seen.lines import Line
from corpus.text.clean import one_line, tidy_lines

_TOO_LARGE = "its content is larger than any real page's"
_DAMAGED = "it is damaged"
_XFA_FULL, _XFA_ON_PAGES = 2, 3  # PDFium's kinds of form
_PASSWORD = 4  # PDFium's number for a file that a password locks
_PROTECTED = CannotRead(
    "The PDF is protected by a password. "
    "Save it without the password and replace it in the library."
)
_BROKEN = CannotRead("The PDF file is damaged and cannot be read. Copy it again from its source.")


class Source:
    """The file as PDFium sees it (`pdf`; None where it cannot open it), and pypdf when asked."""

    def __init__(self, data: bytes, pdf: Any) -> None:
        self._data = data
        self.pdf = pdf
        self._file: File | None = None
        if pdf is not None:
            self._file = File(engine.handle(pdf.raw), _form(pdf), self.has_hidden_layers)

    @cached_property
    def reader(self) -> PdfReader | None:
        """pypdf's reader of the file; None where it cannot open it."""
        return _by_pypdf(self._data)[0]

    def has_hidden_layers(self) -> bool:
        """Whether the file switches layers (optional content) off; where nobody knows, it may."""
        try:
            assert self.reader is not None
            root: Any = self.reader.root_object
            default = root["/OCProperties"]["/D"]
            return bool(default.get("/OFF")) or default.get("/BaseState") == "/OFF"
        except Exception:
            return True

    def pages(self, limits: Limits, progress: Progress | None) -> list[PageRead]:
        """Every page; what is wrong with one stays with it. Raises CannotRead."""
        pages: list[PageRead] = []
        characters = 0
        for number in range(1, self._count(limits) + 1):
            page = without_words(self._page(number))
            pages.append(page)
            characters += page.letters
            if characters > limits.characters:
                raise CannotRead(
                    f"The PDF holds more than {limits.characters:,} characters of text. Split it."
                )
            if progress is not None and page.problem is None:
                progress(1)  # pages that cannot be read earn no time for more of them
        problems = {page.problem for page in pages}
        if None not in problems:
            raise CannotRead(
                f"No page of the PDF can be read ({', '.join(sorted(filter(None, problems)))}). "
                "Copy it again from its source, or print it to a new PDF."
            )
        return pages

    def page(self, number: int) -> PageRead:
        """One page. Raises CannotRead."""
        page = self._page(number)
        if page.problem is not None:
            raise CannotRead(f"Page {number} cannot be read: {page.problem}.")
        return page

    def outline(self) -> dict[int, list[tuple[str, int]]]:
        """For each page number the (title, level) of the entries that lead there."""
        found: Titles = {}
        if self.pdf is not None:
            found = outline_of(self.pdf)
        elif self.reader is not None:
            found = outline_by_pypdf(self.reader)
        return found

    def labels(self, count: int) -> Sequence[str]:
        """What is printed on each page as its number, as far as the file says."""
        try:
            if self.pdf is not None:
                found = [self.pdf.get_page_label(at) for at in range(count)]
                return found if any(found) else ()
            return self.reader.page_labels if self.reader is not None else ()
        except Exception:
            return ()

    def information(self) -> Mapping[str, str]:
        """Title, author, subject as the file gives them."""
        try:
            if self.pdf is not None:
                return dict(self.pdf.get_metadata_dict())
            found: Mapping[str, Any] = (self.reader.metadata if self.reader else None) or {}
            return {str(key).lstrip("/"): str(value) for key, value in found.items()}
        except Exception:
            return {}

    def attached(self, pages: Sequence[PageRead]) -> list[Attached]:
        """The files inside the file, of its pages too."""
        try:
            count = self.pdf.count_attachments() if self.pdf is not None else 1
            noted = [number for number, page in enumerate(pages, start=1) if page.files]
            if not (count or noted) or self.reader is None:
                return []
            return attached_files(self.reader, noted)
        except MemoryError:
            raise
        except Exception:
            return []

    def xfa(self) -> list[str] | None:
        """The lines of a form that its viewer draws from XML; None where they cannot be read."""
        try:
            return xfa_lines(xfa_packets(self.reader)) if self.reader is not None else None
        except MemoryError:
            raise
        except Exception:
            return None

    def is_xfa(self) -> bool:
        """Whether the file is a form that its viewer draws from XML: not one whose fields stand on
        the pages too."""
        kind = self.pdf.get_formtype() if self.pdf is not None else 0
        if kind != _XFA_ON_PAGES:
            return bool(kind == _XFA_FULL)
        return self.reader is None or not has_fields(self.reader)

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
        try:
            if self._may_burst:
                self._check_amount(number)
            if self._file is not None and number <= len(self.pdf):
                page = read_page(self._file, number)
                if page.problem is None and (page.drawn or page.hidden or page.outside):
                    return page
            return self._page_by_pypdf(number)
        except MemoryError:
            raise
        except (LimitReachedError, TooMuch):
            return PageRead(problem=_TOO_LARGE)
        except Exception:
            return PageRead(problem=_DAMAGED)

    @cached_property
    def _may_burst(self) -> bool:
        return may_burst(self._data)

    def _check_amount(self, number: int) -> None:
        """Unpack the page's content within pypdf's limits: PDFium has none. Raises
        LimitReachedError."""
        if self.reader is not None:
            contents = self.reader.pages[number - 1].get_contents()
            if contents is not None:
                contents.get_data()

    def _page_by_pypdf(self, number: int) -> PageRead:
        """A page on which PDFium finds nothing: it may be blank, damaged, or pypdf reads it."""
        if self.reader is None:
            return PageRead()
        page = self.reader.pages[number - 1]
        written = tidy_lines(page.extract_text()).split("\n")
        lines = [
            Line(text, 0.0, 14.0 * at, 10.0, bold=False)
            for at, text in enumerate(map(one_line, written), start=1)
            if text
        ]
        height = 14.0 * (len(lines) + 2)
        return PageRead(tuple(lines), height, letters=sum(len(line.text) for line in lines))


@contextmanager
def opened(data: bytes) -> Iterator[Source]:
    """Open the file for as long as the block runs. Raises CannotRead."""
    import pypdfium2

    pdf = None
    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        reader, locked = _by_pypdf(data)
        if reader is None:
            raise (_PROTECTED if locked or _is_locked(error) else _BROKEN) from None
    try:
        yield Source(data, pdf)
    finally:
        if pdf is not None:
            pdf.close()


def _is_locked(error: Exception) -> bool:
    return getattr(error, "err_code", None) == _PASSWORD


def _by_pypdf(data: bytes) -> tuple[PdfReader | None, bool]:
    """pypdf's reader of the file, None where it cannot open it, and whether a password locks it."""
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            return None, True
    except (MemoryError, LimitReachedError):
        raise
    except Exception:
        return None, False
    return reader, False


def _form(pdf: Any) -> int:
    """PDFium's handle of the file's form; 0 where it has none."""
    try:
        if pdf.get_formtype() == 0:
            return 0
        if pdf.get_formtype() != _XFA_FULL:
            pdf.init_forms()
    except Exception:
        return 0
    return engine.handle(pdf.formenv.raw) if pdf.formenv is not None else 0
