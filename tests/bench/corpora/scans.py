"""Pages as scanners and fax machines give them, made here, so that every word on them is known."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pypdfium2
from PIL import Image, ImageFilter
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

Pixels = np.ndarray[Any, np.dtype[np.uint8]]
_WIDTH, _HEIGHT = 612, 792  # points: a letter page
_PAPER = 255

# Sentences of the kind that policies hold. The codes exist; none is described.
_PROSE = (
    "This policy applies to all claims for dates of service on or after January 1, 2026.",
    "Code 0581T is reported once per breast, whatever the number of lesions or probes.",
    "Imaging guidance is included: do not report 76940 or 77022 with 0581T on the same day.",
    "Prior authorization is required for C9751, G0279 and J1561 (place of service 22 or 24).",
    "The allowed amount is $4,512.60 at the facility rate; the patient's share is 20%.",
    "Claims denied with CO-197 may be appealed within 180 days of the remittance date.",
    "Diagnosis C50.411, C50.512 or D05.11 must be on the claim, sequenced first.",
    "Append modifier RT or LT; modifier 59 is not recognized for 19105 or 19081.",
    "Coverage is limited to tumors of 1.5 cm or less in women aged 60 years or older.",
    "See LCD L35094 and article A57849 for the documentation that is expected.",
    "Effective 10/01/2025, revenue code 0360 or 0361 is accepted for outpatient surgery.",
    "Nothing in this bulletin changes the global period of 10 days for code 10021.",
    "Codes 0600T and 0601T are investigational and are not separately payable.",
    "Q4198, S2095 and L8699 are priced manually; send the invoice with the claim.",
    "The units billed for 96372 may not exceed the medically unlikely edit of 4.",
)
_ROWS = (
    ("0581T", "Ablation, breast", "J1", "$6,168.07", "001", "Yes"),
    ("19105", "Cryosurgery", "J1", "$3,049.51", "090", "Yes"),
    ("76942", "Needle guidance", "N", "$0.00", "XXX", "No"),
    ("0600T", "Not covered", "E1", "$0.00", "YYY", "No"),
    ("G0279", "Tomosynthesis", "A", "$48.15", "XXX", "No"),
    ("C9751", "Bronchoscopy", "T", "$8,250.50", "000", "Yes"),
    ("Q5101", "Biosimilar", "K", "$1.28", "ZZZ", "Yes"),
    ("88305", "Pathology", "Q1", "$62.10", "XXX", "No"),
    ("B4185", "Nutrition", "Y", "$13.60", "XXX", "Yes"),
    ("S2095", "Embolization", "M", "$0.00", "XXX", "Yes"),
    ("0619T", "Cystoscopy", "J1", "$2,811.96", "YYY", "Yes"),
    ("10022", "Aspiration", "T", "$321.88", "000", "No"),
)
_HEADER = ("Code", "Service", "Status", "Rate", "Days", "Approval")
CODES = frozenset(
    (
        *("0581T", "76940", "77022", "C9751", "G0279", "J1561", "C50.411", "C50.512", "D05.11"),
        *("19105", "19081", "L35094", "A57849", "10021", "0600T", "0601T", "Q4198", "S2095"),
        *("L8699", "96372", "76942", "Q5101", "88305", "B4185", "0619T", "10022"),
    )
)


@dataclass(frozen=True, slots=True)
class Scan:
    """A page's picture in grey, and the words that stand on it in the order of reading."""

    layout: str
    condition: str
    pixels: Pixels
    words: tuple[str, ...]
    dpi: int

    @property
    def codes(self) -> list[str]:
        """The codes on the page, each as often as it stands there."""
        bare = [word.strip(".,;:()") for word in self.words]
        return [word for word in bare if word in CODES]


def scans(*, start: int = 0) -> Iterator[Scan]:
    """Every layout in every condition."""
    for at, (layout, draw) in enumerate(LAYOUTS.items(), start):
        for condition, dpi, spoil in _CONDITIONS:
            words: list[str] = []
            clean = _drawn(draw, words, dpi)
            noise = np.random.default_rng([at, len(condition)])
            yield Scan(layout, condition, spoil(clean, noise), tuple(words), dpi)


def pdf_of(pages: Sequence[Scan]) -> bytes:
    """A PDF whose pages are nothing but these pictures."""
    file = io.BytesIO()
    canvas = Canvas(file)
    for page in pages:
        height, width = page.pixels.shape
        size = width * 72 / page.dpi, height * 72 / page.dpi
        canvas.setPageSize(size)
        canvas.drawImage(ImageReader(Image.fromarray(page.pixels)), 0, 0, *size)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def _drawn(draw: Callable[[Canvas, list[str]], None], words: list[str], dpi: int) -> Pixels:
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(_WIDTH, _HEIGHT))
    draw(canvas, words)
    canvas.save()
    with pypdfium2.PdfDocument(file.getvalue()) as pdf:
        page = pdf[0].render(scale=dpi / 72, grayscale=True)
        return np.array(page.to_numpy()).reshape(page.height, page.width)


def _say(canvas: Canvas, words: list[str], x: float, y: float, text: str) -> None:
    canvas.drawString(x, y, text)
    words += text.split()


def _wrapped(
    canvas: Canvas, words: list[str], x: float, y: float, width: float, size: float, font: str
) -> None:
    canvas.setFont(font, size)
    for sentence in _PROSE:
        line = ""
        for word in sentence.split():
            if canvas.stringWidth(f"{line} {word}", font, size) > width:
                _say(canvas, words, x, y, line)
                y -= 1.3 * size
                line = word
            else:
                line = f"{line} {word}".strip()
        _say(canvas, words, x, y, line)
        y -= 1.9 * size


def _letter(canvas: Canvas, words: list[str]) -> None:
    canvas.setFont("Times-Bold", 16)
    _say(canvas, words, 72, 720, "Medical Policy Bulletin 2026-014")
    _wrapped(canvas, words, 72, 690, 468, 11, "Times-Roman")


def _small(canvas: Canvas, words: list[str]) -> None:
    canvas.setFont("Helvetica-Bold", 11)
    _say(canvas, words, 54, 735, "Provider Manual, Chapter 7: Surgery and Imaging")
    _wrapped(canvas, words, 54, 715, 504, 8, "Helvetica")


def _typed(canvas: Canvas, words: list[str]) -> None:
    _wrapped(canvas, words, 60, 730, 490, 10, "Courier")


def _columns(canvas: Canvas, words: list[str]) -> None:
    canvas.setFont("Helvetica-Bold", 14)
    _say(canvas, words, 54, 735, "Coding Update for Breast Services")
    _wrapped(canvas, words, 54, 710, 235, 9, "Helvetica")
    _wrapped(canvas, words, 323, 710, 235, 9, "Helvetica")


def _table(canvas: Canvas, words: list[str]) -> None:
    canvas.setFont("Helvetica-Bold", 13)
    _say(canvas, words, 60, 735, "Outpatient Fee Schedule, First Quarter 2026")
    lefts = (60, 130, 270, 330, 420, 480, 552)
    top, step = 712, 22
    for at, row in enumerate((_HEADER, *_ROWS)):
        canvas.setFont("Helvetica-Bold" if at == 0 else "Helvetica", 10)
        for left, cell in zip(lefts, row, strict=False):
            _say(canvas, words, left + 4, top - step * at - 15, cell)
    for at in range(len(_ROWS) + 2):
        canvas.line(lefts[0], top - step * at, lefts[-1], top - step * at)
    for left in lefts:
        canvas.line(left, top, left, top - step * (len(_ROWS) + 1))


LAYOUTS = {
    "letter": _letter,
    "small print": _small,
    "typewriter": _typed,
    "two columns": _columns,
    "table": _table,
}


def _as_it_is(page: Pixels, noise: np.random.Generator) -> Pixels:
    return page


def _turned(degrees: float) -> Callable[[Pixels, np.random.Generator], Pixels]:
    def turn(page: Pixels, noise: np.random.Generator) -> Pixels:
        picture = Image.fromarray(page)
        whole = degrees % 90 == 0
        return np.array(
            picture.rotate(degrees, Image.Resampling.BICUBIC, expand=whole, fillcolor=_PAPER)
        )

    return turn


def _noisy(page: Pixels, noise: np.random.Generator) -> Pixels:
    """Grain all over, and specks of black and white."""
    grain = page + noise.normal(0, 28, page.shape)
    specks = noise.random(page.shape)
    grain[specks < 0.006] = 0
    grain[specks > 0.994] = 255
    return np.clip(grain, 0, 255).astype(np.uint8)


def _faxed(page: Pixels, noise: np.random.Generator) -> Pixels:
    """Black and white, edges eaten, specks, a line of dirt from top to bottom."""
    soft = np.array(Image.fromarray(page).filter(ImageFilter.GaussianBlur(0.8)), np.float64)
    black = soft + noise.normal(0, 30, page.shape) < 150
    specks = noise.random(page.shape)
    black = (black | (specks < 0.002)) & (specks < 0.998)
    black[:, int(0.93 * page.shape[1])] = True
    return np.where(black, 0, 255).astype(np.uint8)


def _coarsely_faxed(page: Pixels, noise: np.random.Generator) -> Pixels:
    """Standard resolution: every other line is lost."""
    fax = _faxed(page, noise)
    return np.repeat(fax[::2], 2, axis=0)[: len(fax)]


def _pale(page: Pixels, noise: np.random.Generator) -> Pixels:
    """Grey on grey, unevenly lit."""
    light = np.linspace(150, 215, page.shape[1])[None, :]
    return np.clip(light - (255 - page) * 0.22 + noise.normal(0, 4, page.shape), 0, 255).astype(
        np.uint8
    )


def _squeezed(page: Pixels, noise: np.random.Generator) -> Pixels:
    """Out of focus and saved as a small JPEG."""
    file = io.BytesIO()
    Image.fromarray(page).filter(ImageFilter.GaussianBlur(1.1)).save(file, "JPEG", quality=18)
    return np.array(Image.open(file))


_CONDITIONS: tuple[tuple[str, int, Callable[[Pixels, np.random.Generator], Pixels]], ...] = (
    ("300 dpi", 300, _as_it_is),
    ("200 dpi", 200, _as_it_is),
    ("150 dpi", 150, _as_it_is),
    ("leaning 1.5 degrees", 200, _turned(1.5)),
    ("leaning 4 degrees", 200, _turned(-4)),
    ("noisy", 200, _noisy),
    ("faxed, 200 dpi", 200, _faxed),
    ("faxed, 200 x 100 dpi", 200, _coarsely_faxed),
    ("pale", 200, _pale),
    ("blurred JPEG", 200, _squeezed),
    ("turned 90 degrees", 200, _turned(90)),
    ("upside down", 200, _turned(180)),
)
