"""One sheet of a workbook as rows of what Excel shows, without what is hidden."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Any

from corpus.readers import CannotRead
from corpus.readers.left_out import HIDDEN, STRUCK, LeftOut
from corpus.readers.xlsx.number_format import general, shown_number, shown_text
from corpus.readers.xlsx.parts import (
    PRINTED,
    Package,
    Range,
    Sheet,
    Style,
    column_name,
    column_of,
    range_of,
    rich_text,
)
from corpus.text.clean import one_line

_MOST_ROWS, _MOST_COLUMNS = 1_048_576, 16_384  # of Excel
_MOST_NAMED = 12  # cells or rows named in a warning
_PLAIN = Style()
_PARTS = re.compile(r"(?<!&)&[LCR]")
_FORMATS = re.compile(r'&"[^"]*"|&K[0-9A-Fa-f]{6}|&K\d\d[+-]\d{3}|&\d{1,3}|&[A-JM-Z+]')


@dataclass(slots=True)
class Cells:
    """What a sheet shows. `rows` are as long as their last filled cell; `lines` are rows of one
    text that is merged over several columns; `filters` are rows with the arrows of a filter.
    Hidden rows and columns are still there, and so are rows of which nothing but struck-out text
    was left out (`emptied`): `shown_rows` and `shown_columns` leave them out."""

    rows: list[list[str]] = field(default_factory=list)
    merges: list[Range] = field(default_factory=list)
    filters: list[int] = field(default_factory=list)
    lines: set[int] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)
    emptied: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    white: list[tuple[int, int, str]] = field(default_factory=list)  # its row, column and text
    coloured: bool = False  # cells may have a ground by a condition
    printed: dict[str, None] = field(default_factory=dict)  # at the top and foot of its pages

    def shown_rows(self, first: int, last: int) -> list[int]:
        """The rows from first to last, last excluded, that are shown."""
        hidden = self.hidden_rows | self.emptied
        return [at for at in range(first, min(last, len(self.rows))) if at not in hidden]

    def shown_columns(self, first: int, last: int) -> list[int]:
        hidden = self.hidden_columns
        return [at for at in range(first, last) if not any(a <= at <= b for a, b in hidden)]


class SheetReader:
    """Reads sheets; counts cells over all of them."""

    def __init__(self, package: Package, left_out: LeftOut, *, most_cells: int) -> None:
        self._package = package
        self._left_out = left_out
        self._most = most_cells
        self._cells = 0
        self._unknown: list[str] = []

    def read(self, sheet: Sheet) -> Cells:
        found = Cells()
        self._unknown = []
        for name, element in self._package.rows(sheet):
            if name == "col":
                _take_column(found, element)
            elif name == "row":
                self._take_row(found, element)
            elif name == "conditionalFormatting":
                found.coloured = True
            elif name in PRINTED:
                found.printed |= dict.fromkeys(_printed(element.text or ""))
            elif (place := range_of(element.get("ref") or "")) is not None:
                if name == "mergeCell":
                    found.merges.append(place)
                else:
                    found.filters.append(place.top)
        self._judge_white(found)
        self._tell(sheet, found)
        return _merged(found)

    def _judge_white(self, found: Cells) -> None:
        """White letters are hidden, unless conditions may give their cells a colour."""
        if not found.coloured:
            self._left_out.add(HIDDEN, len(found.white))
            return
        for at, column, text in found.white:
            row = found.rows[at]
            row.extend([""] * (column + 1 - len(row)))
            row[column] = text
            found.emptied.discard(at)

    def _take_row(self, found: Cells, element: Any) -> None:
        number = (element.get("r") or "").strip()
        at = int(number) - 1 if number.isdigit() else len(found.rows)
        if not 0 <= at < _MOST_ROWS or at < len(found.rows):
            at = len(found.rows)
        while len(found.rows) < at:
            found.rows.append([])
        if _is_on(element.get("hidden")) or _is_nothing(element.get("ht")):
            found.hidden_rows.add(at)
        row: list[str] = []
        held = False
        across = -1  # where a text begins that stands over the empty cells on its right
        for cell in element:
            if not str(cell.tag).endswith("}c"):
                continue
            self._count()
            column = _place(cell.get("r"), len(row))
            style = self._style(cell.get("s"))
            text = self._seen(found, self._shown(cell, at, column), style, at, column)
            if text:
                row.extend([""] * (column - len(row)))
                row.append(text)
            if style.across and not text and across >= 0:
                _widen(found.merges, Range(at, across, at, column))
            else:
                across = column if style.across and text else -1
            held = held or len(cell) > 0
        if held and not row:
            found.emptied.add(at)
        found.rows.append(row)

    def _seen(self, found: Cells, text: str, style: Style, row: int, column: int) -> str:
        """What a cell says, unless it is white: that is judged when all of the sheet is known."""
        if not text or not style.unseen:
            return text
        found.white.append((row, column, text))
        return ""

    def _count(self) -> None:
        self._cells += 1
        if self._cells > self._most:
            raise CannotRead(f"The workbook has more than {self._most:,} cells. Split it.")

    def _shown(self, cell: Any, row: int, column: int) -> str:
        kind = cell.get("t") or "n"
        style = self._style(cell.get("s"))
        value = cell.findtext("{*}v")
        struck = style.struck
        if kind == "inlineStr":
            inline = cell.find("{*}is")
            found = rich_text(inline) if inline is not None else None
            text = found.text if found else ""
            if found and found.struck and not struck:
                self._left_out.add(STRUCK)
        elif value is None or (value == "" and kind != "str"):
            formula = cell.find("{*}f")
            if formula is None:
                return ""
            self._unknown.append(f"{column_name(column)}{row + 1}")
            return one_line(f"={formula.text or '…'}")
        elif kind == "s":
            text = self._text(value, told=not struck)
        else:
            text = self._value(value, kind, style)
        if text and struck:
            self._left_out.add(STRUCK)
            return ""
        if kind in ("s", "str", "inlineStr") and text:
            if style.code in ("General", "@") or not {";", "@"} & set(style.code):
                return text if kind != "str" else one_line(text)
            shown = shown_text(text, style.code)
            if not shown.strip():
                self._left_out.add(HIDDEN)
            return one_line(shown)
        return text

    def _style(self, number: str | None) -> Style:
        styles = self._package.styles
        at = int(number) if number and number.isdigit() else 0
        return styles[at] if at < len(styles) else _PLAIN

    def _text(self, number: str, *, told: bool) -> str:
        found = self._package.texts[int(number)]
        if told and found.struck:
            self._left_out.add(STRUCK)
        return found.text

    def _value(self, value: str, kind: str, style: Style) -> str:
        if kind == "b":
            return "TRUE" if value.strip() == "1" else "FALSE"
        if kind in ("str", "e", "d"):
            return one_line(value.removesuffix("T00:00:00") if kind == "d" else value)
        try:
            number = float(value)
        except ValueError:
            return one_line(value)
        if not math.isfinite(number):
            return one_line(value)
        if style.code == "General":
            return general(number)
        shown = shown_number(number, style.code, from_1904=self._package.from_1904)
        if not shown.strip():
            self._left_out.add(HIDDEN)
        return one_line(shown)

    def _tell(self, sheet: Sheet, found: Cells) -> None:
        filled = [at for at in sorted(found.hidden_rows) if at < len(found.rows) and found.rows[at]]
        if filled:
            self._left_out.tell(
                f"Hidden rows of the sheet {sheet.name!r} were left out: {_listed(filled)}."
            )
        columns = [
            column
            for first, last in found.hidden_columns
            for column in range(first, last + 1)
            if any(column < len(row) and row[column] for row in found.rows)
        ]
        if columns:
            named = ", ".join(map(column_name, columns[:_MOST_NAMED]))
            more = " and more" if len(columns) > _MOST_NAMED else ""
            self._left_out.tell(
                f"Hidden columns of the sheet {sheet.name!r} were left out: {named}{more}."
            )
        if self._unknown:
            named = ", ".join(self._unknown[:_MOST_NAMED])
            more = f" and {len(self._unknown) - _MOST_NAMED:,} more"
            self._left_out.tell(
                f"Formulas of the sheet {sheet.name!r} have no stored result and stand as written: "
                f"{named}{more if len(self._unknown) > _MOST_NAMED else ''}. "
                "Open the file in Excel, save it and sync again."
            )


def _take_column(found: Cells, element: Any) -> None:
    first, last = element.get("min") or "", element.get("max") or ""
    gone = _is_on(element.get("hidden")) or _is_nothing(element.get("width"))
    if gone and first.isdigit() and last.isdigit():
        found.hidden_columns.append((int(first) - 1, min(int(last), _MOST_COLUMNS) - 1))


def _widen(merges: list[Range], place: Range) -> None:
    if merges and (merges[-1].top, merges[-1].left) == (place.top, place.left):
        merges.pop()
    merges.append(place)


def _is_nothing(size: str | None) -> bool:
    """Whether a row's height or a column's width is nothing: it is not shown."""
    try:
        return size is not None and float(size) == 0
    except ValueError:
        return False


def _printed(text: str) -> list[str]:
    """The words of a page's header or footer, part by part, without the signs for its format,
    its page's number, the day and the like."""
    parts = _PARTS.split(text)
    words = (one_line(_FORMATS.sub(" ", part).replace("&&", "&")) for part in parts)
    return [said for said in words if sum(map(str.isalpha, said)) > 3]


def _place(reference: str | None, after: int) -> int:
    return max(_column((reference or "").rstrip("0123456789")), after)


@lru_cache(maxsize=_MOST_COLUMNS)
def _column(letters: str) -> int:
    """The number of a column; -1 where the letters name none."""
    if not letters.isascii() or not letters.isalpha() or len(letters) > 3:
        return -1
    return min(column_of(letters.upper()), _MOST_COLUMNS - 1)


def _merged(found: Cells) -> Cells:
    """Say what a merged cell says in every row and column that it covers."""
    for place in found.merges:
        if place.top >= len(found.rows) or place.left >= len(found.rows[place.top]):
            continue
        text = found.rows[place.top][place.left]
        if not text:
            continue
        row = found.rows[place.top]
        others = [at for at, cell in enumerate(row) if cell and at != place.left]
        first = all(not cell for cell in row[: place.left])
        if place.right > place.left and not others and first and place.left <= 1:
            found.lines.add(place.top)
            continue
        for at in range(place.top, min(place.bottom + 1, len(found.rows))):
            row = found.rows[at]
            row.extend([""] * (place.right + 1 - len(row)))
            for column in range(place.left, place.right + 1):
                row[column] = row[column] or text
    return found


def _listed(rows: Sequence[int]) -> str:
    """1, 4–7, 9"""
    starts = [rows[0], *(b for a, b in pairwise(rows) if b != a + 1)]
    ends = [*(a for a, b in pairwise(rows) if b != a + 1), rows[-1]]
    runs = [f"{a + 1}" if a == b else f"{a + 1}–{b + 1}" for a, b in zip(starts, ends, strict=True)]
    more = " and more" if len(runs) > _MOST_NAMED else ""
    return f"{', '.join(runs[:_MOST_NAMED])}{more}"


def _is_on(value: str | None) -> bool:
    return (value or "0").lower() in ("1", "true", "on")
