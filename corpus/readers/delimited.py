"""CSV and TSV: each record a row that carries the column names."""

from __future__ import annotations

import csv
import io
import re

from corpus.files.limits import STANDARD, Limits
from corpus.readers import CannotRead
from corpus.readers.draft import Draft, DraftBuilder
from corpus.readers.tables.added import add_grid
from corpus.readers.tables.grid import Grid
from corpus.text.clean import one_line
from corpus.text.encodings import decode_text

_DELIMITERS = ",;\t|"
_TOLD = re.compile(r"(?:\ufeff)?sep=(\\t|.)\n", re.I)  # Excel's own way to name the delimiter
_AS_TEXT = re.compile(r'="((?:[^"]|"")*)"')
_FIELD_CHARACTERS = 10_000_000


def read_delimited(data: bytes, *, limits: Limits = STANDARD) -> Draft:
    """Read a CSV or TSV file. Raises CannotRead for broken quoting and too many cells."""
    text = decode_text(data).replace("\r\n", "\n").replace("\r", "\n").replace("\0", " ")
    csv.field_size_limit(_FIELD_CHARACTERS)
    told = _TOLD.match(text)
    delimiter = told[1].replace("\\t", "\t") if told else delimiter_of(text)
    stream = io.StringIO(text[told.end() :] if told else text)
    builder = DraftBuilder()
    rows: list[tuple[str, ...]] = []
    cells = 0
    try:
        for record in csv.reader(stream, delimiter=delimiter):
            cells += len(record)
            if cells > limits.cells:
                raise CannotRead(
                    f"The table has more than {limits.cells:,} cells. Split it into smaller files."
                )
            rows.append(tuple(map(_shown, record)))
    except csv.Error as error:
        raise CannotRead(
            f"The table cannot be read ({error}). "
            "Open it in a spreadsheet and save it as CSV again."
        ) from error
    add_grid(builder, Grid(tuple(rows)))
    return builder.draft()


def _shown(cell: str) -> str:
    """A cell as Excel shows it: ="0361" is how programs make it keep a code's zeros."""
    as_text = _AS_TEXT.fullmatch(cell)
    return one_line(as_text[1].replace('""', '"') if as_text else cell)


def delimiter_of(text: str) -> str:
    """The character that splits most of the first lines into the same number of fields, above one.

    `csv.Sniffer` is not used: it takes letters for delimiters and is quadratic on long lines.
    """
    lines = [line for line in text[:100_000].splitlines()[:50] if line.strip()]
    best, best_score = ",", (0.0, 0)
    for delimiter in _DELIMITERS:
        widths = [_fields(line, delimiter) for line in lines]
        usual = max(set(widths), key=widths.count, default=1)
        if usual > 1:
            score = (widths.count(usual) / len(widths), usual)
            best, best_score = (delimiter, score) if score > best_score else (best, best_score)
    return best


def _fields(line: str, delimiter: str) -> int:
    """The fields of a line, not counting delimiters inside quotes."""
    return 1 + sum(part.count(delimiter) for part in line.split('"')[0::2])
