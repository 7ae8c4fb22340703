"""Dates that a table or a history gives: below their label, or in rows of which the newest counts.

A table that says something of each of its rows (a code, a version of another policy) dates those
rows. It dates the document only where it has a single row, or where it is the document's history.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from corpus.metadata.dates.meaning import LABEL, Meaning, is_last_day, meaning_of
from corpus.metadata.dates.place import Place, Places, is_row
from corpus.metadata.dates.printed.behind import LINES
from corpus.metadata.dates.stated import Stated
from corpus.metadata.dates.written import UNTIL, Order, Written, written_at

_BAR = re.compile(r"[|\t]")
_MARKUP = " *_#:\r\n"
_RULE = re.compile(r"[\s|:\-]*")
_HISTORY = re.compile(
    r"(?im)^[ \t#*|]*(?:revision|policy|version|document|change|review)\s+"
    r"(?:history|log|updates?)\b"
)
_VERSION = re.compile(
    r"(?:version|rev(?:ision)?\.?|edition)(?:\s+(?:no\.?|number|#))?", re.IGNORECASE
)
_OF_ROW = re.compile(r"^(?:rates?|pricing|prices|fees|limits?|edits?)\b", re.IGNORECASE)
_DATED_LABEL = re.compile(r"\bdates?\b", re.IGNORECASE)
_PLANNED = re.compile(r"\b(?:next|planned|scheduled|upcoming|future)\b", re.IGNORECASE)
_LONG = 4000  # characters of a history
_FEW = 3  # columns of a table of the lines of business with their dates
_BETWEEN = 6  # lines without a date end it


def tabled(text: str, places: Places, order: Order) -> Iterator[Stated]:
    """The dates of tables and histories."""
    lines = list(_lines(text))
    yield from _columns(text, lines, places, order)
    yield from _values_below(text, lines, places, order)
    yield from _history(text, places, order)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    offset = 0
    for line in text.splitlines(keepends=True):
        yield offset, line
        offset += len(line)


def _columns(
    text: str, lines: Sequence[tuple[int, str]], places: Places, order: Order
) -> Iterator[Stated]:
    """Dates below their label in a table."""
    table: list[tuple[int, str]] = []
    for offset, line in [*lines, (len(text), "")]:
        if is_row(line):
            if not _RULE.fullmatch(line):
                table.append((offset, line))
            continue
        yield from _of_table(text, table, places, order)
        table = []


def _of_table(
    text: str, table: Sequence[tuple[int, str]], places: Places, order: Order
) -> Iterator[Stated]:
    if len(table) < 2:
        return
    header = _BAR.split(table[0][1])
    if any(_whole(cell, order) for cell in header):
        return
    is_history = any(_VERSION.fullmatch(cell.strip(_MARKUP)) for cell in header) or _under_history(
        text, table[0][0]
    )
    of_lines = len(header) <= _FEW and all(
        LINES.match(_BAR.split(line)[0].strip(_MARKUP)) for _, line in table[1:]
    )
    if len(table) > 2 and not is_history and not of_lines:
        return
    for offset, line in table[1:]:
        if not _PLANNED.search(line) or len(table) == 2:
            many = len(table) > 2 and not of_lines
            for one in _cells(text, header, (offset, line), places, order, of_many=many):
                yield replace(one, line=_line(line)) if of_lines else one


def _line(row: str) -> str:
    """The line of business that a row begins with."""
    return " ".join(_BAR.split(row)[0].strip(_MARKUP).lower().split())


def _cells(
    text: str,
    header: Sequence[str],
    row: tuple[int, str],
    places: Places,
    order: Order,
    *,
    of_many: bool,
) -> Iterator[Stated]:
    place, line = row
    for index, cell in enumerate(_BAR.split(line)):
        label = LABEL.fullmatch(header[index].strip(_MARKUP)) if index < len(header) else None
        found = _whole(cell, order)
        if label and found and found.value and not _OF_ROW.search(label.group()):
            meaning, strength = meaning_of(label)
            yield Stated(
                meaning, found.value, place, place + len(cell), places.of_line(text, row[0]),
                strength, found.precision, found.other, row=of_many, last=is_last_day(label),
            )  # fmt: skip
            until = written_at(found_in := cell.strip(_MARKUP), _after(found_in, found), order)
            if meaning is Meaning.EFFECTIVE and until and until.value and not of_many:
                yield Stated(
                    Meaning.RETIRED, until.value, place, place + len(cell),
                    places.of_line(text, row[0]), strength, last=True,
                )  # fmt: skip
        place += len(cell) + 1


def _whole(cell: str, order: Order) -> Written | None:
    """The date that a cell is, or the first of a span of two."""
    cell = cell.strip(_MARKUP)
    found = written_at(cell, 0, order)
    if found is None or found.end == len(cell):
        return found
    until = written_at(cell, _after(cell, found), order)
    return found if until and until.end == len(cell) else None


def _after(cell: str, found: Written) -> int:
    """Where the date would begin that ends a span of dates."""
    joint = UNTIL.match(cell, found.end)
    return joint.end() if joint else len(cell)


def _values_below(
    text: str, lines: Sequence[tuple[int, str]], places: Places, order: Order
) -> Iterator[Stated]:
    """A line of labels over a line of as many dates, as a form prints them."""
    for (start, above), (offset, below) in pairwise(lines):
        if start >= places.face or is_row(above) or is_row(below):
            continue
        labels = [label for label in LABEL.finditer(above) if _DATED_LABEL.search(above)]
        if len(labels) < 2:
            continue
        dates = list(_opening(below, order))
        if len(dates) != len(labels):
            continue
        for label, found in zip(labels, dates, strict=True):
            meaning, strength = meaning_of(label)
            if found.value:
                at, end = offset + found.start, offset + found.end
                yield Stated(
                    meaning,
                    found.value,
                    at,
                    end,
                    Place.FACE,
                    strength,
                    found.precision,
                    found.other,
                    last=is_last_day(label),
                )


def _opening(line: str, order: Order) -> Iterator[Written]:
    """The dates that a line begins with."""
    at = len(line) - len(line.lstrip())
    while found := written_at(line, at, order):
        yield found
        at = found.end + len(line[found.end :]) - len(line[found.end :].lstrip())


def _under_history(text: str, start: int) -> bool:
    """Whether the lines right above a table are the heading of a history."""
    return _HISTORY.search(text[max(0, start - 200) : start]) is not None


def _history(text: str, places: Places, order: Order) -> Iterator[Stated]:
    """The dates that open the rows under a heading such as "Revision history"."""
    for heading in _HISTORY.finditer(text):
        place = places.of_line(text, heading.start())
        if place is Place.OTHERS:
            continue
        place = min(place, Place.CLOSING)  # it is the document's own, wherever it stands
        undated = 0
        for offset, line in _lines(text[heading.end() : heading.end() + _LONG]):
            begin = len(line) - len(line.lstrip(" |*-•\t"))
            found = written_at(line, begin, order)
            undated = 0 if found else undated + bool(line.strip())
            if undated > _BETWEEN:
                break
            if found and found.value and not _PLANNED.search(line):
                at = heading.end() + offset
                row = Stated(
                    Meaning.REVISED, found.value, at + begin, at + found.end, place, 0, row=True
                )
                yield replace(row, precision=found.precision)
