"""Documents of Medicare and Medicaid themselves: manuals, transmittals, determinations, rules.

A public programme is the payer, whoever of CMS, its contractors or a state put the document out. A
payer's own document that cites a manual is none of these: only what stands at the top counts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.document import FoundText
from corpus.metadata.identity.face import Face, Line
from corpus.metadata.identity.labelled import labelled
from corpus.metadata.identity.whose.evidence import Speaker
from corpus.metadata.identity.whose.unlisted import NAME

_TOP = 14  # lines
# What only CMS puts out, at the beginning of a line at the top.
_CMS = re.compile(
    r"^\W*(?:CMS Manual System|MLN (?:Matters|Booklet|Fact Sheet)|Medicare Learning Network"
    r"|Medicare (?:Benefit Policy|Claims Processing|Program Integrity"
    r"|National Coverage Determinations"
    r"|General Information|Secondary Payer|Financial Management|Managed Care"
    r"|Prescription Drug Benefit"
    r"|Provider Reimbursement|Contractor Beneficiary)\b.*Manual"
    r"|State Medicaid Manual|State Operations Manual|National Coverage (?:Determination|Analysis)"
    r"|NCD (?:-|Manual\b)"
    r"|CMCS Informational Bulletin|(?:U\.?S\.? )?Department of Health (?:&|and) Human Services"
    r"[\s,|()DH]*Centers for Medicare (?:&|and) Medicaid Services)",
    re.IGNORECASE,
)
_NCCI = re.compile(
    r"\b(?:NCCI|National Correct Coding Initiative)\b.{0,40}\b(?:manual|PTP|edits)\b"
    r"|\bmedically unlikely edits\b",
    re.IGNORECASE,
)
# The name alone is a letterhead; with more behind it, it may be a sentence of anybody's.
_CMS_ALONE = re.compile(
    r"^\W*Centers for Medicare (?:&|and) Medicaid Services(?: \(CMS\))?\W*(?:$|\d)", re.IGNORECASE
)
_LOCAL = re.compile(
    r"^\W*(?:(?:Proposed )?(?:LCD\b|Local Coverage)|(?:RETIRED )?Article - |L\d{5}$|A\d{5}$)"
    r"|\((?:D?L|A)\d{5}\)"
)
_RULE = re.compile(r"\[CMS[-–]\d{4}[-–][A-Z]+\]")
_SCHEDULE = re.compile(
    r"\b(?:OPPS|medicare physician fee schedule|MPFS|IPPS|outpatient prospective payment"
    r"|ASC payment"
    r"|clinical laboratory fee schedule|DMEPOS fee schedule)\b",
    re.IGNORECASE,
)
# "WPS Government Health Administrators, A/B MAC Jurisdiction 8", a line of its own.
_MAC = re.compile(
    rf"(?P<name>{NAME})\W+(?:is\s+)?(?:an?\s+|the\s+)?(?:(?:A/B|DME|Part\s+[AB]|HH\+H)\s+MAC\b"
    r"|Medicare\s+Administrative\s+Contractor|MAC\s+(?:for\s+)?Jurisdiction)"
)
_CMS_NAMED = re.compile(r"\bCMS\b|Centers for Medicare (?:&|and) Medicaid Services")
_OFTEN, _SPEAKS = 3, 0.5
_FAR = 50_000  # letters
_OURS = re.compile(r"\b(?:medicare|medicaid)\b", re.IGNORECASE)


def program(
    face: Face, speakers: Sequence[Speaker], speaker: Speaker | None, title: str
) -> list[FoundText] | None:
    """Publisher, payer and line of a document of Medicare or Medicaid; None for any other."""
    role = speaker.body.role if speaker else ""
    told = next((line for line in face.opening[:_TOP] if _MAC.match(line.text)), None)
    if told is not None and role not in ("payer", "agency", "provider", "federal", "foreign"):
        return _all(_contractor(face), "Medicare", told, 0.85)
    own = role == "payer" and speaker is not None and _is_contractor(face, speaker)
    if role in ("payer", "agency", "provider", "federal", "foreign") and not own:
        return None
    if role == "contractor" and speaker is not None:
        return _all(speaker.body.name, "Medicare", speaker.best, speaker.sure)
    line = _cms_line(face)
    if line is None and role == "program" and speaker is not None:
        line = speaker.best
    if line is not None:
        publisher = _contractor(face) if _LOCAL.search(line.text) else None
        return _all(publisher or "CMS", _which(face, title, line), line, 0.93)
    schedule = _scheduled(face, title)
    if schedule is not None:
        return _all(None, "Medicare", schedule, 0.8)
    return _of_title(face, speakers, title)


def _contractor(face: Face) -> str | None:
    """Which contractor put out a local determination, as a label names it."""
    for line in face.opening[:_TOP]:
        found = _MAC.match(line.text)
        if found and not line.cells:
            return found["name"]
    for value, line, _ in labelled(face, (r"contractors?(?: name)?",)):
        name = re.split(r"\s*[(|;]", value)[0].strip(" ,")
        named = re.fullmatch(NAME, name) and not name.startswith("Contract")
        if line.opens and named and " " in name:
            return name
    return None


def _is_contractor(face: Face, speaker: Speaker) -> bool:
    """Whether a body that nobody listed only determines for Medicare."""
    name = None if speaker.body.listed else _contractor(face)
    return name is not None and name.startswith(speaker.body.name) and _cms_line(face) is not None


def _of_title(face: Face, speakers: Sequence[Speaker], title: str) -> list[FoundText] | None:
    """A document whose title names a programme, that names CMS and nobody else who could speak."""
    others = any(one.sure >= _SPEAKS for one in speakers if one.body.name != "CMS")
    named = len(_CMS_NAMED.findall(face.text[:_FAR]))
    if others or named < _OFTEN or not _OURS.search(title):
        return None
    line = next((one for one in face.lines if _CMS_NAMED.search(one.text)), Line(title))
    return _all("CMS", _which(face, title, line), line, 0.8)


def _cms_line(face: Face) -> Line | None:
    top = face.opening[:_TOP]
    for line in top:
        heads = line.level or line.text.isupper() or line.text.startswith("Medicare")
        if _NCCI.search(line.text) and heads:
            return line
        if _RULE.search(line.text) or _CMS.search(line.text) or _CMS_ALONE.search(line.text):
            return line
    for text in (*face.running, face.properties.get("title", "")):
        if _CMS.search(text) or _CMS_ALONE.search(text):
            return Line(text)
    contractor = any("contractor" in line.text.lower() for line in face.opening)
    for line in (*top, Line(face.properties.get("title", ""))):
        if _LOCAL.search(line.text) and (
            contractor or line.text.startswith(("LCD", "Local", "Proposed"))
        ):
            return line
    return None


def _scheduled(face: Face, title: str) -> Line | None:
    """A fee schedule of Medicare: its title or first lines name the payment system."""
    for line in (Line(title), *face.opening[:4]):
        if _SCHEDULE.search(line.text) and len(line.text) < 160:
            return line
    return None


def _which(face: Face, title: str, line: Line) -> str:
    """Medicare or Medicaid: as the title says, then the line, then what is named more often."""
    for text in (title, line.text, face.said[:1500], face.said, face.text[:200_000]):
        named = [word.lower() for word in _OURS.findall(_without_name(text))]
        medicare, medicaid = named.count("medicare"), named.count("medicaid")
        if medicare and medicaid and title == text:
            return "Medicare"  # "Medicare and Medicaid Programs; ..."
        if medicare != medicaid:
            return "Medicare" if medicare > medicaid else "Medicaid"
    return "Medicare"


def _without_name(text: str) -> str:
    return re.sub(r"Centers for Medicare (?:&|and) Medicaid Services", "CMS", text)


def _all(publisher: str | None, payer: str, line: Line, sure: float) -> list[FoundText]:
    said, page = line.text[:300], line.page
    found = [FoundText("publisher", publisher, said, page, sure)] if publisher else []
    return [
        *found,
        FoundText("payer", payer, said, page, sure),
        FoundText("line_of_business", payer, said, page, sure),
    ]
