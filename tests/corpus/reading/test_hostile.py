"""Files made to break readers: each ends soon, in a document or in a reason."""

from __future__ import annotations

import time
import zlib
from dataclasses import replace

import pytest

from corpus.document import Document
from corpus.errors import UnreadableFile
from corpus.limits import STANDARD
from corpus.workers import ReadJob, read_all

SHOW = b"BT /F1 12 Tf 72 700 Td (some words of text) Tj ET\n"
FLATE = b"/Filter/FlateDecode"
LIMITS = replace(STANDARD, seconds=3.0)


@pytest.fixture
def outcome(tmp_path):
    """What becomes of a file in a process of its own, within limits."""

    def of(name: str, data: bytes) -> Document | UnreadableFile:
        (tmp_path / name).write_bytes(data)
        started = time.monotonic()
        [(_, result)] = read_all([ReadJob(tmp_path / name, name)], limits=LIMITS)
        # Not a measurement: the limits' own promise, with time to start a process.
        assert time.monotonic() - started < LIMITS.seconds * LIMITS.patience + 40
        return result

    return of


def test_streams_that_grow_a_thousandfold_are_refused(outcome, pdf_of_content):
    once = zlib.compress(b" " * 100_000_000, 9)
    for data in (
        pdf_of_content(once, filters=FLATE),
        pdf_of_content(zlib.compress(once, 9), filters=b"/Filter[/FlateDecode/FlateDecode]"),
    ):
        result = outcome("a.pdf", data)
        assert isinstance(result, UnreadableFile) and "larger than" in result.reason


def test_loops_and_lies_of_the_page_tree_are_refused(outcome, raw_pdf):
    catalogue = b"<</Type/Catalog/Pages 2 0 R>>"
    million = b"<</Type/Pages/Count 1000000/Kids[%s]>>" % (b"3 0 R " * 1_000_000)
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"
    for objects in (
        [catalogue, b"<</Type/Pages/Count 5/Kids[2 0 R]>>"],
        [catalogue, b"<</Type/Pages/Count 5/Kids[3 0 R]>>", b"<</Type/Pages/Kids[2 0 R]>>"],
        [catalogue, b"<</Type/Pages/Count 99999999/Kids[]>>"],
        [catalogue, million, page],
    ):
        assert isinstance(outcome("a.pdf", raw_pdf(objects)), UnreadableFile)


def test_an_xref_that_leads_back_to_itself_ends(outcome, pdf_of_content):
    data = pdf_of_content(SHOW)
    start = data.rindex(b"xref\n0 ")
    for previous in (start, 0, len(data) * 2):
        looped = data.replace(b"/Root 1 0 R", b"/Root 1 0 R/Prev %d" % previous)
        assert isinstance(outcome("a.pdf", looped), Document | UnreadableFile)


def test_forms_within_forms_end(outcome, raw_pdf):
    def form(number: int) -> bytes:
        body = b"/X%d Do\n" % (number + 1) * 10
        return (
            b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Length %d"
            b"/Resources<</XObject<</X%d %d 0 R>>>>>>stream\n%s\nendstream"
            % (len(body), number + 1, number + 6, body)
        )

    page = (
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R"
        b"/Resources<</XObject<</X1 6 0 R>>>>>>"
    )
    data = raw_pdf(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
            page,
            b"<</Length 6>>stream\n/X1 Do\nendstream",
            b"null",
            *[form(number) for number in range(1, 15)],
            b"<</Length 0>>stream\n\nendstream",
        ]
    )
    assert isinstance(outcome("a.pdf", data), UnreadableFile)


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7\n" + b"[" * 200_000,
        b"%PDF-1.7\n" + bytes(range(256)) * 400,
        b"%PDF-1.7\n1 0 obj\n<<" + b"/A<<" * 20_000,
    ],
)
def test_nesting_and_rubbish_named_pdf_are_refused(outcome, data):
    result = outcome("a.pdf", data)
    assert isinstance(result, UnreadableFile) and "damaged" in result.reason


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("divs.html", b"<div>" * 100_000 + b"x" + b"</div>" * 100_000),
        ("formats.html", b"<p><i><b>" * 50_000 + b"x"),
        ("tables.html", b"<table>" * 20_000 + b"x"),
        ("lists.html", b"<html>" + b"<ul><li>" * 30_000 + b"x"),
        (
            "spans.html",
            b"<table><tr><td colspan=1000000 rowspan=1000000>x<td>y" + b"<tr><td>z" * 500,
        ),
        ("brackets.md", b"[" * 15_000),
        ("stars.md", b"*a **b " * 20_000),
        ("quotes.md", b">" * 50_000 + b"x"),
        ("ticks.md", b"".join(b"`" * n + b" " for n in range(300))),
        ("field.csv", b'"' + b"a" * 12_000_000),
        ("commas.csv", b"," * 6_000_000),
    ],
)
def test_deep_and_long_texts_end_in_a_document_or_a_reason(outcome, name, data):
    result = outcome(name, data)
    assert isinstance(result, Document) or result.reason.endswith(".")


def test_names_inside_an_archive_write_nothing_anywhere(outcome, tmp_path, docx_file, repacked):
    before = set(tmp_path.parent.rglob("*"))
    outcome("a.docx", repacked(docx_file, "../../evil.txt", b"evil"))
    assert {path.name for path in set(tmp_path.parent.rglob("*")) - before} == {"a.docx"}


@pytest.mark.slow
def test_bombs_end_within_the_standard_limits(tmp_path, pdf_of_content):
    """Each within its 30 seconds of processor time; the file beside them is read."""
    content = zlib.compress(SHOW * 100_000, 9)
    files = {
        "operators.pdf": pdf_of_content(zlib.compress(SHOW * 1_400_000, 9), filters=FLATE),
        "shared.pdf": pdf_of_content(content, pages=500, filters=FLATE),
        "spaces.pdf": pdf_of_content(zlib.compress(b" " * 1_000_000_000, 9), filters=FLATE),
        "good.pdf": pdf_of_content(SHOW),
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    results = read_all([ReadJob(tmp_path / name, name) for name in files], workers=2)
    read = [job.document_id for job, result in results if isinstance(result, Document)]
    assert read == ["good.pdf"]
