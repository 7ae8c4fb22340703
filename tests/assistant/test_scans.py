"""A scan from the folder to the citation: recognised once it can be, and said to be a scan."""

from __future__ import annotations

import io
from pathlib import Path

import pypdfium2
import pytest
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from assistant.desk import Desk
from corpus.files.limits import Limits
from index.home import Home
from index.model.embedder import Embedder
from index.sync import SyncSettings, sync
from index.sync.report import SyncReport
from tests.needed import needs_recogniser
from ui.schema.answers import answer_of
from ui.wording import reference

pytestmark = needs_recogniser
_WITHOUT = Limits(seconds_per_scan=0)  # as where it is not installed


def _scan(path: Path, *lines: str) -> None:
    typed = io.BytesIO()
    canvas = Canvas(typed, pagesize=(612, 792))
    canvas.setFont("Times-Roman", 12)
    for at, line in enumerate(lines):
        canvas.drawString(72, 700 - 24 * at, line)
    canvas.save()
    with pypdfium2.PdfDocument(typed.getvalue()) as pdf:
        picture = pdf[0].render(scale=200 / 72, grayscale=True).to_pil()
    canvas = Canvas(str(path), pagesize=(612, 792))
    canvas.drawImage(ImageReader(picture), 0, 0, 612, 792)
    canvas.save()


@pytest.fixture
def library(tmp_path: Path, models: object) -> tuple[Home, Path]:
    home = Home(tmp_path / "home")
    home.make()
    home.models.symlink_to(str(models), target_is_directory=True)
    folder = tmp_path / "library"
    folder.mkdir()
    _scan(
        folder / "oak.pdf",
        "Oak Plan pays 0581T at 4100 dollars when the tumor is small.",
        "Claims must name the diagnosis C50.411 on the first line.",
    )
    (folder / "typed.md").write_text("# Elm\n\nElm Plan pays 19105 at 300 dollars.\n")
    return home, folder


def _synced(home: Home, folder: Path, embedder: Embedder, limits: Limits) -> SyncReport:
    settings = SyncSettings(workers=1, limits=limits)
    return sync(home, [("small", folder)], embedder=lambda: embedder, settings=settings)


def test_scans_are_read_by_the_first_sync_that_can_recognise_them_and_then_left_alone(
    library: tuple[Home, Path], embedder: Embedder
) -> None:
    home, folder = library
    first = _synced(home, folder, embedder, _WITHOUT)
    assert first.needs_ocr == ["small/oak.pdf"] and first.added == ["small/typed.md"]
    second = _synced(home, folder, embedder, Limits())
    assert second.added == ["small/oak.pdf"] and second.needs_ocr == []
    assert second.unchanged == 1 and not second.rebuilt
    third = _synced(home, folder, embedder, Limits())
    assert third.unchanged == 2 and not third.published
    again = _synced(home, folder, embedder, _WITHOUT)  # taken away: what was read stays
    assert again.unchanged == 2 and again.needs_ocr == []


def test_pictures_in_which_nothing_can_be_read_are_not_tried_at_every_sync(
    library: tuple[Home, Path], embedder: Embedder
) -> None:
    home, folder = library
    _scan(folder / "empty.pdf")
    report = _synced(home, folder, embedder, Limits())
    assert report.needs_ocr == ["small/empty.pdf"]
    assert "no words were found" in report.warnings["small/empty.pdf"][0]
    again = _synced(home, folder, embedder, Limits())
    assert again.needs_ocr == ["small/empty.pdf"] and not again.published


def test_a_citation_of_a_scan_says_so_and_how_surely_it_was_read(
    library: tuple[Home, Path], embedder: Embedder
) -> None:
    home, folder = library
    _synced(home, folder, embedder, Limits())
    with Desk(home) as desk:
        answer = desk.ask("What does Oak Plan pay for 0581T?")
        told = answer_of(answer).citations
        scanned, typed = told[0], [one for one in told if one.document.id.endswith(".md")]
        assert scanned.document.id == "small/oak.pdf" and scanned.verified
        assert scanned.scan_confidence is not None and 0.8 < scanned.scan_confidence <= 1
        assert scanned.doubtful_codes == () and "0581T" in scanned.codes
        assert all(one.scan_confidence is None for one in typed)
        assert "recognised from a scan, 9" in reference(answer.citations[0])
        version = answer.citations[0].version.id
        words = desk.library.document(version).scanned
        assert len(words) == len("".join(answer.citations[0].text).split())
