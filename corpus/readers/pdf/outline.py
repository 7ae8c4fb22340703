"""The outline (bookmarks) of a PDF: which titles stand on which page, and how deep."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import islice
from typing import Any

from pypdf import PdfReader

from corpus.readers.pdf.lines import Line
from corpus.text.clean import one_line

Titles = dict[int, list[tuple[str, int]]]
_MOST_LINES = 5  # of a heading
_MOST_ENTRIES = 50_000
_DEEPEST = 15


def outline_of(pdf: Any) -> Titles:
    """For each page number the (title, level) of the entries that lead there; {} if broken."""
    titles: Titles = defaultdict(list)
    try:
        for entry in islice(pdf.get_toc(max_depth=_DEEPEST), _MOST_ENTRIES):
            target = entry.get_dest()
            number = target.get_index() if target is not None else None
            title = one_line(entry.get_title())
            if number is not None and title:
                titles[number + 1].append((title, min(entry.level + 1, 9)))
    except Exception:
        return {}
    return dict(titles)


def outline_by_pypdf(reader: PdfReader) -> Titles:
    """The same of a file that only pypdf opens."""
    titles: Titles = defaultdict(list)
    try:
        pending: list[tuple[Any, int]] = [(entry, 1) for entry in reversed(reader.outline)]
    except Exception:
        return {}
    while pending:
        entry, level = pending.pop()
        if isinstance(entry, list):
            pending += [(inner, level + 1) for inner in reversed(entry)]
            continue
        number = _page_of(reader, entry)
        title = one_line(str(getattr(entry, "title", "") or ""))
        if number is not None and title:
            titles[number].append((title, min(level, 9)))
    return dict(titles)


def headings_among(
    lines: Sequence[Line], titles: Sequence[tuple[str, int]]
) -> dict[int, tuple[int, int]]:
    """Which lines are outline titles: {first line: (how many lines, level)}."""
    wanted = [(_squeezed(title), level) for title, level in titles]
    found: dict[int, tuple[int, int]] = {}
    at = 0
    for title, level in wanted:
        place = _place(lines, title, at) or _place(lines, title, 0)
        if place is not None and place[0] not in found:
            found[place[0]] = (place[1], level)
            at = place[0] + place[1]
    return found


def _place(lines: Sequence[Line], title: str, begin: int) -> tuple[int, int] | None:
    """Where the title's lines begin and how many they are.

    Word puts a footnote's mark and field codes into the outline's title, so its end may differ.
    """
    if not title:
        return None
    for start in range(begin, len(lines)):
        text = ""
        for count in range(1, min(_MOST_LINES, len(lines) - start) + 1):
            text += _squeezed(lines[start + count - 1].text)
            if _agree(text, title):
                return start, count
            if not title.startswith(text):
                break
    return None


def _agree(text: str, title: str) -> bool:
    shorter, longer = sorted((text, title), key=len)
    return shorter == longer or (
        len(shorter) >= 6 and len(longer) - len(shorter) <= 4 and longer.startswith(shorter)
    )


def _squeezed(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def _page_of(reader: PdfReader, entry: Any) -> int | None:
    try:
        number = reader.get_destination_page_number(entry)
    except Exception:
        return None
    return number + 1 if number is not None and number >= 0 else None
