"""Pages of a PDF that are pictures of text: recognised where that is installed.

What is recognised goes the way of all text: words with their places become lines and tables in
reading order. Each word keeps its place on the page and how sure its letters are.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from math import ceil
from statistics import median
from typing import Any

import numpy as np

from corpus.document import ScannedWord
from corpus.files.limits import Limits
from corpus.readers import Progress, Scan
from corpus.readers.draft import Draft
from corpus.readers.pdf.page import PageRead, ordered
from corpus.readers.pdf.places import letters_at
from corpus.readers.pdf.seen.words import Word
from corpus.readers.scans import page as scans
from corpus.readers.scans.lines import NoPage
from corpus.readers.scans.models import INSTALL, Models, models, recogniser

_COARSEST, _FINEST = 150.0, 300.0  # dots to the inch: between, a page is drawn as it was scanned
_LONGEST = 3_300  # pixels of a page's longer side
_MOST_BYTES = 200_000_000  # of the images on a page, unpacked
_SHARE = 0.6  # of the most seconds of a file: what recognition may take of them
_SIZE = 0.55  # of a line's height: the size of its letters
_ALIKE = 0.3  # of the usual height: lines that differ by less are set in one size
_STANDS = 0.3  # of the size: how far below the middle of a line its letters stand
_ENDS = ".,;:!?)]}"  # signs of the word before, not of the one after
_DOUBTFUL = 0.9  # a page that is less surely read is told of
_MOST_NAMED = 20
_OFF = "It was not recognised: that is switched off, or was too much for this file."
_HINT = f"To have it recognised: {INSTALL}, then sync again."


@dataclass(slots=True)
class RecognisedWord(Word):
    """A word of a scan: its place on the page as shown, and how sure its letters are."""

    box: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    sure: float = 1.0


@dataclass(slots=True)
class ScansRead:
    """What became of the pages that are pictures: which were recognised, and why others not."""

    pages: dict[int, PageRead] = field(default_factory=dict)
    sure: dict[int, float] = field(default_factory=dict)  # how surely each was read
    lost: dict[int, int] = field(default_factory=dict)  # lines that could not be read
    unread: dict[str, list[int]] = field(default_factory=dict)  # by the reason, a clause


def scans_read(
    pdf: Any, numbers: Sequence[int], limits: Limits, progress: Progress | None
) -> ScansRead:
    """Recognise some pages of a PDF, counted from 1. `pdf` is None where PDFium cannot open it."""
    result = ScansRead()
    if not numbers or limits.seconds_per_scan <= 0 or pdf is None or not recogniser():
        return result
    left = _SHARE * limits.most_seconds
    for at, number in enumerate(numbers, start=1):
        start = time.process_time()
        allowed = min(limits.seconds_per_scan, left)
        try:
            if allowed <= 0:
                raise NoPage("the file has more scanned pages than can be read at once: split it")
            if progress is not None:  # the page earns its time beforehand
                progress(ceil(allowed / limits.seconds_per_page), Scan(number, at, len(numbers)))
            found = _recognised(pdf[number - 1], _stopping(start + allowed))
            result.pages[number] = _as_page(found, pdf[number - 1].get_size())
            result.sure[number] = found.sure
            result.lost[number] = found.lost
        except NoPage as reason:
            result.unread.setdefault(str(reason), []).append(number)
        except MemoryError:
            result.unread.setdefault("it needed more memory than it may have", []).append(number)
            left = 0.0  # what is not sure to work is not tried again
        left -= time.process_time() - start
    return result


def told_of_scans(read: ScansRead, left: Sequence[int]) -> Iterator[str]:
    """The sentences on pages that were not recognised, or not surely. `left` are all that were
    not."""
    for reason, numbers in read.unread.items():
        yield f"{_where(numbers).capitalize()} could not be recognised: {reason}."
    if left and not recogniser():
        yield f"{_where(left).capitalize()}: a picture without text. {_HINT}"
    elif len(left) > sum(map(len, read.unread.values())):
        yield f"{_where(left).capitalize()}: a picture without text. {_OFF}"
    doubtful = [number for number, sure in read.sure.items() if sure < _DOUBTFUL]
    if doubtful:
        shares = ", ".join(
            f"{number} ({read.sure[number]:.0%})" for number in doubtful[:_MOST_NAMED]
        )
        more = " and more" if len(doubtful) > _MOST_NAMED else ""
        yield (
            "Recognised from a scan without confidence, compare with the picture before you rely "
            f"on it: page {shares}{more}."
        )
    for number, lost in read.lost.items():
        if lost:
            lines = "1 line" if lost == 1 else f"{lost} lines"
            yield f"Page {number}, a scan: {lines} could not be recognised."


def scanned_words(read: ScansRead, draft: Draft) -> tuple[ScannedWord, ...]:
    """Where the recognised words stand in the text, the signs before and after them included."""
    found: list[ScannedWord] = []
    ends = [*(page.start for page in draft.pages[1:]), len(draft.text)]
    for page, end in zip(draft.pages, ends, strict=True):
        if page.number not in read.pages:
            continue
        last: Word | None = None
        text = draft.text[page.start : end]
        for at, letter in sorted(letters_at(text, read.pages[page.number].parts).items()):
            word, start = letter.word, page.start + at
            if word is last:
                found[-1] = _reaching(found[-1], start + 1)
            elif isinstance(word, RecognisedWord):
                found.append(ScannedWord(start, start + 1, word.box, word.sure))
            last = word
    bounds = [0, *(bound for word in found for bound in (word.start, word.end)), len(draft.text)]
    return tuple(
        _whole(draft.text, word, bounds[2 * at], bounds[2 * at + 3])
        for at, word in enumerate(found)
    )


def _reaching(word: ScannedWord, end: int) -> ScannedWord:
    return ScannedWord(word.start, end, word.box, word.sure)


def _whole(text: str, word: ScannedWord, first: int, last: int) -> ScannedWord:
    """The word with the signs that touch it, between the words before and after it."""
    start, end = word.start, word.end
    while end < last and not text[end].isspace():
        end += 1
    while start > first and not text[start - 1].isspace() and text[start - 1] not in _ENDS:
        start -= 1
    return ScannedWord(start, end, word.box, word.sure)


def _stopping(end: float) -> Callable[[], None]:
    def check() -> None:
        if time.process_time() > end:
            raise NoPage("it took too long")

    return check


def _recognised(page: Any, check: Callable[[], None]) -> scans.Recognised:
    """Raises NoPage."""
    picture = _picture(page)
    return scans.recognised(picture, _loaded(), check=check)


def _loaded() -> Models:
    try:
        return models()
    except MemoryError:
        raise
    except Exception as error:
        raise NoPage(f"the recogniser does not run here ({type(error).__name__})") from error


def _picture(page: Any) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """The page as a grey picture. Raises NoPage where its images are larger than any scanner's."""
    from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE

    amount, dots = 0, _COARSEST
    for image in page.get_objects(filter=[FPDF_PAGEOBJ_IMAGE], max_depth=4):
        about = image.get_metadata()
        amount += about.width * about.height * (4 if about.bits_per_pixel > 8 else 1)
        if amount > _MOST_BYTES:
            raise NoPage("its picture is too large: scan it with fewer dots to the inch")
        dots = max(dots, min(about.horizontal_dpi, _FINEST))
    longer = max(page.get_size())
    scale = min(dots / 72, _LONGEST / max(longer, 1))
    bitmap = page.render(scale=scale, grayscale=True)
    return np.array(bitmap.to_numpy()).reshape(bitmap.height, bitmap.width)


def _as_page(found: scans.Recognised, size: tuple[float, float]) -> PageRead:
    """The words as lines and tables in reading order."""
    width, height = size
    point = (width + height) / (found.width + found.height)
    usual = median(word.height for word in found.words)
    parts = []
    for steep in (False, True):
        chosen = [word for word in found.words if word.steep is steep]
        tall = (found.width if steep else found.height) * point
        rules = [] if steep else [_at(rule, point) for rule in found.rules]
        parts += ordered([_word(word, usual, point) for word in chosen], rules, tall)
    letters = sum(len(word.text) for word in found.words)
    return PageRead(tuple(parts), found.height * point, size, image=True, letters=letters)


def _at(box: scans.Box, point: float) -> scans.Box:
    left, top, right, bottom = box
    return left * point, top * point, right * point, bottom * point


def _word(word: scans.ScannedWord, usual: float, point: float) -> RecognisedWord:
    height = usual if abs(word.height - usual) < _ALIKE * usual else word.height
    size = round(height * _SIZE * point * 2) / 2
    middle = (word.top + word.bottom) / 2 * point
    return RecognisedWord(
        word.text,
        word.left * point,
        word.top * point,
        word.right * point,
        word.bottom * point,
        middle + _STANDS * size,
        size,
        False,
        box=word.box,
        sure=word.sure,
    )


def _where(numbers: Sequence[int]) -> str:
    more = " and more" if len(numbers) > _MOST_NAMED else ""
    named = ", ".join(map(str, numbers[:_MOST_NAMED]))
    return f"page{'s' if len(numbers) > 1 else ''} {named}{more}"
