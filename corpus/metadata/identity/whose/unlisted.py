"""Bodies that no list names and no form tells: "Tidewater Choice Health", "Frostline Medical, Inc."

Such a name is a line of its own at the top, runs on the pages or claims the rights, and the
document's sentences speak of it. It pays where they say so: "Tidewater Choice Health will pay ...";
otherwise it only publishes, and only where it claims the rights.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set

from corpus.metadata.identity.face import Face, Line, is_workbook
from corpus.metadata.identity.forms import in_words
from corpus.metadata.identity.names import Body
from corpus.metadata.identity.whose.evidence import Shown

_WORD = r"[A-ZÄÖÜ][\w’'&.-]*[\w’']"
_COMPANY = r"(?:,?\s+(?:Inc|LLC|Ltd|Limited|Corp|AG|GmbH|SA)\b\.?)"
NAME = rf"{_WORD}(?:\s+(?:(?:of|and|the|for|&)\s+)?{_WORD}){{0,5}}{_COMPANY}?"
_NAME = re.compile(NAME)
# "Cedar Grove Advantage (HMO) is a Medicare Advantage organization", on every page.
_INTRODUCED = re.compile(rf"({_NAME.pattern})(?:\s+\([A-Z-]+\))?\s+is\s+an?\s+")
_RIGHTS = re.compile(r"(?:©|\([cC]\)|[Cc]opyright)\s*(?:©\s*)?(?:(?:19|20)\d\d[,\s–-]*)*")
_ENDS = re.compile(r"\s*(?:[|•·;]|\s[–—-]\s|,(?!\s*(?:Inc|LLC|Ltd|Corp)\b)).*$")
# Words of titles, types, places and times: a line that has one is no body's name.
NO_NAME = re.compile(
    r"\b(?:polic(?:y|ies)|manuals?|guid(?:es?|elines?|ance)|bulletins?|notices?|memo(?:randum)?"
    r"|list|schedules?|chapter|section|page|part|volume|edition|version|draft|retired|archived"
    r"|effective|letter|news(?:letter)?|updates?|transmittal|addendum|exhibit|appendix|contents"
    r"|criteria|determination|article|description|codes?|claims?|billing|coding|payment|coverage"
    r"|reimbursement|procedures?|surgery|treatment|therapy|services? of|questions?|standard"
    r"|rights reserved|confidential|summary|agreement|amendment|report|form|sheet|dear|re|subject"
    r"|january|february|march|april|may|june|july|august|september|october|november|december"
    r"|medicare|cpt|american medical association|rules?|skip|home|provider|hospitals?)\b",
    re.IGNORECASE,
)
_PAYS = (
    r"(?:pays?|covers?|reimburses?|denies|honou?rs"
    r"|(?:will|does|may|shall)\s+(?:not\s+)?(?:pay|cover|reimburse|deny|review|require|accept)"
    r"|requires?\s+(?:prior\s+|an?\s+)?(?:authori[sz]ation|approval|itemi[sz]ed)"
    r"|(?:prüft|übernimmt|vergütet|bezahlt|requiere|paga|cubre|no\s+pagará))\b"
)
_SPEAKS = (
    r"(?:reserves|uses|considers|follows|provides|offers|manages|administers|accepts?|asks|is|has"
    r"|wants|makes|works|thanks|processes|reviews)\b"
)
_PAYER = re.compile(rf"({_NAME.pattern})\s+{_PAYS}")
_OF_IT = r"(?:members?|customers|enrollees|policyholders|partners|providers|network|portal)\s+of\s+"
# Who deals with members and claims is a payer, where its name says it is about health.
PAYER_LIKE = re.compile(
    r"\b(?:health|hmo|ppo|benefits?|insurance|assurance|advantage|plans?|care)\b", re.IGNORECASE
)
_DEALS = re.compile(
    r"\b(?:payer\s+ID|(?:27[568]|83[457])\s+transactions?)\b|\b(?:(?:our|its|plan)\s+members|trading\s+partners?|participating\s+(?:providers|hospitals)"
    r"|clean\s+claims?|prior\s+authori[sz]ation|network\s+(?:providers|hospitals))\b",
    re.IGNORECASE,
)
PROVIDES = re.compile(
    r"\b(?:hospitals?|medical center|health system|healthcare system|clinics?|physicians group)\b",
    re.IGNORECASE,
)
# What only a payer puts out; a list for prior authorization also a hospital keeps.
_PAYERS_WORK = re.compile(
    r"\b(?:explanation of (?:payment|benefits?|remark|denial) codes?|fee schedules?|provider manual"
    r"|(?:medical|payment|reimbursement|coverage|pharmacy) polic(?:y|ies)|formulary|drug list"
    r"|maximum allow(?:ables?|ances)|provider (?:handbook|newsletter|bulletin|news|update|alert)"
    r"|claims? payment codes?)\b",
    re.IGNORECASE,
)
_WORK_KIND = "work"
_SHORT = 2  # words of a name that says too little alone
_TOP, _LONGEST = 4, 60
_REPEATED, _FAR = 3, 200_000  # how often a name at the top alone stands in so many letters


def own_names(face: Face) -> Iterator[Shown]:
    """Each name with every place that shows it, and with the sentences that speak of it."""
    shown: dict[str, list[tuple[str, str, Line]]] = {}
    for kind, name, line in _shown(face):
        shown.setdefault(name.casefold(), []).append((kind, name, line))
    for places in shown.values():
        name = next((one for _, one, _ in places if not one.isupper()), places[0][1])
        pays, sentence = _spoken_of(face, name)
        kinds = {kind for kind, _, _ in places}
        if _WORK_KIND in kinds:
            body = Body(name, "payer", listed=False)
            yield from (Shown("letterhead", body, place) for _, _, place in places)
            continue
        if not pays and "rights" not in kinds:
            continue
        if not kinds & {"running head", "rights"} and not _is_meant(face, name, kinds, pays=pays):
            continue
        if name.isupper():
            name = in_words(name)
        body = Body(name, "payer" if pays else "other", listed=False)
        yield from (Shown(kind, body, place) for kind, _, place in places)
        if sentence is not None:
            yield Shown("subject", body, sentence)


def _is_meant(face: Face, name: str, kinds: Set[str], *, pays: bool) -> bool:
    """Whether a name at the top alone is that of whose document it is: it is named again and again,
    it heads what it pays for, or it has the policy."""
    if re.search(rf"\bthe policy of {re.escape(name)} (?:that|to)\b", face.said, re.IGNORECASE):
        return True
    headed = pays and "letterhead" in kinds and len(name.split()) > _SHORT
    return _count(face, name) >= (_REPEATED - 1 if headed else _REPEATED)


def _count(face: Face, name: str) -> int:
    return face.text[:_FAR].casefold().count(name.casefold())


def _shown(face: Face) -> Iterator[tuple[str, str, Line]]:
    for line in face.repeated:
        told = _INTRODUCED.match(line.text)
        names = [told[1]] if told and not NO_NAME.search(told[1]) else _whole(line.text)
        yield from (("running head", name, line) for name in names)
    for at, line in enumerate(face.opening[:_TOP]):
        if not line.cells and not face.repeats(line.text):
            kind = "letterhead" if at == 0 else "head"
            yield from ((kind, name, line) for name in _whole(line.text))
    yield from _begun_with(face)
    yield from _over_a_payers_work(face)
    for line in face.rights:
        for claim in _RIGHTS.finditer(line.text):
            found = _NAME.match(line.text, claim.end())
            if found and not NO_NAME.search(found.group()):
                yield "rights", found.group().rstrip("."), line
                if face.repeats(line.text):
                    yield "running", found.group().rstrip("."), line


def _over_a_payers_work(face: Face) -> Iterator[tuple[str, str, Line]]:
    """The name before what only a payer puts out, at the top or on every page, or in the first line
    above it: "Silver Lake Health Partners - Explanation of Payment Codes"."""
    for line in (*face.repeated, *face.opening[:_TOP]):
        put_out = _PAYERS_WORK.search(line.text)
        before = line.text[: put_out.start()].strip(" ®™|,:–—-") if put_out else ""
        if _is_payers_name(before) and not line.cells:
            yield _WORK_KIND, before, line
    lines = [one for one in face.opening[:_TOP] if not one.level or not is_workbook(face)]
    if not lines or len(lines[0].cells) > 1:
        return
    name, _, work = lines[0].text.partition(" - ")
    name, work = name.strip(" ®™"), work or (lines[1].text if len(lines) > 1 else "")
    if _is_payers_name(name) and _PAYERS_WORK.search(work) and len(work) < 2 * _LONGEST:
        yield _WORK_KIND, name, lines[0]


def _is_payers_name(name: str) -> bool:
    return (
        _NAME.fullmatch(name) is not None
        and len(name.split()) > _SHORT
        and NO_NAME.search(name) is None
        and PROVIDES.search(name) is None
        and PAYER_LIKE.search(name) is not None
    )


def _begun_with(face: Face) -> Iterator[tuple[str, str, Line]]:
    """Who pays, by the document's sentences, where a line at the top or on every page begins with
    the name: "Summa Advantage Clinical Guideline CG-44"."""
    names = {
        found[1]: None
        for line in face.lines
        for found in _PAYER.finditer(line.text)
        if " " in found[1] and not NO_NAME.search(found[1])
    }
    for name in names:
        for line in (*face.repeated, *face.opening[:_TOP]):
            if line.text.startswith(f"{name} ") and not _PAYER.match(line.text):
                yield ("running head" if line.repeats else "head"), name, line


def _whole(text: str) -> Iterator[str]:
    """A line that is a name, or that a bar or comma parts from an address."""
    name = _ENDS.sub("", text).strip(" ®™")
    words = len(name.split())
    if words > 1 and len(name) <= _LONGEST and _NAME.fullmatch(name) and not NO_NAME.search(name):
        yield name


def _spoken_of(face: Face, name: str) -> tuple[bool, Line | None]:
    """Whether sentences say that it pays, and the best of those that speak of it."""
    bare = re.sub(rf"{_COMPANY}$", "", name)
    said = "|".join(map(re.escape, {bare, in_words(bare) if bare.isupper() else bare}))
    subject = rf"(?<!\w)(?:{said}){_COMPANY}?[®™]?(?:\s+\([^)]{{2,40}}\))?\s+"
    pays = re.compile(subject + _PAYS)
    pays = re.compile(rf"{pays.pattern}|\bthe policy of (?:{said}) (?:that|to)\b", re.IGNORECASE)
    speaks = re.compile(rf"{subject}{_SPEAKS}|{_OF_IT}(?:{said})\b")
    spoken = None
    for line in face.lines:
        if pays.search(line.text) and not PROVIDES.search(name):
            return True, line
        if spoken is None and speaks.search(line.text):
            spoken = line
    if spoken is None:
        return False, None
    deals = PAYER_LIKE.search(name) and _DEALS.search(face.said) and not PROVIDES.search(name)
    return bool(deals), spoken
