"""Which styles of a Word document are headings and list items."""

from __future__ import annotations

import re
from typing import Any

from docx.oxml.ns import qn

_HEADING = re.compile(r"(?:heading|überschrift|titre)\s*(\d)", re.I)
_DEEPEST = 9
_CHAIN = 20  # styles based on one another; a file can make a ring of them


class Styles:
    """Looks styles up by their id, each once."""

    def __init__(self, document: Any) -> None:
        self._elements = {
            style.get(qn("w:styleId")): style
            for style in document.styles.element.iter(qn("w:style"))
        }
        self._levels: dict[str | None, int | None] = {}
        self._items: dict[str | None, bool] = {}

    def level(self, paragraph: Any) -> int | None:
        """The depth of a heading: 0 for the document's title; None for other paragraphs."""
        own = paragraph.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
        if own is not None:
            return _outline(own)
        style = _style_of(paragraph)
        if style not in self._levels:
            self._levels[style] = self._level_of(style)
        return self._levels[style]

    def is_item(self, paragraph: Any) -> bool:
        number = paragraph.find(f"{qn('w:pPr')}/{qn('w:numPr')}/{qn('w:numId')}")
        if number is not None:
            return bool(number.get(qn("w:val")) != "0")
        style = _style_of(paragraph)
        if style not in self._items:
            self._items[style] = any(
                (_name(element).startswith("list ") and "paragraph" not in _name(element))
                or element.find(f"{qn('w:pPr')}/{qn('w:numPr')}") is not None
                for element in self._chain(style)
            )
        return self._items[style]

    def _level_of(self, style: str | None) -> int | None:
        for element in self._chain(style):
            name = _name(element)
            if name == "title":
                return 0
            numbered = _HEADING.match(name)
            if numbered:
                return min(int(numbered[1]), _DEEPEST)
            outline = element.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
            if outline is not None:
                return _outline(outline)
        return None

    def _chain(self, style: str | None) -> list[Any]:
        chain: list[Any] = []
        while style in self._elements and len(chain) < _CHAIN:
            element = self._elements[style]
            chain.append(element)
            based = element.find(qn("w:basedOn"))
            style = based.get(qn("w:val")) if based is not None else None
        return chain


def _outline(element: Any) -> int | None:
    value = element.get(qn("w:val")) or ""
    return int(value) + 1 if value.isascii() and value.isdigit() and int(value) < _DEEPEST else None


def _style_of(paragraph: Any) -> str | None:
    element = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
    return element.get(qn("w:val")) if element is not None else None


def _name(style: Any) -> str:
    element = style.find(qn("w:name"))
    return (element.get(qn("w:val")) or "").lower() if element is not None else ""
