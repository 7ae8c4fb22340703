"""Which PDFs hold a stream that unpacks to far more than any page needs, by a look at the bytes."""

from __future__ import annotations

import re
import zlib

STREAM_BYTES = 32_000_000  # of one stream, unpacked
_MOST_TIMES = 1_032  # as much as Flate can make of a byte
_PIECE = 4_000_000
_TWICE = re.compile(rb"/(?:FlateDecode|Fl|LZWDecode|RunLengthDecode)\s*/(?:FlateDecode|Fl|LZW)")
_OTHER = re.compile(rb"/(?:LZWDecode|RunLengthDecode)")


def may_burst(data: bytes) -> bool:
    """Whether some stream unpacks to more than `STREAM_BYTES`, or it cannot be told cheaply."""
    if _TWICE.search(data):
        return True
    end = 0
    while (start := data.find(b"stream", end)) >= 0:
        end = data.find(b"endstream", start)
        if end < 0:
            end = len(data)
        if (end - start) * _MOST_TIMES > STREAM_BYTES and _bursts(data, start, end):
            return True
        end += len(b"endstream")
    return False


def _bursts(data: bytes, start: int, end: int) -> bool:
    about = data[max(start - 400, 0) : start]
    about = about[about.rfind(b"obj") :]
    if _OTHER.search(about):
        return True
    if b"/Image" in about or b"Flate" not in about:
        return False
    packed = data[start + len(b"stream") : end].lstrip(b"\r\n")
    opened, total = zlib.decompressobj(), 0
    try:
        while packed and total <= STREAM_BYTES:
            total += len(opened.decompress(packed, _PIECE))
            packed = opened.unconsumed_tail
    except zlib.error:
        return False
    return total > STREAM_BYTES
