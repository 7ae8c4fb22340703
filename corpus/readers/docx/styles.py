"""What the styles of a Word document say: headings, list items, struck, hidden and raised text."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from docx.oxml.ns import qn

_HEADING = re.compile(r"(?:heading|überschrift|titre)\s*(\d)", re.I)
_DEEPEST = 9
_CHAIN = 20  # styles based on one another; a file can make a ring of them
_OFF = ("0", "false", "off", "none")
_RAISED_FROM = 4  # half points


@dataclass(frozen=True, slots=True)
class Look:
    """How a run of text looks, as far as it decides what is read; None is left to the style."""

    struck: bool | None = None
    hidden: bool | None = None
    upright: str | None = None  # superscript, subscript or baseline
    font: str | None = None
    bold: bool | None = None
    white: bool | None = None
    ground: bool | None = None  # a colour or a marker stands behind it

    def over(self, below: Look) -> Look:
        return Look(
            below.struck if self.struck is None else self.struck,
            below.hidden if self.hidden is None else self.hidden,
            self.upright or below.upright,
            self.font or below.font,
            below.bold if self.bold is None else self.bold,
            below.white if self.white is None else self.white,
            below.ground if self.ground is None else self.ground,
        )

    def turning(self, below: Look) -> Look:
        """Over the style of the paragraph, as Word does it: what both switch on is off."""
        look = self.over(below)
        return replace(
            look,
            struck=look.struck and not (self.struck and below.struck),
            hidden=look.hidden and not (self.hidden and below.hidden),
            bold=look.bold and not (self.bold and below.bold),
        )


_PLAIN = Look()


class Styles:
    """Looks styles up by their id, each once."""

    def __init__(self, document: Any) -> None:
        self._elements = {
            style.get(qn("w:styleId")): style
            for style in document.styles.element.iter(qn("w:style"))
        }
        self._levels: dict[str | None, int | None] = {}
        self._items: dict[str | None, bool] = {}
        self._numbers: dict[str | None, tuple[str | None, int | None]] = {}
        self._looks: dict[str | None, Look] = {}
        self._default = next(
            (
                identity
                for identity, style in self._elements.items()
                if style.get(qn("w:type")) == "paragraph"
                and style.get(qn("w:default")) in ("1", "true", "on")
            ),
            None,
        )

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

    def numbered(self, paragraph: Any) -> tuple[str | None, int]:
        """The list that a paragraph is counted in, and its level there."""
        own = paragraph.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
        identity, level = _number_of(own)
        if identity is None or level is None:
            styled, at = self._number_of_style(_style_of(paragraph))
            identity = styled if identity is None else identity
            level = at if level is None else level
        return (None if identity == "0" else identity), level or 0

    def list_of(self, style: str) -> str | None:
        """The list that a numbering style stands for."""
        return self._number_of_style(style)[0]

    def look(self, run: Any, paragraph_style: Look) -> Look:
        """How a run looks: by its own format, over its style, over that of its paragraph."""
        own = run.find(qn("w:rPr"))
        if own is None:
            return paragraph_style
        styled = own.find(qn("w:rStyle"))
        below = paragraph_style
        if styled is not None:
            below = self._look_of(styled.get(qn("w:val"))).turning(below)
        return _look(own).over(below)

    def paragraph_look(self, paragraph: Any) -> Look:
        return self._look_of(_style_of(paragraph) or self._default)

    def _look_of(self, style: str | None) -> Look:
        if style not in self._looks:
            found = _PLAIN
            for element in self._chain(style):
                own = element.find(qn("w:rPr"))
                if own is not None:
                    found = found.over(_look(own))
                paragraphs = element.find(qn("w:pPr"))
                if paragraphs is not None and has_ground(paragraphs):
                    found = found.over(Look(ground=True))
            self._looks[style] = found
        return self._looks[style]

    def _number_of_style(self, style: str | None) -> tuple[str | None, int | None]:
        if style not in self._numbers:
            identity: str | None = None
            level: int | None = None
            for element in self._chain(style):
                found, at = _number_of(element.find(f"{qn('w:pPr')}/{qn('w:numPr')}"))
                identity = found if identity is None else identity
                level = at if level is None else level
            self._numbers[style] = identity, level
        return self._numbers[style]

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


def _look(own: Any) -> Look:
    single, double = _switch(own, "w:strike"), _switch(own, "w:dstrike")
    struck = True if single or double else (False if single is False or double is False else None)
    upright = own.find(qn("w:vertAlign"))
    raised = upright.get(qn("w:val")) if upright is not None else _by_position(own)
    fonts = own.find(qn("w:rFonts"))
    font = fonts.get(qn("w:ascii")) or fonts.get(qn("w:hAnsi")) if fonts is not None else None
    return Look(
        struck,
        _switch(own, "w:vanish"),
        raised,
        font,
        _switch(own, "w:b"),
        _is_white(own),
        has_ground(own),
    )


def _is_white(own: Any) -> bool | None:
    colour = own.find(qn("w:color"))
    return None if colour is None else (colour.get(qn("w:val")) or "").upper() == "FFFFFF"


def has_ground(own: Any) -> bool | None:
    """Whether the properties of a run, a paragraph or a cell put a colour behind its text."""
    shade, marker = own.find(qn("w:shd")), own.find(qn("w:highlight"))
    if marker is not None and marker.get(qn("w:val")) not in ("none", "white"):
        return True
    if shade is None:
        return None
    fill = (shade.get(qn("w:fill")) or "auto").upper()
    return fill not in ("AUTO", "FFFFFF") or shade.get(qn("w:val")) not in ("clear", "nil", None)


def _by_position(own: Any) -> str | None:
    """Text raised by a distance and made smaller is raised too."""
    position, size = own.find(qn("w:position")), own.find(qn("w:sz"))
    if position is None or size is None:
        return None
    value = (position.get(qn("w:val")) or "").strip()
    if not value.lstrip("-").isdigit() or abs(int(value)) < _RAISED_FROM:
        return None
    return "subscript" if value.startswith("-") else "superscript"


def _switch(own: Any, name: str) -> bool | None:
    mark = own.find(qn(name))
    return None if mark is None else mark.get(qn("w:val"), "true") not in _OFF


def _number_of(own: Any) -> tuple[str | None, int | None]:
    if own is None:
        return None, None
    identity, level = own.find(qn("w:numId")), own.find(qn("w:ilvl"))
    at = level.get(qn("w:val")) or "" if level is not None else ""
    return (
        identity.get(qn("w:val")) if identity is not None else None,
        int(at) if at.isascii() and at.isdigit() and len(at) < 3 else None,
    )


def _outline(element: Any) -> int | None:
    value = element.get(qn("w:val")) or ""
    return int(value) + 1 if value.isascii() and value.isdigit() and int(value) < _DEEPEST else None


def _style_of(paragraph: Any) -> str | None:
    element = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
    return element.get(qn("w:val")) if element is not None else None


def _name(style: Any) -> str:
    element = style.find(qn("w:name"))
    return (element.get(qn("w:val")) or "").lower() if element is not None else ""
