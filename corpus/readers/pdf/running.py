"""Running headers and footers: found by place and repetition, kept once, reported in warnings."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.readers.pdf.seen.layout import MARGIN
from corpus.readers.pdf.seen.lines import Line

_APART = 1.4  # of the letters' size: lines of one paragraph are closer
_FEWEST_PAGES = 3
_MOST_ROWS = 3  # of a margin; what stands side by side in one row is several lines
_DIGITS = re.compile(r"\d+")
_NUMBER = r"(?:\d{1,4}|[ivxlc]{1,7}|[IVXLC]{1,7}|[A-Z]{1,6}-\d{1,4}|[IVXLC]{1,6}-\d{1,4})"
_PAGE_NUMBER = re.compile(
    rf"[-–—|\s]*(?:page|pg\.?|seite)?\s*({_NUMBER})(?:\s*(?:of|/|\|)\s*\d+)?[-–—|\s]*", re.I
)
# A number that a bar, a dot or a dash parts from the words beside it: "Billing manual | 12".
_PARTED = re.compile(r"^(\d{1,4})\s*[|•·–—]\s*|\s*[|•·–—]\s*(\d{1,4})$")
_OF_ALL = re.compile(r"\bpage\s+(\d{1,4})\s+of\s+(\d{1,4})\b", re.I)
_PAGE_OF = re.compile(rf"\s*\bpage\s+({_NUMBER})\b(?:\s+of\s+\d+\b)?\s*", re.I)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page's lines and its height in points, as shown, and whether a table stands on it too."""

    lines: tuple[Line, ...]
    height: float
    has_table: bool = False


@dataclass(frozen=True, slots=True)
class Body:
    """A page without its running lines. `kept` are those that say something new, without the page
    number, which is `label`.
    """

    lines: tuple[Line, ...]
    kept: tuple[tuple[str, Line], ...] = ()
    label: str | None = None


def without_running(sheets: Sequence[Sheet]) -> tuple[list[Body], tuple[str, ...]]:
    """Remove running lines from every page; the pages, and warnings that say what was removed.

    A running line is in the margin of most pages between its first and its last one; its numbers
    may differ. It is kept where it appears first, since a footer may hold the only date.
    """
    running = _running_keys(sheets)
    counting = _counting_keys(sheets, running)
    bodies: list[Body] = []
    said: dict[str, int] = {}
    for sheet in sheets:
        left_out = _running_on(sheet, running)
        lines: list[Line] = []
        kept: list[tuple[str, Line]] = []
        label = None
        for at, line in enumerate(sheet.lines):
            if at not in left_out:
                lines.append(line)
                continue
            number, rest = _without_number(line.text, counts=_key(line.text) in counting)
            label = label or number
            if rest and rest not in said:
                kept.append((rest, line))
            if rest:
                said[rest] = said.get(rest, 0) + 1
        bodies.append(Body(tuple(lines), tuple(kept), label))
    return bodies, tuple(_told(said, bodies))


def _running_keys(sheets: Sequence[Sheet]) -> set[str]:
    pages: dict[str, list[int]] = defaultdict(list)
    told: dict[str, int] = defaultdict(int)
    for number, sheet in enumerate(sheets):
        texts = {_key(line.text): line.text for line in (sheet.lines[at] for at in _margin(sheet))}
        for key, text in texts.items():
            pages[key].append(number)
            told[key] += _tells_its_page(text, number + 1, len(sheets))
    return {
        key
        for key, found in pages.items()
        if (len(found) >= _FEWEST_PAGES and len(found) * 2 > found[-1] - found[0] + 1)
        or told[key] == len(sheets) > 1
    }


def _tells_its_page(text: str, number: int, count: int) -> bool:
    """Whether a line says "page 1 of 2": two pages that say so are enough."""
    found = _OF_ALL.search(text)
    return found is not None and (int(found[1]), int(found[2])) == (number, count)


def _counting_keys(sheets: Sequence[Sheet], running: set[str]) -> set[str]:
    """The running lines with a parted number that goes up with the pages: it is the page's."""
    ahead: dict[str, set[int]] = defaultdict(set)
    for number, sheet in enumerate(sheets):
        for text in (sheet.lines[at].text for at in _margin(sheet)):
            if (key := _key(text)) in running and (parted := _PARTED.search(text)):
                ahead[key].add(int(parted[1] or parted[2]) - number)
    return {key for key, steps in ahead.items() if len(steps) == 1}


def _running_on(sheet: Sheet, running: set[str]) -> set[int]:
    """Which lines of the page are running ones; of bare numbers only the outermost."""
    found = {at for at in _margin(sheet) if _key(sheet.lines[at].text) in running}
    middle = sheet.height / 2
    for side in (-1, 1):
        group = {at for at in found if (sheet.lines[at].y - middle) * side > 0}
        if not _stands_apart(sheet, group, found, side=side):
            found -= group
    numbers = [at for at in found if _key(sheet.lines[at].text) == "#"]
    numbers.sort(key=lambda at: -abs(sheet.lines[at].y - middle))
    return found - set(numbers[1:])


def _stands_apart(sheet: Sheet, group: set[int], found: set[int], *, side: int) -> bool:
    """Whether a gap parts the lines of a margin (`side` -1 top, 1 bottom) from the page's text.

    Pages that repeat one another's text line by line have no running lines for it.
    """
    if not group:
        return True
    innermost = min((sheet.lines[at] for at in group), key=lambda line: line.y * side)
    steps = [
        (innermost.y - line.y) * side
        for at, line in enumerate(sheet.lines)
        if at not in found and (innermost.y - line.y) * side > 0
    ]
    if not steps:  # the page holds nothing else: several lines are its text, one is a running line
        return sheet.has_table or len(group) == 1
    return min(steps) > _APART * innermost.size


def _margin(sheet: Sheet) -> set[int]:
    """Which lines stand in the top or bottom margin, in at most three rows of each."""
    top = {round(line.y) for line in sheet.lines if line.y < MARGIN * sheet.height}
    bottom = {round(line.y) for line in sheet.lines if line.y > (1 - MARGIN) * sheet.height}
    rows = {*sorted(top)[:_MOST_ROWS], *sorted(bottom)[-_MOST_ROWS:]}
    return {at for at, line in enumerate(sheet.lines) if round(line.y) in rows}


def _key(text: str) -> str:
    """What stays the same from page to page. All page numbers that stand alone have one key."""
    if _PAGE_NUMBER.fullmatch(text):
        return "#"
    return _DIGITS.sub("#", _PAGE_OF.sub(" page # ", text)).casefold().strip()


def _without_number(text: str, *, counts: bool) -> tuple[str | None, str]:
    """The page number that a running line prints, and what else it says."""
    whole = _PAGE_NUMBER.fullmatch(text)
    if whole:
        return whole[1], ""
    part = _PAGE_OF.search(text)
    if part:
        return part[1], " ".join(f"{text[: part.start()]} {text[part.end() :]}".split())
    parted = _PARTED.search(text) if counts else None
    if parted:
        return parted[1] or parted[2], text[: parted.start()] + text[parted.end() :]
    return None, text


def _told(said: dict[str, int], bodies: Sequence[Body]) -> list[str]:
    told = [
        f"Kept once, left out of {times - 1} more pages as a running header or footer: {text[:120]}"
        for text, times in said.items()
        if times > 1
    ]
    numbered = sum(body.label is not None for body in bodies)
    if numbered:
        told.append(f"Left out of the text as printed page numbers: on {numbered} pages.")
    return told
