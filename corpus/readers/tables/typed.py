"""Tables that are typed in plain text: with bars, in columns that a line of dashes rules, or under
names that stand apart by blanks alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from corpus.readers.draft import looks_like_header
from corpus.readers.tables.grid import Grid
from corpus.text.clean import one_line

_FEWEST = 3  # lines of a table that nothing rules, its names among them
Columns = Sequence[tuple[int, int]]  # from where to where each one is ruled

_BARRED = re.compile(r"\s*\|.*\|\s*|\s*\+(?:[-=]+\+){2,}\s*")
_BETWEEN = re.compile(r"[\s|:+=-]+")  # a line that only parts the rows above and below
_CORNERED = re.compile(r"\s*\+[-=+]+\+\s*")
_DRAWN = str.maketrans("│┃║─━═┌┬┐├┼┤└┴┘╔╦╗╠╬╣╚╩╝╞╪╡┏┳┓┣╋┫┗┻┛", "|||--=" + "+" * 30)
_RULE = re.compile(r"\s*(?:[-=─]{2,}\s+)+[-=─]{2,}\s*")
_DASHES = re.compile(r"\s*(?:[-=─]{2,}\s*)+")  # such a rule, or one line from side to side
_PIECE = re.compile(r"\S+(?:\s\S+)*")  # what two blanks part from the next


def tables_and_lines(lines: Sequence[str]) -> Iterator[Grid | list[str]]:
    """The lines in their order: each table as a grid, and the lines between tables."""
    for barred, group in groupby(lines, key=_is_barred):
        some = list(group)
        grid = _barred([line.translate(_DRAWN) for line in some]) if barred else tabbed_grid(some)
        if grid is not None:
            yield grid
        else:
            yield from _with_columns([line.expandtabs() for line in some])


def _is_barred(line: str) -> bool:
    return _BARRED.fullmatch(line.translate(_DRAWN)) is not None


def is_tabbed(line: str) -> bool:
    """Whether tabs may part a line into three columns or more."""
    return line.count("\t") > 1 and "\n" not in line.strip()


def tabbed_grid(lines: Sequence[str]) -> Grid | None:
    """Lines that tabs part under names, each name in its place, as a table; None where some have
    more columns than there are names, or most are not filled: tabs make room there."""
    rows = [tuple(one_line(cell) for cell in line.rstrip().split("\t")) for line in lines]
    if len(rows) < _FEWEST or not all(rows[0]) or max(map(len, rows)) > len(rows[0]):
        return None
    filled = sum(sum(map(bool, row)) * 2 > len(rows[0]) for row in rows)
    if filled * 4 < 3 * len(rows) or not looks_like_header(rows[0], rows[1:]):
        return None
    return Grid(tuple(row + ("",) * (len(rows[0]) - len(row)) for row in rows), header_rows=1)


def _barred(lines: Sequence[str]) -> Grid | None:
    """A table typed with bars, its columns named by what stands above its first rule; None for
    rules alone. Where a rule stands between all rows, what is between two of them is one row."""
    rules = [at for at, line in enumerate(lines) if _BETWEEN.fullmatch(line)]
    cornered = sum(_CORNERED.fullmatch(lines[at]) is not None for at in rules)
    grouped = cornered > 3 or (cornered and any("=" in lines[at] for at in rules))
    rows: list[list[str]] = []
    open_row = False
    for at, line in enumerate(lines):
        if at in rules:
            open_row = False
            continue
        cells = [cell.strip() for cell in line.strip()[1:-1].split("|")]
        if open_row and grouped and len(cells) == len(rows[-1]):
            rows[-1] = [
                f"{one} {other}".strip() for one, other in zip(rows[-1], cells, strict=True)
            ]
        else:
            rows.append(cells)
        open_row = True
    width = max(map(len, rows), default=0)
    even = tuple((*row, *[""] * (width - len(row))) for row in rows)
    return Grid(even, header_rows=1).without_blank_rows() if rows else None


def _with_columns(lines: list[str]) -> Iterator[Grid | list[str]]:
    done = 0
    for at, line in enumerate(lines):
        if at < done or not _RULE.fullmatch(line):
            continue
        columns = [found.span() for found in re.finditer(r"\S+", line)]
        first, last = at, at + 1
        while first > done and _names(lines[first - 1], columns):
            first -= 1
        while last < len(lines) and _is_row(lines[last], columns):
            last += 1
        grid = _grid(lines[first:last], columns)
        if grid is not None:
            if first > done:
                yield lines[done:first]
            yield grid
            done = last
    if done < len(lines):
        yield from _by_blanks(lines[done:])


def _by_blanks(lines: list[str]) -> Iterator[Grid | list[str]]:
    """Lines under names that blanks part, if each of them keeps to the names' places: else they
    are lines, and no empty place is lost by guessing."""
    titled = len(lines) > _FEWEST and len(_PIECE.findall(lines[0])) == 1
    start = 1 if titled else 0
    columns = [found.span() for found in _PIECE.finditer(lines[start])]
    rows = [_cells(line, columns) for line in lines[start:]]
    cells = [row for row in rows if row is not None]
    if len(columns) < 3 or len(rows) < _FEWEST or len(cells) < len(rows):
        yield lines
        return
    several = sum(sum(map(bool, row)) > 1 for row in cells)
    if several * 4 < 3 * len(cells) or not looks_like_header(cells[0], cells[1:]):
        yield lines
        return
    if titled:
        yield lines[:1]
    yield Grid(tuple(cells), header_rows=1)


def _grid(lines: Sequence[str], columns: Columns) -> Grid | None:
    """The rows under the names above the rule, or between the first two rules; None if there
    are no names or no rows."""
    rules = [at for at, line in enumerate(lines) if _DASHES.fullmatch(line)]
    named = next((at for at in rules if at > 0), 0)
    header = sum(at not in rules for at in range(named))
    rows = [_cells(line, columns) or () for at, line in enumerate(lines) if at not in rules]
    return Grid(tuple(rows), header_rows=header) if 0 < header < len(rows) else None


def _names(line: str, columns: Columns) -> bool:
    """Whether a line names columns: a title over the table stands in one place only."""
    cells = None if _DASHES.fullmatch(line) else _cells(line, columns)
    return cells is not None and sum(map(bool, cells)) > 1


def _is_row(line: str, columns: Columns) -> bool:
    return _DASHES.fullmatch(line) is not None or _cells(line, columns) is not None


def _cells(line: str, columns: Columns) -> tuple[str, ...] | None:
    """What stands in each column; None where the line keeps to no columns.

    A line that leaves the blanks of the rule blank is cut there. In another one, whose words are
    longer than the rule above them, each piece belongs to the one column that it touches.
    """
    starts = [start for start, _ in columns]
    gaps = [(end, start) for (_, end), start in zip(columns, starts[1:], strict=False)]
    if not any(line[end:start].strip() for end, start in [(0, starts[0]), *gaps]):
        ends = [*starts[1:], len(line)]
        return tuple(line[start:end].strip() for start, end in zip(starts, ends, strict=True))
    cells = [""] * len(columns)
    for piece in _PIECE.finditer(line):
        touched = [
            column
            for column, (start, end) in enumerate(columns)
            if piece.start() < end and start < piece.end()
        ]
        if len(touched) != 1 or cells[touched[0]]:
            return None
        cells[touched[0]] = piece.group()
    return tuple(cells)
