"""PDF: text, structure, pages and what stands only on paper."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader, PdfWriter
from reportlab.lib.utils import ImageReader

from corpus.errors import UnreadableFile


def test_paragraphs_are_joined_across_lines_and_stay_on_their_page(
    read, shown, make_pdf, write_lines
):
    data = make_pdf(
        write_lines(
            [
                "The code is billed with the units that were used and with no other",
                "code for the same lesion on the same day.",
                None,
                "A second paragraph.",
            ]
        ),
        write_lines(["The next page."]),
    )
    document = read("a.pdf", data)
    assert shown(document) == [
        (
            "paragraph",
            "The code is billed with the units that were used and with no other "
            "code for the same lesion on the same day.",
        ),
        ("paragraph", "A second paragraph."),
        ("paragraph", "The next page."),
    ]
    page = document.page_at(document.text.index("The next page"))
    assert page is not None and page.number == 2


def test_larger_letters_are_headings_and_marks_are_items(read, shown, make_pdf, write_lines):
    def page(canvas):
        write_lines(["Coverage Policy"], size=20, top=720)(canvas)
        write_lines(["Scope"], size=14, top=680)(canvas)
        write_lines(["Body text of the policy, longer than its headings are."], top=650)(canvas)
        write_lines(["1. First rule", "2. Second rule", "that goes on"], top=620)(canvas)

    document = read("a.pdf", make_pdf(page))
    assert shown(document) == [
        ("heading", "Coverage Policy"),
        ("heading", "Scope"),
        ("paragraph", "Body text of the policy, longer than its headings are."),
        ("item", "1. First rule"),
        ("item", "2. Second rule that goes on"),
    ]
    assert [block.level for block in document.blocks] == [1, 2, 0, 0, 0]
    assert document.metadata.title == "Coverage Policy"


def test_outline_titles_are_headings_with_the_outlines_depth(read, make_pdf, write_lines):
    def page(canvas):
        canvas.bookmarkPage("one")
        canvas.bookmarkPage("two")
        canvas.addOutlineEntry("A. Scope", "one", level=0)
        canvas.addOutlineEntry("i. Who", "two", level=1)
        write_lines(["A. Scope", None, "Some text here.", None, "i. Who", None, "More text."])(
            canvas
        )

    document = read("a.pdf", make_pdf(page))
    headings = [
        (block.span.of(document.text), block.level) for block in document.blocks if block.level
    ]
    assert headings == [("A. Scope", 1), ("i. Who", 2)]


def test_a_word_broken_at_a_line_end_is_whole_where_the_document_has_it_whole(
    read, make_pdf, write_lines
):
    lines = [
        "The investigational service is not covered, and an investi-",
        "gational device is not covered either; a non-",
        "facility rate applies.",
    ]
    text = read("a.pdf", make_pdf(write_lines(lines))).text
    assert "an investigational device" in text and "a non-facility rate" in text


def test_running_lines_are_kept_once_and_page_numbers_become_labels(read, make_pdf, write_lines):
    def page(number):
        def draw(canvas):
            canvas.setFont("Helvetica", 9)
            canvas.drawString(72, 30, "Revision Date (Medicare): 1/1/2025")
            canvas.drawString(300, 30, f"I-{number}")
            write_lines([f"Text of page {'abcdef'[number]}."])(canvas)

        return draw

    document = read("a.pdf", make_pdf(*map(page, range(5))))
    assert document.text.count("Revision Date (Medicare): 1/1/2025") == 1
    assert [page.label for page in document.pages] == [f"I-{number}" for number in range(5)]
    assert any("Revision Date" in warning for warning in document.warnings)


def test_a_running_number_that_counts_the_pages_behind_a_bar_is_the_page_number(
    read, make_pdf, write_lines
):
    def page(number):
        def draw(canvas):
            canvas.setFont("Helvetica", 9)
            canvas.drawString(72, 30, f"PAYMENT POLICY | {number}")
            canvas.drawString(400, 30, "Rules of 2025 | 7")
            write_lines([f"Text of page {'abcdef'[number]}."])(canvas)

        return draw

    document = read("a.pdf", make_pdf(*map(page, range(1, 5))))
    assert document.text.count("PAYMENT POLICY") == 1 and "PAYMENT POLICY |" not in document.text
    assert document.text.count("Rules of 2025 | 7") == 1
    assert [page.label for page in document.pages] == ["1", "2", "3", "4"]


def test_a_footer_of_three_rows_with_two_lines_each_is_a_running_one(read, make_pdf, write_lines):
    rows = [
        ("Knee Procedures", "Page {} of 4"),
        ("Lakeside Medical Policy", "Effective 06/01/2026"),
        ("Proprietary Information of Lakeside.", "Copyright 2026"),
    ]

    def page(number):
        def draw(canvas):
            canvas.setFont("Helvetica", 9)
            for at, (left, right) in enumerate(rows):
                canvas.drawString(72, 46 - 10 * at, left)
                canvas.drawString(420, 46 - 10 * at, right.format(number))
            write_lines([f"Text of page {'abcdef'[number]}."])(canvas)

        return draw

    document = read("a.pdf", make_pdf(*map(page, range(1, 5))))
    for said in ("Knee Procedures", "Lakeside Medical Policy", "Effective 06/01/2026", "Copyright"):
        assert document.text.count(said) == 1
    assert [page.label for page in document.pages] == ["1", "2", "3", "4"]


def test_a_ruled_table_is_rows_with_its_header_and_its_words_stand_once(
    read, make_pdf, write_lines
):
    rows = [
        ["Code", "Payer", "Position"],
        ["0581T", "Aetna", "not covered"],
        ["19105", "Cigna", "paid"],
    ]

    def page(canvas):
        write_lines(["Before the table."])(canvas)
        for across in range(4):
            canvas.line(72, 650 - 20 * across, 372, 650 - 20 * across)
            canvas.line(72 + 100 * across, 650, 72 + 100 * across, 590)
        for at, row in enumerate(rows):
            for column, cell in enumerate(row):
                canvas.drawString(76 + 100 * column, 636 - 20 * at, cell)
        write_lines(["After the table."], top=500)(canvas)

    document = read("a.pdf", make_pdf(page))
    assert document.text == (
        "Before the table.\n\nCode | Payer | Position\n0581T | Aetna | not covered\n"
        "19105 | Cigna | paid\n\nAfter the table."
    )
    assert [block.header for block in document.blocks if block.kind.value == "row"] == [
        "",
        "Code | Payer | Position",
        "Code | Payer | Position",
    ]


def test_a_page_that_is_an_image_needs_ocr_and_the_others_are_read(read, make_pdf, write_lines):
    from PIL import Image

    def picture(canvas):
        canvas.drawImage(ImageReader(Image.new("RGB", (40, 40), "red")), 0, 0, 612, 792)

    document = read("a.pdf", make_pdf(write_lines(["Text."]), picture))
    assert document.needs_ocr == (2,) and document.text == "Text."
    alone = read("b.pdf", make_pdf(picture))
    assert alone.needs_ocr == (1,) and alone.text == "" and alone.blocks == ()


def test_a_blank_pdf_is_not_a_success(read, make_pdf):
    with pytest.raises(UnreadableFile, match="no text"):
        read("a.pdf", make_pdf(lambda canvas: None))


def test_an_encrypted_pdf_with_an_empty_password_is_read_and_another_is_not(
    read, make_pdf, write_lines
):
    data = make_pdf(write_lines(["Secret text."]))

    def encrypted(password):
        writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
        writer.encrypt(password, "owner", algorithm="AES-256")
        stream = io.BytesIO()
        writer.write(stream)
        return stream.getvalue()

    assert read("a.pdf", encrypted("")).text == "Secret text."
    with pytest.raises(UnreadableFile, match="protected by a password"):
        read("b.pdf", encrypted("word"))


def test_page_labels_of_the_file_are_kept(read, make_pdf, write_lines):
    writer = PdfWriter(
        clone_from=PdfReader(io.BytesIO(make_pdf(*[write_lines(["Some text."])] * 3)))
    )
    writer.set_page_label(0, 1, style="/r")
    stream = io.BytesIO()
    writer.write(stream)
    document = read("a.pdf", stream.getvalue())
    assert [page.label for page in document.pages] == ["i", "ii", "1"]


def test_a_page_that_cannot_be_read_is_told_and_the_others_are_read(read, raw_pdf):
    page = (
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents %d 0 R"
        b"/Resources<</Font<</F1 5 0 R>>>>>>"
    )
    good = b"BT /F1 12 Tf 72 700 Td (good page) Tj ET"
    data = raw_pdf(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Count 2/Kids[3 0 R 4 0 R]>>",
            page % 6,
            page % 7,
            b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
            b"<</Length %d>>stream\n%s\nendstream" % (len(good), good),
            b"<</Length 9/Filter/NoSuchFilter>>stream\nxxxxxxxxx\nendstream",
        ]
    )
    document = read("a.pdf", data)
    assert document.text == "good page"
    assert any("Page 2 could not be read" in warning for warning in document.warnings)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_truncated_pdf_is_read_in_part_or_refused(read, make_pdf, write_lines, share):
    data = make_pdf(*[write_lines([f"Page {number}."]) for number in range(5)])
    try:
        document = read("a.pdf", data[: int(len(data) * share)])
        assert "Page" in document.text
    except UnreadableFile as error:
        assert error.reason.endswith(".")


def test_pages_that_repeat_their_text_keep_it(read, make_pdf, write_lines):
    lines = [
        "The first line of a text that is",
        "on every page of this document,",
        "word for word.",
    ]
    document = read("a.pdf", make_pdf(*[write_lines(lines, top=740)] * 4))
    assert document.text.count("The first line of a text that is on every page") == 4


def test_letters_that_are_drawn_twice_to_look_bold_are_read_once(read, make_pdf):
    def page(canvas):
        canvas.setFont("Helvetica", 11)
        for shift in (0, 0.3):
            canvas.drawString(72 + shift, 700, "Bill 0581T once.")
        canvas.drawString(72, 680, "Bill 0581T once.")

    assert read("a.pdf", make_pdf(page)).text.split() == ["Bill", "0581T", "once."] * 2


def test_the_name_of_a_program_is_no_title(read, make_pdf, write_lines):
    def page(canvas):
        canvas.setTitle("10811.exe")
        write_lines(["The body of the transcript."])(canvas)

    assert read("transcript.pdf", make_pdf(page)).metadata.title == "transcript"


def test_a_note_across_a_table_of_double_lines_is_read(read, make_pdf):
    """The lines of a frame inside the cells make columns that hold nothing by themselves."""

    def page(canvas):
        for y in (700, 680, 660, 640, 600):
            canvas.line(72, y, 472, y)
        for x in (72, 272, 472):
            canvas.line(x, 700, x, 640)
        for x in (77, 267, 277, 467):
            canvas.line(x, 700, x, 640)
        for x in (72, 472):
            canvas.line(x, 640, x, 600)
        for y, row in ((686, ("Plan", "States")), (666, ("Elm", "OH, KY")), (646, ("Ash", "TX"))):
            canvas.drawString(82, y, row[0])
            canvas.drawString(282, y, row[1])
        canvas.drawString(75, 622, "Elm serves Kentucky in its western counties alone.")

    text = read("a.pdf", make_pdf(page)).text
    assert "Elm | OH, KY" in text
    assert "Elm serves Kentucky in its western counties alone." in text
