"""XLSX: a heading for each sheet, rows with their column names, the saved values of formulas."""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import openpyxl

from corpus.document import BlockKind
from corpus.files.limits import STANDARD, Limits
from corpus.readers import CannotRead
from corpus.readers.archive import check_archive
from corpus.readers.draft import Draft, DraftBuilder, add_row, joined, looks_like_header
from corpus.text.clean import one_line

_HEADER_WITHIN = 15  # rows: above a sheet's header stand a title and notes


def read_xlsx(data: bytes, *, limits: Limits = STANDARD) -> Draft:
    """Read a workbook, hidden sheets too. Raises CannotRead for bombs and too many cells."""
    check_archive(data, limits)
    builder = DraftBuilder()
    cells = 0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of features that it drops; none is text
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        notes = []
        for sheet in book.worksheets:
            builder.add(BlockKind.HEADING, one_line(sheet.title), level=1)
            reading = _Sheet(builder)
            if sheet.sheet_state != "visible":
                notes.append(f"The sheet {one_line(sheet.title)!r} is hidden in Excel.")
            sheet.reset_dimensions()  # what it says of its own size may be a lie
            for row in sheet.iter_rows(values_only=True):
                cells += len(row)
                if cells > limits.cells:
                    raise CannotRead(
                        f"The workbook has more than {limits.cells:,} cells. Split it."
                    )
                reading.add([shown(value) for value in row])
            reading.end()
        title = one_line(book.properties.title or "") if book.properties else ""
        book.close()
    return builder.draft(found={"title": title} if title else {}, warnings=tuple(notes))


class _Sheet:
    """Keeps the first rows until it is known which of them names the columns."""

    def __init__(self, builder: DraftBuilder) -> None:
        self._builder = builder
        self._held: list[list[str]] | None = []
        self._header: Sequence[str] | None = None

    def add(self, row: list[str]) -> None:
        if self._held is None:
            add_row(self._builder, row, header=self._header)
        elif any(row):
            self._held.append(row)
            if len(self._held) >= _HEADER_WITHIN:
                self.end()

    def end(self) -> None:
        held, self._held = self._held, None
        if not held:
            return
        at = header_at(held)
        for number, row in enumerate(held):
            if at is not None and number == at:
                self._header = row
                add_row(self._builder, row, header=None)
            elif at is None or number > at:
                add_row(self._builder, row, header=self._header)
            else:
                kind = BlockKind.ROW if sum(map(bool, row)) > 1 else BlockKind.PARAGRAPH
                self._builder.add(kind, joined(row))


def header_at(rows: Sequence[Sequence[str]]) -> int | None:
    """Which row names the columns: the first that looks so and is as wide as most rows after it."""
    for at, row in enumerate(rows[:-1]):
        filled = sum(map(bool, row))
        after = sorted(sum(map(bool, later)) for later in rows[at + 1 :])
        if looks_like_header(row, rows[at + 1 :]) and filled >= after[len(after) // 2]:
            return at
    return None


def shown(value: Any) -> str:
    """A cell's value as text: dates in ISO form, whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        midnight = value.time() == time(0)
        return value.date().isoformat() if midnight else value.isoformat(" ", "seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.12g}"
    if isinstance(value, timedelta):
        return str(value)
    return one_line(str(value))
