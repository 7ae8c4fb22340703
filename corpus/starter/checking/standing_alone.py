"""Whether each passage makes sense where it is found alone: rows, and what introduces something.

The passages are those that the library is searched by. They are measured in words here, since the
check runs without the model; a passage is closed at about the same place either way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from corpus.document import BlockKind, Document
from corpus.text.pieces import Sizer
from corpus.text.split import split

_POINTS_AWAY = re.compile(
    r"\s*(the same|same|ditto|as above|as before|likewise|[\"”„]|-+)(?!\w)"
    r"(?! (day|breast|medical|side|session|encounter))"
    r"|.*\bsee (above|below|the (next|previous|other|last|document|row|table))\b"
    r"|\s*(it|they|this|these|those)\b",
    re.IGNORECASE,
)
_INTRODUCES = re.compile(r":\s*\Z")
_POINTS_ON = re.compile(
    r"\b(as follows|listed below|(the|these) (\w+ )?below|(table|list|rows?|codes) (above|below)"
    r"|(in|see) the (next |following |last )?table|this table|the table (gives|lists|says|shows)"
    r"|the (first|second|third|fourth|last) column|the \w+ rows)\b",
    re.IGNORECASE,
)
_BAR = " | "


class WordSizer:
    """Counts in pieces of words, about as many as the embedder's."""

    limit = 256

    def token_offsets(self, text: str) -> NDArray[np.int32]:
        found = [match.span() for match in re.finditer(r"\w{1,6}|[^\w\s]", text)]
        return np.array(found, np.int32).reshape(-1, 2)


def dependent(document: Document, sizer: Sizer | None = None) -> Iterator[str]:
    """Complaints about what cannot be understood without its neighbours."""
    yield from _rows(document)
    for passage in split(document, sizer or WordSizer()):
        lines = passage.text.strip().split("\n")
        if _BAR not in lines[-1] and _INTRODUCES.search(lines[-1]):
            yield f"introduces a table or list and says nothing without it: {lines[-1][-60:]!r}"
        pointing = _POINTS_ON.search(passage.text)
        if pointing and not any(_BAR in line for line in lines):
            yield f"a passage points to a table or list that it does not hold: {pointing[0]!r}"


def _rows(document: Document) -> Iterator[str]:
    for block in document.blocks:
        if block.kind is not BlockKind.ROW or not block.header:
            continue
        row, names = block.span.of(document.text), block.header.split(_BAR)
        cells = row.split(_BAR)
        blank = not all(cell.strip() for cell in cells) or len(cells) < len(names)
        to_fill_in = document.metadata.kind == "form"
        if any(map(_POINTS_AWAY.match, cells)) or (blank and not to_fill_in):
            yield f"a row that cannot be understood alone: {row[:80]!r}"
