"""The number that a heading begins with: 60.2.1, A.3, Chapter 6, Article IV, (b), iii."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_LABELS = (
    "part", "volume", "book", "chapter", "section", "article", "module", "unit", "appendix",
    "annex", "attachment", "exhibit", "schedule", "addendum",
)  # fmt: skip
AT_THE_END = frozenset(("appendix", "annex", "attachment", "exhibit", "schedule", "addendum"))
_DASH = r"\s*[-–—:]"
_LABEL = re.compile(
    rf"({'|'.join(_LABELS)})\s+(\d{{1,3}}(?:\.\d{{1,3}})*|[IVXLC]{{1,7}}|[A-Z])(?![\w(/-])"
    r"(\s*[-–—:.]+\s*|\s+|$)",
    re.IGNORECASE,
)
_DECIMAL = re.compile(
    rf"((?:[A-Z]\.)?\d{{1,4}}(?:\.\d{{1,3}})+|[A-Z]\.\d{{1,3}})(?:\.(?!\d)|{_DASH})?(?:\s+|$)"
)
_SINGLE = re.compile(
    rf"(?:(\d{{1,3}})([.)](?!\d)|{_DASH}(?=\s))"
    rf"|([A-Z]|[a-z]|[IVXLC]{{2,7}}|[ivxlc]{{2,7}})([.)](?=\s|$)|{_DASH}(?=\s))"
    r"|\((\d{1,3}|[A-Za-z]|[IVXLC]{2,7}|[ivxlc]{2,7})\))(?!\d)\s*"
)
_BARE = re.compile(r"(\d{1,3})\s+(?!(?:CFR|U\.?S\.?C|FR|Stat)\b)(?=[^\W\d_])")  # no law cited
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}


@dataclass(frozen=True, slots=True)
class Number:
    """One way to read a heading's number.

    Numbers of one `style` count on: "1.", "A.", "(a)", "chapter", "1.1". `path` is what is
    written, part by part; `value` is the last part counted from 1. `label` is the word in front.
    """

    style: str
    path: tuple[str, ...]
    value: int
    title: str
    label: str = ""

    @property
    def written(self) -> str:
        return ".".join(self.path)

    @property
    def is_first(self) -> bool:
        """1, A, i; and 10, with which manuals begin that leave room between their sections."""
        return self.value == 1 or (self.value == 10 and self.path == ("10",))


def numbers_of(text: str) -> tuple[Number, ...]:
    """All ways to read the number that a heading begins with: C. is a letter and a numeral."""
    text = " ".join(text.split())
    return tuple(_readings(text))


def number_of(text: str) -> str:
    """The number that a heading shows ("60.2.1", "Chapter 6", "A"), "" where it has none."""
    found = next(_readings(" ".join(text.split())), None)
    if found is None:
        return ""
    return f"{found.label.capitalize()} {found.written}" if found.label else found.written


def _readings(text: str) -> Iterator[Number]:
    labelled = _LABEL.match(text)
    if labelled and text[0].isupper():
        yield from _labelled(labelled, text)
        return
    decimal = _DECIMAL.match(text)
    if decimal:
        path = tuple(decimal[1].split("."))
        title = text[decimal.end() :]
        if not title[:1].islower():
            yield Number(f"decimal {len(path)}", path, _counted(path[-1]), title)
        return
    single = _SINGLE.match(text)
    if single:
        yield from _single(single, text[single.end() :])
        return
    bare = _BARE.match(text)
    if bare and not text[bare.end()].islower():
        yield Number("1", (bare[1],), int(bare[1]), text[bare.end() :])


def _labelled(found: re.Match[str], text: str) -> Iterator[Number]:
    label, written, end = found[1].lower(), found[2], found[3]
    title = text[found.end() :]
    parted = not title or bool(end.strip()) or label in AT_THE_END
    plain = len(written) == 1 and written not in "IVX"
    if written.isalpha() and plain and not (parted or text.isupper()):
        return  # "Part B Drugs"
    if written.islower() or title[:1].islower():
        return  # "Section 50 of this chapter", "Part a"
    path = tuple(written.upper().split("."))
    for value in _values(path[-1]):
        yield Number(label, path, value, title, label)


def _single(found: re.Match[str], title: str) -> Iterator[Number]:
    written = found[1] or found[3] or found[5]
    mark = (found[2] or found[4] or "()").strip()
    mark = "-" if mark in "-–—:" else mark
    for value in _values(written):
        if written.isdigit():
            kind = "1"
        elif value == _roman(written) and (len(written) > 1 or value != _counted(written)):
            kind = "I" if written.isupper() else "i"
        else:
            kind = "A" if written.isupper() else "a"
        yield Number(f"{kind}{mark}", (written,), value, title)


def _values(written: str) -> Iterator[int]:
    """As a letter first, then as a Roman numeral."""
    if written.isdigit():
        yield int(written)
        return
    if len(written) == 1:
        yield _counted(written)
    roman = _roman(written)
    if roman:
        yield roman


def _counted(written: str) -> int:
    return int(written) if written.isdigit() else ord(written.lower()) - 96


def _roman(written: str) -> int:
    total = before = 0
    for letter in reversed(written.lower()):
        value = _ROMAN.get(letter)
        if value is None:
            return 0
        total += value if value >= before else -value
        before = max(before, value)
    return total
