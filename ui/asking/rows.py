"""A list of questions as people have it: pasted lines, CSV or XLSX with a question, a date of
service and a payer in each row. What looks like a patient's is taken out before it goes anywhere.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

from charset_normalizer import from_bytes

from corpus.errors import CodedeskError
from ui.state.privacy import in_words, without_patient
from ui.wording import beginning

MOST = 2_000  # questions in a list
LONGEST = 2_000  # characters of a question
_LONGEST_PAYER = 200
_READ = 20_000  # characters of a cell that are looked at
_MOST_BYTES, _MOST_UNPACKED = 5_000_000, 60_000_000
_NAMES = {
    "question": ("question", "questions", "query", "ask"),
    "on": ("date of service", "dos", "date", "service date", "as of", "on"),
    "payer": ("payer", "payor", "plan", "insurer", "insurance"),
}
_FORMATS = ("%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y", "%m-%d-%Y", "%d %B %Y", "%B %d, %Y", "%b %d, %Y")


class UnreadableList(CodedeskError):
    """A list of questions cannot be read; the sentence says what to do."""


@dataclass(frozen=True, slots=True)
class Row:
    """A question of a list. `problem` says why it cannot be asked as it is; `cut`: it is too long,
    and only its beginning, which can be asked, is kept."""

    question: str
    on: date | None
    payer: str
    problem: str = ""
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Read:
    """A list as it was read: its rows, and the kinds of patient data that were taken out."""

    rows: tuple[Row, ...]
    removed: tuple[str, ...]
    rows_cleared: int


def read_pasted(text: str) -> Read:
    """One question a line; after a tab its date of service and its payer, as spreadsheets copy."""
    return _read(csv.reader(io.StringIO(text.replace("\r", "\n")), delimiter="\t", quoting=3))


def read_file(name: str, data: bytes) -> Read:
    """A CSV or XLSX. Raises UnreadableList."""
    if len(data) > _MOST_BYTES:
        raise UnreadableList(
            f"{name} has {len(data) / 1e6:.0f} MB; a list has at most {_MOST_BYTES / 1e6:.0f} MB. "
            "Cut it into parts."
        )
    if name.lower().endswith(".xlsx"):
        return _read(_sheet(name, data))
    if name.lower().endswith((".csv", ".txt", ".tsv")):
        return _read(_table(name, data))
    raise UnreadableList(f"{name} is no CSV or XLSX. Save the list as one of them.")


def _table(name: str, data: bytes) -> Iterator[list[str]]:
    best = from_bytes(data).best()
    if best is None:
        raise UnreadableList(f"{name} is no text that can be read. Save it as CSV in UTF-8.")
    text = str(best).removeprefix("\ufeff")
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    try:
        yield from csv.reader(io.StringIO(text), delimiter=delimiter)
    except csv.Error as error:
        raise UnreadableList(f"{name} is no table: {error}. Save it as CSV anew.") from error


def _sheet(name: str, data: bytes) -> Iterator[list[object]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            if sum(part.file_size for part in parts.infolist()) > _MOST_UNPACKED:
                raise UnreadableList(f"{name} unpacks to too much. Copy the list to a new file.")
        from openpyxl import load_workbook

        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        for cells in sheet.iter_rows(values_only=True):
            yield list(cells)
    except UnreadableList:
        raise
    except Exception as error:  # a damaged file makes openpyxl raise whatever it likes
        raise UnreadableList(f"{name} cannot be read as XLSX. Save it anew, or as CSV.") from error


def _read(source: Iterable[Sequence[object]]) -> Read:
    filled = (line for line in source if any(_said(cell) for cell in line))
    lines = list(islice(filled, MOST + 2))
    columns = _columns(lines[0]) if lines else {}
    body = lines[1:] if columns else lines
    if len(body) > MOST:
        raise UnreadableList(f"The list has more than {MOST:,} questions. Ask it in parts.")
    rows: list[Row] = []
    removed: list[str] = []
    cleared = 0
    for line in body:
        row, gone = _row(line, columns or {"question": 0, "on": 1, "payer": 2})
        if not row.question and not row.problem and not gone:
            continue
        rows.append(row)
        removed += gone
        cleared += bool(gone)
    if not rows:
        raise UnreadableList(
            "No question was found in the list. Give it a column “question”; “date of service” and "
            "“payer” may stand beside it."
        )
    return Read(tuple(rows), tuple(dict.fromkeys(removed)), cleared)


def _columns(head: Sequence[object]) -> dict[str, int]:
    """Where each column is, if the first line names them; {} if it is a question already."""
    names = [re.sub(r"[\s_]+", " ", _said(cell)).lower() for cell in head]
    found = {
        what: names.index(name)
        for what, known in _NAMES.items()
        for name in reversed(known)
        if name in names
    }
    return found if "question" in found else {}


def _row(line: Sequence[object], columns: dict[str, int]) -> tuple[Row, tuple[str, ...]]:
    def cell(what: str) -> object:
        at = columns.get(what)
        return line[at] if at is not None and at < len(line) else None

    typed = " ".join(_said(cell("question")).split())
    question = without_patient(typed[:_READ])  # before it is cut: half an identifier is still one
    payer = without_patient(_said(cell("payer"))[:_READ])
    removed = (*question.removed, *payer.removed)
    on, problem = _day(cell("on"))
    cut = False
    if not question.text:
        problem = "No question is left." if removed else "The question is empty."
    elif cut := len(question.text) > LONGEST:
        problem = f"A question has at most {LONGEST:,} characters; this one has {len(typed):,}."
    elif len(payer.text) > _LONGEST_PAYER:
        problem = f"A payer's name has at most {_LONGEST_PAYER} characters."
    kept = beginning(question.text, most=LONGEST) if cut else question.text
    return Row(kept, on, payer.text[:_LONGEST_PAYER], problem, cut), removed


def _day(value: object) -> tuple[date | None, str]:
    if isinstance(value, datetime):
        return value.date(), ""
    if isinstance(value, date):
        return value, ""
    written = _said(value)
    if not written:
        return None, ""
    for form in _FORMATS:
        try:
            return datetime.strptime(written, form).date(), ""
        except ValueError:
            continue
    shown = without_patient(written[:40]).text
    return None, f"“{shown}” is no date: write it as 2025-03-01 or 03/01/2025."


def _said(cell: object) -> str:
    return "" if cell is None else str(cell).strip()


def notice(read: Read) -> str:
    """What was done with what looks like patients' data; "" if there was none."""
    if not read.removed:
        return ""
    rows = "1 row seems" if read.rows_cleared == 1 else f"{read.rows_cleared:,} rows seem"
    return (
        f"{rows} to contain {in_words(read.removed)} of a patient. This was taken out before the "
        "list was kept; the remaining words are asked. Please leave patient data out."
    )
