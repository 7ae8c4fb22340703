"""A table as it was told from what stands around it: its names, its rows, the lines between."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from corpus.readers.tables.sides import Row

LONGEST_TITLE = 120  # characters
_NOTE = re.compile(
    r"(?:foot)?notes?\s*[\d*]*\s*[:.–—-]|sources?\s*:|\*{1,3}[^*]*$|[†‡¹²³⁴-⁹]", re.I
)


@dataclass(frozen=True, slots=True)
class TableRow:
    """The cells of a row, and the sub-heading that it stands under."""

    cells: tuple[str, ...]
    under: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One text from side to side; a short one is a sub-heading of the rows that follow, unless it
    is a note, which says something of the rows before."""

    text: str

    @property
    def heads(self) -> bool:
        return len(self.text) <= LONGEST_TITLE and not self.notes

    @property
    def notes(self) -> bool:
        return _NOTE.match(self.text) is not None


@dataclass(frozen=True, slots=True)
class Names:
    """The rows of a header, as they stand; inside a table, the same header once more."""

    rows: tuple[Row, ...]


@dataclass(slots=True)
class Part:
    """A table: the lines above it, the names of its columns, its rows and the lines between.

    `title` is the line that stands directly above the names, `under` the sub-heading at its end;
    `header` is None where the names are those of a page before.
    """

    above: list[str] = field(default_factory=list)
    title: str = ""
    names: list[str] = field(default_factory=list)
    header: Names | None = None
    under: str = ""
    body: list[Line | TableRow | Names] = field(default_factory=list)

    def going_on(self) -> Part:
        """The same table on the next page."""
        return Part(title=self.title, names=self.names, under=self.under)
