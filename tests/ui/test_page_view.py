"""The page with the passage framed: what is framed is what was read, never what looks like it."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter
from reportlab.lib.pagesizes import letter
from reportlab.pdfgen.canvas import Canvas
from small_library import make_home

from index.home import Home
from index.opening import open_library
from ui.desks.parts.page_view import passage_at, stops_of, view_data

SAME = "Bill the code once per breast and not per probe."


def policy() -> bytes:
    """Two sections with the same sentence, the second over a page break; a page that is turned."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=letter)

    def write(y: float, text: str, *, bold: bool = False) -> None:
        canvas.setFont("Helvetica-Bold" if bold else "Helvetica", 14 if bold else 10)
        canvas.drawString(72, y, text)

    write(720, "1. Office", bold=True)
    write(690, SAME)
    write(640, "2. Hospital", bold=True)
    write(610, SAME)
    write(100, "3. Surgery center", bold=True)
    canvas.showPage()
    write(720, SAME)
    canvas.showPage()
    write(400, "Turned page. " + SAME)
    canvas.showPage()
    canvas.save()
    writer = PdfWriter()
    for number, page in enumerate(PdfReader(io.BytesIO(out.getvalue())).pages, start=1):
        writer.add_page(page.rotate(90) if number == 3 else page)
    turned = io.BytesIO()
    writer.write(turned)
    return turned.getvalue()


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, models: Path):
    folder = tmp_path_factory.mktemp("policies")
    (folder / "policy.pdf").write_bytes(policy())
    return open_library(Home(make_home(tmp_path_factory.mktemp("home") / "desk", models, folder)))


def framed(library, section, *, here):
    """The frames on page `here` around the passage of a section, as top edges in parts of it."""
    (version,) = library.versions.values()
    document = library.document(version.id)
    passage = passage_at(library, version, document.text.index(section))
    span = passage.content.span
    marks = [
        (at, at + len(SAME)) for at in [document.text.index(SAME, span.start)] if at < span.end
    ]
    data = view_data(
        version,
        document,
        stops_of(document),
        here=here,
        framed=[(span.start, span.end)],
        marks=marks,
    )
    tops = [[top for _, top, _, _ in data["picture"][name]] for name in ("boxes", "marks")]
    return tops, data["picture"]


def test_of_a_sentence_that_stands_in_two_sections_that_of_the_cited_one_is_framed(library):
    (boxes, marks), _ = framed(library, "1. Office", here=1)
    assert len(boxes) == 2 and max(boxes) < 0.14 and marks == boxes[1:]
    (boxes, marks), _ = framed(library, "2. Hospital", here=1)
    assert len(boxes) == 2 and min(boxes) > 0.16 and marks == boxes[1:]


def test_a_passage_over_two_pages_is_framed_on_each_where_its_words_stand(library):
    (boxes, marks), _ = framed(library, "3. Surgery", here=1)
    assert len(boxes) == 1 and boxes[0] > 0.8 and marks == []
    (boxes, marks), _ = framed(library, "3. Surgery", here=2)
    assert len(boxes) == 1 and boxes[0] < 0.2 and marks == boxes


def test_on_a_turned_page_the_frame_stands_upright_beside_its_words(library):
    _, picture = framed(library, "Turned page.", here=3)
    assert picture["width"] > picture["height"]
    [(left, top, width, height)] = picture["boxes"]
    assert height > 3 * width and left == pytest.approx(400 / 792, abs=0.03) and top < 0.2
