"""What of a document is compared with others: a sketch of its text, and the keys it is found by.

The sketch holds the smallest hashes of all runs of three words, numbers such as years and days left
out: the share that two sketches have in common is about the share that the texts have. Documents
are compared only where they share a key, so that a library costs no more than its documents.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from corpus.document import Document, Metadata
from corpus.text.dates import DATE, YEAR

_KEPT = 64  # hashes of a sketch
_FOUND_BY = 4  # of them; two texts of which 7 in 10 are the same share one in 99 of 100 cases
_LONGEST = 1_000_000  # characters of a text
_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"\d{1,4}")
_NUMBERED = re.compile(rf"{YEAR}([a-z]+\d{{3,}})[a-z]{{1,2}}")
_DATED = re.compile(
    rf"(?i)\b(?:{YEAR}(?:[-/]\d\d(?:\d\d)?)?|v(?:er(?:sion)?)?\.?\s?\d+(?:\.\d+)*|rev(?:ision)?\.?"
    r"\s?\d+|(?:final|draft|updated?|effective|current|prior|previous|retired|archived|copy|new|old)"
    r"|jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|q[1-4]|[cf]y)\b"
)


@dataclass(frozen=True, slots=True)
class Likeness:
    """A document as it is compared: its newest version."""

    document: str
    metadata: Metadata
    sketch: bytes

    @classmethod
    def of(cls, document: Document) -> Likeness:
        """Without what of the metadata is not compared: a sync holds many."""
        light = replace(
            document.metadata, codes=(), found=(), stated=(), doubtful=(), sections=(), extra={}
        )
        return cls(document.id, light, sketch_of(document.text))

    def keys(self) -> frozenset[int]:
        """Numbers that it shares with every document that it may be a version of."""
        return frozenset(self._keys())

    def _keys(self) -> Iterator[int]:
        if self.metadata.number:
            yield _key("number", plain_number(self.metadata.number))
        if title := plain_title(self.metadata.title):
            yield _key("title", title)
        for found in _hashes(self.sketch)[:_FOUND_BY].tolist():
            yield _key("text", str(found))


def sketch_of(text: str) -> bytes:
    """The smallest hashes of the runs of three words of a text."""
    words = _WORD.findall(DATE.sub(" ", text[:_LONGEST]).casefold())
    sums = np.array([zlib.crc32(w.encode()) for w in words if not _NUMBER.fullmatch(w)], np.uint64)
    if len(sums) < 3:
        return np.unique(sums).astype(np.uint32).tobytes()
    runs = sums[:-2] * np.uint64(0x9E3779B97F4A7C15)
    runs += sums[1:-1] * np.uint64(0xC2B2AE3D27D4EB4F)
    runs += sums[2:] * np.uint64(0x165667B19E3779F9)
    runs ^= runs >> np.uint64(29)
    runs *= np.uint64(0xBF58476D1CE4E5B9)
    return np.unique((runs >> np.uint64(32)).astype(np.uint32))[:_KEPT].tobytes()


def resemblance(one: bytes, other: bytes) -> float:
    """About the share of their runs of words that two texts have in common, from 0 to 1."""
    first, second = _hashes(one), _hashes(other)
    both = np.union1d(first, second)[:_KEPT]
    shared = np.isin(both, first) & np.isin(both, second)
    return float(shared.mean()) if len(both) else 0.0


def _hashes(sketch: bytes) -> NDArray[np.uint32]:
    return np.frombuffer(sketch, np.uint32)


def plain_title(title: str) -> str:
    """A title without years, dates, versions and what says how new it is; "" for one that then says
    too little."""
    words = _WORD.findall(_DATED.sub(" ", DATE.sub(" ", title.replace("_", " "))).casefold())
    return " ".join(words) if len(words) > 1 and sum(map(len, words)) >= 8 else ""


def plain_number(number: str) -> str:
    """A policy's number, however its parts are set apart, without the year in front of it and the
    letters of its version behind it: 2025T0447LL is t0447."""
    plain = "".join(_WORD.findall(number.casefold()))
    found = _NUMBERED.fullmatch(plain)
    return found[1] if found else plain


def _key(kind: str, text: str) -> int:
    return int.from_bytes(blake2b(f"{kind} {text}".encode(), digest_size=7).digest(), "big")
