"""Tables for other programs: CSV, XLSX and Markdown. What comes from documents stays text.

A spreadsheet runs a cell that begins with `=`, `+`, `-` or `@` as a formula. Such a cell gets an
apostrophe in front in CSV, and is stored as a string in XLSX; in Markdown every character that has
a meaning there is escaped.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

Cell = str | int | float | bool | date | None
Row = dict[str, Cell]
Rows = Sequence[Mapping[str, Cell]]

_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\n]")
# C0 and C1 controls but for tab and line feed, the marks that turn the direction of writing, and
# halves of characters, which no file format holds.
_CONTROLS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
_MARKUP = re.compile(r"([\\`*_\[\]<>|~#!&$])")
_LONGEST = 32_767  # characters that a spreadsheet's cell holds
_WIDEST = 60  # characters


def flat(columns: Mapping[str, str], /, **record: object) -> Row:
    """A row: in each column what stands at its path in the record (`document.title`); None where
    the record has nothing of that name."""
    return {name: _at(record, *path.split(".")) for name, path in columns.items()}


def _at(record: Mapping[str, Any], first: str, *others: str) -> Cell:
    found: Any = record.get(first)
    for name in others:
        found = None if found is None else getattr(found, name)
    return found  # type: ignore[no-any-return]


def several(values: Iterable[str]) -> str | None:
    """Several values in one cell, or nothing."""
    return "; ".join(values) or None


def to_csv(rows: Rows, columns: Sequence[str] = ()) -> str:
    """Comma-separated, the column names first: those of the first row, or `columns` without rows.

    Raises KeyError for a row that has not all columns; so do the other two.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    columns = _columns(rows, columns)
    writer.writerow(columns)
    writer.writerows([_csv_cell(row[name]) for name in columns] for row in rows)
    return out.getvalue()


def to_markdown(rows: Rows, columns: Sequence[str] = ()) -> str:
    """A table; line breaks in a cell become blanks."""
    columns = _columns(rows, columns)
    lines = [columns, ["---"] * len(columns)]
    lines += [[_markdown_cell(row[name]) for name in columns] for row in rows]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)


def to_xlsx(rows: Rows, sheet: str, columns: Sequence[str] = ()) -> bytes:
    """A workbook with one sheet. Numbers and dates keep their kind; all else is a string."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font

    book = Workbook()
    page = book.active
    page.title = re.sub(r"[\[\]:*?/\\]", " ", clean(sheet))[:31] or "Codedesk"
    columns = _columns(rows, columns)
    page.append(columns)
    for title in page[1]:
        title.font = Font(bold=True)
    for number, row in enumerate(rows, start=2):
        for at, name in enumerate(columns, start=1):
            cell = page.cell(number, at)
            _fill(cell, row[name])
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    for at, name in enumerate(columns, start=1):
        longest = max([len(name), *(len(str(row[name] or "")) for row in rows)])
        page.column_dimensions[page.cell(1, at).column_letter].width = min(longest, _WIDEST) + 2
    page.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def clean(text: str) -> str:
    """The text without characters that act on a terminal or that no file format holds."""
    return _CONTROLS.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def markdown(text: str) -> str:
    """The text as Markdown that shows exactly it, on one line."""
    return _MARKUP.sub(r"\\\1", " ".join(clean(text).split()))


def _columns(rows: Rows, columns: Sequence[str]) -> list[str]:
    return list(rows[0]) if rows else list(columns)


def as_written(text: str) -> str:
    """The text of a cell of `to_csv` or `to_xlsx` as it was before it was made safe."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text[1:]) else text


def _csv_cell(value: Cell) -> str | int | float:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return value
    text = value.isoformat() if isinstance(value, date) else clean(value)
    return "'" + text if _FORMULA.match(text) else text


def _markdown_cell(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return markdown(value.isoformat() if isinstance(value, date) else str(value))


def _fill(cell: object, value: Cell) -> None:
    """Set a cell's value; its type last, since setting `=...` makes it a formula."""
    if isinstance(value, bool):
        value = "yes" if value else "no"
    if isinstance(value, str) and value:
        cell.value = clean(value)[:_LONGEST]  # type: ignore[attr-defined]
        cell.data_type = "s"  # type: ignore[attr-defined]
        cell.quotePrefix = True  # type: ignore[attr-defined]
    elif value != "":
        cell.value = value  # type: ignore[attr-defined]
