"""How right the section is that a passage names: its number and its title.

`python -m tests.bench.outlines [FOLDER...]` prints, with what is right, wrong and empty:
- documents made here (PDF, Word, web page, Markdown, text) whose outline is known;
- for the PDFs below the folders: passages labelled by hand (`labels/sections.tsv`: file, page, a
  few words, number, title), half of the files held out;
- the outlines that PDFs bring themselves (bookmarks), which are hidden from the reader meanwhile,
  and their contents pages, which are hidden likewise.

A number is right if it and those of the sections around it are; a title if the heading stands on
the passage's path (for labels: if it is the last one). "Empty" is a passage that names none.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from pypdfium2 import PdfiumError

from corpus.document import Block, BlockKind, Document, page_at
from corpus.errors import UnreadableFile
from corpus.readers import CannotRead
from corpus.readers.headings.contents import Contents, contents_of, squeezed
from corpus.readers.headings.number import number_of, numbers_of
from corpus.readers.pdf import blocks as pdf_blocks
from corpus.readers.pdf.file.source import Source, opened
from corpus.reading.read import read_file
from tests.bench.corpora.outlined import made_documents

_LABELS = Path(__file__).parent / "labels" / "sections.tsv"
HELD_OUT = frozenset(
    (
        "cms_ncci_2025_policy_manual.pdf",
        "RHC and FQHC.pdf",
        "General Exclusions From Coverage.pdf",
        "nar-grid-bcbs.pdf",
        "joint-procedures.pdf",
    )
)  # chosen before the rules were made
_NOTES = re.compile(r"[\s⁰¹²³⁴-⁹,]+$")  # marks of notes behind a title
_FEWEST = 5  # entries of an outline that can be measured
_PARTIAL = 1.2  # a contents page with so many more titles: the outline has only some
_MOST_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Label:
    file: str
    page: int
    words: str
    number: str
    titles: tuple[str, ...]


class Score:
    """Counts numbers and titles as right, wrong or empty, and keeps what was wrong."""

    def __init__(self) -> None:
        self.number: Counter[str] = Counter()
        self.title: Counter[str] = Counter()
        self.faults: list[str] = []

    def add(self, where: str, *, number: str, title: str, said: Sequence[str]) -> None:
        self.number[number] += 1
        self.title[title] += 1
        if (number, title) != ("right", "right"):
            self.faults.append(f"{where}: number {number}, title {title}: {' > '.join(said)}")

    def __iadd__(self, other: Score) -> Score:
        self.number += other.number
        self.title += other.title
        self.faults += other.faults
        return self

    def line(self, name: str) -> str:
        count = max(self.number.total(), 1)
        parts = [f"{name:44.44} {self.number.total():6,}"]
        for counted in (self.number, self.title):
            parts += [f"{counted[kind] / count:7.3f}" for kind in ("right", "wrong", "empty")]
        return " ".join(parts)

    def figures(self) -> dict[str, object]:
        return {"passages": self.number.total(), "number": self.number, "title": self.title}


def paths_of(document: Document) -> list[tuple[int, tuple[str, ...]]]:
    """Where each block begins, and the headings above it, its own included."""
    open_: list[Block] = []
    found = []
    for block in document.blocks:
        if block.kind is BlockKind.HEADING:
            open_ = [above for above in open_ if above.level < block.level] + [block]
        texts = tuple(" ".join(above.span.of(document.text).split()) for above in open_)
        found.append((block.span.start, texts))
    return found


def chain_of(path: Sequence[str]) -> str:
    """The numbers along a path; 60.2.1 stands for 60 and 60.2 too."""
    chain: list[str] = []
    for text in path:
        number = number_of(text)
        while number and chain and number.startswith(f"{chain[-1]}."):
            chain.pop()
        chain += [number] if number else []
    return " ".join(chain)


def title_of(text: str) -> str:
    text = _NOTES.sub("", text)
    readings = numbers_of(text)
    return squeezed(readings[0].title if readings and readings[0].title else text)


def judged(said: Sequence[str], number: str) -> str:
    """Whether the numbers of a path end as they must; a chapter's alone counts as none."""
    chain = chain_of(said)
    if number:
        if f" {chain}".endswith(f" {number}"):
            return "right"
        return "wrong" if chain else "empty"
    return (
        "wrong" if [part for part in said if number_of(part) and not _is_chapter(part)] else "right"
    )


def _is_chapter(text: str) -> bool:
    return bool(numbers_of(text)[0].label)


def labels() -> list[Label]:
    with _LABELS.open(encoding="utf-8") as lines:
        rows = csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [
            Label(row[0], int(row[1]), row[2], row[3], tuple(row[4].split("|")))
            for row in rows
            if not row[0].startswith("#")
        ]


def by_labels(document: Document, wanted: Sequence[Label]) -> Score:
    score = Score()
    starts = paths_of(document)
    for label in wanted:
        said = _path_at(document, starts, label)
        where = f"{label.file} p.{label.page} “{label.words}” is {label.number} {label.titles[0]}"
        if said is None:
            score.add(f"{where} (words not found)", number="empty", title="empty", said=())
            continue
        last = title_of(said[-1]) if said else ""
        titles = {squeezed(title) for title in label.titles}
        title = (
            "right" if any(_alike(last, one) for one in titles) else "wrong" if last else "empty"
        )
        score.add(where, number=judged(said, label.number), title=title, said=said)
    return score


def _alike(said: str, title: str) -> bool:
    """Whether two titles are one; the end of a long one may be set otherwise, or cut."""
    return said == title or (len(said) > 25 and (said[:40] == title[:40] or title.startswith(said)))


def _path_at(
    document: Document, starts: Sequence[tuple[int, tuple[str, ...]]], label: Label
) -> tuple[str, ...] | None:
    pages = {page.number: page.start for page in document.pages}
    begin, end = pages[label.page], pages.get(label.page + 1, len(document.text))
    letters = [at for at in range(begin, end) if document.text[at].isalnum()]
    page = "".join(document.text[at].casefold() for at in letters)
    found = page.find(squeezed(label.words))
    if found < 0:
        return None
    at = letters[found]
    return next(path for start, path in reversed(starts) if start <= at)


def by_outline(file: Path) -> Score | None:
    """Every block of a PDF against its bookmarks, which the reader does not see."""
    with opened(file.read_bytes()) as source:
        entries = [
            (page, title, level)
            for page, titles in source.outline().items()
            for title, level in titles
        ]
    if len(entries) < _FEWEST:
        return None
    promised: list[int] = []

    def counted(pages: Sequence[Sequence[str]]) -> Contents:
        found = contents_of(pages)
        promised.append(len(set(map(squeezed, found.titles))))
        return found

    with (
        patch.object(Source, "outline", lambda _: {}),
        patch.object(pdf_blocks, "contents_of", counted),
    ):
        document = read_file(file, document_id=file.name)
    if promised[-1] > _PARTIAL * len(entries):
        return None
    return _against(document, _located(document, entries))


def _located(
    document: Document, entries: Sequence[tuple[int, str, int]]
) -> list[tuple[int, str | None]]:
    """Where the titles of an outline stand in the text: on their page, as a block or its first
    words. None is for a title that does not stand there: what follows is not known."""
    found: list[tuple[int, str | None]] = []
    starts = {page.number: page.start for page in document.pages}
    for page, title, _ in entries:
        wanted = squeezed(title)
        here = [
            (squeezed(block.span.of(document.text)[: len(title) + 40]), block.span.start)
            for block in document.blocks
            if starts[page] <= block.span.start < starts.get(page + 1, len(document.text))
            and (not found or block.span.start > found[-1][0])
        ]
        places = [at for said, at in here if said == wanted] or [
            at for said, at in here if said.startswith(wanted)
        ]
        if places:
            found.append((places[0], title))
        else:
            found.append((max(starts[page], found[-1][0] if found else 0), None))
    return found


def _against(document: Document, truth: Sequence[tuple[int, str | None]]) -> Score:
    score = Score()
    for start, said in paths_of(document):
        above = next((title for at, title in reversed(truth) if at <= start), None)
        if not above:
            continue
        title = title_of(above)
        named = [text for text in said if _alike(title_of(text), title)]
        number = number_of(above)
        numbers = {number_of(text) for text in said} - {""}
        if number in numbers or not (number or numbers):
            right = "right"
        elif not number:
            right = "right" if named else "wrong"
        else:
            right = "wrong" if numbers else "empty"
        score.add(
            f"p.{getattr(page_at(document.pages, start), 'number', 0)} is {above[:60]}",
            number=right,
            title="right" if named else "wrong" if said else "empty",
            said=said,
        )
    return score


def by_contents(file: Path) -> tuple[int, int] | None:
    """How many numbered titles of a contents page are headings, the page unknown to the reader."""
    seen: list[Contents] = []

    def hidden(pages: Sequence[Sequence[str]]) -> Contents:
        seen.append(contents_of(pages))
        return Contents(seen[-1].lines)

    with patch.object(pdf_blocks, "contents_of", hidden):
        document = read_file(file, document_id=file.name)
    titles = {squeezed(title) for title in seen[-1].titles if numbers_of(title)}
    if len(titles) < _FEWEST:
        return None
    headings = {
        squeezed(block.span.of(document.text))
        for block in document.blocks
        if block.kind is BlockKind.HEADING
    }
    return sum(any(_alike(said, title) for said in headings) for title in titles), len(titles)


def by_making() -> Iterator[tuple[str, Score]]:
    """Documents made here, whose every paragraph says in which section it stands."""
    import tempfile

    for name, data in made_documents():
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / name
            file.write_bytes(data)
            document = read_file(file, document_id=name)
        score = Score()
        starts = paths_of(document)
        for block, (_, said) in zip(document.blocks, starts, strict=True):
            text = block.span.of(document.text)
            if block.kind is not BlockKind.HEADING and "[[" in text and "]]" in text:
                number, _, title = text[text.index("[[") + 2 : text.index("]]")].partition("|")
                right = said and title_of(said[-1]) == squeezed(title)
                score.add(
                    f"{name}: {number} {title}",
                    number=judged(said, number),
                    title="right" if right else "wrong" if said else "empty",
                    said=said,
                )
        yield name, score


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Score the sections that passages name.")
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER")
    parser.add_argument("--faults", action="store_true", help="show what was wrong")
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args(arguments)
    files = sorted(file for folder in chosen.folders for file in folder.rglob("*.pdf"))
    figures: dict[str, object] = {}
    head = f"{'':44} {'blocks':>6} " + " ".join(
        f"{kind:>7}" for kind in ("number", "wrong", "empty", "title", "wrong", "empty")
    )
    print(head)

    def show(name: str, score: Score) -> None:
        print(score.line(name))
        figures[name] = score.figures()
        if chosen.faults:
            for fault in score.faults[:_MOST_SHOWN]:
                print(f"    {fault}")

    for name, score in by_making():
        show(f"made: {name}", score)
    _show_labels(files, show)
    _show_outlines(files, show)
    known = {label.file for label in labels()}
    for file in [file for file in files if file.name in known]:
        promised = by_contents(file)
        if promised is not None:
            print(f"contents: {file.name}: {promised[0]} of {promised[1]} titles are headings")
            figures[f"contents: {file.name}"] = promised
    if chosen.json:
        chosen.json.write_text(json.dumps(figures, indent=1), encoding="utf-8")


def _show_outlines(files: Sequence[Path], show: Callable[[str, Score], None]) -> None:
    for file in files:
        try:
            own = by_outline(file)
        except (CannotRead, UnreadableFile, PdfiumError) as error:
            print(f"{file.name}: {error}")
            continue
        if own is not None:
            show(f"bookmarks: {file.name}", own)


def _show_labels(files: Sequence[Path], show: Callable[[str, Score], None]) -> None:
    by_file: Mapping[str, Path] = {file.name: file for file in files}
    wanted = [label for label in labels() if label.file in by_file]
    halves = {"labels, tuned on": Score(), "labels, held out": Score()}
    for name in dict.fromkeys(label.file for label in wanted):
        document = read_file(by_file[name], document_id=name)
        score = by_labels(document, [label for label in wanted if label.file == name])
        show(f"labels: {name}", score)
        halves["labels, held out" if name in HELD_OUT else "labels, tuned on"] += score
    if wanted:
        for name, score in halves.items():
            print(score.line(name))


if __name__ == "__main__":
    main()
