"""The format of a file: its name says what it should be, its first bytes say what it is."""

from __future__ import annotations

import io
import lzma
import re
import zipfile
import zlib

from corpus.readers import CannotRead
from corpus.readers.mhtml import is_archive

FORMATS = {
    ".md": "md", ".markdown": "md",
    ".txt": "txt", ".text": "txt",
    ".html": "html", ".htm": "html", ".xhtml": "html",
    ".mhtml": "html", ".mht": "html",
    ".pdf": "pdf",
    ".docx": "docx",
    ".xlsx": "xlsx", ".xlsm": "xlsx",
    ".csv": "csv", ".tsv": "csv",
}  # fmt: skip
SUPPORTED = "PDF, DOCX, XLSX, CSV, HTML, Markdown and text, and web archives (MHTML)"

_NAMES = {
    "md": "Markdown", "txt": "text", "html": "HTML", "pdf": "PDF", "docx": "DOCX",
    "xlsx": "XLSX", "csv": "CSV",
}  # fmt: skip
_TEXTS = frozenset({"md", "txt", "csv", "html"})
_PDF_WITHIN = 1024  # bytes: readers accept rubbish before the mark, and so do real files
_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f]")
_RENAME = "Rename it to end in {end} and sync again."
_SAVE_AS = "Open it in {program}, save it as {target} and put that file in its place."
_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"II*\0", "a TIFF image"),
    (b"MM\0*", "a TIFF image"),
    (b"BM", "a bitmap image"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"{\\rtf", "a rich text (RTF) file"),
    (b"%!PS", "a PostScript file"),
    (b"SQLite format 3\0", "a database"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_IMAGE_ADVICE = (
    "Put its text through OCR, or scan it to a PDF with text, and put that in its place."
)

_ZIP_ERRORS = (  # all that damage of an archive can raise
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    ValueError,
    NotImplementedError,
    OSError,
    EOFError,
    RuntimeError,
)


def named_format(name: str) -> str | None:
    """The format that a file's name stands for; None where it is not supported."""
    stem, _, ending = name.rpartition(".")
    return FORMATS.get(f".{ending.lower()}") if stem else None


def format_of(name: str, data: bytes) -> str:
    """The format to read `data` as. Raises CannotRead where name and content disagree."""
    named = named_format(name)
    if named is None:
        raise CannotRead(f"Its format is not supported. Supported are {SUPPORTED}.")
    if not data.strip():
        what = "empty (0 bytes)" if not data else "empty: it holds nothing but white space"
        raise CannotRead(f"The file is {what}. Replace it with the full file or remove it.")
    if not data.strip(b"\0"):
        raise CannotRead("The file holds only zero bytes. Copy it again from its source.")
    actual = _content(data)
    if actual is None and named not in _TEXTS and _is_text(data):
        raise CannotRead(
            f"The file's name says {_NAMES[named]}, but it holds plain text: it is damaged or has "
            "the wrong name. Rename it to end in .txt, or copy it again from its source."
        )
    if actual is None or actual == named or (named == "html" and actual == "text"):
        return named
    if named in _TEXTS and actual == "text":
        return named
    raise CannotRead(_disagreement(named, actual))


def _content(data: bytes) -> str | None:
    """A format, "text", or what else the bytes are, in words; None when they do not tell."""
    if b"%PDF-" in data[:_PDF_WITHIN]:
        return "pdf"
    if data.startswith(_OLE):
        return _ole(data)
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip(data)
    for magic, what in _MAGIC:
        if data.startswith(magic) and (len(magic) > 2 or b"\0" in data[:512]):
            return what
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "a WebP image"
    if _HTML.match(data[:8192].removeprefix(b"\xef\xbb\xbf")) or is_archive(data):
        return "html"
    return None


def _is_text(data: bytes) -> bool:
    """Whether the bytes are words in UTF-8, and no PDF without its first lines."""
    try:
        words = data.decode()
    except UnicodeDecodeError:
        return False
    return "endobj" not in words and not _CONTROLS.search(words)


def _ole(data: bytes) -> str:
    """Which of the old Office formats this is, by the names of the streams inside."""

    def has(name: str) -> bool:
        return name.encode("utf-16-le") in data

    if has("EncryptedPackage"):
        return "a password-protected Office file"
    for stream, what in (
        ("WordDocument", "an old Word file (.doc)"),
        ("Workbook", "an old Excel file (.xls)"),
        ("Book", "an old Excel file (.xls)"),
        ("PowerPoint Document", "an old PowerPoint file (.ppt)"),
        ("__properties_version", "an Outlook message (.msg)"),
    ):
        if has(stream):
            return what
    return "an old Office file"


def _zip(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except _ZIP_ERRORS:
        return "a damaged ZIP archive"
    for member, kind in (
        ("word/document.xml", "docx"),
        ("xl/workbook.xml", "xlsx"),
        ("xl/workbook.bin", "an Excel binary workbook (.xlsb)"),
        ("ppt/presentation.xml", "a PowerPoint file (.pptx)"),
        ("content.xml", "an OpenDocument file"),
        ("META-INF/container.xml", "an EPUB book"),
    ):
        if member in names:
            return kind
    if "[Content_Types].xml" in names:
        return _by_content_types(data)
    return "a ZIP archive"


def _by_content_types(data: bytes) -> str:
    """Word and Excel files of some programs name their main part otherwise."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        info = archive.getinfo("[Content_Types].xml")
        if info.file_size > 1_000_000:
            return "a ZIP archive"
        try:
            types = archive.read(info)
        except _ZIP_ERRORS:
            return "a damaged ZIP archive"
    if b"wordprocessingml.document.main" in types:
        return "docx"
    return "xlsx" if b"spreadsheetml.sheet.main" in types else "a ZIP archive"


def _disagreement(named: str, actual: str) -> str:
    expected = f"The file's name says {_NAMES[named]}, but it is "
    if actual in _NAMES:
        return f"{expected}{_NAMES[actual]}. {_RENAME.format(end='.' + actual)}"
    if actual == "a damaged ZIP archive":
        return (
            f"The {_NAMES[named]} file is damaged or was cut short. Copy it again from its source."
        )
    return f"{expected}{actual}. {_advice(actual)}"


def _advice(actual: str) -> str:
    if "password" in actual:
        return "Open it in Office, save it without a password and put that file in its place."
    for word, program, target in (
        ("Word", "Word", "DOCX"),
        ("Excel", "Excel", "XLSX"),
        ("PowerPoint", "PowerPoint", "PDF"),
        ("rich text", "Word", "DOCX"),
        ("OpenDocument", "LibreOffice", "DOCX, XLSX or PDF"),
        ("PostScript", "a viewer", "PDF"),
    ):
        if word in actual:
            return _SAVE_AS.format(program=program, target=target)
    if "image" in actual:
        return _IMAGE_ADVICE
    if "archive" in actual:
        return "Unpack it and put the documents themselves into the folder."
    return f"Supported are {SUPPORTED}."
