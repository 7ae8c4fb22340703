"""Footnotes and endnotes: their marks in the order of the text, and what they say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml

from corpus.readers.numbers import FORMATS
from corpus.text.marks import note

_KINDS = {"footnotes": "w:footnote", "endnotes": "w:endnote"}
_LOOKS = {"footnotes": "decimal", "endnotes": "lowerRoman"}
_PROPERTIES = {"footnotes": "w:footnotePr", "endnotes": "w:endnotePr"}


class Notes:
    """Gives each note its mark when the text first refers to it, and its words after that."""

    def __init__(self, document: Any) -> None:
        self._notes: dict[tuple[str, str], Any] = {}
        self._looks = dict(_LOOKS)
        self._marks: dict[tuple[str, str], str] = {}
        self._counts = dict.fromkeys(_KINDS, 0)
        self._waiting: list[tuple[str, str]] = []
        for relation in document.part.rels.values():
            kind = relation.reltype.rsplit("/", 1)[-1]
            if kind in _KINDS and not relation.is_external:
                for element in parse_xml(relation.target_part.blob).iter(qn(_KINDS[kind])):
                    if element.get(qn("w:type")) in (None, "normal"):
                        self._notes[kind, element.get(qn("w:id")) or ""] = element
        for kind, tag in _PROPERTIES.items():
            look = document.element.body.find(f".//{qn(tag)}/{qn('w:numFmt')}")
            if look is not None:
                self._looks[kind] = look.get(qn("w:val")) or self._looks[kind]

    def mark(self, kind: str, identity: str, /, *, own: bool) -> str:
        """The mark of a note, raised, where the text refers to it; a note with its `own` mark is
        not counted."""
        key = kind, identity
        if own and key not in self._marks:
            self._marks[key] = ""
            self._waiting.append(key)
        elif key not in self._marks:
            self._counts[kind] += 1
            number = FORMATS.get(self._looks[kind], str)(self._counts[kind])
            self._marks[key] = note(number)
            self._waiting.append(key)
        return self._marks[key]

    def referred(self) -> Iterator[tuple[str, Any]]:
        """The notes that the text referred to since this was last asked."""
        while self._waiting:
            key = self._waiting.pop(0)
            if key in self._notes:
                yield self._marks[key], self._notes.pop(key)

    def others(self) -> Iterator[Any]:
        """The notes that nothing refers to."""
        yield from self._notes.values()
