"""Whose document it is: every body that its face names, with all that says it speaks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from corpus.metadata.identity.face import Face, Line, is_workbook
from corpus.metadata.identity.labelled import labelled
from corpus.metadata.identity.names import Names
from corpus.metadata.identity.whose.addressed import OBJECT, brands, owners
from corpus.metadata.identity.whose.evidence import Gathered, Shown, Speaker, key_of
from corpus.metadata.identity.whose.heading import VERBS, head_kind, heads, is_foot, is_section
from corpus.metadata.identity.whose.introduced import introduced, paying_party
from corpus.metadata.identity.whose.letters import addressing, in_first_person, signed
from corpus.metadata.identity.whose.naming import Naming
from corpus.metadata.identity.whose.unlisted import own_names
from corpus.metadata.identity.whose.weighed import alone, by_short_names, numbered, often, sole

_LABELS = (
    r"contractor name",
    r"published by|publisher|issued by|(?:health )?plan|payer|plan name|insurer"
    r"|issuer|carrier|company|organi[sz]ation|prepared by|issuing (?:body|agency)|herausgeber",
)
_PARTY = re.compile(
    r"(?:,?\s+(?:Inc|LLC|Corp)\b\.?)?,?\s*\(\s*(?:the\s+)?[“\"'](?:health\s+)?"
    r"(?:plan|payer|payor|insurer|company|HMO|network)[”\"']\s*\)",
    re.IGNORECASE,
)
_NOT_OURS = re.compile(r"american (?:medical|dental|hospital) association|\bX12\b", re.IGNORECASE)
_RIGHTS_OF = re.compile(
    r"(?:©|\(c\)|copyright|proprietary information of|property of|licensee|trademarks? of)"
    r"[\s\d,–-]*$|^\s*©",
    re.IGNORECASE,
)
_LICENSEE = re.compile(r".{0,40}\blicensee", re.IGNORECASE)
_HEAD_LINES = 8


def speakers(face: Face, names: Names) -> Sequence[Speaker]:
    """All bodies that a document's face names, the likeliest first."""
    naming = Naming(face, names)
    gathered = Gathered()
    for read in (_running, _rights, _properties, _labelled, _on_face, _foot, _introduced):
        gathered.add(read(naming))
    gathered.add(list(signed(naming, gathered)))
    gathered.add(in_first_person(naming))
    gathered.add(brands(face, names))
    gathered.add(_own_names(naming))
    gathered.add(owners(face, names, gathered.bodies))
    by_short_names(face, gathered)
    gathered.add(alone(face, gathered))
    gathered.add(numbered(face, gathered))
    gathered.add(often(face, gathered))
    gathered.add(sole(gathered))
    gathered.add(addressing(face, gathered))
    return gathered.ranked()


def _running(naming: Naming) -> Iterator[Shown]:
    for line in naming.face.repeated:
        for named in naming.in_text(line.text):
            if _NOT_OURS.search(named.body.name):
                continue  # whose codes are used
            kind = "running head" if heads(line.text, named) else "running"
            yield Shown(kind, named.body, line)


def _rights(naming: Naming) -> Iterator[Shown]:
    """Who claims the rights: not whose codes are used, nor who lends its name."""
    for line in naming.face.rights:
        for named in naming.in_text(line.text):
            around = line.text[max(0, named.start - 60) : named.start]
            if named.body.role in ("licensor", "other") or _NOT_OURS.search(named.body.name):
                continue
            if _RIGHTS_OF.search(around) or _LICENSEE.match(line.text, named.end):
                yield Shown("rights", named.body, line)


def _properties(naming: Naming) -> Iterator[Shown]:
    """What the file says of itself; a title that stands on the page says no more."""
    face = naming.face
    title = face.properties.get("title", "")
    if any(title == line.text for line in face.opening[:_HEAD_LINES]):
        title = ""
    for kind, text in (
        ("page title", title.rpartition("|")[2]),
        ("author", face.properties.get("author", "")),
        ("page title", face.properties.get("publisher", "")),
        ("path", _as_words(face.path)),
    ):
        yield from (Shown(kind, named.body, Line(text)) for named in naming.in_text(text))


def _labelled(naming: Naming) -> Iterator[Shown]:
    for value, line, rank in labelled(naming.face, _LABELS):
        if rank and not re.match(_LABELS[rank], line.text, re.IGNORECASE):
            continue  # a column of payers compares them
        yield from (Shown("label", named.body, line) for named in naming.in_text(value))


def _on_face(naming: Naming) -> Iterator[Shown]:
    face = naming.face
    # The name of a sheet is no line of the document.
    sheet = bool(face.lines and face.lines[0].level and is_workbook(face))
    first = -1 if _differ(naming) else int(sheet)
    for at, line in enumerate(face.lines):
        names = list(naming.in_text(line.text))
        party = paying_party(line, names)
        for named in names:
            if _PARTY.match(line.text, named.end) or named is party:
                yield Shown("party", named.body, line)
            if line.opens and at < _HEAD_LINES:
                kind = head_kind(line, names, named, first=at == first)
                kind = "title" if kind == "head" and is_section(face, at) else kind
                yield Shown(kind, named.body, line)
            before = line.text[max(0, named.start - 40) : named.start]
            if VERBS.match(line.text, named.end) or OBJECT.search(before):
                yield Shown("subject", named.body, line)
            yield Shown("named", named.body, line)


def _differ(naming: Naming) -> bool:
    """Whether the sheets of a workbook begin with different payers: none of them heads it."""
    begun = set()
    for sheet in naming.face.sheets:
        at = naming.face.text.find(f"{sheet}\n")
        below = naming.face.text[at + len(sheet) :].lstrip("\n").split("\n", 1)[0]
        begun |= {key_of(one.body.name) for one in naming.in_text(below[:200]) if one.body.pays}
    return len(begun) > 1


def _foot(naming: Naming) -> Iterator[Shown]:
    """The last line of what has one page, where it is the name, or the name and an address."""
    lines = naming.face.lines
    if len(lines) <= _HEAD_LINES // 2 or not lines[-1].opens or lines[-1].cells:
        return
    for named in naming.in_text(lines[-1].text):
        if is_foot(lines[-1].text, named):
            yield Shown("foot", named.body, lines[-1])


def _introduced(naming: Naming) -> Iterator[Shown]:
    for one in introduced(naming.face):
        known = next((named.body for named in naming.in_text(one.body.name)), one.body)
        yield Shown("introduced", known if known.pays else one.body, one.line)


def _own_names(naming: Naming) -> Iterator[Shown]:
    """Names that hold neither a known name nor a known form."""
    for shown in own_names(naming.face):
        name = shown.body.name
        if not naming.names_any(name) and not _NOT_OURS.search(name):
            yield shown


def _as_words(path: str) -> str:
    """A path as text whose names have capitals: "cigna/mm_0540.pdf" is "Cigna | Mm 0540.pdf"."""
    words = re.sub(r"[_\s]+", " ", path.replace("/", " | ")).split(" ")
    return " ".join(word[:1].upper() + word[1:] for word in words)
