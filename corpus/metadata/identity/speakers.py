"""Whose document it is: every body that its face names, with all that says it speaks.

What repeats on every page, claims the rights, heads the first page, owns the address or is the
subject of the policy's sentences speaks; what is merely mentioned does not. Each kind of evidence
counts once, however often it comes, and kinds are joined as independent: 1 - (1 - a)(1 - b)...
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from corpus.metadata.identity.face import Face, Line, is_workbook
from corpus.metadata.identity.forms import begins_name, find_forms
from corpus.metadata.identity.introduced import introduced, paying_party
from corpus.metadata.identity.labelled import labelled
from corpus.metadata.identity.names import Body, Named, Names
from corpus.metadata.identity.unlisted import own_names
from corpus.text.dates import DATE

# How much each kind of evidence says that a body speaks.
WEIGHTS = {
    "letterhead": 0.76,  # the name alone, or with the document's type, in the first line
    "running head": 0.76,  # a running line that is the name, or begins with it and tells the type
    "party": 0.76,  # of a contract: "... Health Alliance, Inc. (“Plan”)"
    "introduced": 0.76,  # "..., a Medicaid managed care organization", at the top or the foot
    "label": 0.65,  # "Contractor Name | ...", "Published by: ..."
    "head": 0.6,  # a line or heading at the top that is the name, or the name and the type
    "running": 0.55,
    "foot": 0.55,  # the last line of what has one page
    "sole": 0.4,  # heads or ends a document at whose top nobody else is named
    "rights": 0.55,
    "own address": 0.6,  # on every page
    "page title": 0.5,
    "address": 0.5,
    "title": 0.4,
    "subject": 0.4,  # "... considers", "submitted to ..."
    "alone": 0.55,  # the only payer that speaks in a document which calls itself a policy
    "number": 0.35,  # its first letters begin the document's number: HUM-0428
    "often": 0.3,
    "author": 0.3,
    "path": 0.15,
    "named": 0.1,
}
_LABELS = (
    r"contractor name",
    r"published by|publisher|issued by|health plan|payer|plan name|insurer"
    r"|company|organi[sz]ation|prepared by|issuing (?:body|agency)|herausgeber",
)
_VERBS = re.compile(
    r"(?:,?\s+(?:Inc|LLC|Corp)\b\.?)?[\w’']*[®™]?(?:\s*\([^)]{2,40}\))?\s+(?:considers?|covers?|requires?|pays?|reimburses?"
    r"|follows?"
    r"|reserves|accepts?|denies|allows?|believes|does not|will|shall|may|has (?:adopted|determined)"
    r"|developed|uses|serves|reviews|recognizes|provides|needs|is (?:an?|the)"
    r"|gilt|beschließt|hat in seiner)\b"
)
_POLICY = re.compile(
    r"\b(?:medical|coverage|clinical|payment|reimbursement)\s+polic(?:y|ies)\b|\bguideline\b",
    re.IGNORECASE,
)
_PREFIX = re.compile(r"\b([A-Z]{3,6})-\d{3,}")
_BRAND = re.compile(r"\b([A-Z][A-Za-z]{4,})(?: of(?: [A-Z][a-z]+){1,2})?")
_PAYING = re.compile(r"[®™]?\s+(?:considers?|covers?|pays?|reimburses?|denies)\b")
_OBJECT = re.compile(
    r"(?:submitted to|administered by|affiliated with|prepared by|issued by|underwritten by"
    r"|members? of|partners of|policy of|plans of|offered by|applies to|reproduced only by|contact"
    r"|property of|coders of|staff of|required by|asked for by|paid by|approved by"
    r"|Versicherte der|Versicherte)\s+(?:the\s+)?$",
    re.IGNORECASE,
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
_TYPE_AFTER = re.compile(
    r"(?:,?\s+(?:Inc|LLC|Ltd|Corp)\b\.?)?[\s®™]*(?:$|[|–—•·,-]"
    r"|(?:(?:medical|clinical|medicare advantage|commercial|community plan|payment|reimbursement"
    r"|provider|corporate|coverage|utilization|EDI|electronic|HIPAA|companion|transmittal|network)\s?)"
    r"{0,4}(?:[\w() ]{0,30}\b)?(?:polic|manual|guid|bulletin|news|letter|standard|criteria"
    r"|(?:fee|rate|compensation) schedule|(?:\w+\s){0,4}list\b|exhibit|memo|handbook"
    r"|form\b))",
    re.IGNORECASE,
)
_CAPITAL = re.compile(r"[®™,]?\s+[A-Z\d]|\W*$")  # what follows is no sentence
_LICENSEE = re.compile(r".{0,40}\blicensee", re.IGNORECASE)
_MAST_PARTS = re.compile(r"\s+[|•·–—-]\s+|\s*\|\s*|,\s+(?=(?:Issue|Vol|No)\b)")
_ISSUE = re.compile(
    r"(?:issue|vol(?:ume|\.)?|no\.?|number|edition|bulletin|newsletter|provider (?:news|bulletin"
    r"|update|alert|notice))\b[\w\s,.#-]{0,30}",
    re.IGNORECASE,
)
_ENDS_NAME = re.compile(r"(?:,?\s+(?:Inc|LLC|Corp)\b\.?)?\s*(?:$|[|•·,]|Page\s+\d|P\.?O\.?\s+Box)")
_FOOT_LINES = 1
_HEAD_LINES = 8
_OFTEN, _OFTEN_UNLISTED = 4, 3  # others write much of a payer whom everybody knows
_MENTIONS = frozenset({"named", "path", "title", "subject", "often"})  # anybody may write these
_FAR = 200_000  # letters of the text in which names are counted


@dataclass(frozen=True, slots=True)
class Evidence:
    """One kind of evidence for a body: the words that give it."""

    kind: str
    line: Line


@dataclass(frozen=True)
class Speaker:
    """A body and what says that the document is its own, the weightiest first."""

    body: Body
    evidence: tuple[Evidence, ...]

    @cached_property
    def sure(self) -> float:
        doubt = 1.0
        for kind in {one.kind for one in self.evidence}:
            doubt *= 1 - WEIGHTS[kind]
        return round(1 - doubt, 3)

    @property
    def owns(self) -> bool:
        """Whether there is more than what anybody's document may say of a payer that all know."""
        return not self.body.listed or any(one.kind not in _MENTIONS for one in self.evidence)

    @property
    def best(self) -> Line:
        return self.evidence[0].line


class Speakers:
    """All bodies that a document's face names, the likeliest first."""

    def __init__(self, face: Face, names: Names) -> None:
        self._face = face
        self._names = names
        self._found: dict[str, list[Evidence]] = {}
        self._bodies: dict[str, Body] = {}
        # The name of a sheet is no line of the document.
        sheet = bool(face.lines and face.lines[0].level and is_workbook(face))
        self._first = -1 if self._differ() else int(sheet)
        self._look()

    def ranked(self) -> Sequence[Speaker]:
        speakers = [
            Speaker(
                self._bodies[key],
                tuple(sorted(evidence, key=lambda one: -WEIGHTS[one.kind])),
            )
            for key, evidence in self._found.items()
        ]
        return sorted(speakers, key=lambda one: -one.sure)

    def _look(self) -> None:
        face = self._face
        for line in face.repeated:
            for named in self._named(line.text):
                if _NOT_OURS.search(named.body.name):
                    continue  # whose codes are used
                heads = _heads(line.text, named)
                self._add("running head" if heads else "running", named.body, line)
        for line in face.rights:
            self._rights(line)
        self._properties()
        for value, line, rank in labelled(face, _LABELS):
            if rank and not re.match(_LABELS[rank], line.text, re.IGNORECASE):
                continue  # a column of payers compares them
            for named in self._named(value):
                self._add("label", named.body, line)
        for at, line in enumerate(face.lines):
            self._on_face(at, line)
        self._foot()
        self._introduced()
        self._brands()
        self._own_names()
        for domain, line in face.addresses:
            self._owner(domain, line)
        self._short_names()
        self._alone()
        self._numbered()
        self._often()
        self._sole()

    def _differ(self) -> bool:
        """Whether the sheets of a workbook begin with different payers: none of them heads it."""
        heads = set()
        for sheet in self._face.sheets:
            at = self._face.text.find(f"{sheet}\n")
            below = self._face.text[at + len(sheet) :].lstrip("\n").split("\n", 1)[0]
            heads |= {_key(one.body.name) for one in self._named(below[:200]) if one.body.pays}
        return len(heads) > 1

    def _properties(self) -> None:
        """What the file says of itself; a title that stands on the page says no more."""
        face = self._face
        title = face.properties.get("title", "")
        if not any(title == line.text for line in face.opening[:_HEAD_LINES]):
            self._take("page title", Line(title.rpartition("|")[2]))
        self._take("author", Line(face.properties.get("author", "")))
        self._take("page title", Line(face.properties.get("publisher", "")))
        self._take("path", Line(_as_words(face.path)))

    def _whole_name(self, named: Named, text: str) -> Named:
        """A known payer's name that is only the end of another's, wherever it stands: the
        "HealthPartners" of Lakeview HealthPartners."""
        before = re.search(r"([\w’'-]+) $", text[: named.start])
        if named.body.role != "payer" or before is None or not begins_name(before[1]):
            return named
        printed = text[named.start : named.end]
        whole = f"{before[1]} {printed}"
        count = self._face.text.count(whole, 0, _FAR)
        if count < _OFTEN_UNLISTED or count != self._face.text.count(printed, 0, _FAR):
            return named
        body = Body(whole, "payer", listed=False)
        return Named(body, named.start - len(before[0]), named.end)

    def _on_face(self, at: int, line: Line) -> None:
        names = list(self._named(line.text))
        party = paying_party(line, names)
        for named in names:
            if _PARTY.match(line.text, named.end) or named is party:
                self._add("party", named.body, line)
            if line.opens and at < _HEAD_LINES:
                shared = len(names) > 1 and _are_all(line.text, names)
                kind = _head_kind(line, named, first=at == self._first, shared=shared)
                kind = "title" if kind == "head" and self._is_section(at) else kind
                self._add(kind, named.body, line)
            before = line.text[max(0, named.start - 40) : named.start]
            if _VERBS.match(line.text, named.end) or _OBJECT.search(before):
                self._add("subject", named.body, line)
            self._add("named", named.body, line)

    def _introduced(self) -> None:
        for one in introduced(self._face):
            known = next((named.body for named in self._named(one.body.name)), one.body)
            self._add("introduced", known if known.pays else one.body, one.line)

    def _foot(self) -> None:
        """The last line of what has one page, where it is the name, or the name and an address."""
        lines = self._face.lines
        if not lines or not lines[-1].opens or lines[-1].cells or len(lines) <= _HEAD_LINES // 2:
            return
        for line in lines[-_FOOT_LINES:]:
            for named in self._named(line.text):
                if not line.text[: named.start].strip(" ©|") and _ENDS_NAME.match(
                    line.text, named.end
                ):
                    self._add("foot", named.body, line)

    def _sole(self) -> None:
        """A name that nobody listed and that begins a line at the head or the foot, where no other
        body that pays or treats is named but in passing."""
        counted = [
            (key, {one.kind for one in self._found[key]})
            for key, body in self._bodies.items()
            if body.role not in ("licensor", "program", "other", "institute", "federal")
        ]
        more = [key for key, kinds in counted if kinds - {"named", "path", "often"}]
        if len(more) != 1:
            return
        key = more[0]
        body = self._bodies[key]
        begun = next(
            (
                one.line
                for one in self._found[key]
                if one.kind in ("head", "foot") and one.line.text.startswith(body.name)
            ),
            None,
        )
        if begun is not None and body.pays and not body.listed:
            self._add("sole", body, begun)

    def _is_section(self, at: int) -> bool:
        """Whether a line at the top is the heading of a section: a text stands between it and a
        higher heading. What a section is about does not speak."""
        level = self._face.lines[at].level
        above = self._face.lines[:at]
        higher = [place for place, one in enumerate(above) if 0 < one.level < level]
        return bool(higher) and any(not one.level for one in above[higher[-1] :])

    def _rights(self, line: Line) -> None:
        """Who claims the rights: not whose codes are used, nor who lends its name."""
        for named in self._named(line.text):
            around = line.text[max(0, named.start - 60) : named.start]
            if named.body.role in ("licensor", "other") or _NOT_OURS.search(named.body.name):
                continue
            near = _RIGHTS_OF.search(around) or _LICENSEE.match(line.text, named.end)
            if near:
                self._add("rights", named.body, line)

    def _brands(self) -> None:
        """Names of no known form that the document's own address begins with, where they are the
        subject or object of a policy's sentences: "Ambetter of Arkansas pays", ambetterhealth.com.
        """
        for domain, address in self._face.addresses:
            if self._names.owner(domain) is not None:
                continue
            stem = re.sub(r"[^a-z]", "", domain.split(".")[-2])
            for line in self._face.lines:
                for found in _BRAND.finditer(line.text):
                    word = found[1].lower()
                    if len(word) * 5 < len(stem) * 2 or not stem.startswith(word):
                        continue
                    before = line.text[max(0, found.start() - 40) : found.start()]
                    if _PAYING.match(line.text, found.end()) or _OBJECT.search(before):
                        body = Body(found.group(), "payer", listed=False)
                        self._add("subject", body, line)
                        self._add(_address_kind(address), body, address)

    def _own_names(self) -> None:
        """Names that hold neither a known name nor a known form."""
        for own in own_names(self._face):
            name = own.body.name
            if next(self._named(name), None) is None and not _NOT_OURS.search(name):
                self._add(own.kind, own.body, own.line)

    def _owner(self, domain: str, line: Line) -> None:
        body = self._names.owner(domain)
        if body is not None:
            self._add(_address_kind(line), body, line)
            return
        stem = re.sub(r"[^a-z]", "", domain.split(".")[-2])
        for known in list(self._bodies.values()):
            if not known.listed and _abbreviates(stem, known.name):
                self._add(_address_kind(line), known, line)

    def _short_names(self) -> None:
        """Sentences whose subject is the short form of a name that nobody listed: "Harbor Mutual
        pays" for the Harbor Mutual Insurance Company."""
        for key, body in list(self._bodies.items()):
            short = " ".join(body.name.split()[:2])
            if body.listed or len(body.name.split()) < 3 or not body.pays:
                continue
            for line in self._face.lines:
                at = line.text.find(f"{short} ")
                if at >= 0 and _VERBS.match(line.text, at + len(short)):
                    self._add("subject", body, line)
                    self._found[key].sort(key=lambda one: -WEIGHTS[one.kind])
                    break
            self._take_over(_key(short), body)

    def _take_over(self, short: str, body: Body) -> None:
        """One body has what says so of it by its short name."""
        if short in self._bodies and not self._bodies[short].listed and short != _key(body.name):
            for one in self._found.pop(short):
                self._add(one.kind, body, one.line)
            del self._bodies[short]

    def _alone(self) -> None:
        payers = [
            key
            for key, body in self._bodies.items()
            if body.pays and body.role != "agency" and self._speaks(key)
        ]
        if len(payers) == 1 and _POLICY.search(self._face.said[:1_000]):
            key = payers[0]
            told = [one for one in self._found[key] if WEIGHTS[one.kind] >= WEIGHTS["subject"]]
            if told:
                self._add("alone", self._bodies[key], told[0].line)

    def _speaks(self, key: str) -> bool:
        """Whether there is more for a body than that it is mentioned."""
        return any(one.kind not in ("named", "path", "title") for one in self._found[key])

    def _numbered(self) -> None:
        for line in self._face.opening[:20]:
            for found in _PREFIX.finditer(line.text):
                for body in list(self._bodies.values()):
                    if body.pays and body.name.upper().startswith(found[1]):
                        self._add("number", body, line)

    def _often(self) -> None:
        """Which of the bodies is named most, and often."""
        counts = {
            key: max(self._face.text.count(name, 0, _FAR) for name in (body.name, *body.printed))
            for key, body in self._bodies.items()
            if body.role not in ("licensor", "program")
        }
        most = max(counts.values(), default=0)
        for key, count in counts.items():
            if count == most >= (_OFTEN if self._bodies[key].listed else _OFTEN_UNLISTED):
                self._found[key].append(Evidence("often", self._found[key][0].line))

    def _take(self, kind: str, line: Line) -> None:
        for named in self._named(line.text):
            self._add(kind, named.body, line)

    def _add(self, kind: str, body: Body, line: Line) -> None:
        key = _key(body.name)
        self._bodies.setdefault(key, body)
        found = self._found.setdefault(key, [])
        if not any(one.kind == kind for one in found):
            found.append(Evidence(kind, line))

    def _named(self, text: str) -> Iterator[Named]:
        """The bodies that a text names: known ones, and forms where no known name stands."""
        known = [self._whole_name(one, text) for one in self._names.find(text)]
        yield from known
        for formed in find_forms(text):
            if not any(one.start < formed.end and formed.start < one.end for one in known):
                yield formed


def _are_all(text: str, names: Sequence[Named]) -> bool:
    """Whether a line is nothing but names that are joined."""
    for named in reversed(names):
        text = text[: named.start] + text[named.end :]
    return not re.sub(r"\band\b|[&/,|]", " ", text).strip(" .®™()-–—:")


def _is_masthead(text: str, named: Named) -> bool:
    """Whether the name is one part of a line that bars part, and the rest its issue or its type:
    "Lake Health Plan | Issue 12 | May 3, 2026"."""
    parts = [part.strip(" ®™.") for part in _MAST_PARTS.split(text)]
    name = text[named.start : named.end]
    others = [part for part in parts if part != name]
    issued = any(_ISSUE.fullmatch(part) for part in others)
    plain = all(_ISSUE.fullmatch(part) or DATE.fullmatch(part) for part in others)
    return len(others) == len(parts) - 1 and issued and plain


def _head_kind(line: Line, named: Named, *, first: bool, shared: bool) -> str:
    """A line at the top that is little more than the name, or the names that share it, heads the
    document."""
    rest = (line.text[: named.start] + line.text[named.end :]).strip(" .,|®™()-–—:")
    rest = "" if shared else rest
    alone = not rest.removesuffix("Inc").removesuffix("LLC").strip(" ,")
    if first and not line.cells and (alone or _heads(line.text, named)):
        return "letterhead"
    if not line.cells and _is_masthead(line.text, named):
        return "letterhead"
    little = len(rest.split()) <= 3 or _heads(line.text, named)
    begins = first and not line.text[: named.start].strip() and _CAPITAL.match(line.text, named.end)
    little = little or bool(begins)
    ends = line.text.endswith(".") and not begins
    sentence = ends or _VERBS.match(line.text, named.end)
    return "head" if little and not line.cells and not sentence else "title"


def _as_words(path: str) -> str:
    """A path as text whose names have capitals: "cigna/mm_0540.pdf" is "Cigna | Mm 0540.pdf"."""
    words = re.sub(r"[_\s]+", " ", path.replace("/", " | ")).split(" ")
    return " ".join(word[:1].upper() + word[1:] for word in words)


def _address_kind(line: Line) -> str:
    return "own address" if line.repeats else "address"


def _heads(text: str, named: Named) -> bool:
    """Whether a line is the name, or begins with it and goes on with the document's type."""
    before, after = text[: named.start].strip(" ®™|©"), text[named.end :]
    return not before and _TYPE_AFTER.match(after) is not None


def _abbreviates(stem: str, name: str) -> bool:
    """Whether a domain is a name's: all of it, its beginning, or its initials and little more."""
    words = [re.sub(r"[^a-z]", "", word) for word in name.lower().split()]
    words = [word for word in words if word not in ("", "of", "and", "the", "inc", "llc")]
    whole = "".join(words)
    initials = "".join(word[0] for word in words)
    if len(stem) >= 5 and (whole.startswith(stem) or stem.startswith(whole)):
        return True
    if len(initials) >= 3 and stem.startswith(initials) and len(stem) <= len(initials) + 5:
        return True
    return len(words) > 2 and stem.startswith("".join(words[:2]))


def _key(name: str) -> str:
    """One key for a name however it is joined and whatever form of company follows."""
    text = re.sub(r"\b(?:inc|llc|corp|the)\b|&|\band\b", " ", name.lower())
    return re.sub(r"[\W_]+", "", text)
