"""DOCX: paragraphs, headings by style, lists, tables, headers, footers, footnotes, text boxes."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import docx
from docx.oxml.ns import qn

from corpus.document import BlockKind
from corpus.files.limits import STANDARD, Limits
from corpus.readers import CannotRead
from corpus.readers.archive import check_archive
from corpus.readers.docx.styles import Styles
from corpus.readers.docx.text import paragraph_text, paragraphs_inside
from corpus.readers.draft import Draft, DraftBuilder, add_table, looks_like_header
from corpus.text.clean import one_line, tidy_lines

_PARAGRAPH, _TABLE = qn("w:p"), qn("w:tbl")
_WRAPPERS = frozenset(
    qn(name) for name in ("w:sdt", "w:sdtContent", "w:customXml", "w:smartTag", "w:ins", "w:moveTo")
)
_NOTE_TAGS = frozenset(qn(name) for name in ("w:footnote", "w:endnote", "w:comment"))
_HEADER_MARK = f"{qn('w:trPr')}/{qn('w:tblHeader')}"
_NOTES = ("footnotes", "endnotes", "comments")


def read_docx(data: bytes, *, limits: Limits = STANDARD) -> Draft:
    """Read a Word document. Raises CannotRead for bombs, passwords and damaged files."""
    check_archive(data, limits)
    document = docx.Document(io.BytesIO(data))
    builder = DraftBuilder()
    walk = _Walk(builder, Styles(document), limits)
    walk.through(document.element.body)
    for element in _running_parts(document):
        walk.add_running(element)
    for element in _notes(document):
        walk.through(element)
    return builder.draft(found=_found(document, walk.title))


class _Walk:
    """Walks the body in order. Content controls and insertions are read, deletions are not."""

    def __init__(self, builder: DraftBuilder, styles: Styles, limits: Limits) -> None:
        self.title: str | None = None
        self._builder = builder
        self._styles = styles
        self._limits = limits
        self._characters = 0
        self._running: set[str] = set()

    def through(self, root: Any) -> None:
        for element in _content(root):
            if element.tag == _TABLE:
                self._add_table(element)
            else:
                self._add_paragraph(element)

    def add_running(self, root: Any) -> None:
        """Add what headers and footers say, once each: they may hold the document's only date."""
        for element in root.iter(_PARAGRAPH):
            text = one_line(paragraph_text(element))
            if text and text not in self._running:
                self._running.add(text)
                self._builder.add(BlockKind.PARAGRAPH, text)

    def _add_paragraph(self, element: Any) -> None:
        text = tidy_lines(paragraph_text(element))
        self._count(len(text))
        level = self._styles.level(element)
        if level is not None and text:
            if level == 0:
                self.title = self.title or one_line(text)
            self._builder.add(BlockKind.HEADING, one_line(text), level=max(level, 1))
        elif self._styles.is_item(element):
            marked = text if text[:1] in "-•*–" else f"- {text}"
            self._builder.add(BlockKind.ITEM, marked if text else "")
        else:
            self._builder.add(BlockKind.PARAGRAPH, text)
        for box in paragraphs_inside(element):
            self._builder.add(BlockKind.PARAGRAPH, tidy_lines(paragraph_text(box)))

    def _add_table(self, table: Any) -> None:
        marked = sum(row.find(_HEADER_MARK) is not None for row in _children(table, qn("w:tr")))
        rows = [self._cells(row) for row in _children(table, qn("w:tr"))]
        rows = [row for row in rows if any(row)]
        if not rows:
            return
        if max(map(len, rows)) == 1:
            self._add_frame(table)
            return
        add_table(
            self._builder, rows, header_rows=marked or int(looks_like_header(rows[0], rows[1:20]))
        )

    def _add_frame(self, table: Any) -> None:
        """A table of one column is a frame around text: its paragraphs are paragraphs."""
        for paragraph in table.iter(_PARAGRAPH):
            self._add_paragraph(paragraph)

    def _cells(self, row: Any) -> list[str]:
        cells = []
        for cell in _children(row, qn("w:tc")):
            text = one_line(" ".join(paragraph_text(inner) for inner in cell.iter(_PARAGRAPH)))
            self._count(len(text))
            cells.append(text)
        return cells

    def _count(self, characters: int) -> None:
        self._characters += characters
        if self._characters > self._limits.characters:
            raise CannotRead(
                f"The file holds more than {self._limits.characters:,} characters. Split it."
            )


def _content(root: Any) -> Iterator[Any]:
    """Paragraphs and tables in order, without recursion."""
    pending = list(reversed(root))
    while pending:
        element = pending.pop()
        if element.tag in (_PARAGRAPH, _TABLE):
            yield element
        elif element.tag in _WRAPPERS or element.tag in _NOTE_TAGS:
            pending.extend(reversed(element))


def _children(root: Any, tag: str) -> Iterator[Any]:
    pending = list(reversed(root))
    while pending:
        element = pending.pop()
        if element.tag == tag:
            yield element
        elif element.tag in _WRAPPERS:
            pending.extend(reversed(element))


def _running_parts(document: Any) -> Iterator[Any]:
    """Headers and footers of all sections, each part once."""
    seen = set()
    for relation in document.part.rels.values():
        kind = relation.reltype.rsplit("/", 1)[-1]
        if kind in ("header", "footer") and not relation.is_external:
            part = relation.target_part
            if part.partname not in seen:
                seen.add(part.partname)
                yield part.element


def _notes(document: Any) -> Iterator[Any]:
    from docx.oxml.parser import parse_xml

    for relation in document.part.rels.values():
        kind = relation.reltype.rsplit("/", 1)[-1]
        if kind in _NOTES and not relation.is_external:
            yield parse_xml(relation.target_part.blob)


def _found(document: Any, title: str | None) -> dict[str, Any]:
    properties = document.core_properties
    named = one_line(properties.title or "")
    found = {"title": title or named, "author": one_line(properties.author or "")}
    return {key: value for key, value in found.items() if value}
