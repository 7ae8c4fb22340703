"""What is read of a table file, as facts, against its truth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus.document import BlockKind, Document
from corpus.reading.read import read_file
from tests.bench.grids.files import FORMATS
from tests.bench.grids.kinds import Fact, Sample

_TICKS = {"yes": "✓", "no": "✗", "✔": "✓", "✘": "✗"}


@dataclass(frozen=True, slots=True)
class Score:
    """Of one file: how many facts there are, how many are read, and how many are read wrongly."""

    facts: int
    right: int
    wrong: int

    def __add__(self, other: Score) -> Score:
        return Score(self.facts + other.facts, self.right + other.right, self.wrong + other.wrong)


def measured(sample: Sample, format_: str, folder: Path) -> Score:
    """Make the file, read it, compare."""
    document = read_sample(sample, format_, folder)
    truth, found = sample.facts(), Counter(facts_of(document, sample))
    return Score(truth.total(), (truth & found).total(), (found - truth).total())


def read_sample(sample: Sample, format_: str, folder: Path) -> Document:
    ending, make = FORMATS[format_]
    path = folder / f"grid.{ending}"
    path.write_bytes(make(sample))
    return read_file(path, document_id=path.name)


def facts_of(document: Document, sample: Sample) -> Iterator[Fact]:
    """Each cell of each row that has a header, as a reader of the passage understands it."""
    titles = [table.title for table in sample.tables if table.title]
    for block in document.blocks:
        if block.kind is not BlockKind.ROW or not block.header:
            continue
        under, names = _parted(block.header, titles)
        cells = block.span.of(document.text).split(" | ")
        if cells == [under]:
            continue
        for at, said in enumerate(cells):
            if said:
                name = names[at] if at < len(names) else ""
                yield Fact(under, cells[0], name, _TICKS.get(said, said))


def _parted(header: str, titles: list[str]) -> tuple[str, list[str]]:
    under, sign, names = header.rpartition(": ")
    for title in titles:
        under = under.removeprefix(title).removeprefix(" – ")
    return under if sign else "", names.split(" | ")
