"""Breaks a file at random: bytes, pieces, and the words that its format is made of."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable

_WORDS = [
    # numbers that programs trip over
    b"0", b"-1", b"2147483648", b"9999999999999999999", b"1e308", b"NaN", b"0.0000000001",
    # PDF
    b"<<", b">>", b"[", b"]", b"endobj", b"endstream", b"1 0 R", b"2 0 R", b"9999 0 R", b"/Kids",
    b"/Type/Pages", b"/Length", b"/Filter[/FlateDecode/FlateDecode]", b"/Filter/LZWDecode",
    b"/DecodeParms<</Predictor 15/Columns 99999999>>", b"/ToUnicode 1 0 R", b"/Prev 0",
    b"startxref", b"(\\377\\376", b"BT", b"Tf", b"Tj", b"Do", b"BI ID EI", b"/W[0 0 0]",
    b"/Encrypt 1 0 R",
    # markup, archives and tables
    b"<table>", b"</p>", b"<w:p>", b"<w:tbl>", b"<!DOCTYPE x>", b"<![CDATA[", b"&#x110000;",
    b"&#0;", b'colspan="99999"', b'rowspan="-1"', b't="s"', b'r="ZZZ1048577"',
    b"<c><v>1e400</v></c>", b"|---|", b"```", b"- " * 40, b"> " * 40, b'"""', b"\n---\n",
    b"effective: 9999-99-99", b"codes: [", b"0581T-9999T", b"A00-Z99",
    b"all Category III codes", b"31.12.9999", b"February 30, 2025",
    # characters
    b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", "\u202e".encode(), b"\x1b[31m", b"\r",
    b"\x85", "\u0301".encode() * 30, "\U000e0041".encode(), "\uffff".encode(), b" " * 300,
]  # fmt: skip
_MOST = 3_000_000  # bytes: what is doubled again and again is cut


def mutated(data: bytes, chance: random.Random) -> bytes:
    """One to eight changes; a DOCX or XLSX is mostly changed inside, then packed again."""
    if data.startswith(b"PK\x03\x04") and chance.random() < 0.85:
        return _inside(data, chance)
    for _ in range(chance.choice((1, 1, 2, 3, 8))):
        data = chance.choice(_CHANGES)(data, chance)[:_MOST]
    return data


def _inside(archive: bytes, chance: random.Random) -> bytes:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(archive)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        names = old.namelist()
        chosen = chance.choice(names)
        for name in names:
            content = old.read(name)
            new.writestr(name, mutated(content, chance) if name == chosen else content)
    return out.getvalue()


def _flip(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 4, 32)) if data else 0):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _insert(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data) + 1)
    return data[:at] + chance.choice(_WORDS) * chance.choice((1, 1, 1, 50)) + data[at:]


def _replace(data: bytes, chance: random.Random) -> bytes:
    """A number or name of the file itself becomes another one."""
    at, length = _piece(data, chance, longest=12)
    return data[:at] + chance.choice(_WORDS) + data[at + length :]


def _cut(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def _remove(data: bytes, chance: random.Random) -> bytes:
    at, length = _piece(data, chance, longest=400)
    return data[:at] + data[at + length :]


def _repeat(data: bytes, chance: random.Random) -> bytes:
    at, length = _piece(data, chance, longest=400)
    piece = data[at : at + length]
    return data[:at] + piece * chance.choice((2, 2, 10, 300)) + data[at:]


def _move(data: bytes, chance: random.Random) -> bytes:
    at, length = _piece(data, chance, longest=400)
    to = chance.randrange(len(data) + 1)
    return data[:to] + data[at : at + length] + data[to:]


def _zero(data: bytes, chance: random.Random) -> bytes:
    at, length = _piece(data, chance, longest=600)
    return data[:at] + bytes(length) + data[at + length :]


def _piece(data: bytes, chance: random.Random, *, longest: int) -> tuple[int, int]:
    at = chance.randrange(len(data) + 1)
    return at, min(chance.randrange(longest) + 1, len(data) - at)


_CHANGES: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    _flip, _flip, _insert, _insert, _replace, _replace, _cut, _remove, _repeat, _move, _zero,
)  # fmt: skip
