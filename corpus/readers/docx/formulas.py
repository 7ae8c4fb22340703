"""Formulas of Word (OMML) as a line of text, with the brackets and signs that Word draws."""

from __future__ import annotations

from typing import Any

from docx.oxml.ns import qn

from corpus.readers.formula import fraction, index, power, root
from corpus.readers.raised import without_marks

MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_TEXT, _VALUE = f"{MATH}t", f"{MATH}val"
_UNSEEN = frozenset((qn("w:del"), qn("w:moveFrom"), qn("w:rPr"), f"{MATH}rPr", f"{MATH}ctrlPr"))
_DEEPEST = 60


def formula(element: Any, *, deep: int = 0) -> str:
    """What a formula says."""
    if element.tag == _TEXT:
        return without_marks(element.text or "")
    said = ""
    for child in element if deep < _DEEPEST else ():
        if isinstance(child.tag, str) and child.tag not in _UNSEEN:
            said += _part(child, deep=deep + 1, before=said)
    return said


def _part(element: Any, *, deep: int, before: str) -> str:
    name = element.tag.removeprefix(MATH)

    def inner(part: str) -> str:
        found = element.find(f"{MATH}{part}")
        return "" if found is None else formula(found, deep=deep)

    match name:
        case "sSup":
            return power(inner("e"), inner("sup"))
        case "sSub":
            return index(inner("e"), inner("sub"))
        case "sSubSup":
            return power(index(inner("e"), inner("sub")), inner("sup"))
        case "f":
            return fraction(inner("num"), inner("den"), before=before)
        case "rad":
            return root(inner("e"))
        case "d":
            parts = [formula(part, deep=deep) for part in element.iterfind(f"{MATH}e")]
            opens, between, closes = (
                _sign(element, "dPr", part, usual)
                for part, usual in (("begChr", "("), ("sepChr", "|"), ("endChr", ")"))
            )
            return f"{opens}{between.join(parts)}{closes}"
        case "nary":
            sign = index(_sign(element, "naryPr", "chr", "∫"), inner("sub"))
            return f"{power(sign, inner('sup'))} {inner('e')}"
    return formula(element, deep=deep)


def _sign(element: Any, properties: str, name: str, usual: str) -> str:
    found = element.find(f"{MATH}{properties}/{MATH}{name}")
    return usual if found is None else found.get(_VALUE) or ""
