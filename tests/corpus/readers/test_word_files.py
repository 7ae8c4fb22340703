"""Word files as Word shows them: numbers, notes, struck and raised text, boxes, grids, pieces."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import docx
import pytest
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from corpus.document import Document

W = nsdecls("w")
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@pytest.fixture
def read_word(read: Callable[..., Document]):
    def reading(document: Any) -> Document:
        stream = io.BytesIO()
        document.save(stream)
        return read("a.docx", stream.getvalue())

    return reading


def lines(document: Document) -> list[str]:
    return [block.span.of(document.text) for block in document.blocks]


def headers(document: Document) -> dict[str, str]:
    return {b.span.of(document.text): b.header for b in document.blocks if b.header}


def add_list(document: Any, *levels: str) -> str:
    """Levels of a list in Word's own words; gives the number of the list."""
    root = document.part.numbering_part.element
    identity = str(700 + len(root))
    abstract = parse_xml(
        f'<w:abstractNum {W} w:abstractNumId="{identity}">{"".join(levels)}</w:abstractNum>'
    )
    root.find(qn("w:num")).addprevious(abstract)
    root.append(
        parse_xml(f'<w:num {W} w:numId="{identity}"><w:abstractNumId w:val="{identity}"/></w:num>')
    )
    return identity


def a_level(at: int, look: str, text: str, *, start: int = 1, more: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{at}"><w:start w:val="{start}"/><w:numFmt w:val="{look}"/>{more}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


def numbered(document: Any, text: str, identity: str, level: int = 0, style: str | None = None):
    paragraph = document.add_paragraph(text, style=style)
    paragraph._p.get_or_add_pPr().append(
        parse_xml(f'<w:numPr {W}><w:ilvl w:val="{level}"/><w:numId w:val="{identity}"/></w:numPr>')
    )
    return paragraph


def test_numbers_of_sections_and_clauses_are_text_and_stand_in_the_headings(read_word):
    document = docx.Document()
    identity = add_list(
        document,
        a_level(0, "upperRoman", "Article %1."),
        a_level(1, "decimal", "%1.%2", more="<w:isLgl/>"),
        a_level(2, "lowerLetter", "(%3)"),
    )
    numbered(document, "Scope", identity, 0, "Heading 1")
    numbered(document, "All plans.", identity, 1)
    numbered(document, "Payment", identity, 0, "Heading 1")
    numbered(document, "Once a day.", identity, 1)
    numbered(document, "in a clinic", identity, 2)
    numbered(document, "in an office", identity, 2)
    numbered(document, "Never twice.", identity, 1)
    numbered(document, "at home", identity, 2)
    assert lines(read_word(document)) == [
        "Article I. Scope",
        "1.1 All plans.",
        "Article II. Payment",
        "2.1 Once a day.",
        "(a) in a clinic",
        "(b) in an office",
        "2.2 Never twice.",
        "(a) at home",
    ]


def test_a_list_that_begins_anew_and_one_that_begins_at_five(read_word):
    document = docx.Document()
    identity = add_list(document, a_level(0, "decimal", "%1)", start=5))
    root = document.part.numbering_part.element
    root.append(
        parse_xml(
            f'<w:num {W} w:numId="9999"><w:abstractNumId w:val="{identity}"/>'
            '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
        )
    )
    for text, own in (("a", identity), ("b", identity), ("c", "9999"), ("d", "9999")):
        numbered(document, text, own)
    assert lines(read_word(document)) == ["5) a", "6) b", "1) c", "2) d"]


@pytest.mark.parametrize(
    "xml", ["<w:strike/>", "<w:dstrike/>", '<w:rStyle w:val="Gone"/>'], ids=["one", "two", "style"]
)
def test_struck_out_text_is_left_out_and_told(read_word, xml):
    document = docx.Document()
    style = f'<w:style {W} w:type="character" w:styleId="Gone"><w:name w:val="Gone"/>'
    document.styles.element.append(parse_xml(f"{style}<w:rPr><w:strike/></w:rPr></w:style>"))
    paragraph = document.add_paragraph("It ")
    run = paragraph.add_run("is covered")
    run._r.insert(0, parse_xml(f"<w:rPr {W}>{xml}</w:rPr>"))
    paragraph.add_run(" is not covered.")
    found = read_word(document)
    assert found.text == "It is not covered."
    assert found.warnings == ("Struck-out text was left out (in 1 place).",)


def test_deleted_words_and_rows_and_hidden_styles_are_left_out_and_told(read_word):
    document = docx.Document()
    style = f'<w:style {W} w:type="paragraph" w:styleId="Ghost"><w:name w:val="Ghost"/>'
    document.styles.element.append(parse_xml(f"{style}<w:rPr><w:vanish/></w:rPr></w:style>"))
    document.add_paragraph("unseen")._p.get_or_add_pPr().append(
        parse_xml(f'<w:pStyle {W} w:val="Ghost"/>')
    )
    document.add_paragraph("Kept.")._p.append(
        parse_xml(f"<w:del {W}><w:r><w:delText>gone</w:delText></w:r></w:del>")
    )
    table = document.add_table(3, 2)
    for at, text in enumerate(("Code", "Rule", "0581T", "old", "0581T", "new")):
        table.cell(at // 2, at % 2).text = text
    table.rows[1]._tr.get_or_add_trPr().append(parse_xml(f"<w:del {W}/>"))
    found = read_word(document)
    assert lines(found) == ["Kept.", "Code | Rule", "0581T | new"]
    assert set(found.warnings) == {
        "Hidden text was left out (in 1 place).",
        "Text deleted in tracked changes was left out (in 2 places).",
    }


@pytest.mark.parametrize(
    ("before", "raised", "after", "text"),
    [
        ("Due in 90", "2", " days", "Due in 90 ² days"),
        ("Code 0581T", "1", ", once", "Code 0581T ¹, once"),
        ("25 kg/m", "2", ".", "25 kg/m²."),
        ("the 1", "st", " day", "the 1st day"),
    ],
)
@pytest.mark.parametrize("how", ["run", "style"])
def test_a_raised_mark_stays_apart_from_the_word_before_it(
    read_word, before, raised, after, text, how
):
    document = docx.Document()
    paragraph = document.add_paragraph(before)
    run = paragraph.add_run(raised)
    if how == "run":
        run.font.superscript = True
    else:
        style = document.styles.add_style("High", docx.enum.style.WD_STYLE_TYPE.CHARACTER)
        style.font.superscript = True
        run.style = style
    paragraph.add_run(after)
    assert read_word(document).text == text


def add_part(document: Any, name: str, kind: str, xml: str) -> None:
    content = f"application/vnd.openxmlformats-officedocument.wordprocessingml.{kind}+xml"
    part = Part(PackURI(f"/word/{name}"), content, xml.encode(), document.part.package)
    document.part.relate_to(part, f"{RELATIONS}/{kind}")


def test_a_note_keeps_its_place_and_follows_what_it_limits(read_word):
    document = docx.Document()
    for text, identity in (("Paid once", 7), ("Paid in full", 3)):
        paragraph = document.add_paragraph(text)
        paragraph.add_run()._r.append(parse_xml(f'<w:footnoteReference {W} w:id="{identity}"/>'))
        paragraph.add_run(".")
    notes = "".join(
        f'<w:footnote w:id="{identity}"><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t>{text}</w:t>'
        "</w:r></w:p></w:footnote>"
        for identity, text in ((3, "Within 90 days."), (7, "Not for Bronze."))
    )
    add_part(document, "footnotes.xml", "footnotes", f"<w:footnotes {W}>{notes}</w:footnotes>")
    assert lines(read_word(document)) == [
        "Paid once ¹.",
        "¹ Not for Bronze.",
        "Paid in full ².",
        "² Within 90 days.",
    ]


def test_a_comment_is_no_text_of_the_document(read_word):
    document = docx.Document()
    paragraph = document.add_paragraph("Covered.")
    document.add_comment(runs=paragraph.runs, text="Not any more", author="A", initials="A")
    found = read_word(document)
    assert found.text == "Covered."
    assert "Comments were left out" in found.warnings[0]


def test_boxes_ticks_and_choices_of_forms_are_signs(read_word):
    document = docx.Document()
    paragraph = document.add_paragraph()
    for char, text in (("F0FE", " Oak "), ("F0A8", " Ash ")):
        run = paragraph.add_run()
        run._r.append(parse_xml(f'<w:sym {W} w:font="Wingdings" w:char="{char}"/>'))
        run._r.append(parse_xml(f'<w:t {W} xml:space="preserve">{text}</w:t>'))
    run = paragraph.add_run("\xfe")
    run.font.name = "Wingdings"
    field = document.add_paragraph().add_run()._r
    for data in (
        '<w:checkBox><w:default w:val="0"/><w:checked/></w:checkBox>',
        '<w:ddList><w:result w:val="1"/><w:listEntry w:val="RT"/><w:listEntry w:val="LT"/>'
        "</w:ddList>",
    ):
        field.append(
            parse_xml(
                f'<w:fldChar {W} w:fldCharType="begin"><w:ffData>{data}</w:ffData></w:fldChar>'
            )
        )
    assert lines(read_word(document)) == ["☒ Oak ☐ Ash ☒", "☒LT"]


def filled(document: Any, rows: list[tuple[str, ...]]) -> Any:
    table = document.add_table(len(rows), len(rows[0]))
    for at, row in enumerate(rows):
        for column, text in enumerate(row):
            table.cell(at, column).text = text
    return table


def test_merged_cells_are_said_in_every_row_and_column_that_they_cover(read_word):
    document = docx.Document()
    table = filled(
        document,
        [
            ("Payer", "Code", "Clinic", "Office", "Units"),
            ("Oak", "0581T", "bundled", "", "1"),
            ("", "19105", "5", "7", "2"),
            ("Ash", "0581T", "9", "8", "3"),
        ],
    )
    table.cell(1, 0).merge(table.cell(2, 0))
    table.cell(1, 2).merge(table.cell(1, 3))
    found = read_word(document)
    assert lines(found) == [
        "Payer | Code | Clinic | Office | Units",
        "Oak | 0581T | bundled | bundled | 1",
        "Oak | 19105 | 5 | 7 | 2",
        "Ash | 0581T | 9 | 8 | 3",
    ]


def test_two_header_rows_are_one_name_for_each_column(read_word):
    document = docx.Document()
    table = filled(
        document,
        [
            ("Year", "Clinic", "", "Office", ""),
            ("", "Paid", "Denied", "Paid", "Denied"),
            ("2024", "11", "29", "3", "47"),
        ],
    )
    for first, last in (((0, 1), (0, 2)), ((0, 3), (0, 4)), ((0, 0), (1, 0))):
        table.cell(*first).merge(table.cell(*last))
    assert headers(read_word(document)) == {
        "2024 | 11 | 29 | 3 | 47": (
            "Year | Clinic Paid | Clinic Denied | Office Paid | Office Denied"
        )
    }


def test_a_piece_of_another_format_is_read_in_its_place(read_word):
    document = docx.Document()
    document.add_paragraph("Before.")
    page = b"<html><body><p>Paid for tumors of <s>20</s> 15 mm.</p></body></html>"
    part = Part(PackURI("/word/piece1.html"), "text/html", page, document.part.package)
    identity = document.part.relate_to(part, f"{RELATIONS}/aFChunk")
    chunk = parse_xml(f'<w:altChunk {nsdecls("w", "r")} r:id="{identity}"/>')
    document.element.body.insert(1, chunk)
    document.add_paragraph("After.")
    assert lines(read_word(document)) == ["Before.", "Paid for tumors of 15 mm.", "After."]


def test_what_is_embedded_and_not_read_is_told(read_word):
    document = docx.Document()
    document.add_paragraph("See the workbook.")
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    part = Part(PackURI("/word/embeddings/rates.xlsx"), kind, b"PK", document.part.package)
    document.part.relate_to(part, f"{RELATIONS}/package")
    assert "rates.xlsx" in read_word(document).warnings[0]
