"""DOCX and XLSX files that were made to break readers, and texts that nest without end."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache

from seeds import seeds

Maker = Callable[[], bytes]
_MAIN = "word/document.xml"
_SHEET = "xl/worksheets/sheet1.xml"
_W = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
_END = b"</w:body></w:document>"
_X = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'


@contextmanager
def _packed(
    archive: bytes, member: str, level: int = 6
) -> Iterator[tuple[io.BytesIO, zipfile.ZipFile]]:
    """The archive without one member, open for another in its place."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(archive)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as new,
    ):
        for name in old.namelist():
            if name != member:
                new.writestr(name, old.read(name))
        yield out, new


def _with(archive: str, member: str, *content: bytes, times: int = 1, level: int = 6) -> bytes:
    """An Office file with one member made of `content`, the middle of it `times` over."""
    first, middle, last = content if len(content) == 3 else (b"", content[0], b"")
    with _packed(seeds()[archive], member, level) as (out, new):
        with new.open(member, "w") as file:
            file.write(first)
            at_once = max(1, 1_000_000 // len(middle))
            for _ in range(times // at_once):
                file.write(middle * at_once)
            file.write(middle * (times % at_once) + last)
        new.close()
        return out.getvalue()


def _docx(member: str, *content: bytes, times: int = 1, level: int = 6) -> Maker:
    return lambda: _with("policy.docx", member, *content, times=times, level=level)


@cache
def _laughs() -> bytes:
    inner = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!DOCTYPE d [<!ENTITY a0 "lol">{inner}]>'.encode() + _W + b"&a9;" + _END


def _lying_header() -> bytes:
    data = bytearray(_with("policy.docx", _MAIN, _W + b"x" * 5_000 + _END))
    at = data.rindex(b"PK\x01\x02")  # its directory entry says that it has 10 bytes
    data[at + 24 : at + 28] = (10).to_bytes(4, "little")
    return bytes(data)


def _too_many_members() -> bytes:
    with _packed(seeds()["policy.docx"], "none") as (out, new):
        for number in range(5_001):
            new.writestr(f"part{number}", b"")
        new.close()
        return out.getvalue()


_ENTITY = (
    b'<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    + _W
    + b"<w:p><w:r><w:t>a &e; b</w:t></w:r></w:p>"
    + _END
)
_CELLS = b"<row>" + b"<c><v>1</v></c>" * 100 + b"</row>"
BOMBS: dict[str, tuple[Maker, str]] = {
    "gigabyte.docx": (
        _docx(_MAIN, _W, b" " * 1_000_000, _END, times=1_000, level=1),
        "more than the limit",
    ),
    "paragraphs.docx": (_docx(_MAIN, _W, b"<w:p/>", _END, times=3_000_000), "times its size"),
    "cells.xlsx": (
        lambda: _with("policy.xlsx", _SHEET, _X, _CELLS, b"</sheetData></worksheet>", times=60_000),
        "times its size",
    ),
    "members.docx": (_too_many_members, "files, more than the limit"),
}
FORGED: dict[str, tuple[Maker, str]] = {
    "slip.docx": (_docx("../../evil.txt", b"evil"), "leads outside"),
    "rooted.docx": (_docx("/tmp/evil.txt", b"evil"), "leads outside"),
    "drive.docx": (_docx("C:\\evil.txt", b"evil"), "leads outside"),
    "lying.docx": (_lying_header, "damaged"),
    "entity.docx": (_docx(_MAIN, _ENTITY), "entities"),
    "entity.xlsx": (lambda: _with("policy.xlsx", _SHEET, _ENTITY), "entities"),
    "laughs.docx": (_docx(_MAIN, _laughs()), "entities"),
    "cut.docx": (lambda: seeds()["policy.docx"][:9_000], "damaged"),
    "workbook.docx": (lambda: seeds()["policy.xlsx"], "XLSX"),
    "archive.docx": (_docx("word/document.xml", b"no XML at all"), "damaged"),
    "old.docx": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old Office"),
}
# These may be read or refused; they may not take for ever.
NESTED: dict[str, Maker] = {
    "divs.html": lambda: b"<div>" * 100_000 + b"x" + b"</div>" * 100_000,
    "formats.html": lambda: b"<p><i><b>" * 50_000 + b"x",
    "tables.html": lambda: b"<table>" * 20_000 + b"x",
    "lists.html": lambda: b"<html>" + b"<ul><li>" * 30_000 + b"x",
    "spans.html": lambda: (
        b"<table><tr><td colspan=1000000 rowspan=1000000>x<td>y" + b"<tr><td>z" * 50
    ),
    "brackets.md": lambda: b"[" * 4_000,
    "stars.md": lambda: b"*a **b " * 3_000,
    "quotes.md": lambda: b">" * 8_000 + b"x",
    "ticks.md": lambda: b"".join(b"`" * n + b" " for n in range(100)),
    "field.csv": lambda: b'"' + b"a" * 12_000_000,
    "commas.csv": lambda: b"," * 6_000_000,
    "bytes.txt": lambda: bytes(range(256)) * 2_000,
}
