"""PDF: columns whose lines stand on heights of their own, and what only looks like them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from reportlab.pdfgen.canvas import Canvas

from corpus.document import Document

POLICY = (
    "The plan pays for a second visit when the",
    "first one could not be finished on the day",
    "for which it was planned. The clinic says",
    "why in the record of the patient and adds",
    "the name of whoever ended the visit. With",
    "no such note the claim is sent back to the",
    "clinic, which has thirty days to answer it",
    "in writing or over the pages of the plan.",
    "A claim that comes later than this is not",
    "paid, whatever the reason of the delay is.",
)
APPEAL = (
    "Members may ask for another look at what",
    "was decided. They write to the office of",
    "appeals and say what they do not agree",
    "with. A nurse who took no part in it reads",
    "the record again and tells them within a",
    "month what came of it. In urgent matters",
    "the answer is given within three days, by",
    "telephone first and then in a letter that",
    "names the rule on which it rests. Nothing",
    "is owed for such a request by anybody.",
)


@pytest.fixture
def page(read, make_pdf) -> Callable[..., Document]:
    def reading(*draw: Callable[[Canvas], None]) -> Document:
        return read("a.pdf", make_pdf(*draw))

    return reading


def lines(canvas: Canvas, x: float, y: float, *texts: str, step: float, size: int = 10) -> None:
    canvas.setFont("Helvetica", size)
    for at, text in enumerate(texts):
        canvas.drawString(x, y - at * step, text)


def plain(document: Document) -> str:
    return " ".join(document.text.split())


def said(texts: tuple[str, ...]) -> str:
    return " ".join(texts)


def table_rows(document: Document) -> list[str]:
    return [block.span.of(document.text) for block in document.blocks if block.kind == "row"]


@pytest.mark.parametrize(
    ("left", "right"), [(14.9, 13.2), (12.0, 12.7), (15.0, 15.0)], ids=["wide", "near", "the same"]
)
@pytest.mark.parametrize("lower", [0.0, 5.0], ids=["level at first", "never level"])
def test_columns_of_prose_are_read_one_after_the_other_whatever_their_leading(
    page, left, right, lower
):
    def draw(canvas: Canvas) -> None:
        lines(canvas, 67, 600, *POLICY, step=left)
        lines(canvas, 315, 600 - lower, *APPEAL, step=right)

    assert f"{said(POLICY)} {said(APPEAL)}" in plain(page(draw))


@pytest.mark.parametrize("x", [67, 315], ids=["over the left", "over the right"])
def test_a_picture_over_one_of_two_columns_does_not_mix_them(page, x):
    def draw(canvas: Canvas) -> None:
        canvas.rect(x, 530, 220, 80, fill=1)
        tops = (509, 600) if x == 67 else (600, 515)
        lines(canvas, 67, tops[0], *POLICY, step=14.9)
        lines(canvas, 315, tops[1], *APPEAL, step=14.2)

    assert f"{said(POLICY)} {said(APPEAL)}" in plain(page(draw))


def test_paragraphs_of_a_column_stay_with_it_over_their_gaps(page):
    def draw(canvas: Canvas) -> None:
        lines(canvas, 67, 600, *POLICY[:5], step=14.9)
        lines(canvas, 67, 512, *POLICY[5:], step=14.9)
        lines(canvas, 315, 595, *APPEAL[:3], step=14.2)
        lines(canvas, 315, 538, *APPEAL[3:], step=14.2)

    assert f"{said(POLICY)} {said(APPEAL)}" in plain(page(draw))


def test_a_list_of_short_items_beside_prose_keeps_its_items_to_itself(page):
    items = ("o Member Rights", "o Regulatory Matters", "o Case Management", "o Training of Staff")

    def draw(canvas: Canvas) -> None:
        lines(canvas, 100, 600, *items, step=26.3)
        lines(canvas, 315, 611, *APPEAL, step=14.9)

    text = plain(page(draw))
    assert said(APPEAL) in text
    assert said(items) in text


def test_a_list_of_contents_beside_a_framed_list_is_read_before_it(page):
    contents = ("Coverage Rationale", "Applicable Codes", "Related Documents", "Clinical Evidence")
    contents += ("Drugs and Devices", "References", "Policy History", "Instructions for Use")
    related = ("Surgery of the Ankle", "Surgery of the Elbow", "Surgery of the Foot")
    related += ("Surgery of the Hand or Wrist", "Surgery of the Hip", "Surgery of the Knee")

    def draw(canvas: Canvas) -> None:
        lines(canvas, 36, 600, "Table of Contents", step=0)
        lines(canvas, 264, 600, "Page", step=0)
        filled = [text + " " + "." * round((215 - 5 * len(text)) / 2.8) + "1" for text in contents]
        lines(canvas, 36, 588.4, *filled, step=11.5)
        for side in ((302, 490, 302, 610), (576, 490, 576, 610), (302, 490, 576, 490)):
            canvas.line(*side)
        lines(canvas, 308, 599.4, "Related Policies", step=0)
        lines(canvas, 308, 585.2, *["•"] * 6, step=13.7)
        lines(canvas, 326, 585.2, *related, step=13.7)
        lines(canvas, 36, 465, "What Is Paid", step=0, size=14)
        lines(canvas, 36, 445, said(POLICY[:2]) + " " + said(POLICY[2:4])[:40], step=0)

    text = plain(page(draw))
    order = [text.index(each) for each in (*contents, "Related Policies", *related, "What Is Paid")]
    assert order == sorted(order)
    assert " • ".join(related) in text


def test_a_head_of_the_page_on_the_right_stays_above_the_columns(page):
    def draw(canvas: Canvas) -> None:
        lines(canvas, 400, 660, "Policy 4711 of the plan", step=0)
        lines(canvas, 67, 600, *POLICY, step=14.9)
        lines(canvas, 315, 595, *APPEAL, step=14.2)

    assert plain(page(draw)) == f"Policy 4711 of the plan {said(POLICY)} {said(APPEAL)}"


def test_level_rows_of_two_columns_stay_a_table(page):
    services = ("Office visit", "Chest film", "Blood count", "Home visit", "Hearing test")
    codes = ("99213", "71046", "85025", "99347", "92551")

    def draw(canvas: Canvas) -> None:
        lines(canvas, 67, 600, "Code", *codes, step=15)
        lines(canvas, 315, 600, "Service", *services, step=15)

    rows = table_rows(page(draw))
    assert rows[-5:] == [f"{code} | {text}" for code, text in zip(codes, services, strict=True)]


@pytest.mark.parametrize("gap", [26, 34])
def test_labels_in_the_middle_of_their_rows_stay_beside_their_text(page, gap):
    labels = ("Second visits", "Late claims", "Asking again", "Urgent matters")

    def draw(canvas: Canvas) -> None:
        y = 650.0
        for at, label in enumerate(labels):
            lines(canvas, 315, y, *APPEAL[2 * at : 2 * at + 2], step=13)
            lines(canvas, 67, y - 6.5, label, step=0)
            y -= 13 + gap

    text = plain(page(draw))
    for at, label in enumerate(labels):
        assert text.index(APPEAL[2 * at]) < text.index(label) < text.index(APPEAL[2 * at + 1])


def test_labels_of_several_lines_that_begin_level_stay_with_their_text(page):
    labels = (("Second visits", "on the same day"), ("Late claims", "after a month"))
    labels += (("Asking again for", "what was decided"), ("Urgent matters", "of any kind"))

    def draw(canvas: Canvas) -> None:
        for at, label in enumerate(labels):
            y = 650 - at * 50
            lines(canvas, 67, y, *label, step=15.5)
            lines(canvas, 315, y, *APPEAL[2 * at : 2 * at + 3], step=11.5)

    text = plain(page(draw))
    ends = [text.index(label[1]) for label in labels]
    texts = [text.index(APPEAL[2 * at + 1]) for at in range(1, 4)]
    assert all(end < start for end, start in zip(ends, texts, strict=False))


def test_signs_of_one_letter_stand_each_before_its_own_meaning(page):
    def draw(canvas: Canvas) -> None:
        lines(canvas, 72, 600, "f", "g", "h", "k", step=15)
        meanings = ("Share of the year", "Days of the stay", "Hours of care", "Cost of it all")
        lines(canvas, 120, 600, *meanings, step=15)

    text = plain(page(draw))
    assert "f Share of the year g Days of the stay" in text.replace(" | ", " ")
