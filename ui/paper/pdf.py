"""Sheets as a PDF: an answer to print or send, or a packet with a letter's page and its sources.

All text goes through `_text`: nothing in a document is markup here.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import letter
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import inch
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import (
    Flowable,
    Image,
    KeepTogether,
    PageBreak,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
    TableStyle,
)

from ui.exports.tables import clean
from ui.paper.sheet import Line, Picture, Piece, Quote, Sheet, facts, runs_of, sources

Pictures = Mapping[Quote, Picture | None]
_FONTS = Path(__file__).resolve().parent / "fonts"
_SANS, _BOLD, _SERIF = "CodedeskSans", "CodedeskSans-Bold", "CodedeskSerif"
_INK, _SOFT, _LINE, _ACCENT = map(HexColor, ("#16242b", "#4b5a61", "#c9d3d7", "#0b7285"))
_MARK = "#fff1b8"
_WIDTH, _HEIGHT = letter[0] - 1.8 * inch, letter[1] - 1.8 * inch
_MISSING = "\ufffd"  # for a character that the typefaces do not have


def answer_pdf(sheet: Sheet, pictures: Pictures, *, printed: date, address: str) -> bytes:
    """One answer: question, day of service, passages with their citations and pages."""
    flow = list(_sheet(sheet, pictures, printed=printed, address=address))
    return _built(flow, title=sheet.question)


def packet_pdf(
    sheets: Sequence[Sheet], pictures: Pictures, *, printed: date, address: str
) -> bytes:
    """A page for a letter, to be typed in, the list of sources, then each answer."""
    flow: list[Flowable] = [_Letter(), PageBreak(), *_cover(sheets, printed)]
    for sheet in sheets:
        flow += [PageBreak(), *_sheet(sheet, pictures, printed=printed, address=address)]
    return _built(flow, title="Passages and their sources")


def _built(flow: list[Flowable], *, title: str) -> bytes:
    out = io.BytesIO()
    document = SimpleDocTemplate(
        out,
        pagesize=letter,
        leftMargin=0.9 * inch,
        rightMargin=0.9 * inch,
        topMargin=0.9 * inch,
        bottomMargin=0.9 * inch,
        title=clean(title)[:200],
        creator="Codedesk",
        lang="en-US",
    )
    document.build(flow, onFirstPage=_numbered, onLaterPages=_numbered)
    return out.getvalue()


def _numbered(canvas: Any, document: Any) -> None:
    canvas.setFont(_SANS, 8)
    canvas.setFillColor(_SOFT)
    canvas.drawRightString(letter[0] - 0.9 * inch, 0.55 * inch, f"Page {document.page}")


class _Letter(Flowable):  # type: ignore[misc]
    """A page to type a letter into: a field, which nothing but the person's own words fills."""

    def wrap(self, *_: float) -> tuple[float, float]:
        return _WIDTH, _HEIGHT - 12

    def draw(self) -> None:
        self.canv.setFont(_BOLD, 12)
        self.canv.setFillColor(_INK)
        self.canv.drawString(0, _HEIGHT - 28, "Letter")
        self.canv.acroForm.textfield(
            name="letter",
            tooltip="Your letter",
            x=0,
            y=0,
            width=_WIDTH,
            height=_HEIGHT - 48,
            fontName="Helvetica",
            fontSize=11,
            borderColor=_LINE,
            fillColor=HexColor("#ffffff"),
            textColor=_INK,
            borderWidth=0.5,
            maxlen=None,
            relative=True,
            fieldFlags="multiline",
        )


def _cover(sheets: Sequence[Sheet], printed: date) -> Iterator[Flowable]:
    yield Paragraph("Sources", _style("title"))
    yield Paragraph(
        f"Printed {_text(f'{printed:%B} {printed.day}, {printed.year}')}", _style("soft")
    )
    yield Spacer(1, 10)
    head = [Paragraph(name, _style("label")) for name in ("", "Document", "Pages quoted")]
    rows = [
        [
            Paragraph(str(number), _style("small")),
            [Paragraph(_text(one.title), _style("strong")), *_cited(one.reference)],
            Paragraph(_text(", ".join(one.pages)), _style("small")),
        ]
        for number, one in enumerate(sources(sheets), 1)
    ]
    yield _table([head, *rows], [0.05, 0.75, 0.2])
    yield Spacer(1, 14)
    yield Paragraph("Questions", _style("label"))
    for sheet in sheets:
        yield Paragraph(_text(sheet.question), _style("small"))


def _sheet(sheet: Sheet, pictures: Pictures, *, printed: date, address: str) -> Iterator[Flowable]:
    yield Paragraph(_text(sheet.question), _style("title"))
    rows = [
        [Paragraph(name, _style("label")), Paragraph(_text(text), _style("small"))]
        for name, text in facts(sheet, printed, address)
    ]
    yield Table(rows, [0.2 * _WIDTH, 0.8 * _WIDTH], style=_BARE, hAlign="LEFT")
    for quote in sheet.quotes:
        yield Spacer(1, 16)
        yield from _quote(quote)
    for quote in sheet.quotes:
        if picture := pictures.get(quote):
            yield PageBreak()
            yield from _picture(picture)


def _quote(quote: Quote) -> Iterator[Flowable]:
    yield KeepTogether([Paragraph(_text(quote.title), _style("strong")), Spacer(1, 4)])
    if quote.whose:
        yield Paragraph(_text(f"{quote.whose}:"), _style("small"))
    for run in runs_of(quote.lines):
        yield from _run(run)
    yield Spacer(1, 4)
    yield from _cited(quote.reference)


def _run(run: Sequence[Line]) -> Iterator[Flowable]:
    first = run[0]
    if first.kind == "row":
        wide = max(len(line.cells) for line in run)
        head = [[Paragraph(_text(name), _style("label")) for name in first.columns]]
        rows = [[Paragraph(_pieces(cell), _style("cell")) for cell in line.cells] for line in run]
        filled = [row + [""] * (wide - len(row)) for row in ([*head, *rows] if head[0] else rows)]
        yield _table(filled, [1 / max(wide, 1)] * max(wide, 1))
        yield Spacer(1, 4)
        return
    style = {"heading": "path", "item": "item"}.get(first.kind, "quote")
    yield Paragraph(" ".join(_pieces(cell) for cell in first.cells), _style(style))


def _picture(picture: Picture) -> Iterator[Flowable]:
    scale = min(_WIDTH / picture.width, (_HEIGHT - 60) / picture.height)
    yield Paragraph(_text(picture.caption), _style("small"))
    yield Spacer(1, 6)
    reader = io.BytesIO(picture.png)
    ImageReader(reader)
    reader.seek(0)
    yield Table(
        [[Image(reader, picture.width * scale, picture.height * scale)]],
        style=TableStyle(
            [
                ("BOX", (0, 0), (-1, -1), 0.5, _LINE),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ("RIGHTPADDING", (0, 0), (-1, -1), 0),
                ("TOPPADDING", (0, 0), (-1, -1), 0),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 0),
            ]
        ),
        hAlign="LEFT",
    )


def _cited(reference: str) -> list[Flowable]:
    return [Paragraph(_text(reference), _style("cited"))]


_BARE = TableStyle(
    [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("TOPPADDING", (0, 0), (-1, -1), 1),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
    ]
)


def _table(rows: Sequence[Sequence[Any]], shares: Sequence[float]) -> Table:
    style = [
        ("LINEBELOW", (0, 0), (-1, -1), 0.5, _LINE),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 8),
    ]
    return Table(
        rows,
        [share * _WIDTH for share in shares],
        style=TableStyle(style),
        repeatRows=1,
        hAlign="LEFT",
        splitInRow=1,
    )


def _pieces(pieces: Sequence[Piece]) -> str:
    return "".join(
        f'<span backColor="{_MARK}">{_text(text)}</span>' if marked else _text(text)
        for text, marked in pieces
    )


def _text(text: str) -> str:
    """The text as a Paragraph shows exactly it, in characters that the typefaces have."""
    known = _characters()
    shown = "".join(letter if ord(letter) in known else _MISSING for letter in clean(text))
    return escape(shown).replace("\n", "<br/>")


@cache
def _characters() -> frozenset[int]:
    sets = [set(pdfmetrics.getFont(name).face.charToGlyph) for name in _fonts()]
    return frozenset(set.intersection(*sets) | {ord("\n"), ord("\t")})


@cache
def _fonts() -> tuple[str, ...]:
    files = {_SANS: "DejaVuSans", _BOLD: "DejaVuSans-Bold", _SERIF: "DejaVuSerif"}
    for name, file in files.items():
        pdfmetrics.registerFont(TTFont(name, str(_FONTS / f"{file}.ttf")))
    return tuple(files)


@cache
def _style(name: str) -> ParagraphStyle:
    _fonts()
    sans = {"fontName": _SANS, "textColor": _INK, "splitLongWords": 1}
    return ParagraphStyle(
        name,
        **{
            "title": sans | {"fontName": _BOLD, "fontSize": 15, "leading": 20, "spaceAfter": 8},
            "strong": sans | {"fontName": _BOLD, "fontSize": 10, "leading": 14},
            "label": sans | {"fontSize": 8, "leading": 12, "textColor": _SOFT},
            "small": sans | {"fontSize": 8.5, "leading": 12},
            "soft": sans | {"fontSize": 8.5, "leading": 12, "textColor": _SOFT},
            "path": sans | {"fontSize": 8.5, "leading": 12, "textColor": _SOFT, "spaceAfter": 3},
            "quote": sans
            | {
                "fontName": _SERIF,
                "fontSize": 10.5,
                "leading": 15.5,
                "spaceAfter": 4,
                "leftIndent": 10,
            },
            "item": sans
            | {"fontName": _SERIF, "fontSize": 10.5, "leading": 15.5, "leftIndent": 22},
            "cell": sans | {"fontSize": 8.5, "leading": 12},
            "cited": sans | {"fontSize": 8, "leading": 11.5, "textColor": _SOFT},
        }[name],
    )
