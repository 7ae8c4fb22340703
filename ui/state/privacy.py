"""Finds what could identify a patient in a question, so that it is neither searched nor stored.

Billing questions need no patient. Patterns find numbers and names with a cue beside them; a name
alone cannot be told from other words, and nothing here claims otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from corpus.document import Span

_DATE = (
    r"(?:\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|\d{4}-\d{2}-\d{2}"
    r"|[A-Z][a-z]{2,8}\.?\s+\d{1,2},?\s+\d{4})"
)
_NUMBER = r"((?=[A-Z0-9-]*\d)[A-Z0-9][A-Z0-9-]{3,})\b"
_IS = r"\s*(?:is|was)?\s*[:=]?\s*"
_CALLED = r"\s*(?:number|no\.?|num|id|identifier|#)"
_LETTER, _EITHER = "[AC-HJKMNP-RT-Y]", "[AC-HJKMNP-RT-Y0-9]"  # of a Medicare number
_WORD = r"[A-Z][a-z'’-]+"
_NAME = rf"({_WORD}(?:\s+[A-Z]\.?)?\s+{_WORD})"
_RECORDS = r"(?:mrn|medical record|chart|encounter|patient account|patient(?= id| no| #))"
_MEMBERS = (
    r"(?:member|subscriber|beneficiary|insured|mbi|hicn|account|acct|claim|medicaid|medicare)"
)
_BIRTH = r"(?:dob|d\.o\.b\.?|date of birth|birth ?date|birthday|born(?: on)?)"
_STAY = r"(?:admitted|admission|discharged?|died|deceased|death)(?: date| on)?"
_STREET = r"(?:Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct)"
# Capitalised words that follow "patient" in policies and are no names.
_NO_NAME = re.compile(
    r"(?i)\b(?:access|advocate|aetna|assistance|blue|care|case|cigna|cross|education|financial"
    r"|first|form|guide|has|humana|in|information|is|medicaid|medicare|not|portal|protection"
    r"|record|responsibility|rights|safety|satisfaction|selection|services|status|the|tricare"
    r"|with)\b"
)

_PATTERNS = tuple(
    (what, re.compile(pattern))
    for what, pattern in (
        ("social security number", r"\b(?!000|666|9\d\d)\d{3}[- ]\d{2}[- ]\d{4}\b"),
        (
            "social security number",
            rf"(?i)\b(?:ssn|social security)(?:{_CALLED})?{_IS}(\d[\d -]{{7,10}}\d)\b",
        ),
        ("e-mail address", r"\b[\w.+-]+@[\w-]+\.[\w.-]*\w\b"),
        (
            "phone number",
            r"(?<![\w-])(?:\+?1[-. ])?(?:\(\d{3}\) ?|\d{3}[-. ])\d{3}[-. ]\d{4}(?![\w-])",
        ),
        ("medical record number", rf"(?i)\b{_RECORDS}(?:{_CALLED})?{_IS}{_NUMBER}"),
        ("member or claim number", rf"(?i)\b{_MEMBERS}{_CALLED}{_IS}{_NUMBER}"),
        (
            "Medicare number",
            rf"\b[1-9]{_LETTER}{_EITHER}\d-?{_LETTER}{_EITHER}\d-?{_LETTER}{{2}}\d{{2}}\b",
        ),
        ("date of birth", rf"(?i)\b{_BIRTH}{_IS}({_DATE})"),
        ("name", rf"\b(?i:patient|pt\.?)\s+(?i:name|named|called)?(?i:{_IS}){_NAME}"),
        ("name", rf"(?i)\bpatient(?:'s)?\s+name{_IS}([a-z'’-]{{2,}}\s+[a-z'’-]{{2,}})"),
        ("name", rf"\b(?:Mr|Mrs|Ms|Mx)\.?\s+({_WORD}(?:\s+{_WORD})?)"),
        ("name", rf"\b(?i:patient)(?i:\s+name)?(?i:{_IS})\s*([A-Z]{{2,}},\s*[A-Z][A-Za-z]+)"),
        ("date of a stay or death", rf"(?i)\b{_STAY}{_IS}({_DATE})"),
        ("age above 89", r"(?i)\b((?:9\d|1[01]\d)[- ]?(?:years?[- ]old|y/?o\b|yrs?\b))"),
        ("ZIP code", rf"(?i)\bzip(?: ?code)?{_IS}(\d{{5}}(?:-\d{{4}})?)\b"),
        ("ZIP code", r"\b[A-Z]{2},?\s+(\d{5}-\d{4})\b"),
        ("licence number", rf"(?i)\b(?:licen[cs]e|certificate){_CALLED}{_IS}{_NUMBER}"),
        ("licence number", rf"(?i)\bdriver'?s licen[cs]e{_IS}{_NUMBER}"),
        ("vehicle number", r"\b(?=[A-Z]*\d)(?=\d*[A-Z])[A-HJ-NPR-Z0-9]{17}\b"),
        ("vehicle number", rf"(?i)\bplate(?:{_CALLED})?{_IS}{_NUMBER}"),
        ("device number", rf"(?i)\b(?:serial|device|implant|probe){_CALLED}{_IS}{_NUMBER}"),
        ("web address", r"(?i)\bhttps?://\S*(?:patient|mychart|portal|user|profile|record)\S*"),
        ("IP address", rf"(?i)\bip(?: address)?{_IS}((?:\d{{1,3}}\.){{3}}\d{{1,3}})\b"),
        (
            "biometric code",
            rf"(?i)\b(?:fingerprint|voiceprint|biometric)(?:{_CALLED})?{_IS}{_NUMBER}",
        ),
        ("photo", r"(?i)\b[\w-]+\.(?:jpe?g|png|heic)\b"),
        ("case number", rf"(?i)\b(?:case|subject|accession|specimen|group){_CALLED}{_IS}{_NUMBER}"),
        ("street address", rf"\b\d{{1,6}}\s+(?:[NSEW]\.?\s+)?(?:{_WORD}\s+){{1,2}}{_STREET}\b"),
    )
)


@dataclass(frozen=True, slots=True)
class Identifier:
    """Something in a text that could identify a patient: what it looks like, and where."""

    what: str
    span: Span


def identifiers(text: str) -> tuple[Identifier, ...]:
    """What could identify a patient, in order, without overlaps."""
    found: list[Identifier] = []
    for what, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            group = 1 if pattern.groups else 0
            span = Span(match.start(group), match.end(group))
            if what == "name" and _NO_NAME.search(match[group]):
                continue
            if not any(
                span.start < other.span.end and other.span.start < span.end for other in found
            ):
                found.append(Identifier(what, span))
    return tuple(sorted(found, key=lambda identifier: identifier.span))


def masked(text: str) -> str:
    """The text with each identifier replaced by what it is: `MRN [medical record number]`."""
    return _replaced(text, lambda identifier: f"[{identifier.what}]")


def withheld(text: str) -> str:
    """The text with each identifier replaced by `[…]`: fit to be searched and to be an address."""
    return _replaced(text, lambda identifier: "[…]")


def _replaced(text: str, by: Callable[[Identifier], str]) -> str:
    out, at = [], 0
    for identifier in identifiers(text):
        out += [text[at : identifier.span.start], by(identifier)]
        at = identifier.span.end
    return "".join([*out, text[at:]])


def kinds_of(found: tuple[Identifier, ...]) -> str:
    """`a name and a date of birth`: what was found, never the thing itself."""
    names = [_with_article(what) for what in dict.fromkeys(identifier.what for identifier in found)]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _with_article(what: str) -> str:
    return f"{'an' if what[0] in 'aeiou' else 'a'} {what}"
