"""One file to one Document, in this process. corpus/workers.py does it with limits, in others."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any

from corpus.clean import printable
from corpus.dates import find_dates
from corpus.document import Document
from corpus.draft import Draft
from corpus.encodings import decode_text
from corpus.errors import BadMetadata, UnreadableFile
from corpus.kinds import format_of
from corpus.limits import STANDARD, Limits
from corpus.metadata import build_metadata, read_sidecar, split_front_matter, with_found_dates
from corpus.readers import CannotRead

_READERS = {  # imported when first needed: a worker that reads text must not wait for PDF libraries
    "md": ("corpus.readers.markdown", "read_markdown"),
    "txt": ("corpus.readers.plain", "read_plain"),
    "html": ("corpus.readers.html", "read_html"),
    "pdf": ("corpus.readers.pdf", "read_pdf"),
    "docx": ("corpus.readers.docx", "read_docx"),
    "xlsx": ("corpus.readers.xlsx", "read_xlsx"),
    "csv": ("corpus.readers.delimited", "read_delimited"),
}


PageWatch = Callable[[int], None]


def read_file(
    path: Path,
    *,
    document_id: str,
    limits: Limits = STANDARD,
    on_page: PageWatch | None = None,
) -> Document:
    """Read one file with its sidecar. Raises UnreadableFile and BadMetadata, nothing else.

    `on_page` is told how many pages are done, where the format has pages.

    The bytes are read once: text and sha256 are of the same bytes, whatever happens to the file.
    """
    try:
        data = read_bytes(path, most=limits.file_bytes)
        sidecar = _sidecar_of(path)
        drafting = _Drafting(limits, on_page)
        return _document(data, path.name, document_id, sidecar, drafting)
    except CannotRead as error:
        raise UnreadableFile(printable(str(path)), str(error)) from error


def _document(
    data: bytes, name: str, document_id: str, sidecar: bytes | None, drafting: _Drafting
) -> Document:
    """The Document that `data`, a file called `name`, holds. Raises CannotRead and BadMetadata."""
    kind = format_of(name, data)
    written: dict[str, Any] = {}
    content = data
    if kind in ("md", "txt"):
        written, body = split_front_matter(decode_text(data))
        content = body.encode("utf-8", "surrogatepass")
    if sidecar is not None:
        written |= read_sidecar(sidecar)
    draft = drafting.draft(kind, content)
    metadata, warnings = build_metadata(
        written=written, found=_with_heading(draft), fallback_title=title_from_name(name)
    )
    document = Document(
        id=document_id,
        sha256=hashlib.sha256(data).hexdigest(),
        format=kind,
        text=draft.text,
        blocks=draft.blocks,
        pages=draft.pages,
        metadata=metadata,
        needs_ocr=draft.needs_ocr,
        warnings=(*draft.warnings, *warnings),
    )
    return _with_dates(document)


def read_bytes(path: Path, *, most: int) -> bytes:
    """The whole of a regular file, as it was at one moment. Raises CannotRead.

    A file that changes meanwhile (its size or time differ after) is read once more, then refused.
    """
    for _ in range(2):
        before, data, after = _read_once(path, most)
        if _identity(before) == _identity(after) and len(data) == after.st_size:
            return data
    raise CannotRead("The file changed while it was read. Sync again when it is written.")


def sidecar_paths(path: Path) -> tuple[Path, Path]:
    """Where a file's sidecar may be: `NAME.EXT.meta.toml` before `NAME.meta.toml`."""
    return path.with_name(f"{path.name}.meta.toml"), path.with_name(f"{path.stem}.meta.toml")


def title_from_name(name: str) -> str:
    """A title for a file that has none: `cigna_policy-2025.pdf` is "cigna policy 2025"."""
    return " ".join(printable(Path(name).stem).replace("_", " ").replace("-", " ").split()) or name


def _read_once(path: Path, most: int) -> tuple[os.stat_result, bytes, os.stat_result]:
    # O_NONBLOCK: opening a FIFO must not wait for its writer. What is opened is then looked at,
    # not what the path named a moment ago.
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        descriptor = os.open(path, flags | getattr(os, "O_CLOEXEC", 0))
        with open(descriptor, "rb") as file:  # noqa: PTH123 - a descriptor, not a path
            before = os.fstat(file.fileno())
            if not stat.S_ISREG(before.st_mode):
                raise CannotRead(
                    "This is no regular file. Put a copy of the document in its place."
                )
            if before.st_size > most:
                raise CannotRead(_too_large(before.st_size, most))
            data = file.read(most + 1)
            after = os.fstat(file.fileno())
    except OSError as error:
        raise CannotRead(_cannot_open(error)) from error
    if len(data) > most:
        raise CannotRead(_too_large(len(data), most))
    return before, data, after


def _identity(found: os.stat_result) -> tuple[int, ...]:
    return (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)


def _too_large(size: int, most: int) -> str:
    return (
        f"The file has {size / 1e6:,.0f} MB, more than the limit of {most / 1e6:,.0f} MB. "
        "Split it, or raise the limit in the settings."
    )


def _cannot_open(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "The file is gone: it was there when the folder was listed. Sync again."
    if isinstance(error, PermissionError):
        return "The file may not be read by this user. Change its permissions and sync again."
    if isinstance(error, IsADirectoryError):
        return "This is a folder, not a file. Put the document itself in its place."
    if error.errno in (errno.ELOOP, errno.ENXIO, errno.ENODEV):
        return "This is no regular file. Put a copy of the document in its place."
    return f"The file cannot be opened ({error.strerror}). Check the disk and sync again."


def _sidecar_of(path: Path) -> bytes | None:
    for candidate in sidecar_paths(path):
        if candidate.is_file():
            try:
                return read_bytes(candidate, most=1_000_000)
            except CannotRead as error:
                raise BadMetadata(f"The sidecar {printable(candidate.name)}: {error}") from error
    return None


@dataclass(frozen=True, slots=True)
class _Drafting:
    """Runs a format's reader within limits."""

    limits: Limits
    on_page: PageWatch | None

    def draft(self, kind: str, data: bytes) -> Draft:
        """Whatever a parsing library raises is a damaged file, never a traceback."""
        module, name = _READERS[kind]
        reader: Callable[..., Draft] = getattr(import_module(module), name)
        watch = {"on_page": self.on_page} if kind == "pdf" else {}
        try:
            draft = reader(data, limits=self.limits, **watch)
        except (CannotRead, MemoryError):
            raise
        except RecursionError as error:
            raise CannotRead(_damaged(kind, "it is nested too deep")) from error
        except Exception as error:
            raise CannotRead(_damaged(kind, type(error).__name__)) from error
        _check_amount(draft, self.limits)
        return draft


def _damaged(kind: str, what: str) -> str:
    return (
        f"The {kind.upper()} file is damaged and cannot be read ({what}). "
        "Copy it again from its source."
    )


def _with_heading(draft: Draft) -> Mapping[str, Any]:
    """What was found in the file; its first heading is the title where it names none itself."""
    if draft.found.get("title"):
        return draft.found
    headings = (block for block in draft.blocks if block.level)
    first = next(headings, None)
    return {**draft.found, "title": first.span.of(draft.text)} if first else draft.found


def _check_amount(draft: Draft, limits: Limits) -> None:
    if len(draft.text) > limits.characters:
        raise CannotRead(
            f"The file holds more than {limits.characters:,} characters of text. Split it."
        )
    if not draft.blocks and not draft.needs_ocr:
        raise CannotRead("The file holds no text. Replace it with the full file or remove it.")


def _with_dates(document: Document) -> Document:
    """Dates found in the text fill those nobody wrote."""
    found = find_dates(document.text, document.pages)
    return replace(document, metadata=with_found_dates(document.metadata, found))
