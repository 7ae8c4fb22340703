"""Finds patient data in a text, so that it is not searched, shown, stored or exported.

Billing questions do not need it. Patterns find numbers and names next to a cue such as "MRN". A
name without a cue cannot be told from other words, and is not found.

A text can be anything that somebody pastes, so the work is in proportion to its length: no two
repeats of a pattern can share the same characters, none is tried from every place of a run, and
what looks ahead looks a bounded way.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from corpus.codes.shapes import is_hcpcs, suffixed_system
from corpus.document import Span

_DATE = (
    r"(?:\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|\d{4}-\d{2}-\d{2}"
    r"|[A-Z][a-z]{2,8}\.?\s+\d{1,2},?\s+\d{4})"
)
_NUMBER = r"((?=[A-Z0-9-]{0,40}\d)[A-Z0-9][A-Z0-9-]{3,})\b"
_SAYS = r"(?:(?:is|was)\s*)?(?:[:=]\s*)?"
_IS = rf"\s*{_SAYS}"
_CALLED = r"\s*(?:number|no\.?|num|id|identifier|#)"
_LETTER, _EITHER = "[AC-HJKMNP-RT-Y]", "[AC-HJKMNP-RT-Y0-9]"  # of a Medicare number
_WORD = r"[A-Z][a-z'’-]+"
_NAME = rf"({_WORD}(?:\s+[A-Z]\.?)?\s+{_WORD})"
_RECORDS = r"(?:mrn|medical record|patient account|patient(?= id| no| #))"
# Also billing words: "one encounter 0581T" and "device number C2618" name a code.
_VISITS = r"(?<!one )(?<!an )(?<!per )(?<!each )(?<!every )(?<!same )(?:chart|encounter)"
_THINGS = r"(?:(?:(?:device|implant|probe)\s+)?serial|device|implant|probe)"
_CASES = r"(?:case|subject|accession|specimen|group)"
_OF_A_PATIENT = re.compile(r"(?i)patient|mychart|portal|user|profile|record")  # in a web address
_CODE = re.compile(r"(?i)(?:(\d{4}[A-Z])|([A-Z]\d{4}))(?:-[A-Z0-9]{2,5})*|(?:19|20)\d\d")
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
        ("e-mail address", r"\b[\w.+-]{1,64}@[\w-]+\.[\w.-]*\w\b"),
        (
            "phone number",
            r"(?<![\w-])(?:\+?1[-. ])?(?:\(\d{3}\) ?|\d{3}[-. ])\d{3}[-. ]\d{4}(?![\w-])",
        ),
        ("medical record number", rf"(?i)\b{_RECORDS}(?:{_CALLED})?{_IS}{_NUMBER}"),
        ("encounter number", rf"(?i)\b{_VISITS}(?:{_CALLED})?{_IS}{_NUMBER}"),
        ("member or claim number", rf"(?i)\b{_MEMBERS}{_CALLED}{_IS}{_NUMBER}"),
        (
            "Medicare number",
            rf"\b[1-9]{_LETTER}{_EITHER}\d-?{_LETTER}{_EITHER}\d-?{_LETTER}{{2}}\d{{2}}\b",
        ),
        ("date of birth", rf"(?i)\b{_BIRTH}{_IS}({_DATE})"),
        ("name", rf"\b(?i:patient|pt\.?)\s+(?i:(?:named?|called)\s*)?(?i:{_SAYS}){_NAME}"),
        ("name", rf"(?i)\bpatient(?:'s)?\s+name{_IS}([a-z'’-]{{2,}}\s+[a-z'’-]{{2,}})"),
        ("name", rf"\b(?:Mr|Mrs|Ms|Mx)\.?\s+({_WORD}(?:\s+{_WORD})?)"),
        ("name", rf"\b(?i:patient)(?i:\s+name)?(?i:{_IS})([A-Z]{{2,}},\s*[A-Z][A-Za-z]+)"),
        ("date of a stay or death", rf"(?i)\b{_STAY}{_IS}({_DATE})"),
        ("age above 89", r"(?i)\b((?:9\d|1[01]\d)[- ]?(?:years?[- ]old|y/?o\b|yrs?\b))"),
        ("ZIP code", rf"(?i)\bzip(?: ?code)?{_IS}(\d{{5}}(?:-\d{{4}})?)\b"),
        ("ZIP code", r"\b[A-Z]{2},?\s+(\d{5}-\d{4})\b"),
        ("licence number", rf"(?i)\b(?:licen[cs]e|certificate){_CALLED}{_IS}{_NUMBER}"),
        ("licence number", rf"(?i)\bdriver'?s licen[cs]e{_IS}{_NUMBER}"),
        ("vehicle number", r"\b(?=[A-Z]{0,16}\d)(?=\d{0,16}[A-Z])[A-HJ-NPR-Z0-9]{17}\b"),
        ("vehicle number", rf"(?i)\bplate(?:{_CALLED})?{_IS}{_NUMBER}"),
        ("device number", rf"(?i)\b{_THINGS}{_CALLED}{_IS}{_NUMBER}"),
        ("web address", r"(?i)\bhttps?://\S+"),
        ("IP address", rf"(?i)\bip(?: address)?{_IS}((?:\d{{1,3}}\.){{3}}\d{{1,3}})\b"),
        (
            "biometric code",
            rf"(?i)\b(?:fingerprint|voiceprint|biometric)(?:{_CALLED})?{_IS}{_NUMBER}",
        ),
        ("photo", r"(?i)(?<![\w-])[\w-]+\.(?:jpe?g|png|heic)\b"),
        ("case number", rf"(?i)\b{_CASES}{_CALLED}{_IS}{_NUMBER}"),
        ("street address", rf"\b\d{{1,6}}\s+(?:[NSEW]\.?\s+)?(?:{_WORD}\s+){{1,2}}{_STREET}\b"),
    )
)


# The cues of these also come before billing codes: a code after them is no identifier.
_BESIDE_CODES = frozenset(("encounter number", "device number", "case number", "licence number"))


@dataclass(frozen=True, slots=True)
class Identifier:
    """Something that could identify a patient: its kind, its span, and where the cue before it
    begins (`MRN`, `born on`)."""

    what: str
    span: Span
    cue: int


@dataclass(frozen=True, slots=True)
class Cleared:
    """A text without patient data, and the kinds of data that were removed from it."""

    text: str
    removed: tuple[str, ...] = ()


def identifiers(text: str) -> tuple[Identifier, ...]:
    """What could identify a patient, in order, without overlaps."""
    found: list[Identifier] = []
    taken = bytearray(len(text))
    for what, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            group = 1 if pattern.groups else 0
            span = Span(match.start(group), match.end(group))
            if _is_none(what, match[group]):
                continue
            if taken.find(1, span.start, span.end) < 0:
                found.append(Identifier(what, span, match.start()))
                taken[span.start : span.end] = b"\1" * (span.end - span.start)
    return tuple(sorted(found, key=lambda identifier: identifier.span))


def _is_none(what: str, text: str) -> bool:
    """Whether a match is an ordinary billing term."""
    if what == "name":
        return _NO_NAME.search(text) is not None
    if what == "web address":
        return _OF_A_PATIENT.search(text) is None
    if what not in _BESIDE_CODES or (match := _CODE.fullmatch(text)) is None:
        return False
    suffixed, lettered = match.groups()
    if suffixed:
        return suffixed_system(suffixed.upper()) is not None
    return is_hcpcs(lettered.upper()) if lettered else True


def masked(text: str) -> str:
    """The text with each identifier replaced by its kind: `MRN [medical record number]`.

    Used for logs and records.
    """
    out, at = [], 0
    for identifier in identifiers(text):
        out += [text[at : identifier.span.start], f"[{identifier.what}]"]
        at = identifier.span.end
    return "".join([*out, text[at:]])


def without_patient(text: str) -> Cleared:
    """The text without its identifiers and their cues.

    `Is 0581T covered for patient Jane Roe, MRN 1234567?` becomes `Is 0581T covered?`. A leftover
    "MRN" would be searched, not found, and make the verdict worse.
    """
    if not identifiers(text):
        return Cleared(text)
    text = " ".join(text.split())  # no runs of blanks: the patterns below repeat them side by side
    removed: list[str] = []
    for _ in range(_DEEPEST):
        found = identifiers(text)
        if not found:
            break
        removed += [identifier.what for identifier in found]
        text = _cut(text, found)
    else:  # one within another, deeper than anybody writes: nothing of it is safe to keep
        text = ""
    return Cleared(text, tuple(dict.fromkeys(removed)))


_DEEPEST = 12  # times that taking one out may bring the next one together
_MOST_WORDS = 8  # before a gap, that are looked at
_GAP = "\0"
_SAID = re.compile(r"(?i)\b(?:claim|medicare|medicaid)\b")  # cues that also belong to the question
_SMALL = (
    r"(?:a|an|the|her|his|my|our|their|whose|for|of|with|at|from|by|to|in|on|under|and|or|if|is|was"
    r"|who|aged|named)"
)
_LABELS = (
    r"(?:ssn|social security|vin|ip|zip(?: ?code)?|phone|telephone|tel|fax|cell|mobile|e-?mail"
    r"|call|write to|see|photo|lives|living|address|aged|patient)"
)
_TIDY = tuple(
    (re.compile(pattern), by)
    for pattern, by in (
        (rf"\(\s*{_GAP}\s*\)", _GAP),
        (rf"{_GAP}(?:\s*[,;]?\s*(?:and\s+)?{_GAP})+", _GAP),
        (rf"(?i)(?:\b{_LABELS}\b(?:\s+at)?[\s.:#=]*){{1,{_MOST_WORDS}}}{_GAP}", _GAP),
        (rf"(?i)(?:\b{_SMALL}\s+){{1,{_MOST_WORDS}}}{_GAP}", _GAP),
        (rf"\s*[,;]?\s*{_GAP}(?=\s*(?:[,.;:?!)]|$))", ""),
        (_GAP, " "),
        (r'"\s*"|\(\s*\)', " "),
        (r"\s+(?=[,.;:?!)])", ""),
        (r"\s+", " "),
    )
)


def _cut(text: str, found: Iterable[Identifier]) -> str:
    out, at = "", 0
    for identifier in found:
        cue = max(identifier.cue, at)
        said = " ".join(_SAID.findall(text[cue : identifier.span.start]))
        out += f"{text[at:cue]}{said} {_GAP}" if said else f"{text[at:cue]}{_GAP}"
        at = identifier.span.end
    out += text[at:]
    for pattern, by in _TIDY:
        out = pattern.sub(by, out)
    return out.lstrip(" ,.;:?!").rstrip(" ,;:")


def kinds_of(found: Iterable[Identifier]) -> str:
    """`a name and a date of birth`: what was found, never the thing itself."""
    return in_words(identifier.what for identifier in found)


def in_words(kinds: Iterable[str]) -> str:
    names = [f"{'an' if what[0] in 'aeiou' else 'a'} {what}" for what in dict.fromkeys(kinds)]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def notice(removed: Iterable[str], *, left: bool) -> str:
    """What was done with data of these kinds. `left` says whether any words remain to search."""
    return (
        f"Your text seems to contain {in_words(removed)} of a patient. This was removed from the "
        "box and the address before anything was searched, and none of it was stored. "
        + ("The remaining words were searched." if left else "No words remained to search.")
        + " Please leave patient data out."
    )
