"""What a column header says about the numbers below it: codes, diagnoses, amounts."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from functools import lru_cache

from corpus.document import Span

_CODES = re.compile(r"\b(?:codes?|CPT|HCPCS|procedures?)\b", re.IGNORECASE)
_DIAGNOSES = re.compile(r"\b(?:ICD|diagnos[ei]s|dx)\b", re.IGNORECASE)
_REVENUE = re.compile(r"\brev(?:enue)?\b", re.IGNORECASE)
_MODIFIERS = re.compile(r"\bmod(?:ifier)?s?\b", re.IGNORECASE)
_NUMBERED = {  # only where the name says no more: "APC rate" holds amounts
    kind: re.compile(rf"\W*{name}s?(?: (?:codes?|numbers?|no|nr|id|assignment|group))?\W*", re.I)
    for kind, name in (("apc", r"(?:c-)?apc"), ("ncd", "ncd"))
}
_OTHER = re.compile(
    r"\b(?:zip|amount|charges?|rates?|prices?|counts?|members?|phone|years?|pages?|units?|fees?"
    r"|total|costs?|paid|allowed|payment|volume|number of|n|cases|patients|visits|women|encounters"
    r"|admissions|discharges|enroll\w*|population|census|NPI|TIN|ID|account|invoice|lot|date)\b",
    re.IGNORECASE,
)
_CELL = re.compile(r"[|\t]")


_LONGEST_ROW = 20_000  # characters; what is longer is no table that anybody reads


@lru_cache(maxsize=256)
def _kinds(header: str) -> tuple[str | None, ...]:
    """What each column of a header holds."""
    return tuple(column_kind(name) for name in _CELL.split(header))


def column_kind(header: str) -> str | None:
    """What a column holds by its name: code, diagnosis, revenue, modifier, apc, ncd, other; None:
    unsaid."""
    for kind, pattern in _NUMBERED.items():
        if pattern.fullmatch(header):
            return kind
    for kind, pattern in (
        ("revenue", _REVENUE),
        ("modifier", _MODIFIERS),
        ("diagnosis", _DIAGNOSES),
        ("other", _OTHER),
        ("code", _CODES),
    ):
        if pattern.search(header):
            return kind
    return None


class Columns:
    """The table rows of a text: lines with bars or tabs, and the rows whose header is given."""

    def __init__(self, text: str, rows: Iterable[tuple[Span, str]] = ()) -> None:
        self._text = text
        self._rows = sorted([*_lines(text), *((row.start, row.end, head) for row, head in rows)])
        self._starts = [row[0] for row in self._rows]

    def kind_at(self, offset: int) -> str | None:
        """What the column round the character at `offset` holds; None outside of tables."""
        after = bisect_right(self._starts, offset)
        if not after:
            return None
        start, end, header = self._rows[after - 1]
        if offset >= end or not header or end - start > _LONGEST_ROW:
            return None
        column = len(_CELL.findall(self._text, start, offset))
        kinds = _kinds(header)
        # A row may begin with a bar where its header does not, or the other way round.
        column += _leading(header) - _leading(self._text[start : start + 1])
        return kinds[column] if 0 <= column < len(kinds) else None

    def cells(self, kind: str) -> Iterable[tuple[int, int]]:
        """Where the cells of all columns of this kind stand, headers left out."""
        for start, end, header in self._rows:
            kinds = _kinds(header)
            if kind not in kinds or end - start > _LONGEST_ROW:
                continue
            shift = _leading(header) - _leading(self._text[start : start + 1])
            place = start
            for index, cell in enumerate(_CELL.split(self._text[start:end])):
                named = index + shift
                if 0 <= named < len(kinds) and kinds[named] == kind:
                    yield place, place + len(cell)
                place += len(cell) + 1


def _leading(line: str) -> int:
    return 1 if line[:1] == "|" else 0


def _lines(text: str) -> list[tuple[int, int, str]]:
    """The rows below the first line of every run of lines with bars, each with that first line."""
    if "|" not in text and "\t" not in text:
        return []
    rows: list[tuple[int, int, str]] = []
    header, offset = "", 0
    for line in text.splitlines(keepends=True):
        if _CELL.search(line):
            if header:
                rows.append((offset, offset + len(line), header))
            else:
                header = line
        elif line.strip():
            header = ""
        offset += len(line)
    return rows
