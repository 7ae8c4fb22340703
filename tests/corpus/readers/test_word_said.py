"""Word: marks that were typed, fields in fields, styles over styles, formulas, columns by tabs."""

from __future__ import annotations

import io
from collections.abc import Callable

import docx
import pytest
from docx.document import Document as WordDocument
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from corpus.document import Document

_W = nsdecls("w")
_M = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"


@pytest.fixture
def read_word(read: Callable[..., Document]) -> Callable[..., Document]:
    def reading(write: Callable[[WordDocument], None]) -> Document:
        document = docx.Document()
        write(document)
        stream = io.BytesIO()
        document.save(stream)
        return read("a.docx", stream.getvalue())

    return reading


def _run(text: str, look: str = "") -> str:
    return f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def _field(told: str, result: str) -> str:
    marks = [f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in _MARKS]
    return f"{marks[0]}{told}{marks[1]}{result}{marks[2]}"


_MARKS = ("begin", "separate", "end")


def _told(text: str) -> str:
    return f"<w:r><w:instrText>{text}</w:instrText></w:r>"


def _add(document: WordDocument, inner: str) -> None:
    body = document.element.body
    body.insert(len(body) - 1, parse_xml(f"<w:p {_W} {_M}>{inner}</w:p>"))


def _blocks(document: Document) -> list[str]:
    return [block.span.of(document.text) for block in document.blocks]


def test_a_note_with_a_mark_of_its_own_has_that_mark_and_no_number(read_word):
    def write(document: WordDocument) -> None:
        raised = '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
        own = '<w:footnoteReference w:id="2" w:customMarkFollows="1"/><w:t>*</w:t>'
        counted = '<w:footnoteReference w:id="3"/>'
        _add(
            document,
            f"{_run('Within 30')}<w:r>{raised}{own}</w:r>{_run(' days, 20')}"
            f"<w:r>{raised}{counted}</w:r>{_run(' mm.')}",
        )
        notes = "".join(
            f'<w:footnote w:id="{number}"><w:p>{_run(text)}</w:p></w:footnote>'
            for number, text in ((2, "* Calendar days."), (3, "On ultrasound."))
        )
        part = Part(
            PackURI("/word/footnotes.xml"),
            f"{_WORD}.footnotes+xml",
            f"<w:footnotes {_W}>{notes}</w:footnotes>".encode(),
            document.part.package,
        )
        document.part.relate_to(part, f"{_OFFICE}/footnotes")

    assert _blocks(read_word(write)) == [
        "Within 30 * days, 20 ¹ mm.",
        "* Calendar days.",
        "¹ On ultrasound.",
    ]


def test_the_result_of_a_field_inside_what_another_field_is_told_is_not_read(read_word):
    inner = _field(_told("MERGEFIELD state"), _run("covered in draft"))
    told = _told("IF ") + inner + _told(' = "x" "a" "b"')

    def write(document: WordDocument) -> None:
        outer = _field(told, _run("not covered") + _field(_told("REF a"), _run(" by 4.2")))
        _add(document, _run("0581T is ") + outer + _run("."))

    assert _blocks(read_word(write)) == ["0581T is not covered by 4.2."]


def test_what_the_styles_of_a_paragraph_and_of_its_letters_both_strike_is_not_struck(read_word):
    def write(document: WordDocument) -> None:
        for kind, name in (("paragraph", "Old"), ("character", "OldToo")):
            style = f'<w:style {_W} w:type="{kind}" w:styleId="{name}">'
            look = f'<w:name w:val="{name}"/><w:rPr><w:strike/></w:rPr></w:style>'
            document.styles.element.append(parse_xml(style + look))
        struck = '<w:pPr><w:pStyle w:val="Old"/></w:pPr>'
        _add(document, struck + _run("Gone. ") + _run("Seen. ", '<w:rStyle w:val="OldToo"/>'))
        _add(document, _run("Seen too. ") + _run("Gone.", '<w:rStyle w:val="OldToo"/>'))

    document = read_word(write)
    assert _blocks(document) == ["Seen.", "Seen too."]
    assert document.warnings == ("Struck-out text was left out (in 2 places).",)


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        ("<m:r><m:t>15</m:t></m:r>", "15"),
        (
            "<m:sSup><m:e><m:r><m:t>15</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup>"
            "</m:sSup>",
            "15²",
        ),
        (
            "<m:r><m:t>2</m:t></m:r><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num>"
            "<m:den><m:r><m:t>4</m:t></m:r></m:den></m:f>",
            "2 1/4",
        ),
        (
            "<m:d><m:e><m:r><m:t>a+b</m:t></m:r></m:e></m:d>"
            "<m:sSub><m:e><m:r><m:t>d</m:t></m:r></m:e><m:sub><m:r><m:t>max</m:t></m:r></m:sub>"
            "</m:sSub>",
            "(a+b)d_max",
        ),
    ],
)
def test_a_formula_keeps_its_powers_fractions_and_brackets(read_word, formula, said):
    def write(document: WordDocument) -> None:
        _add(document, f"{_run('Size ')}<m:oMath>{formula}</m:oMath>{_run(' mm.')}")

    assert _blocks(read_word(write)) == [f"Size {said} mm."]


def test_paragraphs_that_tabs_part_under_names_are_rows_that_keep_empty_places(read_word):
    def write(document: WordDocument) -> None:
        for line in ("Code\tHospital\tOffice", "0581T\t912.40\t5,120.00", "19105\t\t1,988.30"):
            document.add_paragraph(line)
        document.add_paragraph("Paid once.")

    document = read_word(write)
    rows = [(b.header, b.span.of(document.text)) for b in document.blocks if b.kind == "row"]
    assert rows[1:] == [
        ("Code | Hospital | Office", "0581T | 912.40 | 5,120.00"),
        ("Code | Hospital | Office", "19105 |  | 1,988.30"),
    ]
    assert _blocks(document)[-1] == "Paid once."


def test_tabs_that_make_room_part_no_table(read_word):
    lines = ["1\tScope\t3", "2\tCoverage\t4", "3\tCodes\t9"]

    def write(document: WordDocument) -> None:
        for line in lines:
            document.add_paragraph(line)

    assert all(block.kind != "row" for block in read_word(write).blocks)
