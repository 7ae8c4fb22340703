"""What a document shows of itself: its first pages line by line, its running lines, the lines that
claim rights, its properties and its names. Nothing else is looked at, so a long book costs no more
than a leaflet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any

from corpus.document import Block, Page, page_at
from corpus.readers.draft import BAR, Draft
from corpus.text.clean import one_line

_LINES, _LETTERS, _PAGES = 120, 12_000, 3  # how much of a document is its face
_LONGEST = 1_500  # letters of a line
_RUNNING = 40  # running lines
_EDGE = 3  # lines of a page's beginning and end
_PARTS = re.compile(
    r"\s*[|•·]\s*|\s+[–—-]\s+|,\s+(?=(?:issue|vol|no|number|bulletin)\b)", re.IGNORECASE
)
_WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods")
_NUMBERS = re.compile(r"\d+")
_PAGE_OF = re.compile(
    r"\W*\b(?:page|pg\.?|seite)\s*:?\s*\d{1,4}(?:\s*(?:of|von|/)\s*\d{1,4})?\W*", re.IGNORECASE
)
_PAGE_BEHIND = re.compile(r"\s+\W*\d{1,4}(?:\s*/\s*\d{1,4})?$")
_RIGHTS = re.compile(
    r"©|\([cC]\)\s?(?:19|20)\d\d|[Cc]opyright|COPYRIGHT|[Aa]ll [Rr]ights [Rr]eserved"
    r"|[Pp]roprietary|[Ii]ndependent [Ll]icensee"
)
_AROUND = 200  # letters of a line before and behind such a word
_MOST_RIGHTS = 30
_ADDRESSES = 12
_ADDRESS = re.compile(
    r"(?<![\w.-])(?:https?://|www\.|[\w.+-]+@)?((?:[a-z0-9-]+\.)+(?:com|org|net|gov|mil|edu|us|uk"
    r"|de"
    r"|ca|au|eu|ch|at))\b(?!\.\w)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the face. `level` is that of a heading, 1 the highest, else 0; `cells` are those of
    a table row; `opens` says that it stands on the first page that says anything, `repeats` that it
    is a running line."""

    text: str
    page: int | None = None
    level: int = 0
    cells: tuple[str, ...] = ()
    opens: bool = False
    repeats: bool = False


@dataclass(frozen=True)
class Face:
    """`path` is the document's id: its folders and its file's name come last as evidence. `sheets`
    are those of a workbook that has several."""

    lines: tuple[Line, ...]
    running: tuple[str, ...]
    rights: tuple[Line, ...]
    properties: Mapping[str, str]
    path: str
    text: str = field(repr=False, default="")
    sheets: tuple[str, ...] = ()

    @cached_property
    def opening(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.opens)

    @cached_property
    def repeated(self) -> tuple[Line, ...]:
        return tuple(Line(text, repeats=True) for text in self.running)

    @cached_property
    def said(self) -> str:
        """The lines as one text."""
        return "\n".join(line.text for line in self.lines)

    @cached_property
    def _repeating(self) -> frozenset[str]:
        return frozenset(self.running)

    def repeats(self, text: str) -> bool:
        """Whether a line is a running one, whatever its page's number."""
        bare = _PAGE_OF.sub(" | ", text).strip(" |")
        return bare in self._repeating or _PAGE_BEHIND.sub("", bare) in self._repeating

    @property
    def file_name(self) -> str:
        return PurePosixPath(self.path).stem

    @cached_property
    def addresses(self) -> tuple[tuple[str, Line], ...]:
        """The domains that the document gives, each once with its first line; those of references,
        deep in the text, are not among them."""
        own = Line(self.properties.get("source_url", ""))
        found: dict[str, Line] = {}
        for line in (own, *self.repeated, *self.opening, *self.rights):
            for domain in _domains(line):
                if len(found) < _ADDRESSES:
                    found.setdefault(domain, line)
        return tuple(found.items())


def face_of(draft: Draft, path: str) -> Face:
    of_sheets = path.lower().endswith(_WORKBOOKS)
    lines = tuple(_lines(draft.text, own_blocks(draft), draft.pages, of_sheets=of_sheets))
    return Face(
        lines=lines,
        running=tuple(_without_pages([*draft.running, *_repeating(lines)])[:_RUNNING]),
        rights=tuple(_rights(draft.text, draft.pages)),
        properties=_texts(draft.found),
        path=path,
        text=draft.text,
        sheets=draft.sheets,
    )


def _repeating(lines: Sequence[Line]) -> Iterator[str]:
    """Lines at the edges of the face's pages that stand on two of them. The readers call a line
    running from three pages on; of whose document it is, two say enough."""
    pages: dict[int, list[str]] = {}
    for line in lines:
        if line.page is not None and not line.cells:
            pages.setdefault(line.page, []).append(line.text)
    on: dict[str, set[int]] = {}
    for page, texts in pages.items():
        for text in (*texts[:_EDGE], *texts[-_EDGE:]):
            on.setdefault(_NUMBERS.sub("#", text), set()).add(page)
    for texts in pages.values():
        yield from (text for text in texts if len(on.get(_NUMBERS.sub("#", text), ())) > 1)


def _without_pages(running: Iterable[str]) -> list[str]:
    """Running lines without the number of the page, each once."""
    lines = [one_line(text[:_LONGEST]) for text in running]
    variants: dict[str, set[str]] = {}
    for line in lines:
        variants.setdefault(_NUMBERS.sub("#", line), set()).add(line)
    kept: dict[str, None] = {}
    for line in lines:
        counts = len(variants[_NUMBERS.sub("#", line)]) > 1
        bare = _PAGE_OF.sub(" | ", line).strip(" |")
        bare = _PAGE_BEHIND.sub("", bare) if counts else bare
        if any(map(str.isalpha, bare)):
            kept[bare] = None
    return list(kept)


def parts_of(text: str) -> list[str]:
    """The parts of a line that bars, dots or dashes part, or a comma before its issue."""
    return _PARTS.split(text)


def is_workbook(face: Face) -> bool:
    """Whether the first heading is the name of a sheet."""
    return face.path.lower().endswith(_WORKBOOKS)


def own_blocks(draft: Draft) -> Sequence[Block]:
    """The blocks of the file itself, without those of files attached to it."""
    if draft.own is None:
        return draft.blocks
    return [block for block in draft.blocks if block.span.end <= draft.own]


def _lines(
    text: str, blocks: Sequence[Block], pages: Sequence[Page], *, of_sheets: bool
) -> Iterator[Line]:
    """The lines of the first pages; a page of hardly any words does not count as the first. All is
    a row `of_sheets`: there a row of one cell is a line."""
    letters = count = 0
    first: int | None = None
    for block in blocks:
        page = page_at(pages, block.span.start)
        number = page.number if page else None
        if letters > _LETTERS or count > _LINES or (number or 1) > (first or 1) + _PAGES - 1:
            return
        first = number if letters < 40 else first
        opens = number == first and count < _LINES // 2
        for piece in block.span.of(text).split("\n"):
            said = one_line(piece[:_LONGEST])
            if said:
                cells = tuple(said.split(BAR)) if block.kind == "row" else ()
                cells = cells if not of_sheets or len(cells) > 1 else ()
                yield Line(said, number, block.level, cells, opens)
                letters += len(said)
                count += 1


def _rights(text: str, pages: Sequence[Page]) -> Iterator[Line]:
    end = number = 0
    for found in _RIGHTS.finditer(text):
        if found.start() < end:
            continue
        if number == _MOST_RIGHTS:
            return
        low, high = max(0, found.start() - _AROUND), found.end() + _AROUND
        start = text.rfind("\n", low, found.start()) + 1 or low
        stop = text.find("\n", found.end(), high)
        end = stop if stop >= 0 else high
        page = page_at(pages, found.start())
        yield Line(one_line(text[start:end]), page.number if page else None)
        number += 1


def _domains(line: Line) -> Iterator[str]:
    for found in _ADDRESS.finditer(line.text):
        yield found[1].lower().removeprefix("www.")


def _texts(found: Mapping[str, Any]) -> dict[str, str]:
    return {
        name: one_line(value[:_LONGEST]) for name, value in found.items() if isinstance(value, str)
    }
