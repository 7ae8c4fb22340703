"""Corrects the spaces in lines: pypdf at times splits a word by its kerning ("i ndicator").

Only the spaces come from PDFium; letters, order and places are those of pypdf. A line that PDFium
does not have letter for letter stays as it is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from corpus.readers.pdf.lines import Line, moved
from corpus.text.clean import clean

DOUBT = "\x1f"  # stands where pypdf has a space and PDFium none
_CERTAIN = re.compile(r"(?<![^\W_])(?<!\x1f)[^\W_]+(?![^\W_])(?!\x1f)")
_LAST, _FIRST = re.compile(r"[^\W_]+$"), re.compile(r"[^\W_]+")
_HYPHEN = "\ufffe"  # how PDFium writes a hyphen at a line's end


class Reference:
    """PDFium's text of each page, as far as it can open the file; "" where it cannot."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._pdf: Any = None

    def __enter__(self) -> Reference:
        import pypdfium2

        try:
            self._pdf = pypdfium2.PdfDocument(self._data)
        except pypdfium2.PdfiumError:
            self._pdf = None
        return self

    def __exit__(self, *_: object) -> None:
        if self._pdf is not None:
            self._pdf.close()

    def text_of(self, number: int) -> str:
        """The text of page `number`, which counts from 1."""
        import pypdfium2

        if self._pdf is None or number > len(self._pdf):
            return ""
        try:
            page = self._pdf[number - 1]
            words = page.get_textpage()
            text = str(words.get_text_range())
        except pypdfium2.PdfiumError:
            return ""
        words.close()
        page.close()
        return text


def respaced(lines: Sequence[Line], reference: str) -> list[Line]:
    """The lines with the spaces of `reference`, PDFium's text of the same page."""
    squeezed, gaps = _squeeze(clean(reference.replace(_HYPHEN, "-\n")))
    result: list[Line] = []
    cursor = 0
    for line in lines:
        letters = "".join(line.text.split())
        start = _find(squeezed, letters, cursor)
        if start is None:
            result.append(line)
            continue
        end = start + len(letters)
        follows = start == cursor and start > 0
        gap = gaps.get(start)
        result.append(
            moved(
                line,
                _spaced(line.text, gaps, start),
                joined=follows and gap is None,
                same=follows and gap != "\n",
            )
        )
        cursor = end
    return result


def _find(squeezed: str, letters: str, cursor: int) -> int | None:
    """Where the line stands: next, or if it is long enough to be sure, anywhere."""
    if not letters:
        return None
    if squeezed.startswith(letters, cursor):
        return cursor
    if len(letters) < 8:
        return None
    start = squeezed.find(letters, cursor)
    if start < 0:
        start = squeezed.find(letters)
    return start if start >= 0 else None


def _squeeze(text: str) -> tuple[str, dict[int, str]]:
    """The text without white space, and what white space stood before which of its characters."""
    letters: list[str] = []
    gaps: dict[int, str] = {}
    for character in text:
        if not character.isspace():
            letters.append(character)
        elif character == "\n" or len(letters) not in gaps:
            gaps[len(letters)] = "\n" if character == "\n" else " "
    return "".join(letters), gaps


def _spaced(text: str, gaps: dict[int, str], start: int) -> str:
    """The line with PDFium's spaces; a space that only pypdf has becomes a DOUBT."""
    parts: list[str] = []
    at = start
    for character in text:
        if character == " ":
            parts.append(" " if at in gaps else DOUBT)
            continue
        if at in gaps and at > start and parts[-1] not in (" ", DOUBT):
            parts.append(" ")
        parts.append(character)
        at += 1
    return "".join(parts)


def settled(lines: Sequence[Line], words: Counter[str]) -> list[Line]:
    """The lines with every DOUBT decided, by how often the words occur in the document."""
    return [
        replace(line, text=_settled(line.text, words)) if DOUBT in line.text else line
        for line in lines
    ]


def words_of(lines: Iterable[Line]) -> Counter[str]:
    """How often each word occurs where there is no doubt about its ends, in lower case."""
    words: Counter[str] = Counter()
    for line in lines:
        words.update(word.lower() for word in _CERTAIN.findall(line.text))
    return words


def _settled(text: str, words: Counter[str]) -> str:
    before, *rest = text.split(DOUBT)
    for after in rest:
        before += ("" if _one_word(before, after, words) else " ") + after
    return before


def _one_word(before: str, after: str, words: Counter[str]) -> bool:
    """Whether what stands left and right of a doubt is one word."""
    left, right = _LAST.search(before), _FIRST.match(after)
    if left is None or right is None:  # a sign: it belongs to the word that it touches
        return after[:1] in "-–/.,;:!?)]}%’”\"'" or before[-1:] in "-–/([{“‘$#"
    whole = words[(left[0] + right[0]).lower()]
    return not (words[left[0].lower()] > whole and words[right[0].lower()] > whole)
