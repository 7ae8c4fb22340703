"""Raised and lowered text: a note's mark stays apart from the word before it, an exponent stays.

A reader puts raised text between RAISED and END, lowered text between LOWERED and END, while it
gathers a paragraph; `settled` then looks at what stands around it. Text that a reader of the page
takes for the mark of a note stands apart and is written raised, `90 ² days`, and so in front of the
note.
"""

from __future__ import annotations

import re

from corpus.text.marks import lowered, note, raised

RAISED, LOWERED, END = "\x02", "\x03", "\x04"
_OWN = str.maketrans({RAISED: " ", LOWERED: " ", END: " "})
_MARKED = re.compile(f"([{RAISED}{LOWERED}])([^{RAISED}{LOWERED}{END}]*){END}")
_NEIGHBOURS = re.compile(f"{END}(\\s*){RAISED}")
_POWER = re.compile(r"[+\-−–]?\d{1,2}|n")
_UNIT = re.compile(r"(?:^|[^A-Za-z])(?:[mckdµμn]?m|ft|yd|mi|kg|mg|dL|mL|L)$")
_SHORT_UNIT = re.compile(r"(?:\d\s?|/)(?:in|s|sec|h|hr|g|l)$")
_VARIABLE = re.compile(r"(?:^|[\s(=+*/×·])[xyzrnRXα-ω]$")
_TEN = re.compile(r"(?:^|[^\d.,])10$")
_COUNTED = re.compile(
    r"\s*(?:(?:calendar|business|working|consecutive)\s+)?"
    r"(?:days?|weeks?|months?|years?|hours?|minutes?|percent|%|visits?|units?|sessions?|times|"
    r"mm|cm|members?|claims?|dollars?|business)\b",
    re.I,
)
_ORDINAL = frozenset({"st", "nd", "rd", "th", "er", "re"})
_BRANDS = frozenset({"tm", "sm", "®", "©", "™", "℠", "r", "°", "o", "′", "″", "'", '"'})
_SIGNS = re.compile(r"[*†‡§¶#^+]+")
_NOTE = re.compile(r"[\[(]?\s*(?:note\s*)?(\w{1,4}(?:\s*[,;–-]\s*\w{1,4})*)\s*[\])]?([,.]?)", re.I)
_WORD = re.compile(r"[^\W\d_]{3}")
_ELEMENT = re.compile(r"[A-Z][a-z]?\b")
_FRACTION = re.compile(f"\\s*[/⁄]\\s*{LOWERED}")


def without_marks(text: str) -> str:
    """A text of the file, without the signs that are kept for this module."""
    return text.translate(_OWN) if not text.isprintable() else text


def settled(text: str) -> str:
    """A paragraph whose raised and lowered parts have become notes, exponents or plain text."""
    if RAISED not in text and LOWERED not in text:
        return text
    text = _NEIGHBOURS.sub(r"\1", text)  # two runs of one mark
    parts, at = [], 0
    for found in _MARKED.finditer(text):
        parts.append(text[at : found.start()])
        before = "".join(parts)[-40:]
        after = text[found.end() : found.end() + 40]
        way = raised_text if found[1] == RAISED else lowered_text
        parts.append(way(found[2], before, after))
        at = found.end()
    return without_marks("".join(parts) + text[at:])


def raised_text(inner: str, before: str, after: str) -> str:
    """How raised text is written between what stands before and after it."""
    mark = inner.strip()
    if not mark:
        return inner
    lead = " " if before and not before[-1].isspace() else ""
    trail = " " if after[:1].isalnum() or (after[:1] in "$€£(" and after) else ""
    if _FRACTION.match(after):
        return f"{lead if before[-1:].isdigit() else ''}{mark}"
    if (mark.lower() in _ORDINAL and before[-1:].isdigit()) or mark.lower() in _BRANDS:
        return mark
    if _is_power(mark, before, after):
        return raised(mark)
    if not lead and mark.isdigit() and len(mark) > 1 and _ELEMENT.match(after):
        return raised(mark)  # an isotope: ¹³¹I
    if _SIGNS.fullmatch(mark):
        return f"{lead}{raised(mark)}{trail}"
    named = _NOTE.fullmatch(mark)
    if named and (not named[1].isalpha() or _is_letter(named[1])):
        space = " " if inner[-1:].isspace() and not after[:1].isspace() else trail
        return f"{lead}{note(named[1])}{named[2]}{space}"
    said = mark if _WORD.search(mark) else raised(mark)
    return f"{lead}{said}{' ' if inner[-1:].isspace() else trail}"


def _is_power(mark: str, before: str, after: str) -> bool:
    if not _POWER.fullmatch(mark):
        return False
    if mark[0] in "+-−–" and before[-1:].isalnum():
        return True
    if _TEN.search(before):
        return not _COUNTED.match(after)
    if mark not in ("2", "3", "n"):
        return False
    return any(kind.search(before) for kind in (_UNIT, _SHORT_UNIT, _VARIABLE))


def _is_letter(mark: str) -> bool:
    """Whether letters count notes: a, aa, iv."""
    return len(set(mark)) == 1 or not mark.strip("ivxIVX")


def lowered_text(inner: str, before: str, after: str) -> str:
    """How lowered text is written: H₂O in one word, a mark of 19105 apart."""
    word = re.search(r"\S*$", before)
    base = word[0] if word else ""
    if any(map(str.isdigit, base)) and base[-1:].isalnum() and inner.strip().isdigit():
        trail = " " if after[:1].isalnum() else ""
        return f" {lowered(inner.strip())}{trail}"
    return lowered(inner) if base[-1:].isalpha() and inner.isdigit() else inner
