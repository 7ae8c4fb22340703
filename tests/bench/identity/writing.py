"""Writes a described document as a file of its format, as people's programs write them."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

import docx
import openpyxl
from reportlab.lib import colors
from reportlab.lib.pagesizes import letter
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, Table


@dataclass(frozen=True)
class Made:
    path: str
    body: str
    header: str
    footer: str
    info: Mapping[str, str]


@dataclass(frozen=True)
class Line:
    """A line of the body: `level` 1 to 3 for headings; `cells` for a row."""

    text: str
    level: int = 0
    centred: bool = False
    small: bool = False
    cells: tuple[str, ...] = ()


def pages_of(body: str) -> list[list[Line]]:
    return [list(map(_line, page.strip("\n").split("\n"))) for page in body.split("!page\n")]


def _line(text: str) -> Line:
    if text.startswith("| ") and text.endswith(" |"):
        return Line("", cells=tuple(cell.strip() for cell in text[2:-2].split(" | ")))
    centred = text.startswith("^ ")
    text = text.removeprefix("^ ")
    if text.startswith("small "):
        return Line(text.removeprefix("small "), centred=centred, small=True)
    marks = len(text) - len(text.lstrip("#"))
    return Line(text[marks:].strip(), level=marks, centred=centred)


def as_pdf(made: Made) -> bytes:
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=letter, invariant=1)
    canvas.setTitle(made.info.get("title", ""))
    canvas.setAuthor(made.info.get("author", ""))
    pages = pages_of(made.body)
    for number, lines in enumerate(pages, start=1):
        _running(canvas, made, number, len(pages))
        _draw(canvas, lines)
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def _running(canvas: Canvas, made: Made, number: int, pages: int) -> None:
    canvas.setFont("Helvetica", 8)
    header = made.header
    if header.startswith("^ "):
        canvas.setFont("Helvetica-Bold", 15)
        canvas.drawCentredString(306, 752, header.removeprefix("^ "))
        canvas.setFont("Helvetica", 8)
        header = ""
    for text, place, step in ((header, 760, -10), (made.footer, 44, -10)):
        said = text.replace("{page}", str(number)).replace("{pages}", str(pages))
        for at, line in enumerate(simpleSplit(said, "Helvetica", 8, 468)):
            canvas.drawString(72, place + at * step, line)


def _draw(canvas: Canvas, lines: list[Line]) -> None:
    """From `!columns` on, the second half of the lines stands right of the first."""
    at = next((at for at, line in enumerate(lines) if line.text == "!columns"), len(lines))
    top = _drawn(canvas, lines[:at], 718.0, left=72, width=468)
    beside = [line for line in lines[at + 1 :] if line.text or line.cells]
    middle = (len(beside) + 1) // 2
    _drawn(canvas, beside[:middle], top, left=72, width=220)
    _drawn(canvas, beside[middle:], top, left=320, width=220)


def _drawn(canvas: Canvas, lines: list[Line], top: float, *, left: float, width: float) -> float:
    """Draw the lines from `top` down; how far down they reach."""
    for kind, group in _grouped(lines):
        flowable: Any
        if kind == "rows":
            rows = [list(line.cells) for line in group]
            columns = max(map(len, rows))
            cells = [
                [Paragraph(escape(cell), _style(Line(cell))) for cell in row]
                + [""] * (columns - len(row))
                for row in rows
            ]
            flowable = Table(
                cells,
                colWidths=width / columns,
                style=[("GRID", (0, 0), (-1, -1), 0.5, colors.grey)],
            )
        else:
            flowable = Paragraph(escape(group[0].text), _style(group[0]))
        _, height = flowable.wrap(width, 600)
        top -= height + 8
        flowable.drawOn(canvas, left, top)
    return top


def _grouped(lines: list[Line]) -> Iterator[tuple[str, list[Line]]]:
    rows: list[Line] = []
    for line in lines:
        if line.cells:
            rows.append(line)
            continue
        if rows:
            yield "rows", rows
            rows = []
        if line.text:
            yield "words", [line]
    if rows:
        yield "rows", rows


def _style(line: Line) -> ParagraphStyle:
    size = {0: 10, 1: 20, 2: 14, 3: 11}[line.level] if not line.small else 7
    return ParagraphStyle(
        "line",
        fontName="Helvetica-Bold" if line.level else "Helvetica",
        fontSize=size,
        leading=size * 1.25,
        alignment=1 if line.centred else 0,
    )


def as_docx(made: Made) -> bytes:
    document = docx.Document()
    document.core_properties.title = made.info.get("title", "")
    document.core_properties.author = made.info.get("author", "")
    section = document.sections[0]
    for part, text in ((section.header, made.header), (section.footer, made.footer)):
        part.paragraphs[0].text = (
            text.removeprefix("^ ").replace("{page}", "1").replace("{pages}", "1")
        )
    for page in pages_of(made.body):
        for kind, group in _grouped(page):
            if kind == "rows":
                table = document.add_table(0, max(len(line.cells) for line in group))
                for line in group:
                    for cell, text in zip(table.add_row().cells, line.cells, strict=False):
                        cell.text = text
            elif group[0].level:
                document.add_heading(group[0].text, level=group[0].level)
            else:
                document.add_paragraph(group[0].text)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def as_html(made: Made) -> bytes:
    title = escape(made.info.get("title", ""))
    return (
        f'<!doctype html><html><head><meta charset="utf-8"><title>{title}</title></head>'
        f"<body>{made.body}</body></html>"
    ).encode()


def as_xlsx(made: Made) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, lines in enumerate(pages_of(made.body), start=1):
        sheet = book.create_sheet(f"Sheet{number}")
        for line in lines:
            sheet.append(list(line.cells))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def as_text(made: Made) -> bytes:
    return made.body.encode()


WRITERS: Mapping[str, Callable[[Made], bytes]] = {
    ".pdf": as_pdf,
    ".docx": as_docx,
    ".html": as_html,
    ".xlsx": as_xlsx,
    ".csv": as_text,
    ".txt": as_text,
    ".md": as_text,
}
