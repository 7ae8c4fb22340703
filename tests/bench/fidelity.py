"""How faithfully PDFs are read: their words and the order of these, against Poppler's pdftotext.

`python -m tests.bench.fidelity FOLDER` reads every PDF below the folder and prints, for each and in
all, the share of words lost (pdftotext has them, the text has not), added and glued (two words of
pdftotext that stand as one), how much of the order agrees, and the time against pypdf's own
extract_text. `--json FILE` keeps the figures. pdftotext is Debian's poppler-utils.

What only one of the two can know is left out of the count: printed page numbers, running lines that
are kept once, words struck through, and files whose own letters pdftotext cannot name.
"""

from __future__ import annotations

import argparse
import io
import json
import re
import subprocess
import sys
import time
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path

from corpus.files.limits import STANDARD
from corpus.readers import CannotRead
from corpus.readers.draft import Draft
from corpus.readers.pdf.document import read_pdf
from corpus.readers.pdf.file.source import opened

_WORD = re.compile(r"[^\W_]+")
_HYPHEN = re.compile(r"(?<=[^\W\d_])-\s*\n\s*(?=[^\W\d_])")
_PAGE_OF = re.compile(r"\bpage\s+\d+\s+of\s+\d+\b", re.IGNORECASE)  # printed page numbers
_LEFT_OUT = re.compile("Left out as (?:nobody|they)")
_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Fidelity:
    """Of one file: words of pdftotext, and how many of them are lost, added, glued."""

    file: str
    pages: int
    words: int
    lost: int = 0
    added: int = 0
    glued: int = 0
    order: float = 1.0  # share of neighbouring words that are neighbours in both
    seconds: float = 0.0
    pypdf_seconds: float = 0.0
    note: str = ""
    examples: tuple[str, ...] = ()

    @property
    def wrong(self) -> float:
        return (self.lost + self.glued) / max(self.words, 1)


def measured(path: Path, name: str) -> Fidelity:
    """One file read both ways."""
    data = path.read_bytes()
    start = time.process_time()
    try:
        draft = read_pdf(data)
    except CannotRead as error:
        return Fidelity(name, 0, 0, note=f"not read: {error}")
    except Exception as error:
        return Fidelity(name, 0, 0, note=f"not read: {type(error).__name__}")
    seconds = time.process_time() - start
    told = _pdftotext(path)
    if told is None:
        return Fidelity(name, len(draft.pages), 0, note="pdftotext does not read it")
    theirs, ours = _words(told), _words(_said(draft))
    if any(map(_LEFT_OUT.match, draft.warnings)):  # pdftotext does not ask who sees the letters
        ours += _words(_unseen(data))
    lost, added, glued, examples = _compared(theirs, ours)
    return Fidelity(
        name,
        len(draft.pages),
        len(theirs),
        lost,
        added,
        glued,
        _order(theirs, ours),
        seconds,
        _pypdf(data),
        _note(draft, told),
        tuple(examples),
    )


def _note(draft: Draft, told: str) -> str:
    notes = [f"{len(draft.needs_ocr)} pages need recognition"] if draft.needs_ocr else []
    letters = sum(not character.isspace() for character in told)
    odd = sum(
        unicodedata.category(character) in ("Co", "Cc", "Cn") or character == "\ufffd"
        for character in told
        if not character.isspace()
    )
    if odd > 0.02 * max(letters, 1):
        notes.append("pdftotext is not sound: letters without a meaning")
    notes += [
        warning.split(":")[0].split("(")[0]
        for warning in draft.warnings
        if "Left out as" in warning
    ]
    return "; ".join(dict.fromkeys(notes))


def _said(draft: Draft) -> str:
    """The text, and as often as they stood there, the lines that were kept once."""
    again = [
        f"{match[2]}\n" * int(match[1].replace(",", ""))
        for warning in draft.warnings
        if (
            match := re.match(r"Kept once, left out of ([\d,]+) more pages.*?: (.*)", warning, re.S)
        )
    ]
    struck = [
        warning.split(": ", 1)[1]
        for warning in draft.warnings
        if warning.startswith("Left out as struck")
    ]
    labels = [page.label for page in draft.pages if page.label]
    return "\n".join([draft.text, *again, *struck, *labels])


def _unseen(data: bytes) -> str:
    """The words that were left out since nobody sees them."""
    with opened(data) as source:
        return "\n".join(page.unseen for page in source.pages(STANDARD, None))


def _pdftotext(path: Path) -> str | None:
    done = subprocess.run(
        ["pdftotext", "-enc", "UTF-8", "-cropbox", str(path), "-"],
        capture_output=True,
        timeout=_SECONDS,
        check=False,
    )
    text = done.stdout.decode("utf-8", "replace")
    return text if text.strip() else None


def _words(text: str) -> list[str]:
    text = _PAGE_OF.sub(" ", _HYPHEN.sub("", text))
    text = unicodedata.normalize("NFKC", text).replace("\u00ad", "")
    return _WORD.findall(text.casefold())


def _compared(theirs: Sequence[str], ours: Sequence[str]) -> tuple[int, int, int, list[str]]:
    """Words lost, added and glued. A word that one has in two pieces is none of these, if the
    pieces stand side by side in the other: the two disagree on where it ends."""
    mine, other = Counter(ours), Counter(theirs)
    missing, more = other - mine, mine - other
    glued = 0
    for word, pieces in _joined(theirs, more):
        if more[word] > 0 and all(missing[piece] > 0 for piece in pieces):
            more[word] -= 1
            for piece in pieces:
                missing[piece] -= 1
            glued += 1
    parted = 0
    for word, pieces in _joined(ours, missing):
        if missing[word] > 0 and all(more[piece] > 0 for piece in pieces):
            missing[word] -= 1
            for piece in pieces:
                more[piece] -= 1
            parted += 1
    examples = [f"-{word}" for word, count in missing.most_common(8) if count > 0]
    examples += [f"+{word}" for word, count in more.most_common(8) if count > 0]
    numbers = sum(count for word, count in missing.items() if count > 0 and len(word) < 40)
    return numbers, sum(count for count in more.values() if count > 0), glued, examples


def _joined(words: Sequence[str], wanted: Counter[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Neighbouring words that are one of `wanted` when put together."""
    for at in range(len(words) - 1):
        for end in range(at + 2, min(at + 5, len(words) + 1)):
            whole = "".join(words[at:end])
            if whole in wanted:
                yield whole, tuple(words[at:end])


def _order(theirs: Sequence[str], ours: Sequence[str]) -> float:
    """How many of pdftotext's pairs of neighbours stand side by side here too."""
    pairs = Counter(pairwise(theirs))
    same = pairs & Counter(pairwise(ours))
    return sum(same.values()) / max(sum(pairs.values()), 1)


def _pypdf(data: bytes) -> float:
    """Seconds of the processor that pypdf takes for the text."""
    import logging

    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.CRITICAL + 1)
    start = time.process_time()
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted:
            reader.decrypt("")
        for page in reader.pages:
            page.extract_text()
    except Exception:
        return 0.0
    return time.process_time() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="+")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    found = [
        measured(path, str(path.relative_to(folder)))
        for folder in arguments.folder
        for path in sorted(folder.rglob("*.pdf"))
    ]
    if arguments.json:
        arguments.json.write_text(json.dumps([asdict(one) for one in found], indent=1))
    _print(found)


def _print(found: Sequence[Fidelity]) -> None:
    sound = [one for one in found if one.words and "not sound" not in one.note]
    for one in sorted(sound, key=lambda one: (-one.wrong, one.file)):
        slow = one.seconds / one.pypdf_seconds if one.pypdf_seconds else 0.0
        print(
            f"{one.wrong:7.2%} lost {one.lost:5} glued {one.glued:4} added {one.added:5} of "
            f"{one.words:6} order {one.order:.3f} {slow:5.2f}x pypdf  {one.file}  {one.note}  "
            f"{' '.join(one.examples)}"
        )
    for one in found:
        if one not in sound:
            print(f"      -  {one.file}  {one.note}")
    words = sum(one.words for one in sound)
    lost, glued = sum(one.lost for one in sound), sum(one.glued for one in sound)
    print(
        f"{len(sound)} files, {words:,} words: lost {lost / max(words, 1):.3%}, "
        f"glued {glued / max(words, 1):.3%}, "
        f"added {sum(one.added for one in sound) / max(words, 1):.3%}"
    )


if __name__ == "__main__":
    sys.exit(main())
