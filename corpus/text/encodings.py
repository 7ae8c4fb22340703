"""Decodes the bytes of a text file, or says clearly why it cannot."""

from __future__ import annotations

import codecs

from corpus.readers import CannotRead

_MARKS = (  # the longer marks first: UTF-32's begins with UTF-16's
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NOT_IN_1252 = (0x81, 0x8D, 0x8F, 0x90, 0x9D)
_SAMPLE = 200_000  # bytes: enough to tell the encoding, few enough to be quick


def decode_text(data: bytes, *, declared: str | None = None) -> str:
    """The text of a file in UTF-8, UTF-16 or UTF-32 with its mark, or an older encoding.

    `declared` is what the file says of itself (HTML's charset); UTF-8 is tried before it because
    pages lie. Raises CannotRead for bytes that are not text.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decoded(data, encoding)
    if _looks_binary(data):
        unmarked = _utf16_without_mark(data)
        if unmarked is None:
            raise CannotRead(
                "This is a binary file, not text. Save it in a supported format "
                "and replace it in the library."
            )
        return _decoded(data, unmarked)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _decoded(data, _known(declared) or _guessed(data))


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError) as error:
        name = encoding.removesuffix("-sig").upper()
        raise CannotRead(
            f"The text begins as {name} but does not decode as {name}. "
            "Open it in an editor, save it as UTF-8 and replace it in the library."
        ) from error


def _looks_binary(data: bytes) -> bool:
    sample = data[:_SAMPLE]
    controls = sum(sample.count(bytes((code,))) for code in (*range(9), *range(14, 27), 28, 29, 30))
    few = max(3, len(sample) // 500)  # a stray one does not make a text a program
    return sample.count(0) > few or controls > max(5, len(sample) // 50)


def _utf16_without_mark(data: bytes) -> str | None:
    """Which UTF-16 this is, when every second byte is nearly always zero and none else is."""
    sample = data[: _SAMPLE // 2 * 2]
    if len(sample) < 4 or len(data) % 2:
        return None
    half = len(sample) // 2
    zeros = sample[0::2].count(0), sample[1::2].count(0)
    if zeros[1] > 0.7 * half and zeros[0] < 0.02 * half:
        return "utf-16-le"
    if zeros[0] > 0.7 * half and zeros[1] < 0.02 * half:
        return "utf-16-be"
    return None


def _known(declared: str | None) -> str | None:
    """The declared encoding if Python has it as a text encoding; `rot13` and `hex` are not."""
    if not declared:
        return None
    try:
        info = codecs.lookup(declared.strip())
    except (LookupError, ValueError):
        return None
    if not getattr(info, "_is_text_encoding", True) or info.name in ("utf-7", "punycode", "idna"):
        return None
    return "cp1252" if info.name in ("ascii", "iso8859-1") else info.name


def _guessed(data: bytes) -> str:
    """Windows-1252 for a text that is mostly ASCII; else what reads best of all encodings.

    A guess is not trusted on little evidence: a few accents read as well in twenty code pages.
    """
    sample = data[:_SAMPLE]
    mostly_ascii = sum(byte > 0x7F for byte in sample) < 0.3 * len(sample)
    if mostly_ascii and not any(byte in data for byte in _NOT_IN_1252):
        return "cp1252"
    from charset_normalizer import from_bytes

    best = from_bytes(sample).best()
    if best is None:
        raise CannotRead(
            "The text is not UTF-8 and its encoding cannot be told. "
            "Open it in an editor, save it as UTF-8 and replace it in the library."
        )
    return best.encoding
