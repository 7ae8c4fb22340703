"""Plain text: paragraphs between blank lines, list items, and what is plainly a heading."""

from __future__ import annotations

import re
from itertools import pairwise

from corpus.document import BlockKind
from corpus.files.limits import STANDARD, Limits
from corpus.readers.draft import Draft, DraftBuilder
from corpus.readers.headings.nesting import Doubt
from corpus.readers.headings.number import numbers_of
from corpus.readers.headings.refused import may_be_bold_title, may_be_title
from corpus.readers.tables.added import add_grid
from corpus.readers.tables.grid import Grid
from corpus.readers.tables.typed import tables_and_lines
from corpus.text.clean import clean, tidy_lines
from corpus.text.encodings import decode_text

ITEM = re.compile(
    r"\s*(?:[-*+•‣▪◦●○■□–—·oØ➢]"
    r"|\(?(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,6})[.)](?!\d))\s+(?=\S)"
)
_CAPITALS, _NUMBERED = 3, 4  # looks: underlined titles have 1 and 2
_UNDERLINE = re.compile(r"\s*(=|-|~|\*)\1{2,}\s*")
_BLANK_LINES = re.compile(r"\n(?:[^\S\n]*\n)+")


def read_plain(data: bytes, *, limits: Limits = STANDARD) -> Draft:
    """Read a text file in any usual encoding. Raises CannotRead for bytes that are not text."""
    del limits
    return plain_draft(decode_text(data))


def plain_draft(text: str) -> Draft:
    builder = DraftBuilder()
    parts = [part for part in _BLANK_LINES.split(clean(text)) if part.strip()]
    for part, after in pairwise([*parts, ""]):
        _add_part(builder, part, last=not after)
    return builder.draft()


def _add_part(builder: DraftBuilder, part: str, *, last: bool) -> None:
    lines = [line for line in part.split("\n") if line.strip()]
    if len(lines) >= 2 and _UNDERLINE.fullmatch(lines[1]) and len(lines[0].strip()) <= 120:
        level = 1 if "=" in lines[1] else 2
        builder.add(BlockKind.HEADING, tidy_lines(lines[0]), level=level)
        lines = lines[2:]
    elif len(lines) == 1 and not last and _is_title(line := lines[0].strip()):
        other = BlockKind.ITEM if ITEM.match(line) else BlockKind.PARAGRAPH
        numbered = bool(numbers_of(line))
        doubt = Doubt.ANY if numbered else Doubt.NONE
        builder.add_heading(line, _NUMBERED if numbered else _CAPITALS, doubt=doubt, other=other)
        return
    for some in tables_and_lines(lines):
        if isinstance(some, Grid):
            add_grid(builder, some)
            continue
        for kind, group in _groups(some):
            builder.add(kind, tidy_lines("\n".join(group)))


def _is_title(line: str) -> bool:
    """Whether a line with blank lines around it reads as a heading: numbered, or in capitals."""
    if may_be_title(line):
        return True
    letters = sum(map(str.isalpha, line))
    return letters >= 4 and letters * 2 > len(line) and line.isupper() and may_be_bold_title(line)


def _groups(lines: list[str]) -> list[tuple[BlockKind, list[str]]]:
    """Lines that belong together: an item and what follows it, or a paragraph."""
    groups: list[tuple[BlockKind, list[str]]] = []
    for line in lines:
        if ITEM.match(line):
            groups.append((BlockKind.ITEM, [line]))
        elif groups:
            groups[-1][1].append(line)
        else:
            groups.append((BlockKind.PARAGRAPH, [line]))
    return groups
