"""What else a PDF file holds than pages: attached files, and the XML of a form that XFA draws."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader

from corpus.readers.attached import Attached
from corpus.text.clean import one_line

_MOST = 100
_MOST_XML = 20_000_000  # bytes


def attached_files(reader: PdfReader, pages: list[int]) -> list[Attached]:
    """The files attached to the file itself and to its pages (numbers from 1)."""
    found: list[Attached] = []
    for name, stream in _streams(reader, pages):
        if len(found) >= _MOST:
            break
        found.append(Attached(one_line(str(name)) or "without a name", _data(stream)))
    return found


def _streams(reader: PdfReader, pages: list[int]) -> Iterator[tuple[Any, Any]]:
    try:
        for file in reader.attachment_list:
            yield file.name, _stream(file.pdf_object)
    except (MemoryError, KeyboardInterrupt):
        raise
    except Exception:
        return
    for number in pages:
        for note in reader.pages[number - 1].get("/Annots") or ():
            entry = note.get_object()
            if entry.get("/Subtype") == "/FileAttachment":
                file = entry["/FS"].get_object()
                yield file.get("/UF") or file.get("/F") or "", _stream(file)


def _stream(specification: Any) -> Any:
    embedded = specification["/EF"]
    return (embedded.get("/UF") or embedded["/F"]).get_object()


def _data(stream: Any) -> bytes | None:
    try:
        data = stream.get_data()
    except (MemoryError, KeyboardInterrupt):
        raise
    except Exception:
        return None
    return bytes(data)


def has_fields(reader: PdfReader) -> bool:
    """Whether the file's form has fields of its own."""
    try:
        root: Any = reader.root_object
        return bool(root["/AcroForm"].get_object().get("/Fields"))
    except Exception:
        return False


def xfa_packets(reader: PdfReader) -> dict[str, bytes]:
    """The parts of the form's XML by their names; one part without a name where it is whole."""
    root: Any = reader.root_object
    form = root["/AcroForm"].get_object()["/XFA"].get_object()
    if hasattr(form, "get_data"):
        return {"": form.get_data()[:_MOST_XML]}
    packets: dict[str, bytes] = {}
    for name, stream in zip(form[0::2], form[1::2], strict=False):
        data = stream.get_object().get_data()
        if sum(map(len, packets.values())) + len(data) <= _MOST_XML:
            packets[str(name)] = data
    return packets
