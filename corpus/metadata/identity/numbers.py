"""The document's own number and version: behind a label, or of a form that only one kind has."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.document import FoundText
from corpus.metadata.identity.face import Face, Line, parts_of
from corpus.metadata.identity.labelled import labelled

_ABBREVIATED = r"(?:number|no\.?|num\.?|#|id|nr\.?|nummer)"
_LABELS = (
    rf"(?:medical |coverage |clinical |payment |reimbursement |corporate )*polic(?:y"
    rf"|ies) {_ABBREVIATED}",
    rf"(?:guideline|LCD|NCD|article|document|bulletin|transmittal|reference|mln matters"
    rf"|notice)s? {_ABBREVIATED}",
    r"manual section number",
    rf"guideline #|policy #|(?:file|policy|guideline) code|criteria {_ABBREVIATED}",
    r"polic(?:y|ies) name (?:&|and) number",
    r"(?:medical coverage policy|coverage policy)",
    r"number|reference",
)
_PLAIN = len(_LABELS) - 1
_VALUE = re.compile(r"[A-Z0-9][\w./–-]*(?: ?[A-Z]?\d[\w.-]*)?")
_WORDS_FIRST = re.compile(r"^(?:NHS England|CMS|number|no\.?)\s*[:#]?\s*", re.IGNORECASE)
# Forms that name one kind of document, with what must stand on the same line or near it.
_FORMS = (
    (re.compile(r"\[?\b(CMS[-–]\d{4}[-–](?:P|FC?|IFC|N|CN))\b\]?"), r"42 CFR|RIN|AGENCY", 0.95),
    (re.compile(r"\((D?L\d{5})\)|^(D?L\d{5})$"), r"LCD|Local Coverage|Contractor", 0.95),
    (re.compile(r"\((A\d{5})\)|^(A\d{5})$"), r"Article", 0.95),
    (
        re.compile(r"\b(?:NCD|National Coverage Determination)\b.*\((\d{1,3}(?:\.\d{1,2}){1,2})\)"),
        r"",
        0.95,
    ),
    (
        re.compile(r"^(?:CMS Manual System.{0,60}?|\|?\s*)\b(Transmittal \d{1,5})\b"),
        r"CMS Manual System|Change Request",
        0.95,
    ),
    (re.compile(r"\b((?:SMD|SHO|SMDL)\s?#?\s?\d\d-\d{3})\b"), r"", 0.9),
    (re.compile(r"\b(MLN\d{6,8})\b|\b(SE\d{4,5})\b"), r"MLN|Medicare Learning", 0.9),
)
_RUNNING = re.compile(
    r"\b((?:[A-Z]{1,6}(?:[.-][A-Z]{1,5})*[-. ]?)?\d{2,5}(?:[.-]\d+)*[A-Z]{0,3}(?:\.[A-Z])?)\b"
)
_LETTERED = re.compile(r"\b([A-Z]{1,6}(?:[.-][A-Z]{1,6})*[-. ]\d[\w.-]*|[A-Z]{2,5}\d{3,}[A-Z]*)\b")
_BEFORE_TITLE = re.compile(
    r"(?:MP\s?)?((?:CG-[A-Z]+-\d+)|(?<=MP )[\d.]+\d|(?<=MP)\d[\d.]*\d|[A-Z]{2,4}\d{2,4}(?=:)"
    r"|\d{1,2}\.\d{2}\.\d{2,3})\b:?\s+(?=[A-Z])"
)
# "Payment Policy FAC-ED-2", a line of its own.
_TYPED = re.compile(
    r"(?:(?:[A-Z][\w/&-]+|of|and|the)\s+){0,8}(?:policy|guideline|memo(?:randum)?|directive|circular|bulletin|notice"
    r"|procedure|protocol|standard|rule|circular)\s*[#:]?\s*"
    r"((?:[A-Z]{1,6}[-.])+\d[\w.-]*|[A-Z]{2,6}\d{2,}[\w.-]*|\d{1,3}(?:\.\d{1,3}){1,3}"
    r"|(?-i:[A-Z]{2,4}) \d{1,4}|(?!(?:19|20)\d\d)\d{3,5})",
    re.IGNORECASE,
)
_PAGE = re.compile(r"(?:[IVXLC]+|Intro|[A-Z])-\d{1,3}$")
_ZIP = re.compile(r"[A-Z]{2} \d{5}(?:-\d{4})?$")
_BULLETIN = re.compile(
    r"\b(?:bulletin|transmittal letter|letter|infobulletin|notice|circular|memo(?:randum)?"
    r"|announcement|rule(?=\s+[\d.:]+-))\s+(?:no\.?\s*|number\s*|#)?"
    r"((?:[A-Z]{2,4}[- ]?)?\d[\w-]*)\b(?!\s*(?:,|of)\s)",
    re.IGNORECASE,
)
_ISSUE = re.compile(r"(?:issue|bulletin)\s+(?:no\.?\s*|#)?(\d+[-/.]\d[\w-]*)", re.IGNORECASE)
# What may follow on the line of a type and its number.
_BEHIND = re.compile(
    r"\s*(?:$|[|•]|(?:effective|revised|reviewed|last|original|version|page|issued|date)\b)",
    re.IGNORECASE,
)
_LABELS_LINE = re.compile(
    r"^\W*(?:number|reference)\b|\b(?:number|reference)\s*[:#|]", re.IGNORECASE
)
_TYPE_WITHIN = 80  # letters of a line
_NO_NUMBER = re.compile(
    r"(?i)(?:page|pages|effective|january|february|march|april|may|june|july|august|september"
    r"|october|november|december|cy|fy|rev|version|cpt|hcpcs|icd|pub|chapter|section|x12|asc"
    r"|p\.?o\.?"
    r"|box|suite|po|sheet|form"
    r"|table|figure|item|part|type|unit|level|tier|phase|class|group|appendix|x12n)[. -]?\d"
)
_VERSIONS = (
    r"(?:companion guide |document |guide |manual |policy |printed )?version(?: number| no\.?)?",
    r"edition",
)
_SAYS_VERSION = re.compile(
    r"[\w\s]{0,20}(?<!\w)(?:version|edition)\W*(?:$|\d|n)", re.IGNORECASE
)  # no row of a history does
_VERSION = re.compile(r"v?\.?\s*(\d{1,3}(?:[._]\d{1,4}){0,2})\b", re.IGNORECASE)
_VERSION_LINE = re.compile(r"^version\s+(\d{1,3}(?:\.\d{1,3}){0,2})\b", re.IGNORECASE)


def numbers(face: Face) -> Iterator[FoundText]:
    """The likeliest first, each once."""
    seen: set[str] = set()
    for found in sorted(_all(face), key=lambda one: -one.sure):
        if found.value not in seen:
            seen.add(found.value)
            yield found


def _all(face: Face) -> Iterator[FoundText]:
    yield from _formed(face)
    for value, line, rank in labelled(face, _LABELS):
        number = _number_in(value)
        # "Volume 41, Number 3"; "spoke with Rosa, reference 88121"
        alone = rank == _PLAIN and (
            re.fullmatch(r"\d{1,2}", number or "")
            or not (_LABELS_LINE.search(line.text) or line.text == value)
        )
        year = rank >= _PLAIN - 1 and re.fullmatch(r"(?:19|20)\d\d", number or "")
        if number and not _NO_NUMBER.match(number) and not alone and not year:
            sure = (0.95, 0.93, 0.95, 0.93, 0.9, 0.85, 0.8)[rank]
            yield FoundText("number", number, line.text[:300], line.page, sure)
    yield from _titled(face)
    yield from _bulletins(face)
    yield from _issues(face)
    yield from _running(face)


def _formed(face: Face) -> Iterator[FoundText]:
    lines = [*face.opening, Line(face.properties.get("title", ""))]
    for form, needs, sure in _FORMS:
        if needs and not re.search(needs, face.said[:4000] + face.properties.get("title", "")):
            continue
        for line in lines[:40] + lines[-1:]:
            found = form.search(line.text)
            if found:
                value = next(filter(None, found.groups())).replace("–", "-")
                yield FoundText("number", value, line.text[:300], line.page, sure)
                break


def _titled(face: Face) -> Iterator[FoundText]:
    """A number that stands in front of the title: "MP 7.01.88 Cryosurgical Ablation"."""
    title = Line(face.properties.get("title", ""))
    for line in (title, *(one for one in face.opening[:6] if one.level)):
        found = _BEFORE_TITLE.match(line.text)
        if found:
            yield FoundText("number", found[1], line.text[:300], line.page, 0.85)


def _number_in(value: str) -> str | None:
    """The number at the start of a labelled value, or at the end of a name with its number."""
    value = _WORDS_FIRST.sub("", value.strip())
    found = _VALUE.match(value)
    if found and any(map(str.isdigit, found.group())):
        return found.group().rstrip(".-–")
    lettered = list(_LETTERED.finditer(value))
    return re.sub(r"^(?:MCD|MCR|MP)-(?=[A-Z])", "", lettered[-1][1]) if lettered else None


def _issues(face: Face) -> Iterator[FoundText]:
    """The issue of a bulletin, in a part of a line at the top: "Issue 2026-14"."""
    for line in face.opening[:4]:
        for part in parts_of(line.text):
            found = _ISSUE.fullmatch(part.strip())
            if found and not line.cells:
                yield FoundText("number", found[1], line.text[:300], line.page, 0.8)


def _bulletins(face: Face) -> Iterator[FoundText]:
    for line in (*map(Line, face.running), *face.opening[:12]):
        found = _BULLETIN.search(line.text)
        if found and found.start() < _TYPE_WITHIN and any(map(str.isdigit, found[1])):
            year = re.fullmatch(r"(?:19|20)\d\d", found[1])
            if not year:
                yield FoundText("number", found[1], line.text[:300], line.page, 0.8)


def _running(face: Face) -> Iterator[FoundText]:
    """A number that its type stands before, or a lettered one in a running line: "UM 0117"."""
    for value, line, _ in labelled(face, (r"policy",)):
        if line.opens and _LETTERED.fullmatch(value):  # "Policy: PAY-118"
            yield FoundText("number", value, line.text[:300], line.page, 0.88)
    for line in (*face.opening[:8], *face.repeated):
        typed = _TYPED.match(line.text)
        if typed is not None and _BEHIND.match(line.text, typed.end()):
            yield FoundText("number", typed[1], line.text[:300], line.page, 0.88)
    for text in face.running:
        for found in _LETTERED.finditer(text):
            if not any(no.match(found[1]) for no in (_NO_NUMBER, _ZIP, _PAGE)):
                again = found[1] in face.said
                yield FoundText("number", found[1], text[:300], None, 0.78 if again else 0.76)


def versions(face: Face) -> Iterator[FoundText]:
    """The version that the document prints of itself, near its beginning."""
    for value, line, _ in labelled(face, _VERSIONS):
        found = _VERSION.match(value)
        own = not line.cells or any(map(_SAYS_VERSION.match, line.cells[:2]))
        if found and line.opens and own:
            yield FoundText("version", found[1], line.text[:300], line.page, 0.9)
    for line in face.opening[:20]:
        found = _VERSION_LINE.match(line.text)
        if found and len(line.text) < 60:
            yield FoundText("version", found[1], line.text, line.page, 0.85)
