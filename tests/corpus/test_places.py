"""Where the words of a text stand on its pages: from the characters they were read from."""

from __future__ import annotations

import io
import re

import numpy as np
import pytest
from pypdf import PdfReader, PdfWriter

from corpus.places import Places
from corpus.reading import messages
from corpus.text.split import split


class Words:
    """A sizer of words."""

    limit = 60

    def token_offsets(self, text):
        found = [match.span() for match in re.finditer(r"\S+", text)]
        return np.array(found, np.int64).reshape(-1, 2)


SAME = "The code is covered once a year."
WIDE, TALL = 612, 792


def lines(*placed: tuple[float, float, str]):
    def draw(canvas):
        canvas.setFont("Helvetica", 11)
        for x, y, said in placed:
            canvas.drawString(x, y, said)

    return draw


def boxes_of(document, page, said, *, nth=0):
    """The boxes of the nth place where the text says something, in points from the top left."""
    start = -1
    for _ in range(nth + 1):
        start = document.text.index(said, start + 1)
    [found] = Places(document.places).boxes(document.text, page, [(start, start + len(said))])
    return [tuple(a * b for a, b in zip(box, (WIDE, TALL) * 2, strict=True)) for box in found]


def stands(box, x, y):
    """Whether a box begins at x and holds the line whose letters stand on y, from the bottom."""
    left, top, right, bottom = box
    return (
        abs(left - x) < 1.5 and top < TALL - y - 2 < bottom and bottom - top < 20 and left < right
    )


def test_of_a_sentence_that_stands_twice_on_a_page_each_has_its_own_place(read, make_pdf):
    page = lines((72, 700, SAME), (72, 650, "Something else stands here."), (90, 400, SAME))
    document = read("a.pdf", make_pdf(page))
    [first], [second] = (boxes_of(document, 1, SAME, nth=nth) for nth in (0, 1))
    assert stands(first, 72, 700) and stands(second, 90, 400)


def test_of_a_sentence_on_two_pages_each_has_its_own_page(read, make_pdf):
    document = read("a.pdf", make_pdf(lines((72, 700, SAME)), lines((100, 300, SAME))))
    assert [len(boxes_of(document, page, SAME, nth=0)) for page in (1, 2)] == [1, 0]
    assert boxes_of(document, 1, SAME, nth=1) == []
    [there] = boxes_of(document, 2, SAME, nth=1)
    assert stands(there, 100, 300)


def test_words_inside_a_line_are_framed_from_where_they_begin_to_where_they_end(read, make_pdf):
    def page(canvas):
        lines((72, 700, "Payment for 0581T is made once."))(canvas)
        page.left = 72 + canvas.stringWidth("Payment for ", "Helvetica", 11)
        page.right = 72 + canvas.stringWidth("Payment for 0581T", "Helvetica", 11)

    [box] = boxes_of(read("a.pdf", make_pdf(page)), 1, "0581T")
    assert box[0] == pytest.approx(page.left, abs=0.6)
    assert box[2] == pytest.approx(page.right, abs=1.5)


def test_each_line_of_a_paragraph_has_a_box_also_where_a_word_is_broken(read, make_pdf):
    document = read(
        "a.pdf",
        make_pdf(
            lines(
                (72, 700, "The reimbursement of a service needs the reimburse-"),
                (72, 686, "ment of its device and of nothing else on that day."),
            )
        ),
    )
    assert "reimbursement of its device" in document.text
    first, second = boxes_of(document, 1, "needs the reimbursement of its device")
    assert first[0] > 200 and stands(second, 72, 686)


def table(rows, top):
    def draw(canvas):
        canvas.setFont("Helvetica", 11)
        for at, row in enumerate(rows):
            y = top - at * 24
            for column, said in enumerate(row):
                canvas.rect(72 + column * 150, y - 8, 150, 24)
                canvas.drawString(76 + column * 150, y, said)

    return draw


def test_a_row_of_a_table_is_framed_cell_by_cell_and_no_equal_row(read, make_pdf):
    rows = [
        ["Code", "Units"],
        ["0581T", "one"],
        ["19105", "two"],
        ["0581T", "one"],
        ["0582T", "one"],
    ]
    document = read("a.pdf", make_pdf(table(rows, 600)))
    first, second = (boxes_of(document, 1, "0581T | one", nth=nth) for nth in (0, 1))
    assert [stands(box, x, 576) for box, x in zip(first, (76, 226), strict=True)] == [True, True]
    assert [stands(box, x, 528) for box, x in zip(second, (76, 226), strict=True)] == [True, True]


def test_a_row_whose_first_cells_are_blank_has_a_box_for_each_other(read, make_pdf):
    rows = [["Code", "Units", "Side"], ["0581T", "one", "left"], ["", "two", "right"]]
    document = read("a.pdf", make_pdf(table(rows, 600)))
    [two], [right] = (boxes_of(document, 1, said) for said in ("two", "right"))
    assert stands(two, 226, 552) and stands(right, 376, 552)


def test_a_passage_over_two_pages_is_framed_on_both(read, make_pdf):
    def heading(canvas):
        lines((72, 700, "Text of the section before, which is long enough to be one."))(canvas)
        canvas.setFont("Helvetica-Bold", 16)
        canvas.drawString(72, 90, "20.1 Scope of Coverage")

    document = read("a.pdf", make_pdf(heading, lines((72, 700, "What is covered is paid."))))
    passage = next(one for one in split(document, Words()) if "Scope" in one.text)
    assert passage.text == "20.1 Scope of Coverage\n\nWhat is covered is paid."
    span = (passage.span.start, passage.span.end)
    places = Places(document.places)
    ([above],), ([below],) = (places.boxes(document.text, page, [span]) for page in (1, 2))
    assert above[1] > 0.8 and below[3] < 0.2


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_on_a_turned_page_boxes_stand_where_a_viewer_shows_the_words(read, make_pdf, turn):
    upright = lines((72, 700, SAME))
    writer = PdfWriter()
    for page in PdfReader(io.BytesIO(make_pdf(upright))).pages:
        writer.add_page(page.rotate(turn))
    out = io.BytesIO()
    writer.write(out)
    document = read("a.pdf", out.getvalue())
    [[box]] = Places(document.places).boxes(document.text, 1, [(0, len(document.text))])
    left, top, right, bottom = _unturned(box, turn)
    assert left * WIDE == pytest.approx(72, abs=2)
    assert top * TALL < TALL - 702 < bottom * TALL
    assert (right - left) * WIDE > 140 and (bottom - top) * TALL < 20


def _unturned(box, turn):
    """A box of the page as it was before a viewer turned it clockwise."""
    left, top, right, bottom = box
    if turn == 90:
        return top, 1 - right, bottom, 1 - left
    if turn == 180:
        return 1 - right, 1 - bottom, 1 - left, 1 - top
    return 1 - bottom, left, 1 - top, right


def test_a_note_in_the_margin_that_runs_upwards_has_a_box_that_is_tall(read, make_pdf):
    def page(canvas):
        lines((100, 700, "The text of the page runs from left to right."))(canvas)
        canvas.saveState()
        canvas.translate(40, 300)
        canvas.rotate(90)
        canvas.drawString(0, 0, "Draft of the policy")
        canvas.restoreState()

    [box] = boxes_of(read("a.pdf", make_pdf(page)), 1, "Draft of the policy")
    assert box[2] - box[0] < 20 < 80 < box[3] - box[1]
    assert box[3] == pytest.approx(TALL - 300, abs=2)


def test_a_running_line_that_is_kept_once_has_a_place(read, make_pdf):
    def page(number):
        return lines((72, 760, "Lakeside Health policy 77"), (72, 600, f"Text of page {number}."))

    document = read("a.pdf", make_pdf(*[page(number) for number in range(1, 6)]))
    [box] = boxes_of(document, 1, "Lakeside Health policy 77")
    assert stands(box, 72, 760)


def test_places_travel_from_the_reading_process_as_they_are(read, make_pdf):
    document = read("a.pdf", make_pdf(lines((72, 700, SAME))))
    line = messages.line(messages.Read.of(document))
    answer = messages.answer_in(line)
    assert isinstance(answer, messages.Read) and answer.whole().places == document.places != b""


def test_a_text_without_pages_has_no_places(read):
    assert read("a.md", "# Title\n\nText.").places == b""


@pytest.mark.parametrize("packed", [b"", b"no places", bytes(40)])
def test_what_was_not_packed_is_refused(packed):
    with pytest.raises(ValueError):
        Places(packed)
