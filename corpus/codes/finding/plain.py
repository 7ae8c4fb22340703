"""A text as the finder reads it: other scripts' digits, wide letters and odd blanks made plain.

Every character becomes exactly one, so an offset in the plain text is one in the text itself.
"""

from __future__ import annotations

import unicodedata
from functools import cache

_BLANKS = "\u00a0\u1680\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
_UNSEEN = "\u200b\u200c\u200d\u2060\ufeff"
_LAST_DIGIT = 0x1FC00  # no script has decimal digits above
_HYPHENS = "\u00ad\u2010\u2011"  # the soft, the plain and the one that does not break


@cache
def _table() -> dict[int, str]:
    table = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}  # full-width forms
    for code in range(0x80, _LAST_DIGIT):
        if (digit := unicodedata.decimal(chr(code), None)) is not None:
            table[code] = str(digit)
    table |= dict.fromkeys(map(ord, _BLANKS + _UNSEEN), " ")
    return table | dict.fromkeys(map(ord, _HYPHENS), "-")


def plain(text: str) -> str:
    """The text with each such character replaced: of the same length, or the text itself."""
    return text if text.isascii() else text.translate(_table())
