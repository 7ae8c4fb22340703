"""Tables of every kind that policies and fee schedules hold, made from a seed, with their truth.

The truth of a table is what a person reads off it: for each filled cell the sub-heading it stands
under, what its row is about, the name of its column and what it says.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from corpus.readers.tables.grid import Cell


@dataclass(frozen=True, slots=True, order=True)
class Fact:
    """One cell as it is understood: `name` is its column's, `row` the first cell of its row."""

    under: str
    row: str
    name: str
    said: str


Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of names, and below them rows of cells; a text among them is a sub-heading."""

    header: tuple[Row, ...]
    body: tuple[Row | str, ...]
    title: str = ""

    @property
    def columns(self) -> int:
        return sum(cell.across for cell in self.header[0])

    def facts(self) -> Counter[Fact]:
        names = [_stacked(column) for column in zip(*laid(self.header, self.columns), strict=True)]
        rows = laid([row for row in self.body if not isinstance(row, str)], self.columns)
        facts: Counter[Fact] = Counter()
        under, at = "", 0
        for row in self.body:
            if isinstance(row, str):
                under = row
                continue
            for name, said in zip(names, rows[at], strict=True):
                if said:
                    facts[Fact(under, rows[at][0], name, said)] += 1
            at += 1
        return facts


@dataclass(frozen=True, slots=True)
class Sample:
    """Tables of one file. `beside`: they stand side by side, else one below the other; `joined`:
    in one grid with nothing between them; `lone`: a sub-heading is in the first cell alone.
    `page` is how many rows a page holds, and `again` whether a header is repeated on each."""

    kind: str
    tables: tuple[Table, ...]
    beside: bool = False
    joined: bool = False
    lone: bool = False
    page: int = 0
    again: bool = False

    def facts(self) -> Counter[Fact]:
        found: Counter[Fact] = Counter()
        for table in self.tables:
            found += table.facts()
        return found


def laid(rows: Sequence[Row], columns: int) -> list[list[str]]:
    """The text of each place of a grid."""
    places: list[list[str | None]] = [[None] * columns for _ in rows]
    for at, row in enumerate(rows):
        column = 0
        for cell in row:
            while places[at][column] is not None:
                column += 1
            for below in range(at, min(at + cell.down, len(rows))):
                for right in range(column, column + cell.across):
                    places[below][right] = cell.text
    return [[text or "" for text in row] for row in places]


def _stacked(column: Sequence[str]) -> str:
    return " ".join(dict.fromkeys(filter(None, column)))


class _Words:
    """Codes, payers, rules and amounts of a seed."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(f"grids {seed}")
        self._codes = [*range(19100, 19500), *range(76900, 77080)]
        self._chance.shuffle(self._codes)

    def code(self) -> str:
        code = self._codes.pop()
        return f"{code % 10000:04d}T" if code % 7 == 0 else str(code)

    def amount(self) -> str:
        return f"{self._chance.randint(20, 4999)}.{self._chance.randint(0, 99):02d}"

    def units(self) -> str:
        return str(self._chance.randint(1, 9))

    def payers(self, count: int) -> list[str]:
        return self._chance.sample(
            ["Oakwell", "Ashford Mutual", "Linden Health", "Rowan Care", "Birch Choice"], count
        )

    def rule(self) -> str:
        return self._chance.choice(
            ["covered", "not covered", "needs authorization", "bundled", "by report", "carved out"]
        )

    def sentence(self) -> str:
        return self._chance.choice(
            [
                "Covered where an ultrasound of the last sixty days shows the size of the tumor",
                "Not covered unless a surgeon has seen the patient and written a second opinion",
                "Authorization is needed before the day of the service and lasts for ninety days",
            ]
        )

    def tick(self) -> str:
        return self._chance.choice(["✓", "✗"])


def row(*texts: str) -> Row:
    return tuple(Cell(text) for text in texts)


def _header(*texts: str) -> tuple[Row, ...]:
    return (tuple(Cell(text, names=True) for text in texts),)


def _names(*cells: Cell) -> Row:
    return tuple(replace(cell, names=True) for cell in cells)


def _fees(words: _Words, count: int = 6, title: str = "") -> Table:
    return Table(
        _header("Code", "Position", "Facility", "Office"),
        tuple(
            row(words.code(), words.rule(), words.amount(), words.amount()) for _ in range(count)
        ),
        title,
    )


def _units(words: _Words, count: int = 4, title: str = "") -> Table:
    return Table(
        _header("Modifier", "Allowed", "Percent", "Units"),
        tuple(
            row(mark, words.rule(), words.units(), words.units())
            for mark in ("25", "50", "59", "76", "77")[:count]
        ),
        title,
    )


def _plain(words: _Words) -> Sample:
    return Sample("plain", (_fees(words),))


def _merged_down(words: _Words) -> Sample:
    body: list[Row] = []
    for payer in words.payers(3):
        body.append((Cell(payer, down=2), *row(words.code(), words.rule(), words.units())))
        body.append(row(words.code(), words.rule(), words.units()))
    header = _header("Payer", "Code", "Position", "Units")
    return Sample("cells over several rows", (Table(header, tuple(body)),))


def _merged_across(words: _Words) -> Sample:
    body: list[Row] = []
    for at in range(5):
        if at % 2:
            cells = (Cell(words.code()), Cell("bundled", across=2), Cell(words.units()))
        else:
            cells = row(words.code(), words.amount(), words.amount(), words.units())
        body.append(tuple(cells))
    header = _header("Code", "Facility", "Office", "Units")
    return Sample("cells over several columns", (Table(header, tuple(body)),))


def _two_header_rows(words: _Words) -> Sample:
    header = (
        _names(Cell("Code", down=2), Cell("Hospital", across=2), Cell("Office", across=2)),
        _names(*row("Allowed", "Denied", "Allowed", "Denied")),
    )
    body = [row(words.code(), *(words.units() for _ in range(4))) for _ in range(6)]
    return Sample("two header rows", (Table(header, tuple(body)),))


def _three_header_rows(words: _Words) -> Sample:
    header = (
        _names(Cell("Code", down=3), Cell("Calendar year 2026", across=4)),
        _names(Cell("Hospital", across=2), Cell("Office", across=2)),
        _names(*row("Claims", "Paid", "Claims", "Paid")),
    )
    body = [row(words.code(), *(words.amount() for _ in range(4))) for _ in range(6)]
    return Sample("three header rows", (Table(header, tuple(body)),))


def _sub_headings(words: _Words) -> Sample:
    body: list[Row | str] = []
    for payer in words.payers(3):
        body += [payer, *_fees(words, 3).body]
    return Sample("sub-headings from side to side", (Table(_fees(words).header, tuple(body)),))


def _lone_sub_headings(words: _Words) -> Sample:
    return replace(_sub_headings(words), kind="sub-headings in the first cell", lone=True)


def _words_under_sub_headings(words: _Words) -> Sample:
    body: list[Row | str] = []
    for group in ("Breast surgery", "Imaging guidance", "Pathology"):
        body += [group, *(row(payer, words.rule(), words.rule()) for payer in words.payers(3))]
    header = _header("Payer", "Clinic", "Surgery center")
    return Sample("words alone under sub-headings", (Table(header, tuple(body)),))


def _both(words: _Words) -> Sample:
    table = _two_header_rows(words).tables[0]
    one, two = words.payers(2)
    body = (one, *table.body[:3], two, *table.body[3:])
    return Sample("two header rows and sub-headings", (replace(table, body=body),))


def _blanks(words: _Words) -> Sample:
    body = []
    for at in range(7):
        cells = [words.code(), words.rule(), words.amount(), words.amount()]
        cells[at % 3 + 1] = ""
        body.append(row(*cells))
    return Sample("blank cells", (Table(_fees(words).header, tuple(body)),))


def _ticks(words: _Words) -> Sample:
    codes = [words.code() for _ in range(3)]
    body = [row(payer, *(words.tick() for _ in codes)) for payer in words.payers(5)]
    return Sample("ticks", (Table(_header("Plan", *codes), tuple(body)),))


def _beside(words: _Words) -> Sample:
    return Sample("side by side", (_fees(words, 6), _units(words)), beside=True)


def _beside_itself(words: _Words) -> Sample:
    fees = _fees(words, 12)
    halves = replace(fees, body=fees.body[:6]), replace(fees, body=fees.body[6:])
    return Sample("the same columns once more beside", halves, beside=True, joined=True)


def _below(words: _Words) -> Sample:
    tables = _fees(words, 5, "Fees of the year"), _units(words, 4, "Modifiers")
    return Sample("one below the other", tables)


def _second_header(words: _Words) -> Sample:
    return Sample("a second header in the grid", (_fees(words, 5), _units(words)), joined=True)


def _again(words: _Words) -> Sample:
    return Sample("header on every page", (_fees(words, 24),), page=10, again=True)


def _lost(words: _Words) -> Sample:
    return Sample("header on the first page alone", (_fees(words, 24),), page=10)


def _sub_heading_goes_on(words: _Words) -> Sample:
    one, two = words.payers(2)
    body = (one, *_fees(words, 14).body, two, *_fees(words, 6).body)
    table = Table(_fees(words, 1).header, body)
    return Sample("a sub-heading's rows over two pages", (table,), page=10, again=True)


def _wide(words: _Words) -> Sample:
    names = [f"Locality {number}" for number in range(1, 60)]
    body = [row(words.code(), *(words.amount() for _ in names)) for _ in range(5)]
    return Sample("60 columns", (Table(_header("Code", *names), tuple(body)),))


def _lines(words: _Words) -> Sample:
    body = [row(words.code(), words.sentence(), words.units()) for _ in range(5)]
    return Sample("cells of several lines", (Table(_header("Code", "Rule", "Units"), tuple(body)),))


def _texts(words: _Words) -> Sample:
    body = [row(payer, words.sentence(), words.rule()) for payer in words.payers(4)]
    return Sample("words alone", (Table(_header("Payer", "Rule", "Position"), tuple(body)),))


KINDS: tuple[Callable[[_Words], Sample], ...] = (
    _plain,
    _merged_down,
    _merged_across,
    _two_header_rows,
    _three_header_rows,
    _sub_headings,
    _lone_sub_headings,
    _words_under_sub_headings,
    _both,
    _blanks,
    _ticks,
    _beside,
    _beside_itself,
    _below,
    _second_header,
    _again,
    _lost,
    _sub_heading_goes_on,
    _wide,
    _lines,
    _texts,
)


def samples(seed: int) -> list[Sample]:
    """One of each kind."""
    return [kind(_Words(seed)) for kind in KINDS]
