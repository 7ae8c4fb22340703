"""DOCX and XLSX, whole, odd and hostile."""

from __future__ import annotations

import io
import zipfile

import pytest

from corpus.errors import UnreadableFile

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def body(content: str, *, doctype: str = "") -> bytes:
    return f"{doctype}<w:document {W}><w:body>{content}</w:body></w:document>".encode()


def paragraph(content: str) -> str:
    return f"<w:p><w:r><w:t>{content}</w:t></w:r></w:p>"


def test_docx_gives_headings_items_rows_and_the_footers_date(read, shown, docx_file):
    document = read("a.docx", docx_file)
    assert shown(document) == [
        ("heading", "Coverage policy"),
        ("heading", "Scope"),
        ("paragraph", "This policy is about 0581T."),
        ("item", "- first"),
        ("item", "1. second"),  # its style counts, and Word shows it
        ("row", "Payer | Position"),
        ("row", "Aetna | investigational"),
        ("paragraph", "Revised 1/1/2025"),
    ]
    assert document.metadata.title == "Coverage policy"
    assert document.blocks[6].header == "Payer | Position"


def test_docx_reads_content_controls_and_insertions_and_leaves_out_deletions(
    read, docx_file, repacked
):
    content = (
        f"<w:sdt><w:sdtContent>{paragraph('in a control')}</w:sdtContent></w:sdt>"
        "<w:p><w:ins><w:r><w:t>inserted</w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText>deleted</w:delText></w:r></w:del></w:p>"
        "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r></w:p>"
    )
    text = read("a.docx", repacked(docx_file, "word/document.xml", body(content))).text
    assert "in a control" in text and "inserted" in text
    assert "deleted" not in text and "hidden" not in text


def test_xlsx_gives_a_heading_for_the_sheet_and_rows_with_iso_dates(read, shown, xlsx_file):
    document = read("a.xlsx", xlsx_file)
    assert shown(document) == [
        ("heading", "Rates"),
        ("paragraph", "Fee schedule"),
        ("row", "Code | Rate | From"),
        ("row", "0581T | 12.5 | 2025-01-01"),
        ("row", "19105 | 7"),
    ]
    assert document.blocks[-1].header == "Code | Rate | From"


@pytest.mark.trust(15)
def test_an_external_entity_is_not_read(read, docx_file, repacked):
    doctype = '<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    data = repacked(docx_file, "word/document.xml", body(paragraph("a &e; b"), doctype=doctype))
    with pytest.raises(UnreadableFile, match="entities"):
        read("a.docx", data)


@pytest.mark.trust(15)
def test_entities_within_entities_are_refused(read, docx_file, repacked):
    inner = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    doctype = f'<!DOCTYPE d [<!ENTITY a0 "lol">{inner}]>'
    with pytest.raises(UnreadableFile, match="entities"):
        read("a.docx", repacked(docx_file, "word/document.xml", body("&a9;", doctype=doctype)))


@pytest.mark.trust(15)
@pytest.mark.parametrize(
    ("member", "content", "words"),
    [
        ("word/document.xml", b" " * 120_000_000, "more than the limit of 100 MB"),
        ("word/document.xml", b"<w:p/>" * 2_000_000, "200 times its size"),
        ("../../evil.txt", b"x", "leads outside"),
        ("/etc/evil", b"x", "leads outside"),
        ("C:\\evil", b"x", "leads outside"),
    ],
)
def test_a_bomb_or_a_name_leading_outside_is_refused_before_unpacking(
    read, docx_file, repacked, member, content, words
):
    with pytest.raises(UnreadableFile, match=words):
        read("a.docx", repacked(docx_file, member, content))


def test_too_many_members_are_refused(read):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(5_001):
            archive.writestr(f"{number}", b"")
        archive.writestr("word/document.xml", b"<x/>")
    with pytest.raises(UnreadableFile, match="5,002 files"):
        read("a.docx", out.getvalue())


@pytest.mark.trust(15)
def test_a_directory_that_lies_about_sizes_ends_at_the_declared_size(read, docx_file, repacked):
    data = bytearray(repacked(docx_file, "word/document.xml", body(paragraph("x" * 5000))))
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = (10).to_bytes(4, "little")
    with pytest.raises(UnreadableFile, match="damaged"):
        read("a.docx", bytes(data))


@pytest.mark.parametrize("name", ["a.docx", "a.xlsx"])
def test_a_zip_that_is_neither_says_so(read, name):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("readme.txt", b"x")
    with pytest.raises(UnreadableFile, match="ZIP archive"):
        read(name, out.getvalue())


def test_a_workbook_named_docx_says_what_it_is(read, xlsx_file):
    with pytest.raises(UnreadableFile, match=r"says DOCX, but it is XLSX. Rename it"):
        read("a.docx", xlsx_file)
