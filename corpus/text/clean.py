"""Normalises text before it is stored: line ends, Unicode form, no misleading invisibles."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

_LIGATURES = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)}

_REMOVED = {
    0x00AD: None,  # soft hyphen: a hint for the printer, it would split the word for a search
    0x200B: None,  # zero-width space, joiners' kin and the byte order mark: invisible
    0x2060: None,
    0xFEFF: None,
    **dict.fromkeys((0x061C, 0x200E, 0x200F), None),  # direction marks
    **dict.fromkeys(range(0x202A, 0x202F), None),  # bidi embeddings and overrides
    **dict.fromkeys(range(0x2066, 0x206A), None),  # bidi isolates
    **dict.fromkeys(range(0xE0000, 0xE0080), None),  # tags: invisible ASCII
}
_CONTROLS = dict.fromkeys([*range(0x09), *range(0x0E, 0x20), *range(0x7F, 0xA0)], " ")
_LINE_ENDS = dict.fromkeys((0x0B, 0x0C, 0x2028, 0x2029, 0x85), "\n")
_LONE = dict.fromkeys([*range(0xD800, 0xE000), 0xFFFE, 0xFFFF], "\ufffd")

_TABLE = str.maketrans({**_LIGATURES, **_REMOVED, **_CONTROLS, **_LINE_ENDS})
_LONE_TABLE = str.maketrans(_LONE)
_HIDDEN = re.compile(
    "["
    "\x00-\x1f\x7f-\x9f"  # controls
    "\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e"  # format characters
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\ufffb"  # line ends, bidi and the like
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\ud800-\udfff"  # halves of pairs, and bytes that are not UTF-8
    "\ue000-\uf8ff\U000f0000-\U0010ffff"  # private use
    "\ufdd0-\ufdef"  # not characters, like the last two of every plane
    + "".join(
        chr(plane + last) for plane in range(0, 0x110000, 0x10000) for last in (0xFFFE, 0xFFFF)
    )
    + "\U000e0000-\U000e00ff\U000e01f0-\U000e0fff"  # tags, and what is kept for their kind
    "]"
)
"""What `printable` escapes. Written out, not looked up: each Python has its own Unicode tables, and
a document's id must be the same on all of them. So a character that is newer than the running
Python is shown as it is."""

_BLANKS = "\u00a0\u1680\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
_UNSEEN = "\u200b\u200c\u200d\u2060\ufeff"
_LAST_DIGIT = 0x1FC00  # no script has decimal digits above
_HYPHENS = "\u00ad\u2010\u2011"  # the soft, the plain and the one that does not break
_SPACES = re.compile(r"[^\S\n]+")
_AROUND_LINE_END = re.compile(r" *\n *")
_MANY_LINE_ENDS = re.compile(r"\n{3,}")


def clean(text: str) -> str:
    """Normalise to NFC with LF line ends; drop soft hyphens, bidi overrides and other invisibles.

    Control characters become spaces, ligatures (ﬁ, ﬂ) their letters, half of a surrogate pair
    U+FFFD. Idempotent, so that text cleaned twice keeps its offsets.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_TABLE)
    if not text.isascii():
        text = unicodedata.normalize("NFC", text.translate(_LONE_TABLE))
    return text


def one_line(text: str) -> str:
    """Cleaned text with every run of white space made one space."""
    if text.isascii() and text.isprintable():  # most lines: nothing to clean
        return " ".join(text.split())
    return " ".join(clean(text).split())


def tidy_lines(text: str) -> str:
    """Cleaned text that keeps its line ends, at most one blank line, one space between words."""
    text = _SPACES.sub(" ", clean(text))
    return _MANY_LINE_ENDS.sub("\n\n", _AROUND_LINE_END.sub("\n", text)).strip()


def plain_characters(text: str) -> str:
    """Other scripts' digits as 0 to 9, full-width letters, odd blanks and hyphens as ASCII.

    Every character becomes exactly one, so an offset in the result is one in `text`.
    """
    return text if text.isascii() else text.translate(_plain_table())


@cache
def _plain_table() -> dict[int, str]:
    table = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}  # full-width forms
    for code in range(0x80, _LAST_DIGIT):
        if (digit := unicodedata.decimal(chr(code), None)) is not None:
            table[code] = str(digit)
    table |= dict.fromkeys(map(ord, _BLANKS + _UNSEEN), " ")
    return table | dict.fromkeys(map(ord, _HYPHENS), "-")


def printable(name: str) -> str:
    """A file's name as it may be shown in a terminal, a log or a page: on one line, nothing hidden.

    Control, bidi and invisible characters, and bytes that are not UTF-8, become escapes.
    The same on every Python: document ids are made of it.
    """
    if name.isascii() and name.isprintable():
        return name
    return _HIDDEN.sub(_escaped, name)


def _escaped(hidden: re.Match[str]) -> str:
    character = hidden.group()
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:  # a byte of the name that is not UTF-8 (PEP 383)
        return f"\\x{code - 0xDC00:02x}"
    return character.encode("unicode_escape").decode("ascii")
