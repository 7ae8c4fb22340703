"""Makers of files: small real ones by the libraries people use, broken and hostile ones by hand."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from reportlab.lib.pagesizes import letter
from reportlab.pdfgen.canvas import Canvas

from corpus.document import Block, Document
from corpus.reading.read import read_file

PdfMaker = Callable[..., bytes]


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Document]:
    """Write bytes under a name and read them, with a sidecar if one is given."""

    def reading(name: str, data: bytes | str, *, sidecar: str | None = None) -> Document:
        path = tmp_path / name
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        if sidecar is not None:
            path.with_name(f"{name}.meta.toml").write_text(sidecar)
        document = read_file(path, document_id=f"library/{name}")
        check(document)
        return document

    return reading


def check(document: Document) -> None:
    """What is true of every document, whatever was read."""
    text, blocks = document.text, document.blocks
    covered = bytearray(len(text))
    for block in blocks:
        assert block.span.of(text).strip() == block.span.of(text)
        assert not any(covered[block.span.start : block.span.end])
        covered[block.span.start : block.span.end] = b"\1" * (block.span.end - block.span.start)
    assert all(covered[at] for at, character in enumerate(text) if not character.isspace())
    assert [block.span for block in blocks] == sorted(block.span for block in blocks)
    assert [page.number for page in document.pages] == list(range(1, len(document.pages) + 1))
    assert [page.start for page in document.pages] == sorted(page.start for page in document.pages)
    assert text == unicodedata.normalize("NFC", text)
    assert not [c for c in text if unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t"]
    assert document.metadata.title
    assert blocks or document.needs_ocr


@pytest.fixture
def check_document() -> Callable[[Document], None]:
    return check


@pytest.fixture
def shown() -> Callable[[Document], list[tuple[str, str]]]:
    """The blocks as (kind, text)."""

    def showing(document: Document) -> list[tuple[str, str]]:
        return [(block.kind.value, block.span.of(document.text)) for block in document.blocks]

    return showing


@pytest.fixture
def make_pdf() -> PdfMaker:
    """A PDF with reportlab: for each page a function that draws on the canvas."""

    def making(*pages: Callable[[Canvas], None]) -> bytes:
        stream = io.BytesIO()
        canvas = Canvas(stream, pagesize=letter, invariant=1)
        for draw in pages:
            draw(canvas)
            canvas.showPage()
        canvas.save()
        return stream.getvalue()

    return making


@pytest.fixture
def write_lines() -> Callable[..., Callable[[Canvas], None]]:
    """A page of lines in one font, from the top, 14 points apart; None leaves a gap."""

    def writing(
        lines: Sequence[str | None], *, size: float = 11, font: str = "Helvetica", top: float = 700
    ) -> Callable[[Canvas], None]:
        def draw(canvas: Canvas) -> None:
            canvas.setFont(font, size)
            for at, line in enumerate(lines):
                if line is not None:
                    canvas.drawString(72, top - at * 14, line)

        return draw

    return writing


@pytest.fixture
def raw_pdf() -> Callable[..., bytes]:
    """A PDF from its objects, the first of them the catalogue, with a correct xref table."""

    def making(objects: Sequence[bytes], *, trailer: bytes = b"") -> bytes:
        out = io.BytesIO()
        out.write(b"%PDF-1.7\n")
        places = []
        for number, content in enumerate(objects, start=1):
            places.append(out.tell())
            out.write(b"%d 0 obj\n%s\nendobj\n" % (number, content))
        start = out.tell()
        out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
        for place in places:
            out.write(b"%010d 00000 n \n" % place)
        size = len(objects) + 1
        out.write(b"trailer\n<</Size %d/Root 1 0 R%s>>\n" % (size, trailer))
        out.write(b"startxref\n%d\n%%%%EOF\n" % start)
        return out.getvalue()

    return making


@pytest.fixture
def pdf_of_content(raw_pdf: Callable[..., bytes]) -> Callable[..., bytes]:
    """A PDF whose pages all show one content stream; `filters` say how it is compressed."""

    def making(content: bytes, *, pages: int = 1, filters: bytes = b"") -> bytes:
        kids = b" ".join(b"%d 0 R" % (5 + at) for at in range(pages))
        page = (
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R"
            b"/Resources<</Font<</F1 3 0 R>>>>>>"
        )
        return raw_pdf(
            [
                b"<</Type/Catalog/Pages 2 0 R>>",
                b"<</Type/Pages/Count %d/Kids[%s]>>" % (pages, kids),
                b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
                b"<</Length %d%s>>stream\n%s\nendstream" % (len(content), filters, content),
                *[page] * pages,
            ]
        )

    return making


@pytest.fixture
def repacked() -> Callable[..., bytes]:
    """A ZIP archive with one member replaced or added."""

    def making(archive: bytes, member: str, content: bytes) -> bytes:
        out = io.BytesIO()
        with (
            zipfile.ZipFile(io.BytesIO(archive)) as old,
            zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
        ):
            for name in old.namelist():
                if name != member:
                    new.writestr(name, old.read(name))
            new.writestr(member, content)
        return out.getvalue()

    return making


@pytest.fixture
def docx_file() -> bytes:
    """A Word document with a title, a heading, lists, a table, a footer and a deletion."""
    import docx

    document = docx.Document()
    document.add_heading("Coverage policy", 0)
    document.add_heading("Scope", 1)
    document.add_paragraph("This policy is about 0581T.")
    document.add_paragraph("first", style="List Bullet")
    document.add_paragraph("second", style="List Number")
    table = document.add_table(2, 2)
    for at, text in enumerate(("Payer", "Position", "Aetna", "investigational")):
        table.cell(at // 2, at % 2).text = text
    document.sections[0].footer.paragraphs[0].text = "Revised 1/1/2025"
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


@pytest.fixture
def xlsx_file() -> bytes:
    """A workbook with a title above its header, a date and a figure."""
    from datetime import date

    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Rates"
    sheet.append(["Fee schedule"])
    sheet.append(["Code", "Rate", "From"])
    sheet.append(["0581T", 12.5, date(2025, 1, 1)])
    sheet.append(["19105", 7, None])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.fixture
def blocks_of() -> Callable[[Document, str], list[Block]]:
    def choosing(document: Document, kind: str) -> list[Block]:
        return [block for block in document.blocks if block.kind.value == kind]

    return choosing
