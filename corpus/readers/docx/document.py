"""DOCX: paragraphs with their numbers, headings by style, tables, notes, text boxes, footers."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import docx
from docx.oxml.ns import qn

from corpus.document import BlockKind
from corpus.files.limits import STANDARD, Limits
from corpus.readers import CannotRead
from corpus.readers.archive import check_archive
from corpus.readers.attached import Attached
from corpus.readers.docx.notes import Notes
from corpus.readers.docx.numbering import BULLET, Numbering
from corpus.readers.docx.parts import chunk_of, embedded_files, running_parts, tell_of_parts
from corpus.readers.docx.styles import Styles
from corpus.readers.docx.table import children, columns_of, grid_of, with_tables
from corpus.readers.docx.text import Paragraphs, paragraphs_inside
from corpus.readers.draft import Draft, DraftBuilder
from corpus.readers.headings.refused import BOLD_LOOK, may_be_bold_title
from corpus.readers.left_out import DELETED, HIDDEN, LeftOut
from corpus.readers.tables.added import add_grid
from corpus.readers.tables.typed import is_tabbed, tabbed_grid
from corpus.text.clean import one_line, tidy_lines

_CELL = qn("w:tc")
_PARAGRAPH, _TABLE, _CHUNK = qn("w:p"), qn("w:tbl"), qn("w:altChunk")
_WRAPPERS = frozenset(
    qn(name)
    for name in ("w:sdt", "w:sdtContent", "w:customXml", "w:smartTag", "w:ins", "w:moveTo", "w:tc")
)
_NOTE_TAGS = frozenset(qn(name) for name in ("w:footnote", "w:endnote"))
_DELETED_END = f"{qn('w:pPr')}/{qn('w:rPr')}/{qn('w:del')}"
_DELETED_ROW, _HIDDEN_ROW = f"{qn('w:trPr')}/{qn('w:del')}", f"{qn('w:trPr')}/{qn('w:hidden')}"
_ALT = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
_DEEPEST = 3  # files within files


def read_docx(data: bytes, *, limits: Limits = STANDARD) -> Draft:
    """Read a Word document. Raises CannotRead for bombs, passwords and damaged files."""
    builder, left_out = DraftBuilder(), LeftOut()
    document = _add_docx(builder, data, limits=limits, left_out=left_out, deep=0)
    return builder.draft(
        found=document.found,
        running=document.running,
        warnings=left_out.warnings(),
        attached=document.attached,
    )


@dataclass(frozen=True, slots=True)
class _Added:
    """What a Word file says of itself, its headers and footers, and the files that lie in it."""

    found: dict[str, Any]
    running: tuple[str, ...]
    attached: tuple[Attached, ...]


def _add_docx(
    builder: DraftBuilder, data: bytes, *, limits: Limits, left_out: LeftOut, deep: int
) -> _Added:
    check_archive(data, limits)
    document = docx.Document(io.BytesIO(data))
    walk = _Walk(builder, document, limits, left_out, deep)
    walk.through(document.element.body)
    for element in running_parts(document):
        walk.add_running(element)
    walk.add_other_notes()
    tell_of_parts(document, left_out)
    return _Added(walk.found(), tuple(walk.running), tuple(embedded_files(document)))


class _Walk:
    """Goes through the body in order, into content controls and insertions, not into deletions."""

    def __init__(
        self, builder: DraftBuilder, document: Any, limits: Limits, left_out: LeftOut, deep: int
    ) -> None:
        self.title: str | None = None
        self._builder = builder
        self._document = document
        self._limits = limits
        self._left_out = left_out
        self._deep = deep
        self._styles = Styles(document)
        self._numbering = Numbering(document, self._styles)
        self._notes = Notes(document)
        self._paragraphs = Paragraphs(self._styles, left_out, self._notes.mark)
        self._characters = 0
        self._held = ""  # of a paragraph whose end was deleted: it is one with the next
        self._tabbed: list[tuple[Any, str]] = []  # paragraphs whose tabs may part columns
        self.running: dict[str, None] = {}

    def through(self, root: Any) -> None:
        for element in _content(root):
            if element.tag != _PARAGRAPH:
                self._let_go()
            if element.tag == _TABLE:
                self._add_table(element)
            elif element.tag == _CHUNK:
                self._add_chunk(element)
            else:
                self._add_paragraph(element)
                continue
            self._add_notes()
        self._let_go()

    def add_running(self, root: Any) -> None:
        """Add what headers and footers say, once each: they may hold the document's only date."""
        for element in root.iter(_PARAGRAPH):
            text = one_line(self._paragraphs.text(element))
            if text and text not in self.running:
                self.running[text] = None
                self._builder.add(BlockKind.PARAGRAPH, text)

    def found(self) -> dict[str, Any]:
        """What the file's properties say, and its title where a paragraph is styled as one."""
        properties = self._document.core_properties
        named = one_line(properties.title or "")
        found = {"title": self.title or named, "author": one_line(properties.author or "")}
        return {key: value for key, value in found.items() if value}

    def add_other_notes(self) -> None:
        for element in self._notes.others():
            self.through(element)

    def _add_notes(self) -> None:
        """A note stands after the paragraph or table that refers to it: it may limit what is said
        there, and there it is found."""
        for mark, element in self._notes.referred():
            for number, paragraph in enumerate(element.iter(_PARAGRAPH)):
                text = tidy_lines(self._paragraphs.text(paragraph))
                self._count(len(text))
                said = f"{mark} {text}".strip() if not number and text else text
                self._builder.add(BlockKind.PARAGRAPH, said)

    def _let_go(self) -> None:
        self._end_tabbed()
        text, self._held = self._held, ""
        self._builder.add(BlockKind.PARAGRAPH, tidy_lines(text))
        self._add_notes()

    def _add_paragraph(self, element: Any) -> None:
        said = self._held + self._paragraphs.text(element)
        self._held = ""
        if element.find(_DELETED_END) is not None:
            self._held = said
            return
        if self._may_be_row(element, said):
            self._tabbed.append((element, said))
            return
        self._end_tabbed()
        self._add_said(element, said)

    def _may_be_row(self, element: Any, said: str) -> bool:
        if not is_tabbed(said) or next(paragraphs_inside(element), None) is not None:
            return False
        return self._styles.level(element) is None and not self._styles.is_item(element)

    def _end_tabbed(self) -> None:
        """Paragraphs that tabs part into columns, as a table; else they are what they are."""
        lines, self._tabbed = self._tabbed, []
        grid = tabbed_grid([said for _, said in lines])
        if grid is not None:
            self._count(sum(len(said) for _, said in lines))
            add_grid(self._builder, grid)
            self._add_notes()
            return
        for element, said in lines:
            self._add_said(element, said)

    def _add_said(self, element: Any, said: str) -> None:
        text = tidy_lines(said)
        self._count(len(text))
        marker = self._numbering.marker(element)
        level = self._styles.level(element)
        if level is not None and text:
            if level == 0:
                self.title = self.title or one_line(text)
            said = text if marker == BULLET else f"{marker} {text}".strip()
            self._builder.add(BlockKind.HEADING, one_line(said), level=max(level, 1))
        elif text and marker != BULLET and self._is_bold_title(element, f"{marker} {text}"):
            self._builder.add_heading(one_line(f"{marker} {text}"), BOLD_LOOK)
        elif text and (marker or self._styles.is_item(element)):
            bare = marker in ("", BULLET)
            said = text if bare and text[0] in "-•*–☐☒" else f"{marker or BULLET} {text}"
            self._builder.add(BlockKind.ITEM, said)
        else:
            self._builder.add(BlockKind.PARAGRAPH, text)
        for box in paragraphs_inside(element):
            self._builder.add(BlockKind.PARAGRAPH, tidy_lines(self._numbered(box)))
        self._add_notes()

    def _is_bold_title(self, element: Any, text: str) -> bool:
        return may_be_bold_title(text.strip()) and self._paragraphs.is_bold(element)

    def _numbered(self, paragraph: Any) -> str:
        text = self._paragraphs.text(paragraph)
        marker = self._numbering.marker(paragraph)
        alone = marker != BULLET and paragraph.getparent().tag == _CELL
        return f"{marker} {text}" if marker and (text.strip() or alone) else text

    def _add_table(self, table: Any) -> None:
        if columns_of(table) <= 1 or self._is_layout(table):
            self._add_frame(table)
            return
        grid = with_tables(table, self._cell, self._is_left_out)
        if grid is None:
            grid = grid_of(table, self._cell, self._is_left_out)
        add_grid(self._builder, grid)

    def _is_layout(self, table: Any) -> bool:
        """Whether a table of one row lays text out: a cell of it holds paragraphs below a title."""
        rows = list(children(table, qn("w:tr")))
        return len(rows) == 1 and any(
            sum(bool(self._paragraphs.shows(paragraph)) for paragraph in children(cell, _PARAGRAPH))
            > 1
            and any(map(self._is_title, children(cell, _PARAGRAPH)))
            for cell in children(rows[0], _CELL)
        )

    def _is_title(self, paragraph: Any) -> bool:
        return self._styles.level(paragraph) is not None or self._paragraphs.is_bold(paragraph)

    def _add_frame(self, table: Any) -> None:
        """A table that is a frame around text: its paragraphs are paragraphs."""
        for row in children(table, qn("w:tr")):
            if not self._is_left_out(row):
                for cell in children(row, qn("w:tc")):
                    self.through(cell)

    def _is_left_out(self, row: Any) -> bool:
        deleted, hidden = row.find(_DELETED_ROW), row.find(_HIDDEN_ROW)
        if deleted is None and hidden is None:
            return False
        self._left_out.add(HIDDEN if deleted is None else DELETED)
        return True

    def _cell(self, cell: Any) -> str:
        parts = []
        for element in _content(cell):
            if element.tag == _TABLE:
                rows = children(element, qn("w:tr"))
                parts += [
                    ", ".join(filter(None, map(self._cell, children(row, qn("w:tc"))))) + ";"
                    for row in rows
                    if not self._is_left_out(row)
                ]
            elif element.tag == _PARAGRAPH:
                parts.append(self._numbered(element))
                parts += [self._numbered(box) for box in paragraphs_inside(element)]
        text = one_line(" ".join(parts)) or _pictured(cell)
        self._count(len(text))
        return text

    def _add_chunk(self, element: Any) -> None:
        """A piece of another format that Word shows in its place."""
        part = chunk_of(element, self._document)
        kind = str(part.content_type).partition(";")[0] if part is not None else ""
        if kind in ("text/html", "application/xhtml+xml", "message/rfc822"):
            self._add_page(part.blob)
        elif kind == "text/plain":
            from corpus.text.encodings import decode_text

            for piece in decode_text(part.blob).split("\n\n"):
                self._builder.add(BlockKind.PARAGRAPH, tidy_lines(piece))
        elif "wordprocessingml" in kind and self._deep < _DEEPEST:
            _add_docx(
                self._builder,
                part.blob,
                limits=self._limits,
                left_out=self._left_out,
                deep=self._deep + 1,
            )
        else:
            self._left_out.tell(
                "A piece of another format that stands in the document "
                f"({kind or 'its part is missing'}) is not read. Open the document in Word, save "
                "it again and replace it."
            )

    def _add_page(self, data: bytes) -> None:
        from corpus.readers.html.page import add_html, decoded
        from corpus.readers.mhtml import Archive, archive_of, is_archive

        archive = archive_of(data) if is_archive(data) else Archive(decoded(data))
        add_html(
            self._builder,
            archive.page or "",
            limits=self._limits,
            left_out=self._left_out,
            frames=archive.frames,
        )

    def _count(self, characters: int) -> None:
        self._characters += characters
        if self._characters > self._limits.characters:
            raise CannotRead(
                f"The file holds more than {self._limits.characters:,} characters. Split it."
            )


def _content(root: Any) -> Iterator[Any]:
    """Paragraphs, tables and pieces of other formats in order, without recursion."""
    pending = list(reversed(root))
    while pending:
        element = pending.pop()
        if element.tag in (_PARAGRAPH, _TABLE, _CHUNK):
            yield element
        elif element.tag in _WRAPPERS or element.tag in _NOTE_TAGS:
            pending.extend(reversed(element))


def _pictured(cell: Any) -> str:
    """What a cell without words shows: the description of its picture, often Yes or No."""
    return one_line(" ".join(picture.get("descr") or "" for picture in cell.iter(_ALT)))
