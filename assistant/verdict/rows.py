"""Whether the marked row of a table is another's: the question names what another row has in a
column where this one has something else (San Francisco, and here it says San Diego)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from assistant.question.words.phrases import holds, plain
from assistant.verdict.meeting import Looked
from assistant.verdict.requirements import Kind, Need
from assistant.verdict.stating import header_of

_NAME = re.compile(r"[^\W\d_][\w.'’&-]*(?: [\w.'’&-]+){0,3}")  # of a cell that names something
_LETTERS = 4  # of a cell; a shorter one is a mark or a short form


def of_other_rows(
    question: str, looked: Sequence[Looked], needs: Sequence[Need]
) -> dict[int, tuple[Need, ...]]:
    """For each passage whose marked row is another's, by its id, what the question names that
    stands in its place in the rows around it."""
    asked = plain(question)
    compared = [plain(need.typed) for need in needs if need.kind in (Kind.PAYER, Kind.CODE)]
    tables: dict[tuple[int, str], set[tuple[int, str]]] = {}
    for one in looked:
        tables.setdefault(_table(one), set()).update(_named_cells(one, asked))
    found = {}
    for one in looked:
        row = _marked_row(one)
        cells = tables[_table(one)]
        if row and cells and (other := _in_its_place(row, cells, asked, compared)):
            found[one.citation.passage] = other
    return found


def _table(one: Looked) -> tuple[int, str]:
    return one.citation.version.id, header_of(one.citation)


def _named_cells(one: Looked, asked: str) -> Iterator[tuple[int, str]]:
    """The cells of a passage's rows, with their columns, that the question names whole."""
    header = header_of(one.citation)
    if not header:
        return
    for line in one.citation.text.splitlines():
        is_row = " | " in line and line != header
        for column, cell in enumerate(line.split(" | ") if is_row else ()):
            name = cell.strip()
            if len(name) >= _LETTERS and _NAME.fullmatch(name) and holds(asked, plain(name)):
                yield column, name


def _marked_row(one: Looked) -> list[str]:
    """The cells of the marked row; empty where none is marked, or more than one."""
    marked = [span.of(one.citation.text) for span in one.citation.highlights]
    return marked[0].split(" | ") if len(marked) == 1 and " | " in marked[0] else []


def _in_its_place(
    row: Sequence[str], cells: Collection[tuple[int, str]], asked: str, compared: Sequence[str]
) -> tuple[Need, ...]:
    whole = plain(" ".join(row))
    names = {
        name
        for column, name in cells
        if column < len(row) and not holds(whole, plain(name)) and not _is_asked(row[column], asked)
    }
    return tuple(
        Need(Kind.ROW, name, name, hard=False)
        for name in sorted(names)
        if not any(holds(one, plain(name)) for one in compared)
    )


def _is_asked(cell: str, asked: str) -> bool:
    """Whether the question names what stands in a cell."""
    return bool(cell.strip()) and holds(asked, plain(cell))
