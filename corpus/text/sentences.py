"""Splits prose with many codes, numbers and abbreviations into sentences."""

from __future__ import annotations

import re

from corpus.document import Span

# A sentence ends at . ! or ? (with closing quotes or brackets), before white space and a capital,
# digit, quote or bracket; and at every line break, since a list item or a table row is one by
# itself.
_END = re.compile(r"[.!?]+[\"'”’)\]]*(?=\s+[\"'“‘(\[]?[A-Z0-9À-Þ])|\n+")
_FEWEST_WORDS = 3  # a shorter sentence goes with the next one: "No." alone answers nothing
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|vs|cf|al|approx|no|nos|dept|fig|figs|eff|rev|ch|sec|vol|ed|dr|mr|mrs|ms"
    r"|prof|inc|co|corp|ltd|st|jr|sr|u\.s|a\.m|p\.m|dx|tx|hx|pt|pp|p|ref|jan|feb|mar|apr|jun|jul"
    r"|aug|sept|sep|oct|nov|dec)|\b[A-Z]|(?:^|\n)\s*(?:\d{1,3}|[ivxlc]{1,5}|[a-z]))\.$",
    re.IGNORECASE,
)


def sentences(text: str) -> tuple[Span, ...]:
    """The sentences of a text in order. Each begins and ends at a non-blank character."""
    spans: list[Span] = []
    start = 0
    for match in _END.finditer(text):
        end = match.end()
        if text[match.start()] != "\n" and _ABBREVIATION.search(text[max(start, end - 12) : end]):
            continue
        if text[match.start()] != "\n" and len(text[start:end].split()) < _FEWEST_WORDS:
            continue
        _add(spans, text, start, end)
        start = end
    _add(spans, text, start, len(text))
    return tuple(spans)


def _add(spans: list[Span], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    lead = len(piece) - len(piece.lstrip())
    stripped = piece.strip()
    if stripped:
        spans.append(Span(start + lead, start + lead + len(stripped)))
