"""What documents are as a table that a person edits: one row a document, every value with what was
found for it, and the way back from an edited table to changes."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches

from msgspec import Struct

from corpus.document import FoundText, Metadata
from corpus.errors import BadMetadata
from corpus.metadata.told import FIELDS, Value
from index.library import Library
from index.versions import Version
from ui.confirming.book import Book, newest_of
from ui.confirming.checks import Change, change, problems_of, written
from ui.exports.tables import Cell, Row, clean

FOUND = (  # what is looked for in the documents themselves
    *("title", "kind", "payer", "other_payers", "line_of_business", "publisher", "number"),
    *("version", "part", "jurisdiction", "effective", "retired", "standing", "issued"),
    *("revised", "reviewed", "next_review"),
)
_ABOUT = ("evidence", "sure", "confirmed")  # columns beside each of them
COLUMNS = ("id", "sha256", *FIELDS, *(f"{field}_{about}" for field in FOUND for about in _ABOUT))
_YES, _NO = ("yes", "y", "true", "1", "x"), ("no", "n", "false", "0", "")


class Line(Struct, frozen=True):
    """A row of a table that was read, by its number in the file, the head being 1."""

    number: int
    cells: Mapping[str, str]


class RowProblem(Struct, frozen=True):
    """What is wrong with a cell, and what to do; `row` as the table counts them."""

    row: int
    column: str
    document: str
    problem: str


class Asked(Struct, frozen=True):
    """The changes that a table asks for, and what is wrong with it."""

    changes: tuple[Change, ...]
    problems: tuple[RowProblem, ...]


def rows_of(library: Library, book: Book, only: Container[str] | None = None) -> list[Row]:
    """One row a document, by name; of all documents, or of some."""
    return [
        _row(version, book)
        for document, version in newest_of(library).items()
        if only is None or document in only
    ]


def _row(version: Version, book: Book) -> Row:
    known = book.known_of(version)
    said = book.said_of(version)
    row: dict[str, Cell] = {"id": version.document, "sha256": version.sha256}
    row |= {field: written(known[field]) or None for field in FIELDS}
    for field in FOUND:
        row |= _beside(version.metadata, field, said=field in said)
    return row


def _beside(metadata: Metadata, field: str, *, said: bool) -> Row:
    found = found_for(metadata, field)
    used = [one for one in found if one not in metadata.doubtful]
    shown = used or ([] if said else found)
    confirmed = said or any(one.confirmed for one in used)
    return {
        f"{field}_evidence": "\n".join(evidence(one, doubtful=not used) for one in shown) or None,
        f"{field}_sure": round(max(one.sure for one in shown), 2) if shown else None,
        f"{field}_confirmed": "yes" if confirmed else "no" if found else None,
    }


def found_for(metadata: Metadata, field: str) -> list[FoundText]:
    """What was found for a field, what is used first."""
    days = [
        FoundText(one.field, one.value.isoformat(), one.sentence, one.page, one.sure)
        for one in metadata.found
    ]
    return [one for one in (*days, *metadata.stated, *metadata.doubtful) if one.field == field]


def evidence(found: FoundText, *, doubtful: bool) -> str:
    where = f"page {found.page}: " if found.page else ""
    perhaps = f"perhaps {found.value}; " if doubtful else ""
    return f"{perhaps}{where}“{found.sentence}”"


def asked_by(lines: Sequence[Line], library: Library, book: Book) -> Asked:
    """The changes that edited rows ask for. Every cell is checked; with any problem nothing of the
    table may be applied."""
    newest = newest_of(library)
    problems = [*_heads(lines), *_twice(lines)]
    changes: list[Change] = []
    rows: dict[str, int] = {}
    known: dict[str, Mapping[str, Value]] = {}
    for line in lines:
        document = line.cells.get("id", "")
        version = newest.get(document)
        if version is None:
            problems.append(RowProblem(line.number, "id", document, _unknown(document, newest)))
            continue
        rows.setdefault(document, line.number)
        known[document] = book.known_of(version)
        asking = _Asking(line, version, known[document], book.said_of(version))
        changes += asking.changes()
        problems += asking.problems
    found = problems_of(changes, known) if not problems else []
    problems += [RowProblem(rows[p.document], p.field, p.document, p.sentence) for p in found]
    return Asked(tuple(changes), tuple(sorted(problems, key=lambda one: one.row)))


def _heads(lines: Sequence[Line]) -> Iterator[RowProblem]:
    for name in lines[0].cells if lines else ():
        if name not in COLUMNS:
            near = get_close_matches(name.lower(), COLUMNS, n=1, cutoff=0.8)
            hint = f" Did you mean “{near[0]}”?" if near else " Take the column out."
            yield RowProblem(1, name, "", f"No such column is known.{hint}")


def _twice(lines: Iterable[Line]) -> Iterator[RowProblem]:
    seen: dict[str, int] = {}
    for line in lines:
        document = line.cells.get("id", "")
        if document in seen:
            sentence = f"The document stands in row {seen[document]} already. Keep one of the rows."
            yield RowProblem(line.number, "id", document, sentence)
        seen.setdefault(document, line.number)


def _unknown(document: str, newest: Mapping[str, Version]) -> str:
    if not document:
        return "The cell is empty. It has to name a document, as in an exported table."
    near = get_close_matches(document, list(newest), n=1, cutoff=0.8)
    hint = f" Did you mean {near[0]}?" if near else " Export the table again."
    return f"No document of the library is called so.{hint}"


class _Asking:
    """Reads one row against what is known of its document."""

    def __init__(
        self, line: Line, version: Version, known: Mapping[str, Value], said: Mapping[str, Value]
    ) -> None:
        self.problems: list[RowProblem] = []
        self._line = line
        self._version = version
        self._known = known
        self._said = said

    def changes(self) -> list[Change]:
        cells = self._line.cells
        found = [one for field in FIELDS if field in cells and (one := self._change(field))]
        told = cells.get("sha256")
        if found and told and told != self._version.sha256:
            self._problem(
                "sha256",
                "The file is not the one that this row was exported for. Export the table again.",
            )
        return found

    def _change(self, field: str) -> Change | None:
        typed = self._line.cells[field].strip()
        confirms = self._confirms(field)
        if typed == clean(written(self._known.get(field))).strip():
            if not confirms:
                return None
            if not typed:
                self._problem(field, f"{field}_confirmed is yes, but there is no value. Write it.")
                return None
        try:
            return change(self._version.document, field, typed)
        except BadMetadata as error:
            self._problem(field, str(error))
            return None

    def _confirms(self, field: str) -> bool:
        column = f"{field}_confirmed"
        cell = self._line.cells.get(column, "").strip().lower()
        if cell not in (*_YES, *_NO):
            self._problem(column, f"“{cell[:40]}” is neither yes nor no. Write one of them.")
        if cell not in _YES:
            return False
        told = _beside(self._version.metadata, field, said=field in self._said)
        return told[column] != "yes"  # what the table said itself asks for nothing

    def _problem(self, column: str, sentence: str) -> None:
        document = self._version.document
        self.problems.append(RowProblem(self._line.number, column, document, sentence))
