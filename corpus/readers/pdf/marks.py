"""Raised and lowered marks: which small words belong to a larger one beside them, and as what.

A footnote's mark must never become a figure of the number before it: "60" with a raised 2 is
"60 ²", not 602. An exponent belongs to its number or unit: 10², mm².
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.readers.pdf.words import Word

_SMALLER = 0.86  # of the size of the word beside it
_HIGHER = 0.12  # of that size: how far above or below the mark stands at least
_FARTHEST = 0.75
_BESIDE = 0.35  # of that size: the mark stands as near as this
_RAISED = str.maketrans(
    "0123456789+-−()abcdefghijklmnoprstuvwxyz", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ"
)
_LOWERED = str.maketrans("0123456789+-−()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₍₎")
_UNIT = re.compile(r"(?:[\w.]+/)?\d*(?:[mck]?m|ft|in|s|yd|[A-Za-z])")
_POWER = re.compile(r"[+\-−]?\d{1,2}")
_TEN = re.compile(r"(?:\d+(?:\.\d+)?[×x·])?10")
_ORDINAL = re.compile(r"(?:st|nd|rd|th|er|re|e|o|a|tm|sm|®|™|©)[.,;:)]*$", re.IGNORECASE)
_TRADE = re.compile(r"[®™©℠]|TM|SM$")


def place_marks(rows: list[list[Word]]) -> list[list[Word]]:
    """The rows with each small raised or lowered word in the row of the word that it stands at."""
    sizes = {word.size for row in rows for word in row}
    if len(sizes) < 2:
        return rows
    for at, row in enumerate(rows):
        _mark_within(row)
        for word in list(row):
            if word.mark or len(word.text) > 8:
                continue
            for side in (1, -1):
                host_row = _neighbour(rows, at, side, word)
                if host_row is not None:
                    row.remove(word)
                    host_row.append(word)
                    break
    return [row for row in rows if row]


def _neighbour(rows: list[list[Word]], at: int, side: int, word: Word) -> list[Word] | None:
    """The next row below (`side` 1: the word is raised) or above that has a word beside it."""
    for row in rows[at + side : at + 3 * side if at + 3 * side >= 0 else None : side]:
        if _judge(word, row):
            return row
    return None


def _mark_within(row: list[Word]) -> None:
    sizes = [word.size for word in row]
    if len(row) < 2 or min(sizes) > _SMALLER * max(sizes):
        return
    for word in row:
        _judge(word, row)


def _judge(word: Word, row: Sequence[Word]) -> bool:
    """Set the word's mark if one of the row's words is its host."""
    for host in row:
        if host is word or host.mark or word.size > _SMALLER * host.size:
            continue
        rise = host.base - word.base
        far = _FARTHEST * host.size
        if not (_HIGHER * host.size <= rise <= far or -far / 2 <= rise <= -_HIGHER * host.size):
            continue
        if _beside(word, host):
            word.mark = 1 if rise > 0 else -1
            return True
    return False


def _beside(word: Word, host: Word) -> bool:
    near = _BESIDE * host.size
    after, before = word.left - host.right, host.left - word.right
    return -near < after < near or -near < before < near


def written(word: Word, before: str) -> tuple[str, bool]:
    """The mark as text, and whether a space parts it from the word `before` it."""
    text = word.text
    if word.mark > 0:
        if _ORDINAL.match(text) or _TRADE.match(text):
            return text, False
        raised = text.translate(_RAISED)
        return raised, bool(before) and not _is_exponent(text, before)
    lowered = text.translate(_LOWERED)
    return lowered, not before[-1:].isalpha()


def _is_exponent(text: str, before: str) -> bool:
    if _TEN.fullmatch(before):
        return _POWER.fullmatch(text) is not None
    return text in ("2", "3", "-1", "−1", "-2", "−2") and _UNIT.fullmatch(before) is not None
