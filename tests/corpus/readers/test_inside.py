"""Files inside files, and forms whose text stands in XML: read as far as it is safe, else named."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from typing import Any

import docx
import openpyxl
import pytest
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    TextStringObject,
)

from corpus.document import BlockKind, Document

Name = NameObject
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TEMPLATE = b"""<template xmlns="http://www.xfa.org/schema/xfa-template/3.3/"><subform name="form1">
<pageSet><pageArea/></pageSet>
<draw><value><text>Request for cryoablation of the breast</text></value></draw>
<draw presence="hidden"><value><text>for the staff alone</text></value></draw>
<subform name="patient">
<field name="id"><caption><value><text>Member number</text></value></caption></field>
<field name="plan"><caption><value><text>Plan:</text></value></caption>
<items><text>Gold Choice</text><text>Iron</text></items>
<items save="1"><text>g</text><text>i</text></items></field>
<field name="urgent"><ui><checkButton/></ui><items><integer>1</integer></items>
<caption><value><text>Urgent</text></value></caption></field>
<field name="again"><ui><checkButton/></ui><items><integer>1</integer></items>
<caption><value><text>Again</text></value></caption></field>
<field name="send"><ui><button/></ui><caption><value><text>Send</text></value></caption>
<event><script>app.alert("no text")</script></event></field>
</subform>
<exclGroup name="side"><field><items><text>L</text></items>
<caption><value><text>Left</text></value></caption></field><field><items><text>R</text></items>
<caption><value><text>Right</text></value></caption></field></exclGroup>
<draw><value><exData contentType="text/html"><body xmlns="http://www.w3.org/1999/xhtml">
<p>Send it <b>ten</b> days before.</p></body></exData></value></draw>
</subform></template>"""
DATA = b"""<xfa:datasets xmlns:xfa="http://www.xfa.org/schema/xfa-data/1.0/"><xfa:data><form1>
<patient><id>CLV-77</id><plan>g</plan><urgent>1</urgent><again>0</again></patient><side>R</side>
</form1></xfa:data></xfa:datasets>"""


def rewritten(data: bytes, change: Callable[[PdfWriter], None]) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    change(writer)
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def paths(document: Document) -> list[tuple[int, str]]:
    return [
        (block.level, block.span.of(document.text))
        for block in document.blocks
        if block.kind is BlockKind.HEADING
    ]


@pytest.fixture
def letter(make_pdf, write_lines) -> bytes:
    return make_pdf(write_lines(["The policy is attached to this letter."]))


@pytest.fixture
def policy(make_pdf, write_lines) -> bytes:
    return make_pdf(write_lines(["Mint Mutual does not cover 0581T."]))


def test_what_is_attached_to_a_pdf_is_a_part_of_it_and_on_none_of_its_pages(read, letter, policy):
    data = rewritten(letter, lambda writer: writer.add_attachment("policy.pdf", policy))
    document = read("a.pdf", data)
    assert document.text.split("\n\n") == [
        "The policy is attached to this letter.",
        "Attachment policy.pdf",
        "Mint Mutual does not cover 0581T.",
    ]
    assert paths(document) == [(1, "Attachment policy.pdf")]
    assert document.metadata.title == "a"
    page = document.pages[-1]
    assert (page.number, page.label) == (2, "attachment")
    assert document.text[page.start :].startswith("Attachment policy.pdf")


def test_a_sheet_attached_to_a_page_keeps_its_headers(read, letter):
    def change(writer: PdfWriter) -> None:
        stream = DecodedStreamObject()
        stream.set_data(b"Code,Rate\n0581T,4100\n19105,900\n")
        file = DictionaryObject(
            {
                Name("/F"): TextStringObject("rates.csv"),
                Name("/EF"): DictionaryObject({Name("/F"): writer._add_object(stream)}),
            }
        )
        note = DictionaryObject(
            {
                Name("/Type"): Name("/Annot"),
                Name("/Subtype"): Name("/FileAttachment"),
                Name("/Rect"): ArrayObject([]),
                Name("/FS"): file,
            }
        )
        writer.pages[0][Name("/Annots")] = ArrayObject([writer._add_object(note)])

    document = read("a.pdf", rewritten(letter, change))
    rows = {b.span.of(document.text): b.header for b in document.blocks if b.header}
    assert rows == {"0581T | 4100": "Code | Rate", "19105 | 900": "Code | Rate"}


def test_files_within_attached_files_and_other_formats_are_named(read, letter, policy):
    inner = rewritten(policy, lambda writer: writer.add_attachment("deep.txt", b"Deep."))

    def change(writer: PdfWriter) -> None:
        writer.add_attachment("inner.pdf", inner)
        writer.add_attachment("song.mp3", b"ID3")

    document = read("a.pdf", rewritten(letter, change))
    assert "Mint Mutual" in document.text and "Deep." not in document.text
    assert any("deep.txt" in told and "not read" in told for told in document.warnings)
    assert any("song.mp3" in told and "not supported" in told for told in document.warnings)


def test_an_attached_bomb_is_not_unpacked(read, letter):
    def change(writer: PdfWriter) -> None:
        writer.add_attachment("bomb.txt", b"x")
        entry = next(iter(writer.attachment_list))
        stream = entry._embedded_file
        stream._data = zlib.compress(b"a" * 400_000_000, 9)
        stream[Name("/Filter")] = Name("/FlateDecode")

    document = read("a.pdf", rewritten(letter, change))
    assert document.text == "The policy is attached to this letter."
    assert any("bomb.txt" in told and "not read" in told for told in document.warnings)


def test_more_files_than_a_person_attaches_are_not_read(read, letter):
    def change(writer: PdfWriter) -> None:
        for number in range(30):
            writer.add_attachment(f"{number:02}.txt", f"Text {number}.".encode())

    document = read("a.pdf", rewritten(letter, change))
    assert len(paths(document)) == 20
    assert "10 more attached files are not read." in document.warnings


def _workbook() -> bytes:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    for row in (("Code", "Rate"), ("0581T", 4100), ("19105", 900)):
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_a_workbook_in_a_word_file_is_read_behind_it(read):
    document = docx.Document()
    document.add_heading("Rates", 1)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    place = PackURI("/word/embeddings/rates.xlsx")
    part = Part(place, kind, _workbook(), document.part.package)
    document.part.relate_to(part, f"{RELATIONS}/package")
    stream = io.BytesIO()
    document.save(stream)
    found = read("a.docx", stream.getvalue())
    assert paths(found) == [(1, "Rates"), (1, "Attachment rates.xlsx"), (2, "Sheet")]
    assert found.blocks[-1].header == "Code | Rate"


def test_a_document_in_a_workbook_is_read_and_other_objects_are_named(read, repacked, docx_file):
    data = repacked(_workbook(), "xl/embeddings/policy.docx", docx_file)
    document = read("a.xlsx", repacked(data, "xl/embeddings/oleObject1.bin", b"\0"))
    assert "This policy is about 0581T." in document.text
    assert any("oleObject1.bin" in told for told in document.warnings)


def xfa(letter: bytes, *packets: tuple[str, bytes], wait: bool = True) -> bytes:
    def change(writer: PdfWriter) -> None:
        parts = ArrayObject()
        for name, xml in packets:
            stream = DecodedStreamObject()
            stream.set_data(xml)
            parts += [TextStringObject(name), writer._add_object(stream)]
        writer._root_object[Name("/AcroForm")] = DictionaryObject(
            {Name("/Fields"): ArrayObject(), Name("/XFA"): parts}
        )
        writer._root_object[Name("/NeedsRendering")] = BooleanObject(wait)

    return rewritten(letter, change)


def test_a_form_drawn_from_xml_is_read_with_what_was_filled_in(read, make_pdf, write_lines):
    waiting = make_pdf(write_lines(["Please wait... your viewer cannot show this form."]))
    document = read("a.pdf", xfa(waiting, ("template", TEMPLATE), ("datasets", DATA)))
    assert document.text.split("\n\n") == [
        "Request for cryoablation of the breast",
        "Member number: CLV-77",
        "Plan: Gold Choice",
        "Urgent [ticked]",
        "Again [not ticked]",
        "Left [not ticked]",
        "Right [ticked]",
        "Send it ten days before.",
    ]
    assert any("XFA" in told for told in document.warnings)


@pytest.mark.parametrize(
    "xml", [b"<template", b"<!DOCTYPE x [<!ENTITY a 'b'>]><template/>", b"<template/>"]
)
def test_a_form_whose_xml_is_not_sound_is_named(read, make_pdf, write_lines, xml):
    waiting = make_pdf(write_lines(["Please wait... your viewer cannot show this form."]))
    document = read("a.pdf", xfa(waiting, ("template", xml)))
    assert document.text.startswith("Please wait")
    assert any("XFA" in told and "print it to a new PDF" in told for told in document.warnings)
