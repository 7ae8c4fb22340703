"""Scanned pages: recognised where the extra `ocr` is installed, said to be so, never guessed."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, NumberObject
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from corpus.codes import codes_in
from corpus.divided import Divided, Dividing
from corpus.document import Block, BlockKind, Document, Metadata, ScannedWord, Span, sureness
from corpus.files.limits import Limits
from corpus.readers.pdf.document import read_pdf
from corpus.readers.pdf.places import scanned_boxes
from corpus.reading.pool import ReadJob, divide_all, read_all
from corpus.text.lengths import Lengths
from index.model.embedder import Embedder
from tests.needed import needs_recogniser

_LINES = (
    "Claims for the removal of a tumor by cold are paid once.",
    "Report 0581T and the diagnosis C50.411 on the same claim.",
    "Prior approval is required for C9751 in place of service 22.",
)


def drawn(draw: Callable[[Canvas], None], *, dpi: int = 200) -> Image.Image:
    """A page as a scanner sees it."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(612, 792))
    draw(canvas)
    canvas.save()
    with pypdfium2.PdfDocument(file.getvalue()) as pdf:
        return pdf[0].render(scale=dpi / 72, grayscale=True).to_pil()


def typed(*lines: str, size: float = 12) -> Callable[[Canvas], None]:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Times-Roman", size)
        for at, line in enumerate(lines):
            canvas.drawString(72, 700 - 24 * at, line)

    return draw


def scan(*pictures: Image.Image, size: tuple[float, float] = (612, 792)) -> bytes:
    """A PDF whose pages are pictures."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=size)
    for picture in pictures:
        canvas.drawImage(ImageReader(picture), 0, 0, *size)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


@needs_recogniser
@pytest.mark.parametrize("turn", [0, 2, 90, 180, 270])
def test_a_scanned_page_is_read_whichever_way_it_lay_on_the_glass(
    read: Callable[..., Document], turn: int
) -> None:
    picture = drawn(typed(*_LINES)).rotate(turn, expand=turn % 90 == 0, fillcolor=255)
    size = (792.0, 612.0) if turn in (90, 270) else (612.0, 792.0)
    document = read("a.pdf", scan(picture, size=size))
    assert document.needs_ocr == () and document.warnings == ()
    assert " ".join(document.text.split()) == " ".join(_LINES)


@needs_recogniser
def test_words_of_a_scan_know_their_place_and_how_surely_they_were_read(
    read: Callable[..., Document],
) -> None:
    document = read("a.pdf", scan(drawn(typed(*_LINES))))
    words = {document.text[word.start : word.end]: word for word in document.scanned}
    assert set(words) == set(" ".join(_LINES).split())
    left, top, right, bottom = words["0581T"].box
    assert 107 < left * 612 < 113 and right * 612 < 148  # after "Report ", which begins at 72
    assert top * 792 < 792 - 676 < bottom * 792 and (bottom - top) * 792 < 30
    assert all(0.5 < word.sure <= 1 for word in document.scanned)
    at = document.text.index("Report 0581T")
    (box,) = scanned_boxes(document.scanned, at, at + len("Report 0581T"))
    assert 70 < box[0] * 612 < 76 and box[2] == right


@needs_recogniser
def test_pages_with_text_are_left_as_they_are_beside_one_that_is_recognised(
    read: Callable[..., Document], make_pdf: Any, write_lines: Any
) -> None:
    picture = drawn(typed(*_LINES))

    def scanned(canvas: Canvas) -> None:
        canvas.drawImage(ImageReader(picture), 0, 0, 612, 792)

    document = read("a.pdf", make_pdf(write_lines(["Typed text of page one."]), scanned))
    first, second = document.pages
    assert document.text[: second.start].strip() == "Typed text of page one."
    assert all(word.start >= second.start for word in document.scanned)
    assert sureness(document.scanned, Span(first.start, second.start)) is None
    surely = sureness(document.scanned, Span(second.start, len(document.text)))
    assert surely is not None and surely > 0.9


@needs_recogniser
def test_a_scanned_table_is_rows_under_its_header(read: Callable[..., Document]) -> None:
    rows = (
        ("Code", "Service", "Rate"),
        ("0581T", "Ablation", "$6,168.07"),
        ("19105", "Cryosurgery", "$3,049.51"),
        ("C9751", "Bronchoscopy", "$8,250.50"),
    )

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 11)
        for at, row in enumerate(rows):
            for left, cell in zip((80, 200, 360), row, strict=True):
                canvas.drawString(left, 700 - 22 * at, cell)

    document = read("a.pdf", scan(drawn(draw)))
    shown = [(block.header, block.span.of(document.text)) for block in document.blocks]
    header = "Code | Service | Rate"
    assert shown == [("", header), *((header, " | ".join(row)) for row in rows[1:])]


@needs_recogniser
@pytest.mark.parametrize("lean", [0, 2])
def test_lines_on_the_picture_part_a_tables_cells_also_where_these_hold_several_lines(
    read: Callable[..., Document], lean: int
) -> None:
    lefts, tops = (76, 180, 300, 480), (700, 680, 640, 600)

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 11)
        for y in tops:
            canvas.line(lefts[0], y, lefts[-1], y)
        for x in lefts:
            canvas.line(x, tops[0], x, tops[-1])
        for top, row in zip(
            (685, 664, 624),
            (
                ("Code", "Payer", "Position"),
                ("0581T", "Aetna", "Not covered:"),
                ("19105", "Cigna", "Covered when the"),
            ),
            strict=True,
        ):
            for left, cell in zip(lefts, row, strict=False):
                canvas.drawString(left + 4, top, cell)
        canvas.drawString(304, 650, "it is experimental")
        canvas.drawString(304, 610, "tumor is small")

    document = read("a.pdf", scan(drawn(draw).rotate(lean, fillcolor=255)))
    assert document.text.splitlines() == [
        "Code | Payer | Position",
        "0581T | Aetna | Not covered: it is experimental",
        "19105 | Cigna | Covered when the tumor is small",
    ]
    assert [block.header for block in document.blocks][1:] == ["Code | Payer | Position"] * 2


@needs_recogniser
def test_a_page_that_can_hardly_be_read_is_said_to_be_doubtful_or_left(
    read: Callable[..., Document],
) -> None:
    blurred = drawn(typed(*_LINES, size=9), dpi=60).resize((1700, 2200))
    grain = np.random.default_rng(7).normal(0, 60, (2200, 1700))
    spoilt = Image.fromarray(np.clip(np.array(blurred) + grain, 0, 255).astype(np.uint8))
    document = read("a.pdf", scan(spoilt))
    (warning,) = [one for one in document.warnings if "recognised" in one.lower()]
    assert document.needs_ocr == (1,) or "without confidence" in warning


@needs_recogniser
def test_a_picture_without_words_stays_a_page_to_look_at_and_says_why(
    read: Callable[..., Document],
) -> None:
    document = read("a.pdf", scan(Image.new("L", (1700, 2200), 200)))
    assert document.needs_ocr == (1,) and document.text == ""
    assert document.warnings == ("Page 1 could not be recognised: no words were found on it.",)


def test_a_recogniser_that_is_switched_off_leaves_pictures_as_they_are() -> None:
    draft = read_pdf(scan(drawn(typed(*_LINES))), limits=Limits(seconds_per_scan=0))
    assert draft.needs_ocr == (1,) and draft.text == "" and draft.scanned == ()


@needs_recogniser
def test_a_page_that_takes_too_long_is_left_and_the_file_is_read_all_the_same(
    make_pdf: Any, write_lines: Any
) -> None:
    picture = drawn(typed(*_LINES))

    def scanned(canvas: Canvas) -> None:
        canvas.drawImage(ImageReader(picture), 0, 0, 612, 792)

    data = make_pdf(write_lines(["Typed."]), scanned)
    draft = read_pdf(data, limits=Limits(seconds_per_scan=1e-6))
    assert draft.text == "Typed." and draft.needs_ocr == (2,)
    assert "Page 2 could not be recognised: it took too long." in draft.warnings


def _noise() -> Image.Image:
    grain = np.random.default_rng(3).integers(0, 2, (3000, 2300)).astype(np.uint8) * 255
    return Image.fromarray(grain)


def _stripes() -> Image.Image:
    rows = np.where(np.arange(2200) % 9 < 2, 0, 255).astype(np.uint8)
    return Image.fromarray(np.repeat(rows[:, None], 1700, axis=1))


@needs_recogniser
@pytest.mark.parametrize(
    ("picture", "size"),
    [
        (_noise, (612.0, 792.0)),
        (_stripes, (612.0, 792.0)),
        (lambda: drawn(typed(*_LINES)).resize((20_000, 400)), (14_400.0, 288.0)),
        (lambda: Image.new("L", (20_000, 9_000), 200), (14_400.0, 6_480.0)),
    ],
    ids=["noise", "stripes", "20,000 pixels wide", "180 million pixels"],
)
def test_hostile_pictures_stay_within_the_limits_of_a_reading_process(
    tmp_path: Path, picture: Callable[[], Image.Image], size: tuple[float, float]
) -> None:
    _is_read_within_limits(tmp_path, scan(picture(), size=size))


@needs_recogniser
def test_a_picture_that_bursts_when_it_is_unpacked_is_not_unpacked(tmp_path: Path) -> None:
    data = scan(Image.new("L", (1_000, 1_000), 200))
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    for found in writer._objects:
        if isinstance(found, DictionaryObject) and found.get("/Subtype") == "/Image":
            found[NameObject("/Width")] = found[NameObject("/Height")] = NumberObject(60_000)
    file = io.BytesIO()
    writer.write(file)
    document = _is_read_within_limits(tmp_path, file.getvalue())
    assert any("picture is too large" in warning for warning in document.warnings)


def _is_read_within_limits(folder: Path, data: bytes) -> Document:
    path = folder / "a.pdf"
    path.write_bytes(data)
    ((_, result),) = read_all([ReadJob(path, "library/a.pdf")])
    assert isinstance(result, Document), result
    assert result.needs_ocr == (1,) or result.scanned
    return result


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("O58IT", "0581T"),
        ("0Z81T", "0281T"),
        ("G0Z79", "G0279"),
        ("1910S", "19105"),
        ("C975l", "C9751"),
    ],
)
def test_letters_for_figures_on_a_scan_are_read_as_the_code_and_said_to_be_doubtful(
    written: str, code: str
) -> None:
    (mention,) = codes_in(_scanned(f"Report CPT {written} once.", sure=0.95))
    assert mention.code == code and mention.probable
    assert codes_in(_scanned(f"Report CPT {code} once.", sure=0.95))[0].probable is False


def test_a_code_whose_letters_were_hardly_told_is_doubtful() -> None:
    (mention,) = codes_in(_scanned("Report CPT 0581T once.", sure=0.4))
    assert mention.code == "0581T" and mention.probable


def test_letters_that_are_a_code_as_they_stand_are_left_alone() -> None:
    found = codes_in(_scanned("Report HCPCS S2095 and B4185 for Z12.31.", sure=0.95))
    assert [(one.code, one.probable) for one in found] == [
        ("S2095", False),
        ("B4185", False),
        ("Z12.31", False),
    ]


def _scanned(text: str, *, sure: float) -> Document:
    words, at = [], 0
    for word in text.split(" "):
        words.append(ScannedWord(at, at + len(word), (0.0, 0.0, 1.0, 1.0), sure))
        at += len(word) + 1
    return Document(
        id="library/a.pdf",
        sha256="0" * 64,
        format="pdf",
        text=text,
        blocks=(Block(BlockKind.PARAGRAPH, Span(0, len(text))),),
        pages=(),
        metadata=Metadata("A"),
        scanned=tuple(words),
    )


@needs_recogniser
def test_while_a_scan_is_recognised_it_is_told_which_of_its_pages(
    tmp_path: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("corpus.reading.pool._LOOK_EVERY", 0.02)
    path = tmp_path / "long.pdf"
    path.write_bytes(scan(*[drawn(typed(*_LINES))] * 4))
    told: list[tuple[str, int, int]] = []
    dividing = Dividing(str(embedder.sizer.file), embedder.sizer.limit, Lengths())
    jobs = [ReadJob(path, "library/long.pdf")]
    [(_, found)] = divide_all(
        jobs,
        dividing,
        scanning=lambda document, scan: told.append((document, scan.number, scan.count)),
    )
    assert isinstance(found, Divided)
    assert list(dict.fromkeys(told)) == [("library/long.pdf", page, 4) for page in (1, 2, 3, 4)]
