"""PDF: what is drawn decides what belongs together: boxes, level lines, columns, large letters."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from reportlab.lib import colors
from reportlab.lib.pagesizes import letter
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

from corpus.document import Document

NORMAL = getSampleStyleSheet()["Normal"]
GRID = ("GRID", (0, 0), (-1, -1), 0.5, colors.black)


@pytest.fixture
def page(read, make_pdf) -> Callable[..., Document]:
    def reading(*draw: Callable[[Canvas], None]) -> Document:
        return read("a.pdf", make_pdf(*draw))

    return reading


@pytest.fixture
def flowing(read) -> Callable[..., Document]:
    def reading(*parts) -> Document:
        stream = io.BytesIO()
        SimpleDocTemplate(stream, pagesize=letter).build(list(parts))
        return read("a.pdf", stream.getvalue())

    return reading


def lines(canvas: Canvas, x: float, y: float, *texts: str, step: float = 14) -> None:
    for at, text in enumerate(texts):
        canvas.drawString(x, y - at * step, text)


def plain(document: Document) -> str:
    return " ".join(document.text.split())


def rows(document: Document) -> list[tuple[str, str]]:
    return [(b.header, b.span.of(document.text)) for b in document.blocks if b.kind == "row"]


def table_on(canvas: Canvas, cells: list[list[str]], *styles, y: float = 150) -> None:
    table = Table(cells, style=[GRID, *styles], colWidths=[100] * len(cells[0]))
    table.wrapOn(canvas, 500, 700)
    table.drawOn(canvas, 72, y)


def test_a_line_of_a_point_strikes_small_letters_too(flowing):
    document = flowing(Paragraph("0581T is <strike>covered</strike> not covered.", NORMAL))
    assert plain(document) == "0581T is not covered."
    assert any("struck" in warning for warning in document.warnings)


_BESIDE = (
    "The policy text goes on beside the box and",
    "it tells what staff must send before the day",
    "of service, and to whom it is to be sent when",
    "the plan asks for more of it later.",
)


def test_a_box_beside_a_paragraph_is_read_by_itself(page):
    def draw(canvas: Canvas) -> None:
        canvas.rect(380, 570, 160, 50)
        lines(canvas, 390, 603, "Key points", "0581T is not paid")
        lines(canvas, 72, 610, *_BESIDE)

    text = plain(page(draw))
    assert " ".join(_BESIDE) in text
    assert "Key points 0581T is not paid" in text


def test_columns_whose_lines_are_not_level_are_read_one_after_the_other(page):
    def draw(canvas: Canvas) -> None:
        lines(canvas, 72, 610, *_BESIDE)
        lines(canvas, 390, 603, "Key points:", "0581T is not paid", "with 76940 by it.")

    text = plain(page(draw))
    assert " ".join(_BESIDE) in text
    assert "Key points: 0581T is not paid with 76940 by it." in text


def test_boxes_of_a_chart_keep_their_words_together(page):
    def draw(canvas: Canvas) -> None:
        for x, *words in ((72, "Was it asked", "before?"), (260, "Was it", "measured?")):
            canvas.rect(x, 650, 100, 50)
            lines(canvas, x + 8, 682, *words)

    text = plain(page(draw))
    assert "Was it asked before?" in text
    assert "Was it measured?" in text


def test_boxes_that_are_drawn_are_ticked_or_empty(page):
    def draw(canvas: Canvas) -> None:
        for at, (word, how) in enumerate(
            [("Inpatient", "cross"), ("Outpatient", ""), ("Office", "letter"), ("Home", "tick")]
        ):
            y = 700 - 20 * at
            canvas.rect(72, y, 9, 9)
            canvas.drawString(88, y, word)
            if how == "cross":
                canvas.line(72, y, 81, y + 9)
                canvas.line(72, y + 9, 81, y)
            elif how == "letter":
                canvas.drawString(73, y + 0.5, "X")
            elif how == "tick":
                path = canvas.beginPath()
                path.moveTo(73, y + 4)
                path.lineTo(76, y + 1)
                path.lineTo(80, y + 8)
                canvas.drawPath(path)

    assert plain(page(draw)) == "☒ Inpatient ☐ Outpatient ☒ Office ☒ Home"


def test_boxes_for_one_letter_each_are_not_to_tick(page):
    def draw(canvas: Canvas) -> None:
        canvas.drawString(72, 700, "Policy number:")
        for at, sign in enumerate("AB12"):
            canvas.rect(160 + 12 * at, 698, 12, 12)
            canvas.drawString(163 + 12 * at, 700, sign)

    assert "☐" not in plain(page(draw)) and "☒" not in plain(page(draw))


def test_a_merged_cell_goes_on_over_the_end_of_the_page(page):
    cells = [["Payer", "Code", "Auth"]]
    cells += [["", str(19100 + at), ("yes", "no")[at % 2]] for at in range(40)]
    cells[1][0], cells[31][0] = "Elm", "Oak"
    first, second = cells[:21], cells[21:]

    def top(canvas: Canvas) -> None:
        table_on(canvas, first, ("SPAN", (0, 1), (0, 20)))

    def middle(canvas: Canvas) -> None:
        table_on(canvas, second, ("SPAN", (0, 0), (0, 9)), ("SPAN", (0, 10), (0, 19)))

    found = rows(page(top, middle))
    header = "Payer | Code | Auth"
    assert (header, "Elm | 19119 | no") in found
    assert (header, "Elm | 19120 | yes") in found
    assert (header, "Elm | 19129 | no") in found
    assert (header, "Oak | 19130 | yes") in found


def test_a_merged_cell_goes_on_over_a_page_that_it_covers_whole(page):
    cells = [["Payer", "Code", "Auth"]]
    cells += [["", str(19100 + at), ("yes", "no")[at % 2]] for at in range(60)]
    cells[1][0], cells[51][0] = "Elm", "Oak"
    parts = [(cells[:21], (1, 20)), (cells[21:41], (0, 19)), (cells[41:], (0, 9))]
    found = rows(
        page(
            *(
                lambda canvas, part=part, span=span: table_on(
                    canvas, part, ("SPAN", (0, span[0]), (0, span[1]))
                )
                for part, span in parts
            )
        )
    )
    header = "Payer | Code | Auth"
    assert (header, "Elm | 19130 | yes") in found
    assert (header, "Elm | 19149 | no") in found
    assert (header, "Oak | 19150 | yes") in found


def test_a_payer_that_runs_up_beside_its_rows_stands_in_each(page):
    def draw(canvas: Canvas) -> None:
        cells = [["", "Code", "Auth"], ["", "0581T", "needed"], ["", "19105", "none"]]
        cells += [["", "76940", "none"]]
        table_on(canvas, cells, ("SPAN", (0, 1), (0, 3)), y=500)
        canvas.saveState()
        canvas.translate(120, 501)
        canvas.rotate(90)
        canvas.drawString(2, 0, "Elm Life")
        canvas.restoreState()

    assert [text for _, text in rows(page(draw))[1:]] == [
        *("Elm Life | 0581T | needed", "Elm Life | 19105 | none", "Elm Life | 76940 | none")
    ]


def test_rows_between_level_lines_are_whole_wherever_their_cells_stand(flowing):
    rule = "Once per breast, with the modifier that names the side and the image in the chart."
    cells = [["Code", "Rule", "Auth"]]
    cells += [
        [code, Paragraph(rule, NORMAL), auth] for code, auth in (("0581T", "yes"), ("19105", "no"))
    ]
    style = [("VALIGN", (0, 0), (-1, -1), "MIDDLE"), ("LINEBELOW", (0, 0), (-1, -1), 0.5, "grey")]
    found = rows(flowing(Table(cells, colWidths=[70, 150, 70], style=style)))
    assert found[1:] == [
        ("Code | Rule | Auth", f"0581T | {rule} | yes"),
        ("Code | Rule | Auth", f"19105 | {rule} | no"),
    ]


def test_level_lines_around_groups_of_rows_leave_them_rows(flowing):
    cells = [["Code", "Plan", "Auth"]]
    cells += [[str(19100 + at), f"Plan {at}", ("yes", "no")[at % 2]] for at in range(9)]
    style = [("LINEBELOW", (0, at), (-1, at), 0.5, "grey") for at in (0, 3, 6, 9)]
    found = rows(flowing(Table(cells, colWidths=[70, 150, 70], style=style)))
    header = "Code | Plan | Auth"
    assert found[1:] == [(header, " | ".join(row)) for row in cells[1:]]


def test_a_large_first_letter_belongs_to_its_word(page):
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 36)
        canvas.drawString(72, 676, "T")
        canvas.setFont("Helvetica", 11)
        lines(
            canvas,
            98,
            698,
            "he plan pays for the removal of small tumors",
            "by cold when it was asked for",
        )
        canvas.drawString(72, 670, "before that day.")

    assert plain(page(draw)).startswith("The plan pays for the removal of small tumors by cold")


def test_a_lowered_figure_that_touches_its_letter_is_part_of_the_word(flowing):
    assert "H₂O" in plain(flowing(Paragraph("The H<sub>2</sub>O content is told.", NORMAL)))


def test_a_stamp_that_leans_is_one_word_and_no_heading(page):
    def draw(canvas: Canvas) -> None:
        lines(canvas, 72, 700, *_BESIDE)
        canvas.setFont("Helvetica-Bold", 60)
        canvas.translate(150, 400)
        canvas.rotate(45)
        canvas.drawString(0, 0, "DRAFT")

    document = page(draw)
    assert plain(document).endswith("DRAFT")
    assert document.blocks[-1].kind == "paragraph"


def test_labels_of_several_lines_stand_in_front_of_their_text(page):
    def draw(canvas: Canvas) -> None:
        for y, label, text in (
            (700, ["Term"], ["Meaning"]),
            (680, ["Medical", "necessity"], ["What a careful doctor would give", "to a patient."]),
            (640, ["Site"], ["The place where it is done, such as", "an office or a hospital."]),
        ):
            lines(canvas, 72, y, *label)
            lines(canvas, 220, y, *text)

    text = plain(page(draw))
    assert "Medical necessity What a careful doctor would give to a patient." in text
    assert "Site The place where it is done, such as an office or a hospital." in text


def test_a_currencys_sign_stands_in_the_cell_of_its_amount(page):
    def draw(canvas: Canvas) -> None:
        lines(canvas, 72, 700, "Code")
        canvas.drawRightString(300, 700, "Facility")
        canvas.drawRightString(420, 700, "Office")
        for at, (code, one, two) in enumerate(
            [
                ("0581T", "1,234.00", "15.00"),
                ("19105", "(120.00)", "4,100.00"),
                ("76940", "8.00", "—"),
            ]
        ):
            y = 684 - 16 * at
            canvas.drawString(72, y, code)
            for right, amount in ((300, one), (420, two)):
                canvas.drawString(right - 60, y, "$")
                canvas.drawRightString(right, y, amount)

    assert rows(page(draw))[1] == ("Code | Facility | Office", "0581T | $ 1,234.00 | $ 15.00")


@pytest.mark.parametrize(
    ("first", "second", "whole"),
    [("follow-", "up visit", "follow-up visit"), ("authori-", "zation", "authorization")],
)
def test_what_is_no_syllable_keeps_the_hyphen_before_it(page, first, second, whole):
    document = page(lambda canvas: lines(canvas, 72, 700, f"It needs a {first}", f"{second} now."))
    assert plain(document) == f"It needs a {whole} now."


def test_of_two_pages_a_foot_that_counts_them_is_a_running_line(page):
    def foot(number: int, *texts: str, top: float) -> Callable[[Canvas], None]:
        def draw(canvas: Canvas) -> None:
            lines(canvas, 72, top, *texts)
            lines(canvas, 72, 40, f"ELM-0540  Page {number} of 2")

        return draw

    document = page(
        foot(1, "Its last words, which", "tell the limit, stand on the page", top=120),
        foot(2, "that follows: fifteen millimeters.", top=740),
    )
    assert plain(document).count("ELM-0540") == 1
    assert "Page 1 of 2" not in document.text
    assert [page.label for page in document.pages] == ["1", "2"]


def test_a_lowered_figure_stays_at_its_word_where_the_line_below_is_near(flowing):
    said = flowing(
        Paragraph("It holds H<sub>2</sub>O and HCO<sub>3</sub> as said.", NORMAL),
        Paragraph("New rule. A line that goes on below it for long.", NORMAL),
    ).text
    assert "H₂O and HCO₃ as said. New rule." in " ".join(said.split())


@pytest.mark.parametrize("lines_at", [None, 0, 0.7])
def test_a_coloured_box_beside_text_is_read_by_itself(page, lines_at):
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 10)
        whole = "The plan pays for the service when the form was sent in time and the tumor was"
        lines(canvas, 72, 700, *[whole[:62]] * 12, step=12)
        canvas.setFillGray(0.9)
        canvas.rect(420, 600, 150, 112, fill=1, stroke=0)
        if lines_at is not None:  # drawn once more, around it
            canvas.rect(420 - lines_at, 600 - lines_at, 150 + 2 * lines_at, 112 + 2 * lines_at)
        canvas.setFillGray(0)
        canvas.setFont("Helvetica", 9)
        lines(
            canvas, 428, 700, "In short", "Send the form ten days", "before the service.", step=15
        )

    said = page(draw).text
    assert "form was sent in time and t In short" not in said
    assert said.endswith("In short Send the form ten days before the service.")


def test_a_coloured_column_of_a_table_stays_in_its_rows(page):
    def draw(canvas: Canvas) -> None:
        canvas.setFillGray(0.9)
        canvas.rect(180, 620, 90, 100, fill=1, stroke=0)
        canvas.setFillGray(0)
        canvas.setFont("Helvetica", 10)
        cells = [("Code", "Authorization", "Units"), ("0581T", "needed", "1")]
        cells += [(str(19100 + at), "not needed", str(at)) for at in range(4)]
        for at, row in enumerate(cells):
            for column, cell in enumerate(row):
                canvas.drawString(72 + 115 * column, 705 - 15 * at, cell)

    said = page(draw).text
    assert "0581T | needed | 1" in said
    assert "19103 | not needed | 3" in said


@pytest.mark.parametrize("width", [0.7, 2])
def test_a_thick_line_strikes_words_out_as_a_thin_one_does(page, width):
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 11)
        canvas.setStrokeColorRGB(1, 0, 0)
        canvas.setLineWidth(width)
        canvas.drawString(72, 700, "0581T is covered.")
        canvas.line(72, 704, 72 + canvas.stringWidth("0581T is covered.", "Helvetica", 11), 704)
        canvas.drawString(72, 680, "0581T is not covered.")

    document = page(draw)
    assert document.text == "0581T is not covered."
    assert "0581T is covered." in document.warnings[0]


def test_a_sub_heading_in_a_frame_within_its_cell_stands_over_the_rows_and_not_in_their_columns(
    page,
):
    """Frames inside the cells draw columns that hold nothing: the cell of the sub-heading does not
    reach over those at the sides."""

    def draw(canvas: Canvas) -> None:
        for y in (700, 680, 660, 640, 620):
            canvas.line(72, y, 472, y)
        for x in (72, 77, 467, 472):
            canvas.line(x, 700, x, 620)
        for top, bottom in ((700, 680), (660, 620)):
            for x in (267, 272, 277):
                canvas.line(x, top, x, bottom)
        canvas.drawString(82, 686, "Code")
        canvas.drawString(282, 686, "Rule")
        canvas.drawString(82, 666, "Surgery of the Hip")
        for y, code, rule in ((646, "27130", "Review"), (626, "27132", "None")):
            canvas.drawString(82, y, code)
            canvas.drawString(282, y, rule)

    assert rows(page(draw)) == [
        ("", "Code | Rule"),
        ("Surgery of the Hip: Code | Rule", "Surgery of the Hip"),
        ("Surgery of the Hip: Code | Rule", "27130 | Review"),
        ("Surgery of the Hip: Code | Rule", "27132 | None"),
    ]


def test_a_table_that_fills_pages_with_only_a_footer_below_keeps_its_names_on_all_of_them(page):
    """The footer of such pages is a running one too, and parts no table from its next page."""
    cells = [["Modifier", "Meaning", "Payment"]]
    cells += [[str(22 + at), f"meaning {at}", f"{at} percent"] for at in range(60)]

    def sheet(part: list[list[str]], number: int) -> Callable[[Canvas], None]:
        def draw(canvas: Canvas) -> None:
            table_on(canvas, part, y=250)
            canvas.drawString(72, 50, "500 Exchange Street, Providence")
            canvas.drawString(420, 50, f"PAYMENT POLICY | {number}")
            canvas.drawString(72, 36, "(401) 555-0100 www.plan.example")

        return draw

    document = page(
        sheet(cells[:16], 1), sheet(cells[16:31], 2), sheet(cells[31:46], 3), sheet(cells[46:], 4)
    )
    names = "Modifier | Meaning | Payment"
    assert {header for header, row in rows(document) if row != names} == {names}
    assert (names, "62 | meaning 40 | 40 percent") in rows(document)
    assert document.text.count("Exchange Street") == 1


def test_a_row_that_goes_on_over_the_end_of_a_page_keeps_what_names_it(page):
    first = [
        ["Code", "Rule"],
        ["27130", "Review is asked for"],
        ["27132", "Billed alone, and only"],
    ]
    second = [["", "when no other is."], ["27134", "None"], ["27137", "None"]]
    found = rows(page(lambda c: table_on(c, first), lambda c: table_on(c, second, y=600)))
    assert ("Code | Rule", "27132 | when no other is.") in found
    assert ("Code | Rule", "27134 | None") in found
