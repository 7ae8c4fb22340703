"""Pages of contents: which lines they are, and the titles that they promise."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_TITLE = re.compile(
    r"(?:\d{4}\s+)?(?:complete\s+|detailed\s+)?(?:table\s?of\s?contents|contents)\b.{0,60}",
    re.IGNORECASE,
)
_LEADERS = re.compile(r"(?:\s?[.·_…]){4,}")
_ENTRY = re.compile(r"(?=.*[^\W\d])(.{2,160}?)(?:\s?[.·_…])*\s+((?:[A-Za-z]{1,6}-)?\d{1,4})$")
_SIGNS = re.compile(r"[\W_]+")
_MOST_PAGES = 20
_WRAPPED = 5  # lines without a page number between two that have one
_FIRST = 6  # lines of which one must come again, where none has a page number
_SAMPLE, _LED = 12, 3  # lines in which so many have dots that lead to a page number
_FEWEST = 3  # entries with a page number
_TOP = 4  # lines of a page among which its first entry is
_STEP = 60  # pages between two entries
_LONGEST = 160  # characters of a title
_START = 16  # letters by which a title is known again, wherever its line ends
_MOST_TITLES = 5_000

Place = tuple[int, int]  # a page and a line on it, both from 0


@dataclass(frozen=True, slots=True)
class Contents:
    """`lines` are those of contents pages, without the heading; `titles` what they promise."""

    lines: frozenset[Place] = frozenset()
    titles: tuple[str, ...] = ()


def is_contents(text: str) -> bool:
    """Whether a heading is that of a contents page."""
    return _TITLE.fullmatch(" ".join(text.split())) is not None


def contents_of(pages: Sequence[Sequence[str]]) -> Contents:
    """The contents pages of a document whose lines are given page by page."""
    lines: set[Place] = set()
    titles: dict[str, None] = {}
    flat = [(page, at) for page, known in enumerate(pages) for at in range(len(known))]
    place = 0
    while place < len(flat):
        page, at = flat[place]
        line = pages[page][at]
        if "contents" not in line.lower() or len(line) > _LONGEST or not is_contents(line):
            place += 1
            continue
        end = _end(pages, flat, place + 1)
        lines.update(flat[place + 1 : end])
        titles |= dict.fromkeys(_titles([pages[p][n] for p, n in flat[place + 1 : end]]))
        place = max(end, place + 1)
    return Contents(frozenset(lines), tuple(titles)[:_MOST_TITLES])


def _end(pages: Sequence[Sequence[str]], flat: Sequence[Place], begin: int) -> int:
    """Where the contents that begin there end."""
    last = flat[begin - 1][0] + _MOST_PAGES
    lines = [pages[page][at] for page, at in flat[begin : begin + _SAMPLE]]
    entries = _Entries(sum(map(_is_led, lines)) >= _LED)
    end = place = begin
    count = 0
    while place < len(flat) and flat[place][0] <= last:
        page, at = flat[place]
        if entries.take(pages[page][at]):
            end = place + 1
            count += 1
        elif place - end >= _WRAPPED:  # notes may stand below the entries of a page
            place += len(pages[page]) - at
            if page + 1 >= len(pages) or not any(map(_is_led, pages[page + 1][:_TOP])):
                break
            continue
        place += 1
    return end if count >= _FEWEST else _repeated(pages, flat, begin, last)


class _Entries:
    """Tells the entries of contents: by the dots that lead to a page number, or by page numbers
    that grow."""

    def __init__(self, led: bool) -> None:
        self._led = led
        self._before: tuple[str, int] = ("", 0)

    def take(self, line: str) -> bool:
        if self._led or _is_led(line):
            return _is_led(line)
        entry = _ENTRY.match(line)
        if entry is None:
            return False
        part, _, number = entry[2].rpartition("-")
        last = self._before
        if part == last[0] and not last[1] <= int(number) <= last[1] + _STEP:
            return False
        self._before = part, int(number)
        return True


def _is_led(line: str) -> bool:
    return _LEADERS.search(line) is not None


def _repeated(pages: Sequence[Sequence[str]], flat: Sequence[Place], begin: int, last: int) -> int:
    """Where one of the first titles of a list without page numbers comes again, as a heading."""
    first: set[str] = set()
    for place in range(begin, len(flat)):
        page, at = flat[place]
        if page > last:
            break
        said = squeezed(pages[page][at][:_LONGEST])[:_START]
        if said in first and place >= begin + _FEWEST:
            return place
        if place < begin + _FIRST and len(said) > 2 and pages[page][at][-1] not in ".;,":
            first.add(said)
    return begin


def _titles(lines: Sequence[str]) -> list[str]:
    """The titles of entries; lines before one that ends with a page number belong to it."""
    found: list[str] = []
    numbered = any(_ENTRY.match(line) for line in lines)
    held = ""
    for line in lines:
        entry = _ENTRY.match(line)
        text = _LEADERS.split(entry[1] if entry else line)[0].strip()
        if not numbered:
            found.append(text)
            continue
        found.append(text)
        if held and entry:
            found.append(f"{held} {text}")
        held = "" if entry else text
    return [title for title in found if sum(map(str.isalpha, title)) >= 3]


def squeezed(text: str) -> str:
    """Letters and figures only: what stays the same however a title is set."""
    return _SIGNS.sub("", text.casefold())
