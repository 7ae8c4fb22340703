"""The binary documents of the starter library come from the sources, the same bytes each time."""

from __future__ import annotations

import ctypes
import tomllib
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from docx import Document
from openpyxl import load_workbook
from pypdf import PdfReader

from corpus.errors import BadMetadata
from corpus.metadata.sidecar import split_front_matter
from corpus.starter import DOCUMENTS, HERE
from corpus.starter.make import made_files, main, out_of_date

FRONT = """---
title: "Test: a title"
publisher: Codedesk
kind: guide
number: "7"
reviewed: 2026-01-31
codes: ["0581T", "19105"]
---
"""
ROWS = 120
LONG_TABLE = "| Code | Meaning |\n|---|---|\n" + "".join(
    f"| X{number:03} | meaning {number:03} |\n" for number in range(ROWS)
)
BODY = f"""# Test: a title

## First question?

First answer.

### A part of it

- one item
- another item

1. first step
2. second step

## Second question?

{LONG_TABLE}
"""


def make(tmp_path: Path, name: str, text: str) -> dict[str, bytes]:
    source = tmp_path / "sources" / "part" / name
    source.parent.mkdir(parents=True, exist_ok=True)
    source.write_text(text, encoding="utf-8")
    return dict(made_files(tmp_path / "sources"))


def made_pdf(tmp_path: Path) -> PdfReader:
    return PdfReader(BytesIO(make(tmp_path, "a.pdf.md", FRONT + BODY)["part/a.pdf"]))


def test_the_files_in_the_library_are_what_the_sources_give():
    assert out_of_date(HERE / "sources", DOCUMENTS) == {}


def test_making_everything_twice_gives_the_same_bytes():
    assert dict(made_files(HERE / "sources")) == dict(made_files(HERE / "sources"))


def test_a_pdf_has_a_cover_numbered_in_roman_and_then_pages_from_one(tmp_path):
    reader = made_pdf(tmp_path)
    assert reader.page_labels[:3] == ["i", "1", "2"]
    assert len(reader.pages) >= 3
    assert reader.metadata is not None
    assert reader.metadata.title == "Test: a title"


def test_a_pdf_has_its_headings_as_an_outline_on_the_right_pages(tmp_path):
    reader = made_pdf(tmp_path)
    first, below, second = reader.outline
    assert (first["/Title"], second["/Title"]) == ("First question?", "Second question?")
    assert [entry["/Title"] for entry in below] == ["A part of it"]
    assert reader.get_destination_page_number(first) == 1


def test_a_pdf_table_runs_over_pages_with_its_header_on_each_and_a_row_on_a_line(tmp_path):
    pages = [page.extract_text().splitlines() for page in made_pdf(tmp_path).pages]
    with_rows = [lines for lines in pages if any(line.startswith("X") for line in lines)]
    assert len(with_rows) > 1
    assert all("Code Meaning" in (line.strip() for line in lines) for lines in with_rows)
    rows = [line for lines in pages for line in lines if line.startswith("X")]
    assert rows == [f"X{number:03} meaning {number:03}" for number in range(ROWS)]


def test_everything_written_in_a_pdf_is_black(tmp_path):
    content = make(tmp_path, "a.pdf.md", FRONT + BODY)["part/a.pdf"]
    with pypdfium2.PdfDocument(content) as pdf:
        texts = [
            found for page in pdf for found in page.get_objects([pypdfium2.raw.FPDF_PAGEOBJ_TEXT])
        ]
        assert len(texts) > ROWS
        assert {_fill(found) for found in texts} == {(0, 0, 0, 255)}


def _fill(found: pypdfium2.PdfObject) -> tuple[int, ...]:
    parts = [ctypes.c_uint() for _ in range(4)]
    assert pypdfium2.raw.FPDFPageObj_GetFillColor(found, *parts)
    return tuple(part.value for part in parts)


def test_pdf_text_is_extracted_in_reading_order(tmp_path):
    text = "\n".join(page.extract_text() for page in made_pdf(tmp_path).pages)
    order = ["First question?", "First answer.", "A part of it", "one item", "second step"]
    places = [text.index(words) for words in [*order, "Second question?", "X000"]]
    assert places == sorted(places)


def test_a_word_file_has_heading_styles_lists_and_a_table_with_a_repeated_header(tmp_path):
    content = make(tmp_path, "a.docx.md", FRONT + BODY)["part/a.docx"]
    document = Document(BytesIO(content))
    styled = [(p.style.name, p.text) for p in document.paragraphs if p.text]
    assert styled[:3] == [
        ("Title", "Test: a title"),
        ("Heading 2", "First question?"),
        ("Normal", "First answer."),
    ]
    assert ("List Bullet", "one item") in styled
    assert ("List Number", "first step") in styled
    table = document.tables[0]
    assert [cell.text for cell in table.rows[ROWS].cells] == ["X119", "meaning 119"]
    assert "w:tblHeader" in table.rows[0]._tr.xml


def test_a_workbook_has_a_sheet_for_each_heading(tmp_path):
    body = "# One\n\n| A | B |\n|---|---|\n| 1 | x, y |\n\n# Two\n\n| C |\n|---|\n| z |\n"
    content = make(tmp_path, "a.xlsx.md", FRONT + body)["part/a.xlsx"]
    workbook = load_workbook(BytesIO(content))
    assert workbook.sheetnames == ["One", "Two"]
    assert list(workbook["One"].values) == [("A", "B"), ("1", "x, y")]


def test_the_sidecar_says_what_the_front_matter_says(tmp_path):
    text = FRONT.replace("reviewed", "layout: landscape\nreviewed") + BODY
    sidecar = tomllib.loads(make(tmp_path, "a.pdf.md", text)["part/a.pdf.meta.toml"].decode())
    assert sidecar == split_front_matter(FRONT)[0]


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("a.pdf.md", BODY, "needs a title"),
        ("a.pdf.md", FRONT + "An arrow \N{RIGHTWARDS ARROW} here.", "fonts lack"),
        ("a.odt.md", FRONT + BODY, "name it"),
        ("a.docx.md", FRONT + "```\ncode\n```\n", "may not hold a fence"),
        ("a.xlsx.md", FRONT + "# One\n\nWords.\n", "again and again"),
        ("a.xlsx.md", FRONT + "# One\n", "one heading and one table"),
    ],
)
def test_a_source_that_cannot_be_made_is_refused_with_its_path(tmp_path, name, text, reason):
    with pytest.raises(BadMetadata, match=reason) as caught:
        make(tmp_path, name, text)
    assert name in str(caught.value)


def test_check_reports_what_is_out_of_date_and_writes_nothing(tmp_path, capsys):
    make(tmp_path, "a.pdf.md", FRONT + BODY)
    folders = ["--sources", str(tmp_path / "sources"), "--documents", str(tmp_path / "made")]
    assert main(["--check", *folders]) == 1
    assert "part/a.pdf" in capsys.readouterr().out
    assert not (tmp_path / "made").exists()
    assert main(folders) == 0
    assert main(["--check", *folders]) == 0
    (tmp_path / "made" / "part" / "a.pdf").write_bytes(b"other")
    assert main(["--check", *folders]) == 1
