"""Tables as files: written safely for spreadsheets, and read as a person left them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from corpus.errors import CodedeskError
from corpus.files.limits import MEGABYTE, STANDARD
from corpus.readers import CannotRead
from corpus.readers.archive import check_archive
from corpus.text.encodings import decode_text
from ui.confirming.table import COLUMNS, Line
from ui.exports.tables import Rows, as_written, to_csv, to_xlsx

ENDINGS = (".csv", ".xlsx")
_MOST_BYTES = 50 * MEGABYTE
_MOST_ROWS = 200_000


class BadTable(CodedeskError):
    """A file that is no table of documents."""


def table_bytes(rows: Rows, ending: str) -> bytes:
    """The table as CSV or XLSX. Raises BadTable for another ending."""
    _known(ending)
    if ending == ".xlsx":
        return to_xlsx(rows, "Documents", COLUMNS)
    # The byte order mark makes spreadsheets read it as UTF-8.
    return to_csv(rows, COLUMNS).encode("utf-8-sig")


def read_table(path: Path) -> list[Line]:
    """The rows of a table. Raises BadTable with what to do."""
    _known(path.suffix.lower())
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise BadTable(f"{path} is larger than {_MOST_BYTES // MEGABYTE} MB. Split it.")
        data = path.read_bytes()
    except OSError as error:
        raise BadTable(f"{path} cannot be read: {error.strerror}. Name a file that can.") from error
    rows = list(_xlsx(data, path) if path.suffix.lower() == ".xlsx" else _csv(data, path))
    if not rows:
        raise BadTable(f"{path} is empty. Write one with `codedesk metadata export FILE`.")
    return _lines(rows, path)


def _known(ending: str) -> None:
    if ending not in ENDINGS:
        raise BadTable("Name a file that ends in .csv or .xlsx.")


def _lines(rows: Sequence[list[str]], path: Path) -> list[Line]:
    head = [name.strip() for name in rows[0]]
    while head and not head[-1]:
        head.pop()
    if "id" not in head:
        raise BadTable(f"{path} has no column “id” in its first row, which names the documents.")
    twice = sorted({name for name in head if head.count(name) > 1})
    if twice or "" in head:
        what = f"two columns called “{twice[0]}”" if twice and twice[0] else "a column without name"
        raise BadTable(f"{path} has {what}. Keep one.")
    lines = []
    for number, row in enumerate(rows[1:], start=2):
        cells = [as_written(cell) for cell in row]
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) < len(head) or any(cell.strip() for cell in cells[len(head) :]):
            raise BadTable(
                f"{path}, row {number}: it has {len(cells)} cells, but there are {len(head)} "
                "columns. A cell with a comma or a line break has to stand in quotes."
            )
        lines.append(Line(number, dict(zip(head, cells, strict=False))))
    return lines


def _csv(data: bytes, path: Path) -> Iterator[list[str]]:
    text = decode_text(data).removeprefix("\ufeff")
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)  # spreadsheets write what their country is used to
    try:
        yield from _limited(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), path)
    except csv.Error as error:
        raise BadTable(f"{path} is no CSV: {error}. Save it again as CSV (UTF-8).") from error


def _xlsx(data: bytes, path: Path) -> Iterator[list[str]]:
    from openpyxl import load_workbook

    try:
        check_archive(data, STANDARD)
        book = load_workbook(io.BytesIO(data), read_only=True)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what the file says of its size may be wrong
        rows = list(_limited(sheet.iter_rows(), path))
    except CodedeskError:
        raise
    except CannotRead as error:
        raise BadTable(f"{path}: {error}") from error
    except Exception as error:  # whatever a damaged workbook makes the library raise
        raise BadTable(f"{path} is no workbook that can be read. Save it again.") from error
    width = max((len(row) for row in rows), default=0)
    for number, row in enumerate(rows, start=1):
        cells = [_text(cell, number, path) for cell in row]
        yield [*cells, *[""] * (width - len(cells))]


def _limited(rows: Iterable[Any], path: Path) -> Iterator[Any]:
    for number, row in enumerate(rows, start=1):
        if number > _MOST_ROWS:
            raise BadTable(f"{path} has more than {_MOST_ROWS:,} rows. Split it.")
        yield row


def _text(cell: Any, row: int, path: Path) -> str:
    value = cell.value
    if value is None:
        return ""
    if getattr(cell, "data_type", "") == "f":
        raise BadTable(f"{path}, row {row}: a cell holds a formula. Write its value.")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()[:10]
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
