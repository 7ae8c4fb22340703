"""A source as a PDF: a cover numbered i, then pages 1, 2, 3 with an outline and ruled tables."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import landscape, letter
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import inch
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Spacer,
)
from reportlab.platypus import Paragraph as Words
from reportlab.platypus import Table as Grid

from corpus.errors import BadMetadata
from corpus.starter.making.source import Heading, Item, Paragraph, Part, Source, Table

_MARGIN = 0.8 * inch
_PADDING = 8.0  # points, left and right of a cell together, with the rule
_BODY = ParagraphStyle("body", fontName="Helvetica", fontSize=9.5, leading=13.5, spaceAfter=7)
_CELL_FONT, _HEAD_FONT, _CELL_SIZE = "Helvetica", "Helvetica-Bold", 9
_ITEM = ParagraphStyle("item", parent=_BODY, leftIndent=16, bulletIndent=4, spaceAfter=4)
_TITLE = ParagraphStyle("title", fontName="Helvetica-Bold", fontSize=22, leading=28, spaceAfter=18)
_RULES = [
    ("FONT", (0, 0), (-1, -1), _CELL_FONT, _CELL_SIZE, 11),
    ("FONT", (0, 0), (-1, 0), _HEAD_FONT, _CELL_SIZE, 11),
    ("GRID", (0, 0), (-1, -1), 0.5, colors.grey),
    ("BACKGROUND", (0, 0), (-1, 0), colors.whitesmoke),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LEFTPADDING", (0, 0), (-1, -1), 3.5),
    ("RIGHTPADDING", (0, 0), (-1, -1), 3.5),
]


class _HeadingWords(Words):  # type: ignore[misc]
    """A heading that puts itself into the outline when it has found its page."""

    def __init__(self, text: str, *, level: int, key: str) -> None:
        size = 15 if level == 0 else 12
        style = ParagraphStyle(
            f"heading{level}",
            fontName="Helvetica-Bold",
            fontSize=size,
            leading=size + 4,
            spaceBefore=10,
            spaceAfter=5,
            keepWithNext=1,
        )
        super().__init__(escape(text), style)
        self._entry = (text, key, level)

    def draw(self) -> None:
        text, key, level = self._entry
        self.canv.bookmarkHorizontal(key, 0, self.height + 10)
        self.canv.addOutlineEntry(text, key, level)
        super().draw()


class _LineGrid(Grid):  # type: ignore[misc]
    """A table whose cells end without the operator that begins a new line, which a reader of the
    text would take for one: a row of short cells is extracted as one line."""

    def _drawCell(
        self, text: str, style: Any, corner: tuple[float, float], size: tuple[float, float]
    ) -> None:
        for number, line in enumerate(text.split("\n"), start=1):
            down = corner[1] + size[1] - number * style.leading + style.leading * 0.1
            words = self.canv.beginText(corner[0] + style.leftPadding, down)
            words.setFont(style.fontname, style.fontsize)
            words.setFillColor(colors.black)  # else the colour of the header's background
            words.textOut(line)
            self.canv.drawText(words)


def pdf_bytes(source: Source) -> bytes:
    """Raises BadMetadata for a character that the built-in fonts cannot show."""
    size = landscape(letter) if source.fields.get("layout") == "landscape" else letter
    target = BytesIO()
    template = BaseDocTemplate(
        target,
        pagesize=size,
        title=source.title,
        author=source.publisher,
        subject=_about(source),
        # Same text, same bytes: no clock, and no compressor whose version could matter.
        invariant=1,
        pageCompression=0,
        initialFontName="Helvetica",
    )
    width = size[0] - 2 * _MARGIN
    template.addPageTemplates(_page_templates(size, width))
    template.build([*_cover(source), *_flowables(source, width)])
    return target.getvalue()


def _page_templates(size: tuple[float, float], width: float) -> list[Any]:
    def frame() -> Any:
        return Frame(_MARGIN, _MARGIN, width, size[1] - 2 * _MARGIN, 0, 0, 0, 0)

    def print_label(canvas: Any, label: str) -> None:
        canvas.setFont("Helvetica", 8)
        canvas.drawCentredString(_MARGIN + width / 2, _MARGIN / 2, label)

    def number_cover(canvas: Any, _: Any) -> None:
        canvas.addPageLabel(0, style="ROMAN_LOWER", start=1)
        print_label(canvas, "i")

    def number_page(canvas: Any, _: Any) -> None:
        page = canvas.getPageNumber()
        if page == 2:
            canvas.addPageLabel(1, style="ARABIC", start=1)
        print_label(canvas, str(page - 1))

    return [
        PageTemplate("cover", [frame()], onPageEnd=number_cover),
        PageTemplate("page", [frame()], onPageEnd=number_page),
    ]


def _cover(source: Source) -> list[Any]:
    lines = [source.publisher, _about(source)]
    words = [Words(escape(_shown(line)), _BODY) for line in lines if line]
    title = Words(escape(_shown(source.title)), _TITLE)
    return [Spacer(1, 2 * inch), title, *words, NextPageTemplate("page"), PageBreak()]


def _about(source: Source) -> str:
    names = ("payer", "number", "effective", "retired", "reviewed", "retrieved")
    known = [
        f"{name.capitalize()}: {source.fields[name]}" for name in names if name in source.fields
    ]
    return ". ".join(known)


def _flowables(source: Source, width: float) -> list[Any]:
    top = min((part.level for part in source.parts if isinstance(part, Heading)), default=1)
    made: list[Any] = []
    deepest = -1
    for number, part in enumerate(source.parts):
        if isinstance(part, Heading):
            deepest = min(part.level - top, deepest + 1)  # an outline may not skip a level
            made.append(_HeadingWords(_shown(part.text), level=deepest, key=f"heading-{number}"))
        else:
            made += _flowable(part, width)
    return made


def _flowable(part: Part, width: float) -> list[Flowable]:
    if isinstance(part, Table):
        return [_grid(part, width), Spacer(1, 10)]
    if isinstance(part, Item):
        mark = "\N{BULLET}" if part.number is None else f"{part.number}."
        return [Words(escape(_shown(part.text)), _ITEM, bulletText=mark)]
    assert isinstance(part, Paragraph)
    return [Words(escape(_shown(part.text)), _BODY)]


def _grid(table: Table, width: float) -> Any:
    """A ruled table whose header is drawn again at the head of every page it reaches."""
    widths = _widths(table, width)
    cells = [_wrapped(table.header, widths, _HEAD_FONT)]
    cells += [_wrapped(row, widths, _CELL_FONT) for row in table.rows]
    return _LineGrid(cells, colWidths=widths, repeatRows=1, style=_RULES, hAlign="LEFT")


def _wrapped(row: tuple[str, ...], widths: list[float], font: str) -> list[str]:
    """Cells as strings, not flowables: those are drawn apart, and a row would be extracted as
    one line for each cell."""
    return [
        "\n".join(simpleSplit(_shown(cell), font, _CELL_SIZE, width - _PADDING + 0.5))
        for cell, width in zip(row, widths, strict=True)
    ]


def _widths(table: Table, width: float) -> list[float]:
    """As wide as the longest cell where there is room; else the widest columns give way, so that
    short cells stay on one line and a row is extracted as one line where it can be."""
    rows = [(table.header, _HEAD_FONT), *((row, _CELL_FONT) for row in table.rows)]
    natural = [
        max(stringWidth(row[column], font, _CELL_SIZE) for row, font in rows) + _PADDING
        for column in range(len(table.header))
    ]
    low, high = 0.0, max(natural)
    if sum(natural) <= width:
        return natural
    for _ in range(50):
        middle = (low + high) / 2
        fits = sum(min(one, middle) for one in natural) <= width
        low, high = (middle, high) if fits else (low, middle)
    return [min(one, low) for one in natural]


def _shown(text: str) -> str:
    try:
        text.encode("cp1252")
    except UnicodeEncodeError as error:
        missing = text[error.start]
        raise BadMetadata(f"the PDF fonts lack {missing!r}, in {text[:60]!r}") from None
    return text
