"""The outline (bookmarks) of a PDF: which titles stand on which page, and how deep."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence, Set
from itertools import islice
from typing import Any

from pypdf import PdfReader

from corpus.readers.headings.contents import squeezed
from corpus.readers.headings.number import numbers_of
from corpus.readers.headings.refused import is_no_heading
from corpus.readers.pdf.seen.lines import Line
from corpus.readers.plain import ITEM
from corpus.text.clean import one_line

Titles = dict[int, list[tuple[str, int]]]
_MOST_LINES = 5  # of a heading
_MOST_ENTRIES = 50_000
_DEEPEST = 15
_START = 10  # letters by which titles are looked up
_LONGEST = 160  # characters of a heading's line


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
    lines: Sequence[Line], titles: Sequence[tuple[str, int]], contents: Set[int] = frozenset()
) -> dict[int, tuple[int, int | None]]:
    """Which lines are outline titles: {first line: (how many lines, level)}.

    `contents` are the ids of lines that only name headings: those of contents pages.
    """
    wanted = [(squeezed(title), level) for title, level in titles]
    said = ["" if id(line) in contents else squeezed(line.text) for line in lines] if wanted else []
    found: dict[int, tuple[int, int | None]] = {}
    at = 0
    for title, level in wanted:
        place = _place(said, title, at) or _place(said, title, 0)
        if place is not None and place[0] not in found and _is_whole(lines, *place):
            found[place[0]] = (place[1], level)
            at = place[0] + place[1]
    return found


class Promised:
    """The titles that a contents page names, to be found among the lines of the other pages."""

    def __init__(self, titles: Sequence[str]) -> None:
        self._titles: dict[str, list[tuple[str, bool]]] = defaultdict(list)
        for title in titles:
            text = squeezed(title)
            if len(text) >= 3:
                numbered = bool(numbers_of(title))
                self._titles[text[:_START]].append((text, numbered))

    def among(self, lines: Sequence[Line], contents: Set[int]) -> dict[int, tuple[int, int | None]]:
        """Which lines are such titles. One without a number may stand in any list: it must be set
        as a heading is."""
        found: dict[int, tuple[int, int | None]] = {}
        if not self._titles:
            return found
        for at, line in enumerate(lines):
            if id(line) in contents or len(line.text) > _LONGEST or not line.text[0].isalnum():
                continue
            known = self._titles.get(squeezed(line.text[: 4 * _START])[:_START], ())
            count = next(
                filter(None, (_lines_of(lines, at, one) for one, number in known if number)), 0
            )
            if (
                count
                and _begins(lines, at)
                and _ends(lines, at + count - 1)
                and _is_whole(lines, at, count)
            ):
                found[at] = (count, None)
        return found


def _lines_of(lines: Sequence[Line], start: int, title: str) -> int:
    """How many lines from `start` on are the title; 0 if they are not."""
    text = ""
    for count in range(1, min(_MOST_LINES, len(lines) - start) + 1):
        text += squeezed(lines[start + count - 1].text)
        if text == title:
            return count
        if not title.startswith(text):
            break
    return 0


def _begins(lines: Sequence[Line], at: int) -> bool:
    """Whether nothing before a line runs on into it."""
    if not at:
        return True
    before, line = lines[at - 1], lines[at]
    apart = not 0 < line.y - before.y < 1.4 * max(line.size, before.size)
    return apart or before.bold != line.bold or before.text[-1] in ".!?:)"


def _ends(lines: Sequence[Line], at: int) -> bool:
    """Whether a line that stands out does not go on in the next."""
    if at + 1 == len(lines) or not lines[at].bold:
        return True
    line, after = lines[at], lines[at + 1]
    alike = after.bold and abs(after.size - line.size) < 0.5
    return not (alike and 0 < after.y - line.y < 1.4 * line.size)


def _is_whole(lines: Sequence[Line], start: int, count: int) -> bool:
    """Whether lines can be a heading and no sentence goes on behind them."""
    text = " ".join(line.text for line in lines[start : start + count])
    after = lines[start + count].text if start + count < len(lines) else ""
    goes_on = after[:1].islower() and not ITEM.match(after)
    return not is_no_heading(text) and not goes_on


def _place(said: Sequence[str], title: str, begin: int) -> tuple[int, int] | None:
    """Where the title's lines begin and how many they are.

    Word puts a footnote's mark and field codes into the outline's title, so its end may differ.
    """
    if not title:
        return None
    for start in range(begin, len(said)):
        text = ""
        for count in range(1, min(_MOST_LINES, len(said) - start) + 1):
            text += said[start + count - 1]
            if not text:
                break
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


def _page_of(reader: PdfReader, entry: Any) -> int | None:
    try:
        number = reader.get_destination_page_number(entry)
    except Exception:
        return None
    return number + 1 if number is not None and number >= 0 else None
