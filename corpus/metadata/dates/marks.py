"""Days of sections: revision marks of manuals, "(Rev. 12425; Issued: 12-21-23; Effective: ...)" or
"(Rev. 1, 10-01-03)", and what a section says itself, "This section is effective April 1, 2025."

A mark dates the section under whose heading it stands. One in a chapter's table of contents says
when the chapter was issued. It is a heading of nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from corpus.document import Block, SectionDates, Span
from corpus.metadata.dates.meaning import Meaning
from corpus.metadata.dates.place import Place, Places
from corpus.metadata.dates.stated import Stated
from corpus.metadata.dates.written import Order, written_at

MARK = re.compile(
    r"\(\s*Rev\.?\s*:?\s*\d{1,5}\b[^()\n]{0,160}\)|\(\s*Rev\.?\s*:?\s*\d{1,5}\b[^()]{0,160}\d\s*\)",
    re.IGNORECASE,
)
_PART = re.compile(
    r"(?P<what>Issued|Effective(?:\s*/\s*Implementation)?|Implementation)(?:\s+Dates?)?\s*[:;.]?\s*",
    re.IGNORECASE,
)
# The only day of an old mark: that of the revision, from which its words were in force.
_BARE = re.compile(r"\(\s*Rev\.?\s*:?\s*\d{1,5}\s*[,;]\s*(?=\d)", re.IGNORECASE)
_ITSELF = re.compile(
    r"\bthis\s+(?:section|part|chapter|subsection)\s+(?:is|becomes?|takes?)\s+"
    r"(?:effective|in\s+force|effect)\s+(?:(?:on|as\s+of|from)\s+)?",
    re.IGNORECASE,
)
_CONTENTS = re.compile(r"table\s+of\s+contents|^\s*transmittals\s+for\b", re.IGNORECASE | re.M)
_NEAR = 200  # characters from the words "Table of Contents" to the chapter's mark


def chapter_mark(text: str, places: Places, order: Order) -> list[Stated]:
    """When a chapter was issued: the newest mark beside its table of contents."""
    contents = _CONTENTS.search(text, 0, places.face)
    if contents is None:
        return []
    issued = [
        (day, found.span())
        for found in MARK.finditer(text, contents.start(), contents.end() + _NEAR)
        if (day := _parts(found[0], order).get("issued"))
    ]
    if not issued:
        return []
    day, (start, end) = max(issued)
    return [Stated(Meaning.ISSUED, day, start, end, Place.FACE)]


def section_dates(text: str, blocks: Sequence[Block]) -> tuple[SectionDates, ...]:
    """The sections that have a mark of their own, each from its heading to the next one that has
    one; `effective` is when the section's words came into force."""
    order = Order.of(text, text)
    contents = _CONTENTS.search(text)
    marks = list(MARK.finditer(text, contents.end() + _NEAR if contents else 0))
    starts = [_heading_above(blocks, mark.start()) for mark in marks]
    ends = [*starts[1:], len(text)][: len(starts)]
    marked = [
        SectionDates(Span(start, end), day)
        for mark, start, end in zip(marks, starts, ends, strict=True)
        if start < end and (day := _day_of(mark[0], order))
    ]
    return _apart([*marked, *_told(text, blocks, order)])


def _day_of(mark: str, order: Order) -> date | None:
    bare = _BARE.match(mark)
    alone = written_at(mark, bare.end(), order) if bare else None
    return _parts(mark, order).get("effective") or (alone.value if alone else None)


def _told(text: str, blocks: Sequence[Block], order: Order) -> Iterator[SectionDates]:
    """Sections that say from when they are in force, each to the next heading of its level."""
    for found in _ITSELF.finditer(text):
        day = written_at(text, found.end(), order)
        above = [one for one in blocks if one.level and one.span.start <= found.start()]
        if not above or day is None or day.value is None:
            continue
        start, level = above[-1].span.start, above[-1].level
        equal = (one.span.start for one in blocks if 0 < one.level <= level)
        end = next((at for at in equal if at > start), len(text))
        yield SectionDates(Span(start, end), day.value)


def _apart(sections: Sequence[SectionDates]) -> tuple[SectionDates, ...]:
    """The sections in their order, none within another: the first that begins holds."""
    kept: list[SectionDates] = []
    for one in sorted(sections, key=lambda one: one.span.start):
        if not kept or one.span.start >= kept[-1].span.end:
            kept.append(one)
    return tuple(kept)


def _heading_above(blocks: Sequence[Block], at: int) -> int:
    """Where the heading begins that stands right above a mark; the mark itself where none does."""
    before = [block for block in blocks if block.span.start <= at]
    start = before[-1].span.start if before else at
    for block in reversed(before[-3:-1]):
        if not block.level:
            break
        start = block.span.start
        break
    return start


def _parts(mark: str, order: Order) -> dict[str, date]:
    return dict(_dated(mark, order))


def _dated(mark: str, order: Order) -> Iterator[tuple[str, date]]:
    for part in _PART.finditer(mark):
        found = written_at(mark, part.end(), order)
        if found and found.value:
            yield part["what"].split("/")[0].strip().lower(), found.value
