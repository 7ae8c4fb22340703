"""What is put on paper says what the documents say, whatever they say."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import msgspec
import pytest
from docx import Document as WordDocument
from PIL import Image
from pypdf import PdfReader

from assistant.desk import Desk
from index.home import Home
from ui.desks.parts.papers import pictures_of, sheet_of
from ui.paper.pdf import answer_pdf, packet_pdf
from ui.paper.sheet import Line, Quote, Sheet
from ui.paper.word import packet_docx
from ui.state.packets import MOST, Packets

DAY = date(2026, 11, 28)


@pytest.fixture(scope="module")
def desk(read_home: Path):
    with Desk(Home(read_home)) as opened:
        yield opened


def sheet(desk: Desk, question: str) -> Sheet:
    return sheet_of(desk.ask(question, k=3), [1], address="?q=x")


def text_of(pdf: bytes) -> str:
    return " ".join(
        " ".join(one.extract_text() for one in PdfReader(io.BytesIO(pdf)).pages).split()
    )


def test_markup_in_a_document_is_text_on_paper(desk):
    one = sheet(desk, "What is the giraffe surcharge?")
    pdf = packet_pdf([one], {}, printed=DAY, address="http://here/")
    word = WordDocument(io.BytesIO(packet_docx([one], {}, printed=DAY, address="http://here/")))
    written = "\n".join(paragraph.text for paragraph in word.paragraphs)
    said = [
        "".join(text for text, _ in cell) for line in one.quotes[0].lines for cell in line.cells
    ]
    assert [text for text in said if "javascript:" in text and "$" in text]
    for text in said:
        assert text in written
        assert "".join(text.split()) in "".join(text_of(pdf).split())
    actions = PdfReader(io.BytesIO(pdf)).trailer["/Root"]
    assert "/OpenAction" not in actions and "/JavaScript" not in str(actions)
    links = [rel for rel in word.part.rels.values() if rel.is_external]
    assert links == []


def test_no_sentence_of_ours_about_coverage_is_in_a_packet(desk):
    one = sheet(desk, "Does Lakeside Health ask for prior authorization before cryoablation?")
    told = text_of(packet_pdf([one], {}, printed=DAY, address="http://here/"))
    for quote in one.quotes:
        for line in quote.lines:
            for cell in line.cells:
                for text, _ in cell:
                    told = told.replace(" ".join(text.split()), "")
        told = told.replace(quote.reference, "").replace(quote.source, "")
    for word in ("cover", "answered", "necessary", "appeal", "should"):
        assert word not in told.replace(one.question, "").lower(), word


def test_a_quote_of_many_pages_and_a_cell_of_one_page_are_laid_out(desk):
    [quote] = sheet(desk, "How many units of 0581T per breast?").quotes
    text = "Every word of a long passage. " * 900
    lines = (
        Line("paragraph", (((text, True),),)),
        Line("row", (((text, False),), (("b", True),)), ("One", "Two", "Three")),
        Line("paragraph", ((("µ ≥ ½ “x” – § \x07 \u202e 漢 x" * 20, False),),)),
    )
    long = msgspec.structs.replace(quote, lines=lines)
    one = Sheet("A question?", "2026-11-28", "?q=x", 1, (long,))
    told = text_of(answer_pdf(one, {}, printed=DAY, address="http://here/"))
    assert told.count("Every word of a long passage.") >= 1700
    assert "µ ≥ ½ “x” – §" in told
    assert packet_docx([one], {}, printed=DAY, address="http://here/")[:2] == b"PK"


def test_the_page_of_a_quote_is_a_picture_with_its_frame(desk):
    one = sheet(desk, "How many units of 0581T per breast?")
    [picture] = pictures_of(desk.library, [one]).values()
    drawn = Image.open(io.BytesIO(picture.png))
    colours = {colour for _, colour in drawn.getcolors(1 << 24)}
    assert (11, 114, 133) in colours, "the frame"
    assert drawn.size == (picture.width, picture.height)
    read = PdfReader(io.BytesIO(answer_pdf(one, {one.quotes[0]: picture}, printed=DAY, address="")))
    assert len(read.pages[1].images) == 1


@pytest.mark.usefixtures("both")
def test_a_packet_keeps_what_was_added_and_whose_it_is(home: Path, desk):
    packets = Packets(home)
    one, two = (
        sheet(desk, text)
        for text in ("How many units of 0581T per breast?", "What is the MUE of 0581T?")
    )
    packets.add("me", one)
    packets.add("me", two)
    packets.add("me", one)
    assert packets.sheets("me") == [one, two]
    assert packets.sheets("other") == [] and packets.count("me") == 2
    packets.remove("me", one)
    assert packets.sheets("me") == [two]
    packets.empty("me")
    assert packets.sheets("me") == []


@pytest.mark.usefixtures("both")
def test_a_full_packet_takes_no_more(home: Path, desk):
    packets = Packets(home)
    [quote] = sheet(desk, "How many units of 0581T per breast?").quotes
    many = tuple(
        Quote(quote.document, 1, start, start + 1, "t", "", (), (), "r", "s", "", True)
        for start in range(MOST + 1)
    )
    assert not packets.add("me", Sheet("q", "2026-11-28", "", 1, many))
    assert packets.count("me") == MOST
