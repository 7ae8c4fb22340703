"""The numbers that Word draws in front of paragraphs: 2.1.2, (a), Article IV."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from docx.oxml.ns import qn

from corpus.readers.docx.styles import Styles
from corpus.readers.docx.symbols import drawn
from corpus.readers.numbers import FORMATS

_LEVELS = 9
_LINKS = 5  # lists that take their levels from a style; a file can make a ring of them
_PLACE = re.compile(r"%([1-9])")
BULLET = "-"


@dataclass(frozen=True, slots=True)
class _Level:
    start: int = 1
    look: str = "decimal"
    text: str = ""
    restart: int | None = None  # restarts after this level; 0 never
    plain: bool = False  # all numbers in it as 1, 2, 3


@dataclass(slots=True)
class _List:
    """A num of numbering.xml: whose counters it uses, its levels, and where it starts anew."""

    abstract: str
    levels: dict[int, _Level]
    starts: dict[int, int] = field(default_factory=dict)


class Numbering:
    """Counts the numbered paragraphs in the order of the document."""

    def __init__(self, document: Any, styles: Styles) -> None:
        self._styles = styles
        self._abstract: dict[str, Any] = {}
        self._lists: dict[str, _List] = {}
        self._counters: dict[str, list[int | None]] = {}
        root = _part(document)
        if root is None:
            return
        self._abstract = {
            element.get(qn("w:abstractNumId")): element
            for element in root.iter(qn("w:abstractNum"))
        }
        self._nums = {element.get(qn("w:numId")): element for element in root.iter(qn("w:num"))}
        for identity, element in self._nums.items():
            self._lists[identity] = self._list(element)

    def marker(self, paragraph: Any) -> str:
        """What Word draws in front of this paragraph, "" for nothing. Counts the paragraph."""
        identity, level = self._styles.numbered(paragraph)
        found = self._lists.get(identity or "")
        if found is None or not 0 <= level < _LEVELS:
            return ""
        if level not in found.levels and level not in found.starts:
            return BULLET if not found.levels else ""
        counters = self._count(found, level)
        shown = found.levels.get(level, _Level())
        if shown.look == "bullet":
            return _bullet(shown.text)
        return _PLACE.sub(lambda place: self._number(found, counters, shown, place), shown.text)

    def _count(self, found: _List, level: int) -> list[int | None]:
        counters = self._counters.setdefault(found.abstract, [None] * _LEVELS)
        for at in range(level + 1):
            if at in found.starts:  # this list begins anew, once
                counters[at] = found.starts.pop(at) - (at == level)
            elif counters[at] is None:
                counters[at] = found.levels.get(at, _Level()).start - (at == level)
        counters[level] = (counters[level] or 0) + 1
        for deeper in range(level + 1, _LEVELS):
            restart = found.levels.get(deeper, _Level()).restart
            if restart is None or level < restart:
                counters[deeper] = None
        return counters

    def _number(
        self, found: _List, counters: list[int | None], shown: _Level, place: re.Match[str]
    ) -> str:
        at = int(place[1]) - 1
        number = counters[at]
        level = found.levels.get(at, _Level())
        if number is None:
            number = level.start
        look = "decimal" if shown.plain else level.look
        return FORMATS.get(look, str)(number)

    def _list(self, num: Any) -> _List:
        abstract = _value(num.find(qn("w:abstractNumId")))
        levels = self._levels(abstract, 0)
        starts = {}
        for override in num.iter(qn("w:lvlOverride")):
            at = _whole(override.get(qn("w:ilvl")))
            own = override.find(qn("w:lvl"))
            if own is not None and at is not None:
                levels[at] = _level(own)
            start = _whole(_value(override.find(qn("w:startOverride"))))
            if start is not None and at is not None:
                starts[at] = start
        return _List(abstract, levels, starts)

    def _levels(self, abstract: str, deep: int) -> dict[int, _Level]:
        element = self._abstract.get(abstract)
        if element is None or deep > _LINKS:
            return {}
        link = _value(element.find(qn("w:numStyleLink")))
        if link:
            linked = self._nums.get(self._styles.list_of(link) or "")
            if linked is not None:
                return self._levels(_value(linked.find(qn("w:abstractNumId"))), deep + 1)
        found = {}
        for level in element.findall(qn("w:lvl")):
            at = _whole(level.get(qn("w:ilvl")))
            if at is not None:
                found[at] = _level(level)
        return found


def _part(document: Any) -> Any:
    for relation in document.part.rels.values():
        if relation.reltype.endswith("/numbering") and not relation.is_external:
            return relation.target_part.element
    return None


def _level(element: Any) -> _Level:
    start = _whole(_value(element.find(qn("w:start"))))
    plain = element.find(qn("w:isLgl"))
    return _Level(
        start=1 if start is None else start,
        look=_value(element.find(qn("w:numFmt"))) or "decimal",
        text=_value(element.find(qn("w:lvlText"))),
        restart=_whole(_value(element.find(qn("w:lvlRestart")))),
        plain=plain is not None and plain.get(qn("w:val"), "1") not in ("0", "false", "off"),
    )


def _bullet(text: str) -> str:
    """A box before an item may be ticked; all other bullets are one."""
    sign = drawn(text, "") if len(text) == 1 else text
    return sign if sign in ("☐", "☒", "✓", "✗", "□", "☑") else BULLET


def _value(element: Any) -> str:
    return (element.get(qn("w:val")) or "") if element is not None else ""


def _whole(value: str | None) -> int | None:
    text = value or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else None
