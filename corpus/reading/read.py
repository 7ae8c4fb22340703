"""Reads one file to one Document, in this process. `pool` does it in others, with limits."""

from __future__ import annotations

import dataclasses
import hashlib
import os
import stat
from collections.abc import Callable, Mapping
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from corpus.document import NO_TITLE, Document, FoundText, Metadata
from corpus.errors import BadMetadata, UnreadableFile
from corpus.files.contents import beginning, read_bytes
from corpus.files.formats import format_of
from corpus.files.limits import STANDARD, Limits
from corpus.metadata.dates import read_dates, section_dates
from corpus.metadata.filling import with_found_dates, with_found_texts, with_standing
from corpus.metadata.identity.face import face_of, own_blocks
from corpus.metadata.identity.find import find_identity
from corpus.metadata.identity.names import Body, Names, names_with
from corpus.metadata.identity.title_forms import is_file_name, is_sheet_name
from corpus.metadata.sidecar import (
    build_metadata,
    check_groups,
    read_sidecar,
    split_front_matter,
)
from corpus.metadata.told import Value, decided, over
from corpus.readers import CannotRead, Progress
from corpus.readers.attached import with_attached
from corpus.readers.draft import Draft
from corpus.text.clean import printable
from corpus.text.encodings import decode_text

_READERS = {  # imported when first needed: a worker that reads text must not wait for PDF libraries
    "md": ("corpus.readers.markdown", "read_markdown"),
    "txt": ("corpus.readers.plain", "read_plain"),
    "html": ("corpus.readers.html.page", "read_html"),
    "pdf": ("corpus.readers.pdf.document", "read_pdf"),
    "docx": ("corpus.readers.docx.document", "read_docx"),
    "xlsx": ("corpus.readers.xlsx.workbook", "read_xlsx"),
    "csv": ("corpus.readers.delimited", "read_delimited"),
}


MOST_SIDECAR = 1_000_000  # bytes
_HEAD = 300_000  # bytes, in which a file's front matter ends
_LIKELY = 0.55  # a title with less is no better than the file's name


def read_file(
    path: Path,
    *,
    document_id: str,
    limits: Limits = STANDARD,
    progress: Progress | None = None,
    told: Mapping[str, Value] | None = None,
    names: tuple[Body, ...] = (),
) -> Document:
    """Read one file and its sidecar. Raises UnreadableFile or BadMetadata, and nothing else.

    `progress` is called for each piece of work done, where the format has pages. `told` is what a
    person said of the document, and wins. `names` are those of publishers and payers that a library
    knows besides the pack's.
    The bytes are read once, so that text and sha256 always belong together.
    """
    try:
        data = read_bytes(path, most=limits.file_bytes)
        beside = _Beside(_sidecar_of(path), told or {})
        drafting = _Drafting(limits, progress, names_with(names))
        return _document(data, path.name, document_id, beside, drafting)
    except CannotRead as error:
        raise UnreadableFile(printable(str(path)), str(error)) from error


def _document(
    data: bytes, name: str, document_id: str, beside: _Beside, drafting: _Drafting
) -> Document:
    """The Document that `data`, a file called `name`, holds. Raises CannotRead and BadMetadata."""
    kind = format_of(name, data)
    written: dict[str, Any] = {}
    content = data
    if kind in ("md", "txt"):
        written, body = split_front_matter(decode_text(data))
        content = body.encode("utf-8", "surrogatepass")
    if beside.sidecar is not None:
        written |= read_sidecar(beside.sidecar)
    written = over(written, beside.told)
    draft = drafting.draft(kind, content)
    metadata, warnings = build_metadata(written=written, found=_own(draft), fallback_title=NO_TITLE)
    if not metadata.written_by:  # else whoever wrote it has said what it is
        metadata = with_found_texts(metadata, _identity(draft, document_id, drafting.names))
    if metadata.title == NO_TITLE:
        metadata = replace(metadata, title=_title(draft, metadata) or title_from_name(name))
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
        places=draft.places,
        scanned=draft.scanned,
    )
    document = _with_dates(document)
    return replace(document, metadata=decided(document.metadata, beside.told))


def sidecar_paths(path: Path) -> tuple[Path, Path]:
    """The two possible paths of a sidecar: `NAME.EXT.meta.toml`, then `NAME.meta.toml`."""
    whole, stem = _sidecar_names(path)
    return Path(whole), Path(stem)


def _sidecar_names(path: Path) -> tuple[str, str]:
    """As strings, which are faster to make: every file is checked for a sidecar."""
    whole = str(path)
    return f"{whole}.meta.toml", f"{whole.removesuffix(path.suffix)}.meta.toml"


def found_sidecar(path: Path) -> Path | None:
    """The sidecar that a file has, if it has one. A name may be too long to have any."""
    for candidate in _sidecar_names(path):
        with suppress(OSError):
            if stat.S_ISREG(os.stat(candidate).st_mode):  # noqa: PTH116 - see _sidecar_names
                return Path(candidate)
    return None


def title_from_name(name: str) -> str:
    """A title for a file that has none: `cigna_policy-2025.pdf` is "cigna policy 2025"."""
    return " ".join(printable(Path(name).stem).replace("_", " ").replace("-", " ").split()) or name


def _sidecar_of(path: Path) -> bytes | None:
    sidecar = found_sidecar(path)
    if sidecar is None:
        return None
    try:
        return read_bytes(sidecar, most=MOST_SIDECAR)
    except CannotRead as error:
        raise BadMetadata(f"The sidecar {printable(sidecar.name)}: {error}") from error


def groups_of(path: Path, *, opened: bool = True) -> tuple[str, ...] | None:
    """The groups that may see a file which could not be read, as far as its metadata say so; None
    where nobody can tell. One that may not be `opened`, such as a pipe, has only its sidecar."""
    try:
        sidecar = _sidecar_of(path)
        written = read_sidecar(sidecar) if sidecar is not None else {}
        head = beginning(path, most=_HEAD) if opened else b""
        if not head.startswith((b"PK", b"%PDF")):
            written = split_front_matter(decode_text(head))[0] | written
        return check_groups(written)
    except (BadMetadata, CannotRead, OSError, ValueError):
        return None


@dataclasses.dataclass(frozen=True, slots=True)
class _Beside:
    """What is said of a file beside it: in its sidecar, and by a person."""

    sidecar: bytes | None
    told: Mapping[str, Value]


@dataclasses.dataclass(frozen=True, slots=True)
class _Drafting:
    """Runs the reader of a format within the limits; `names` are those known in documents."""

    limits: Limits
    progress: Progress | None
    names: Names

    def draft(self, kind: str, data: bytes) -> Draft:
        """What a file says, with what the files attached to it say."""
        draft = self._read(kind, data)
        if draft.attached:
            own = len(draft.text)
            draft = dataclasses.replace(with_attached(draft, self._inner), own=own)
        _check_amount(draft, self.limits)
        return draft

    def _inner(self, name: str, data: bytes) -> Draft:
        draft = self._read(format_of(name, data), data)
        _check_amount(draft, self.limits)
        return draft

    def _read(self, kind: str, data: bytes) -> Draft:
        """Any error of a parsing library means a damaged file; none escapes as a traceback."""
        module, name = _READERS[kind]
        reader: Callable[..., Draft] = getattr(import_module(module), name)
        watch = {"progress": self.progress} if kind == "pdf" else {}
        try:
            return reader(data, limits=self.limits, **watch)
        except (CannotRead, MemoryError):
            raise
        except RecursionError as error:
            raise CannotRead(_damaged(kind, ": it is nested too deep")) from error
        except Exception as error:
            raise CannotRead(_damaged(kind)) from error


def _damaged(kind: str, why: str = "") -> str:
    return (
        f"The {kind.upper()} file is damaged and cannot be read{why}. "
        "Copy it again from its source."
    )


def _identity(draft: Draft, document_id: str, names: Names) -> tuple[FoundText, ...]:
    """What the document says of itself. No document is lost for want of its payer or title."""
    with suppress(Exception):
        return find_identity(face_of(draft, document_id), names)
    return ()


def _own(draft: Draft) -> Mapping[str, Any]:
    """The address at which a page says that it stands. The rest must stand on its pages too."""
    return {key: value for key, value in draft.found.items() if key == "source_url"}


def _title(draft: Draft, metadata: Metadata) -> str | None:
    """The title of a document of which none is sure: the best there is, since one is needed."""
    doubtful = [
        one.value for one in metadata.doubtful if one.field == "title" and one.sure >= _LIKELY
    ]
    headings = (block.span.of(draft.text) for block in own_blocks(draft) if block.level)
    heading = None if draft.sheets else next(headings, None)
    heading = None if heading and is_sheet_name(heading) else heading
    own = draft.found.get("title") or ""
    return next(filter(None, (*doubtful, "" if is_file_name(own) else own, heading)), None)


def _check_amount(draft: Draft, limits: Limits) -> None:
    if len(draft.text) > limits.characters:
        raise CannotRead(
            f"The file holds more than {limits.characters:,} characters of text. Split it."
        )
    if not draft.blocks and not draft.needs_ocr:
        raise CannotRead("The file holds no text. Replace it with the full file or remove it.")


def _with_dates(document: Document) -> Document:
    """Dates found in the text fill those that are missing."""
    reading = read_dates(document.text, document.pages, document.blocks)
    metadata = with_found_dates(document.metadata, reading.found)
    if not metadata.written_by:  # else whoever wrote it has said what it is
        metadata = with_standing(metadata, reading.standing)
    sections = section_dates(document.text, document.blocks)
    return replace(document, metadata=replace(metadata, sections=sections))
