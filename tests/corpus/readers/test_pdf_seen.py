"""PDF: what a person sees on a page is read, in its order; what nobody sees is told."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    TextStringObject,
)
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from corpus.places import Places

Name = NameObject


def text(canvas: Canvas, x: float, y: float, said: str, size: float = 11) -> float:
    """Draw a piece of text; where it ends."""
    canvas.setFont("Helvetica", size)
    canvas.drawString(x, y, said)
    return x + float(canvas.stringWidth(said, "Helvetica", size))


def rewritten(data: bytes, change: Callable[[PdfWriter], None]) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    change(writer)
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def annotation(kind: str, box: tuple[float, ...], said: str = "") -> DictionaryObject:
    return DictionaryObject(
        {
            Name("/Type"): Name("/Annot"),
            Name("/Subtype"): Name(kind),
            Name("/Rect"): ArrayObject(map(FloatObject, box)),
            Name("/Contents"): TextStringObject(said),
            Name("/F"): NumberObject(4),
        }
    )


def grid(canvas: Canvas, rows: list[list[str]], top: float, width: float = 110) -> None:
    """A table with all its lines."""
    columns = len(rows[0])
    for at in range(len(rows) + 1):
        canvas.line(72, top - 20 * at, 72 + width * columns, top - 20 * at)
    for at in range(columns + 1):
        canvas.line(72 + width * at, top, 72 + width * at, top - 20 * len(rows))
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            text(canvas, 76 + width * column, top - 20 * at - 14, cell, 10)


def test_raised_marks_keep_apart_from_figures_and_exponents_do_not(read, make_pdf):
    def page(canvas):
        end = text(canvas, 72, 700, "Appeals are due within 90")
        end = text(canvas, end, 704, "2", 7)
        end = text(canvas, end, 700, " days; 10")
        end = text(canvas, end, 704, "6", 7)
        end = text(canvas, end, 700, " cells per mm")
        end = text(canvas, end, 704, "3", 7)
        end = text(canvas, end, 700, " on the 1")
        end = text(canvas, end, 704, "st", 7)
        text(canvas, end, 700, " day; H")
        end = text(canvas, 72, 660, "H")
        end = text(canvas, end, 657.5, "2", 7)
        text(canvas, end, 660, "O is water")

    said = read("a.pdf", make_pdf(page)).text
    assert "within 90 ² days; 10⁶ cells per mm³ on the 1st day" in said
    assert "H₂O is water" in said


def test_a_raised_mark_in_a_table_cell_does_not_become_part_of_the_code(read, make_pdf):
    def page(canvas):
        grid(canvas, [["Code", "Units"], ["0581T", "1"], ["19105", "2"]], 700)
        end = 76 + canvas.stringWidth("0581T", "Helvetica", 10)
        text(canvas, end, 700 - 34 + 4, "1", 6.5)

    assert "0581T ¹ | 1\n19105 | 2" in read("a.pdf", make_pdf(page)).text


def test_words_with_a_line_through_them_are_left_out_and_said(read, make_pdf):
    def page(canvas):
        end = text(canvas, 72, 700, "The code is ")
        struck = text(canvas, end, 700, "covered")
        canvas.setLineWidth(0.7)
        canvas.line(end, 703.5, struck, 703.5)
        text(canvas, struck, 700, " not covered.")
        under = text(canvas, 72, 660, "Underlined words stay.")
        canvas.line(72, 658, under, 658)
        text(canvas, 72, 620, "An old rule.")

    data = rewritten(
        make_pdf(page),
        lambda writer: writer.add_annotation(0, annotation("/StrikeOut", (70, 615, 140, 632))),
    )
    document = read("a.pdf", data)
    assert document.text == "The code is not covered.\n\nUnderlined words stay."
    assert any("struck through, on page 1: covered An old rule" in w for w in document.warnings)


@pytest.mark.parametrize("kind", ["white", "invisible", "off", "cropped", "covered"])
def test_text_that_nobody_sees_is_left_out_and_counted(read, make_pdf, kind):
    def page(canvas):
        text(canvas, 72, 700, "Seen by all.")
        if kind == "white":
            canvas.setFillColorRGB(1, 1, 1)
        if kind == "invisible":
            drawn = canvas.beginText(72, 600)
            drawn.setTextRenderMode(3)
            drawn.textLine("hidden words")
            canvas.drawText(drawn)
            return
        text(canvas, 72, {"off": -20, "cropped": 780}.get(kind, 600), "hidden words")
        if kind == "covered":
            canvas.setFillColorRGB(0, 0, 0)
            canvas.rect(60, 590, 200, 30, stroke=0, fill=1)

    data = make_pdf(page)
    if kind == "cropped":

        def crop(writer):
            writer.pages[0].cropbox.upper_right = (612, 770)

        data = rewritten(data, crop)
    document = read("a.pdf", data)
    assert document.text == "Seen by all."
    assert any("11 letters on page 1" in warning for warning in document.warnings)


def test_white_letters_on_a_dark_ground_and_dark_ones_on_white_boxes_are_read(read, make_pdf):
    def page(canvas):
        canvas.setFillColorRGB(0, 0, 0.5)
        canvas.rect(60, 690, 200, 30, stroke=0, fill=1)
        canvas.setFillColorRGB(1, 1, 1)
        canvas.rect(60, 640, 200, 30, stroke=0, fill=1)
        text(canvas, 72, 700, "White on blue")
        canvas.setFillColorRGB(0, 0, 0)
        text(canvas, 72, 650, "Black on white")

    document = read("a.pdf", make_pdf(page))
    assert document.text.split() == ["White", "on", "blue", "Black", "on", "white"]
    assert not document.warnings


def test_the_words_of_a_scan_under_its_picture_are_read(read, make_pdf):
    from PIL import Image

    def page(canvas):
        canvas.drawImage(ImageReader(Image.new("RGB", (40, 40), "white")), 0, 0, 612, 792)
        drawn = canvas.beginText(72, 600)
        drawn.setFont("Helvetica", 11)
        drawn.setTextRenderMode(3)
        drawn.textLine("What a scanner's program recognised on the page")
        canvas.drawText(drawn)

    assert read("a.pdf", make_pdf(page)).text == "What a scanner's program recognised on the page"


@pytest.mark.parametrize("state", ["OFF", "ON"])
def test_a_layer_is_read_only_if_it_is_switched_on(read, make_pdf, write_lines, state):
    def layered(writer):
        layer = writer._add_object(
            DictionaryObject({Name("/Type"): Name("/OCG"), Name("/Name"): TextStringObject("old")})
        )
        writer._root_object[Name("/OCProperties")] = DictionaryObject(
            {
                Name("/OCGs"): ArrayObject([layer]),
                Name("/D"): DictionaryObject({Name(f"/{state}"): ArrayObject([layer])}),
            }
        )
        page = writer.pages[0]
        page["/Resources"][Name("/Properties")] = DictionaryObject({Name("/L"): layer})
        more = DecodedStreamObject()
        more.set_data(b"\n/OC /L BDC BT /F1 11 Tf 72 600 Td (three times) Tj ET EMC\n")
        page[Name("/Contents")] = ArrayObject(
            [writer._add_object(page["/Contents"].get_object()), writer._add_object(more)]
        )

    data = rewritten(make_pdf(write_lines(["once per breast"])), layered)
    assert ("three times" in read("a.pdf", data).text) == (state == "ON")


def test_columns_are_read_one_after_the_other_however_they_were_written(read, make_pdf):
    left = ["the first column has lines", "that go on below and are", "read before the other one,"]
    right = [
        "Words of the second column",
        "never stand in the middle of",
        "a sentence of the first.",
    ]

    def page(canvas):
        for at, (one, other) in enumerate(zip(left, right, strict=True)):
            text(canvas, 72, 700 - 14 * at, one)
            text(canvas, 330, 700 - 14 * at, other)

    said = read("a.pdf", make_pdf(page)).text
    assert said == " ".join(left) + "\n\n" + " ".join(right)


def test_a_merged_cell_stands_in_every_row_and_column_it_covers(read, make_pdf):
    def page(canvas):
        left, top = 72, 700
        for at in range(4):
            start = left + 100 if at == 2 else left
            canvas.line(start, top - 20 * at, left + 400, top - 20 * at)
        for column in range(5):
            for row in range(3):
                if not (column == 3 and row == 2):
                    x = left + 100 * column
                    canvas.line(x, top - 20 * row, x, top - 20 * row - 20)
        cells = {
            (0, 0): "Payer", (0, 1): "Code", (0, 2): "2025", (0, 3): "2026",
            (1, 0): "Saffron", (1, 1): "0581T", (1, 2): "covered", (1, 3): "denied",
            (2, 1): "19105", (2, 2): "not covered",
        }  # fmt: skip
        for (row, column), said in cells.items():
            text(canvas, left + 4 + 100 * column, top - 20 * row - 14, said, 10)

    assert read("a.pdf", make_pdf(page)).text == (
        "Payer | Code | 2025 | 2026\nSaffron | 0581T | covered | denied\n"
        "Saffron | 19105 | not covered | not covered"
    )


def test_ticks_and_crosses_of_a_table_are_words(read, make_pdf):
    def page(canvas):
        grid(canvas, [["Plan", "0581T", "19105"], ["Gold", "", ""], ["Iron", "", ""]], 700)
        canvas.setFont("ZapfDingbats", 10)
        for x, y, sign in ((186, 666, "✔"), (296, 666, "✘"), (186, 646, "✘")):
            canvas.drawString(x, y, sign)

    assert read("a.pdf", make_pdf(page)).text == "Plan | 0581T | 19105\nGold | yes | no\nIron | no"


def test_a_second_table_at_a_pages_top_has_its_own_header_and_a_continued_one_keeps_its(
    read, make_pdf, blocks_of
):
    rows = [[f"{19100 + at}", "needed", str(at)] for at in range(30)]
    modifiers = [["Modifier", "Allowed", "Percent"], ["50", "never", "0"], ["59", "always", "50"]]
    pages = [
        lambda canvas: grid(canvas, [["Code", "Authorization", "Units"], *rows], 740),
        lambda canvas: grid(canvas, [["19499", "not needed", "7"], ["19500", "needed", "8"]], 740),
        lambda canvas: grid(canvas, modifiers, 740),
    ]  # fmt: skip
    document = read("a.pdf", make_pdf(*pages))
    headers = {
        block.span.of(document.text).split(" | ")[0]: block.header
        for block in blocks_of(document, "row")
    }
    assert headers["19100"] == headers["19499"] == "Code | Authorization | Units"
    assert headers["59"] == headers["50"] == "Modifier | Allowed | Percent"


def test_columns_without_lines_are_a_table_if_they_stand_in_line(read, make_pdf):
    rows = [["Code", "Facility", "Office"]]
    rows += [[f"{19100 + at}", f"{120 + at}.50", f"{240 + at}.75"] for at in range(8)]

    def page(canvas):
        text(canvas, 72, 740, "Fees of the year for services that are rendered in either place.")
        for at, row in enumerate(rows):
            for column, cell in enumerate(row):
                text(canvas, 72 + 150 * column, 700 - 16 * at, cell)

    said = read("a.pdf", make_pdf(page)).text
    assert "Code | Facility | Office\n19100 | 120.50 | 240.75\n19101 | 121.50 | 241.75" in said


def test_what_was_filled_into_a_form_is_read_beside_its_label(read, make_pdf):
    def page(canvas):
        for y, label in (
            (700, "Policy number:"),
            (670, "Plan:"),
            (640, "Urgent:"),
            (610, "Again:"),
        ):
            text(canvas, 72, y, label)
        form = canvas.acroForm
        form.textfield(name="n", value="CLV-77/04", x=180, y=695, width=150, height=18)
        form.choice(name="p", value="Gold", options=["Gold", "Silver"], x=180, y=665, width=99)
        form.checkbox(name="u", checked=True, x=180, y=637)
        form.checkbox(name="a", checked=False, x=180, y=607)

    said = read("a.pdf", make_pdf(page)).text
    assert [" ".join(part.split()) for part in said.split("\n\n")] == [
        "Policy number: CLV-77/04",
        "Plan: Gold",
        "Urgent: [ticked]",
        "Again: [not ticked]",
    ]


def test_a_typed_correction_is_read_and_a_comment_is_only_told(read, make_pdf, write_lines):
    def noted(writer):
        writer.add_annotation(
            0, annotation("/FreeText", (72, 640, 400, 670), "CORRECTION: 3,900 dollars.")
        )
        writer.add_annotation(0, annotation("/Text", (450, 690, 470, 710), "Ask the payer."))

    document = read("a.pdf", rewritten(make_pdf(write_lines(["4,100 dollars."])), noted))
    assert document.text == "4,100 dollars.\n\nCORRECTION: 3,900 dollars."
    assert any("Comments are not part of the text: 1" in w for w in document.warnings)


def test_attached_files_and_xfa_forms_are_told(read, make_pdf, write_lines):
    plain = make_pdf(write_lines(["The policy is attached."]))
    attached = rewritten(plain, lambda writer: writer.add_attachment("policy.pdf", plain))
    assert any("policy.pdf" in w for w in read("a.pdf", attached).warnings)

    def form(writer):
        xml = DecodedStreamObject()
        xml.set_data(b"<xdp:xdp xmlns:xdp='http://ns.adobe.com/xdp/'/>")
        writer._root_object[Name("/AcroForm")] = DictionaryObject(
            {Name("/Fields"): ArrayObject(), Name("/XFA"): writer._add_object(xml)}
        )

    assert any("XFA" in w for w in read("b.pdf", rewritten(plain, form)).warnings)


def test_letters_whose_font_does_not_say_what_they_are_go_to_recognition(read, raw_pdf):
    shown = b"BT /F1 12 Tf 72 700 Td (ABCDEFGHABCDEFGHABCDEFGH) Tj ET"
    names = b"".join(b"/g%d" % (143 + at) for at in range(8))
    data = raw_pdf(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R"
            b"/Resources<</Font<</F1 5 0 R>>>>>>",
            b"<</Length %d>>stream\n%s\nendstream" % (len(shown), shown),
            b"<</Type/Font/Subtype/Type1/BaseFont/ABCDEF+Own/FirstChar 65/LastChar 72"
            b"/Widths[600 600 600 600 600 600 600 600]/FontDescriptor 6 0 R"
            b"/Encoding<</Type/Encoding/Differences[65%s]>>>>" % names,
            b"<</Type/FontDescriptor/FontName/ABCDEF+Own/Flags 4/FontBBox[0 0 600 600]"
            b"/Ascent 700/Descent -200/ItalicAngle 0/CapHeight 700/StemV 80>>",
        ]
    )
    document = read("a.pdf", data)
    assert document.text == "" and document.needs_ocr == (1,)
    assert any("font does not say" in warning for warning in document.warnings)


def test_what_lies_outside_a_page_of_a_spread_belongs_to_the_page_that_shows_it(read, make_pdf):
    def spread(canvas):
        text(canvas, 72, 700, "Words of the left page")
        text(canvas, 378, 700, "Words of the right page")

    def halves(writer):
        writer.pages[0].cropbox.upper_right = (306, 792)
        writer.pages[1].cropbox.lower_left = (306, 0)

    document = read("a.pdf", rewritten(make_pdf(spread, spread), halves))
    assert document.text == "Words of the left page\n\nWords of the right page"
    page = document.page_at(document.text.index("right"))
    assert page is not None and page.number == 2


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_turned_page_and_turned_text_read_as_they_are_seen(read, make_pdf, turn):
    def page(canvas):
        text(canvas, 72, 700, "A line that stands upright on the page")
        text(canvas, 72, 680, "and another one below it")
        canvas.saveState()
        canvas.translate(40, 300)
        canvas.rotate(90)
        text(canvas, 0, 0, "a note in the margin")
        canvas.restoreState()

    def turned(writer):
        writer.pages[0].rotate(turn)

    said = read("a.pdf", rewritten(make_pdf(page), turned)).text
    assert (
        said
        == "A line that stands upright on the page and another one below it\n\na note in the margin"
    )


def test_figures_that_were_set_apart_in_the_file_and_touch_on_the_page_are_one(read, make_pdf):
    def page(canvas):
        x = 72.0
        for piece in ("0", "7/2", "8", "/20", "15"):
            x = text(canvas, x, 700, piece)
        text(canvas, x + 12, 700, "next")

    assert read("a.pdf", make_pdf(page)).text == "07/28/2015 next"


def test_boxes_stand_around_the_words_of_a_span_and_not_around_equal_ones(read, make_pdf):
    def page(canvas):
        text(canvas, 72, 700, "The code is covered here.")
        text(canvas, 72, 400, "The code is covered there.")
        grid(canvas, [["Code", "Units"], ["0581T", "1"], ["19105", "1"]], 300)

    document = read("a.pdf", make_pdf(page))
    said = document.text
    second = said.index("The code is covered there")
    row = said.index("19105 | 1")
    spans = [(second, second + 19), (row, row + 9), (row + 8, row + 9)]
    covered, whole, cell = Places(document.places).boxes(said, 1, spans)
    [(left, top, right, bottom)] = covered
    assert 72 / 612 - 0.01 < left < right < 175 / 612
    assert top < (792 - 400) / 792 < bottom and bottom - top < 0.03
    assert len(whole) == 2 and whole[1] == cell[0]
    assert cell[0][0] * 612 == pytest.approx(186, abs=2)
    assert cell[0][1] < (792 - 246) / 792 < cell[0][3]


@pytest.mark.parametrize("space", [" ", "\u00a0"])
def test_words_of_slanted_letters_are_parted_by_the_space_between_them(read, make_pdf, space):
    """An upright font drawn aslant: the box of a letter reaches over the space after it."""

    def draw(canvas: Canvas) -> None:
        text = canvas.beginText()
        text.setFont("Helvetica", 12)
        text.setTextTransform(1, 0, 0.33, 1, 72, 700)
        text.textOut(f"Medical{space}Policy{space}of all{space}of the plans")
        canvas.drawText(text)

    assert read("a.pdf", make_pdf(draw)).text.strip() == "Medical Policy of all of the plans"
