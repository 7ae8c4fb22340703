"""Values that stand behind a label: "Policy Number: MP-204", `Policy Title | ...`, RE: ..."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from corpus.metadata.identity.face import Face, Line


class Labelled(NamedTuple):
    value: str
    line: Line
    rank: int  # which of the labels it was, 0 the first


# What ends a value in running text: the next label, or a wide gap that became a bar.
_NEXT = re.compile(
    r"\s+(?=(?:(?:last|next|original|current|revision|policy|effective|approval|review(?:ed)?"
    r"|date|line"
    r"|lines|version|category|publish|status|committee|section|applies|products?|department|related"
    r"|implementation|page|subject|issued?|number|jurisdiction|change|type|guideline|document|reference"
    r"|replaces|supersedes|owner|approved|origination|original|to|from)\b\s*){1,4}"
    r"(?:\([a-z]\))?\s*[:#])|\s+(?=Dear\s)",
    re.IGNORECASE,
)
_ANOTHERS = re.compile(r"\b(?:related|previous|prior|old|former|replaces|next)\s+$", re.IGNORECASE)


# What may stand before a label in the middle of a line: a mark, or a value that ended there.
_BEFORE = re.compile(r"(?:^|[|•;,.:)]|\s{2}|\S*\d\S*)\s*$")


_HEADING = re.compile(  # a cell that names the next column
    r"(?:(?:date|original|effective|policy|type|number|name|last|review(?:ed)?|version|status|category)\s?){1,3}:?$",
    re.IGNORECASE,
)
_MOST = 40  # values of a field: a page with more of them is a list of other documents
_SIGN = re.compile(r"\s*[:#|]\s*")
_NUMBER = re.compile(r"(?=[\w./-]*\d)[A-Z\d][\w./-]{2,24}")
_VALUE_NEXT = re.compile(r"\s+(?:is\s+|[-–—]\s+)|\s+(?=(?:[A-Z]{2,4} )?[A-Z]{0,4}[\d(])")


def labelled(face: Face, labels: Sequence[str], *, every_row: bool = False) -> Iterator[Labelled]:
    """What stands behind one of the labels (regular expressions): in the same line or the next, in
    a row's next cell, or below it in a table's column: in the next row, or in every one."""
    pattern = re.compile(
        r"(?<!\w)(?:"
        + "|".join(rf"(?P<l{at}>{label})" for at, label in enumerate(labels))
        + r")(?!\w)",
        re.IGNORECASE,
    )
    yield from islice(_found(face, pattern, every_row), _MOST)


def _found(face: Face, pattern: re.Pattern[str], every_row: bool) -> Iterator[Labelled]:
    first: Line | None = None  # the row that may head the columns
    for line, below in zip(face.lines, (*face.lines[1:], None), strict=False):
        if line.cells:
            yield from _in_row(line, first, pattern)
            goes_on = every_row and first is not None and len(first.cells) == len(line.cells)
            first = first if goes_on else line
        else:
            yield from _in_line(line, pattern, below)
            first = None
    for line in face.repeated:
        yield from _in_line(line, pattern)


def _in_line(line: Line, pattern: re.Pattern[str], below: Line | None = None) -> Iterator[Labelled]:
    for found in pattern.finditer(line.text):
        before = line.text[max(0, found.start() - 40) : found.start()]
        rest = line.text[found.end() :]
        shouted = found.group().isupper() and rest.startswith(":")
        opens = shouted or _BEFORE.search(before) is not None
        several = " " in found.group() and not _ANOTHERS.search(before)
        if not opens and not several:
            continue
        asks = rest.strip() in (":", "#", ".") or found.group()[-1] in ".#"
        asks = asks or (found.group() == line.text and _is_number(below))
        if asks and not rest.strip(" :#.") and below is not None and len(below.text) < 120:
            yield Labelled(below.text.strip(), below, _rank(found))
            continue
        sign = _SIGN.match(rest) or (_VALUE_NEXT.match(rest) if opens else None)
        if sign is None:
            continue
        value = _NEXT.split(rest[sign.end() :])[0].split(" | ")[0].strip(" .;|")
        if value:
            yield Labelled(value, line, _rank(found))


def _is_number(line: Line | None) -> bool:
    """Whether a line is nothing but a number, as a page prints one below its label."""
    return line is not None and not line.cells and _NUMBER.fullmatch(line.text) is not None


def _in_row(line: Line, first: Line | None, pattern: re.Pattern[str]) -> Iterator[Labelled]:
    cells = line.cells
    for at, cell in enumerate(cells):
        whole = cell.strip(" :*#.")
        found = pattern.fullmatch(whole)
        if found:
            value = next((later for later in cells[at + 1 :] if later.strip()), "")
            if value and not pattern.fullmatch(value.strip(" :")) and not _HEADING.match(value):
                yield Labelled(value.strip(), line, _rank(found))
            continue
        inside = pattern.match(cell)
        if inside and re.match(r"\s*[:#]\s*\S", cell[inside.end() :]):
            value = re.sub(r"^\s*[:#]\s*", "", cell[inside.end() :])
            yield Labelled(_NEXT.split(value)[0].strip(), line, _rank(inside))
        elif first is not None and at < len(first.cells) and _names_columns(first, at):
            heading = pattern.fullmatch(first.cells[at].strip(" :*"))
            if heading and cell.strip() and not _HEADING.match(cell):
                yield Labelled(cell.strip(), line, _rank(heading))


def _names_columns(first: Line, at: int) -> bool:
    """Whether the first row of a table is one of headings; a row of label and value is none."""
    others = [cell for place, cell in enumerate(first.cells) if place != at and cell.strip()]
    return at > 0 or len(first.cells) > 2 or any(map(_HEADING.match, others))


def _rank(found: re.Match[str]) -> int:
    return int((found.lastgroup or "l0")[1:])
