"""Finds what could be a code by its shape alone. The surrounding text is checked later."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.codes.shapes import (
    bounds_cpt,
    dotted,
    is_hcpcs,
    is_icd10cm,
    is_icd10pcs,
    suffixed_system,
)
from corpus.codes.systems import CodeSystem

# Every alternative is bounded and ends at a word's end: one pass, no backtracking to speak of.
_TOKEN = re.compile(
    r"""(?<![A-Za-z0-9])(?:
      (?P<trial>[Nn][Cc][Tt][ #:]{0,2}\d{8})
    | (?P<fda>(?:DEN|den)[ ]?\d{6}|[KPHG]\d{6}(?:/S\d{3})?)
    | (?P<policy>CG-[A-Z]{2,6}-\d{2,3}|HUM-\d{4}-\d{3}|MPG\d{3}(?:\.\d{1,3})?|MP-\d{3}
        |(?:ADMIN|DME|GENE|LAB|MED|RAD|SURG|TRANS)\.\d{5}|\d{4}[TR]\d{4}[A-Z]{0,3}
        |[IVX]{1,4}-\d{2}-\d{3}|S-\d{3}(?:-\d{3})?|(?:[A-Z]\.)?\d{1,2}\.0\d\.(?:[A-Z]{2})?\d{2,3}
        |CAM[ ]\d{5}|\d{2}-\d{5}-\d{2})
    | (?P<lcd>[Dd]?[Ll]\d{5})
    | (?P<article>[Dd]?[Aa]\d{5})
    | (?P<slip>(?=\d*[OoIlSB])[0Oo][0-9OoIlSB]{3}[Tt]|l9\d{3}
        |(?!l[0-8])[A-Z]?(?=\d*[OoIl])[0-9OoIl]{4,5})
    | (?P<suffixed>\d{4}[TtFfUuMm])
    | (?P<spaced>[01]\d{3}(?:[ ]{1,2}|[ ]?-[ ]?|[ \t]?\n[ \t]*|\.)[Tt](?=[\s,.;:)?/|-]|$)
        (?![ ](?:cell|score|stage|wave|value)))
    | (?P<wild>[A-Z]\d[0-9AB]\.(?:[0-9A-Z]{0,3}(?:x{1,3}|-(?![0-9A-Za-z]))|-\d{1,3}))
    | (?P<icd>[A-Za-z]\d[0-9ABab]\.[0-9A-Za-z]{1,4})
    | (?P<number>\d{5})
    | (?P<hcpcs>[A-Va-v]\d{4})
    | (?P<pcs>[0-9BCDFGHX][0-9A-HJ-NP-Z]{6})
    | (?P<plain>[A-Z]\d[0-9AB][0-9A-Z]{0,4})
    | (?P<short>\d{3}[Tt])
    )(?![A-Za-wyzA-WYZ0-9]|[xX](?!\d{1,2}(?!\w)))""",
    re.VERBOSE,
)
# Looking only where digits are is several times as fast as trying the above at every word.
_DIGITS = re.compile(r"\d+")
_JOINTS = frozenset((" ", "-", ".", "#", ":"))
_PREFIX = re.compile(
    r"(?<![A-Za-z0-9])(?:[Nn][Cc][Tt][ #:]{1,2}|(?:DEN|den)[ ]|CG-[A-Z]{2,6}-|HUM-|MP-|CAM[ ]"
    r"|[IVX]{1,4}-|S-|[A-Z]\.|(?:ADMIN|DME|GENE|LAB|MED|RAD|SURG|TRANS)\.)$"
)
# "CPT0581T": the word runs into its code.
_GLUED = re.compile(r"(?<![A-Za-z0-9])(?:CPT|HCPCS)$")
_UNBOUND = re.compile(_TOKEN.pattern.replace("(?<![A-Za-z0-9])", "", 1), re.VERBOSE)
_CONFUSED = str.maketrans("OoIlSB", "001158")


@dataclass(slots=True)
class Candidate:
    """Something shaped like a code. `kind` is the group above; a range has a `last`."""

    kind: str
    start: int
    end: int
    code: str
    system: CodeSystem
    last: str | None = None
    probable: bool = False


def candidates(text: str) -> Iterator[Candidate]:
    """All candidates in the order of the text, without overlap."""
    end = 0
    for digits in _DIGITS.finditer(text):
        if digits.start() < end:
            continue
        found = _at(text, digits.start(), end)
        if found is None:
            continue
        end = found.end()
        kind, surface = found.lastgroup or "", found.group()
        read = _read(kind, surface)
        if read is not None:
            system, code = read
            probable = kind in ("slip", "short")
            last = code if kind == "wild" else None
            yield Candidate(kind, found.start(), found.end(), code, system, last, probable)


def _at(text: str, digit: int, floor: int) -> re.Match[str] | None:
    """The token whose first digit stands at `digit`, with the letters that belong before it."""
    before = text[digit - 1 : digit]
    start = digit
    if before in _JOINTS:
        joined = _PREFIX.search(text, max(floor, digit - 11), digit)
        found = _TOKEN.match(text, joined.start()) if joined else None
        if found is not None:
            return found
    else:
        while start > floor and digit - start < 4 and (text[start - 1].isalnum()):
            start -= 1
    found = _TOKEN.match(text, start)
    if found is None and start < digit and _GLUED.search(text, max(floor, start - 2), digit):
        return _UNBOUND.match(text, digit)
    return found


_SIMPLE = {
    "policy": CodeSystem.POLICY,
    "lcd": CodeSystem.LCD,
    "article": CodeSystem.ARTICLE,
    "pcs": CodeSystem.ICD10PCS,
}


def _read(kind: str, surface: str) -> tuple[CodeSystem, str] | None:
    """The system and the normalised code of a surface; None when no such code can exist."""
    code = surface.upper()
    if kind == "number":
        return (CodeSystem.CPT, code) if bounds_cpt(code) else None
    if kind in ("suffixed", "spaced"):
        code = code[:4] + code[-1]
        system = suffixed_system(code)
        return (system, code) if system else None
    if kind == "hcpcs":
        if code[1:] in ("0000", "9999"):
            return CodeSystem.HCPCS, code
        return (CodeSystem.HCPCS, code) if is_hcpcs(code) else _plain(code)
    if kind in ("slip", "short"):
        return _slip(surface)
    if kind == "pcs":
        return (CodeSystem.ICD10PCS, code) if is_icd10pcs(code) else _plain(code)
    if kind in ("icd", "plain"):
        return (CodeSystem.ICD10CM, dotted(code)) if is_icd10cm(code) else None
    if kind == "wild":
        return CodeSystem.ICD10CM, re.split(r"-|x", surface)[0].rstrip(".")
    return _numbered(kind, code)


def _plain(code: str) -> tuple[CodeSystem, str] | None:
    """A diagnosis written without its point, when the shape allows one."""
    if code[0].isalpha() and len(code) <= 7 and is_icd10cm(code):
        return CodeSystem.ICD10CM, dotted(code)
    return None


def _numbered(kind: str, code: str) -> tuple[CodeSystem, str]:
    """Numbers that are written one way once blanks and signs are dropped."""
    if kind == "trial":
        return CodeSystem.TRIAL, "NCT" + code[-8:]
    if kind == "fda":
        return CodeSystem.FDA, code.replace(" ", "")
    return _SIMPLE[kind], code


def _slip(surface: str) -> tuple[CodeSystem, str] | None:
    """What was meant by letters among the digits (`O581T`, `l9105`) or by a lost zero (`581T`)."""
    if len(surface) == 4:
        code = "0" + surface.upper()
        return (CodeSystem.CATEGORY_III, code) if surface[-1] in "Tt" else None
    letter = surface[-1] in "Tt" and len(surface) == 5
    if letter:
        surface = f"{surface[:4]}T"
    digits = sum(character.isdigit() for character in surface)
    if digits < (2 if letter else 4) and not (surface[0] in "ACEGHJKLQV" and digits == 3):
        return None
    if letter:
        code = surface[:4].translate(_CONFUSED) + "T"
        return (CodeSystem.CATEGORY_III, code) if suffixed_system(code) else None
    if surface[0] in "ACEGHJKLQV" and len(surface) == 5:
        code = surface[0] + surface[1:].translate(_CONFUSED)
        return (CodeSystem.HCPCS, code) if is_hcpcs(code) else None
    code = surface.translate(_CONFUSED)
    return (
        (CodeSystem.CPT, code) if code.isdigit() and len(code) == 5 and bounds_cpt(code) else None
    )
