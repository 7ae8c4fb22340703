"""Where in a document something stands: on its face, in its running lines, at its end, or within.

What stands on the face speaks of the document. What stands within speaks of a section, an example
or another document, and never dates the whole.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

from corpus.document import Block, Page
from corpus.metadata.dates.sections import sections_of_one_thing

_NEAR = 3000  # characters: the face of what has no pages
_COVER = 800  # a first page with less is a cover, and the next belongs to the face
_CLOSING = 1500
_OF_PAGES = 0.4  # a line that stands on so many of the pages is a running line
_EDGE, _EDGE_OF_TWO = 8, 1  # lines at the top and foot of a page
_NUMBERS = re.compile(r"\d+")
_OTHERS = re.compile(
    r"(?im)^[ \t#*|\d.]*(?:references|bibliography|(?:works|sources?|literature)\s+cited|sources?"
    r"|(?:selected|further)\s+reading|related\s+(?:policies|documents|links)|citations?)[ \t:*]*$"
)
_OWN = re.compile(
    r"(?im)^[ \t#*|\d.]*(?:(?:revision|policy|version|document|change|review)\s+"
    r"(?:history|log|updates?|approval|information)\b|document\s+control|approvals?[ \t:*]*$)"
)


class Place(IntEnum):
    """How near to the document as a whole something stands; the smallest is the nearest."""

    FACE = 0
    RUNNING = 1
    CLOSING = 2
    WITHIN = 3
    OTHERS = 4  # in a list of references


@dataclass(frozen=True, slots=True)
class Places:
    """The places of a text. `others` are the lists of references, from and to; `sections` those
    stretches that are about one thing of several."""

    face: int
    closing: int
    others: tuple[tuple[int, int], ...]
    running: frozenset[str]
    sections: tuple[tuple[int, int], ...] = ()

    @classmethod
    def of(cls, text: str, pages: Sequence[Page], blocks: Sequence[Block] = ()) -> Places:
        face = _face(text, pages)
        last = pages[-1].start if len(pages) > 2 else 0
        closing = max(min(last or len(text), len(text) - _CLOSING), face)
        sections = sections_of_one_thing(text, blocks)
        return cls(face, closing, tuple(_lists(text)), _running(text, pages), sections)

    def is_of_one_thing(self, start: int) -> bool:
        """Whether a place is in a section beside which stand sections about something else."""
        return any(begin <= start < end for begin, end in self.sections)

    def runs(self, text: str, start: int) -> bool:
        """Whether the line that holds a character runs on the pages, the first page's too."""
        return bool(self.running) and _same(line_at(text, start)) in self.running

    def of_line(self, text: str, start: int) -> Place:
        """The place of the line that holds the character at `start`."""
        at = bisect_right(self.others, (start, len(text))) - 1
        if at >= 0 and start < self.others[at][1]:
            return Place.OTHERS
        if start < self.face:
            return Place.FACE
        if self.runs(text, start):
            return Place.RUNNING
        return Place.CLOSING if start >= self.closing else Place.WITHIN


def line_at(text: str, offset: int) -> str:
    """The line that holds an offset."""
    start = text.rfind("\n", 0, offset) + 1
    end = text.find("\n", offset)
    return text[start : end if end >= 0 else len(text)]


def is_row(line: str) -> bool:
    """Whether a line is one of a table: its cells are parted by bars or tabs."""
    return " | " in line or "\t" in line or line.lstrip().startswith("|")


def _face(text: str, pages: Sequence[Page]) -> int:
    """Where the face ends: with the first page, or with the one after a cover."""
    if len(pages) < 2:
        return min(_NEAR, len(text))
    after_cover = len(pages) > 2 and pages[1].start - pages[0].start < _COVER
    end = pages[2 if after_cover else 1].start
    return min(end, max(pages[1].start, _NEAR))


def _lists(text: str) -> Iterator[tuple[int, int]]:
    """The lists of references: each from its heading to one of the document's own history."""
    starts = [found.start() for found in _OTHERS.finditer(text)]
    ends = [found.start() for found in _OWN.finditer(text)]
    reached = 0
    for start in starts:
        if start >= reached:
            reached = next((end for end in ends if end > start), len(text))
            yield start, reached


def _running(text: str, pages: Sequence[Page]) -> frozenset[str]:
    """The lines, numbers aside, that stand on many of the pages."""
    if len(pages) < 2:
        return frozenset()
    edge = _EDGE if len(pages) > 2 else _EDGE_OF_TWO
    ends = [*(page.start for page in pages[1:]), len(text)]
    counted: Counter[str] = Counter()
    for page, end in zip(pages, ends, strict=True):
        lines = text[page.start : end].splitlines()
        lines = [line for line in lines if line.strip()] if edge == _EDGE_OF_TWO else lines
        near = [line for line in (*lines[:edge], *lines[-edge:]) if len(line) < 200]
        counted.update({_same(line) for line in near if line.strip()})
    least = max(2, int(_OF_PAGES * len(pages)))
    return frozenset(line for line, count in counted.items() if count >= least)


def _same(line: str) -> str:
    """A line without its page number: what is equal on every page."""
    return _NUMBERS.sub("#", " ".join(line.split()))
