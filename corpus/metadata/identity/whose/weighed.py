"""What follows from all the evidence: who alone speaks, who is named most, who by a short name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.metadata.identity.face import Face
from corpus.metadata.identity.names import Body
from corpus.metadata.identity.whose.evidence import WEIGHTS, Gathered, Shown
from corpus.metadata.identity.whose.heading import VERBS
from corpus.metadata.identity.whose.naming import FAR

_POLICY = re.compile(
    r"\b(?:medical|coverage|clinical|payment|reimbursement)\s+polic(?:y|ies)\b|\bguideline\b"
    r"|\b(?:policy|criteria|guideline)\s+(?:number|no\b|id\b|#)",
    re.IGNORECASE,
)
_PREFIX = re.compile(r"\b([A-Z]{3,6})-\d{3,}")
_OFTEN, _OFTEN_UNLISTED = 4, 3  # others write much of a payer whom everybody knows


def by_short_names(face: Face, gathered: Gathered) -> None:
    """Sentences whose subject is the short form of a name that nobody listed: "Harbor Mutual
    pays" for the Harbor Mutual Insurance Company."""
    for body in gathered.bodies:
        short = " ".join(body.name.split()[:2])
        if body not in gathered.bodies or body.listed or not body.pays:
            continue
        if len(body.name.split()) < 3:
            continue
        for line in face.lines:
            at = line.text.find(f"{short} ")
            if at >= 0 and VERBS.match(line.text, at + len(short)):
                gathered.add([Shown("subject", body, line)])
                break
        gathered.give(short, body)


def alone(face: Face, gathered: Gathered) -> Iterator[Shown]:
    """The only payer that speaks, where the document calls itself a policy."""
    payers = [
        body
        for body in gathered.bodies
        if body.pays and body.role != "agency" and gathered.kinds(body).keys() - _PASSING
    ]
    if len(payers) == 1 and _POLICY.search(face.said[:1_000]):
        told = (
            line
            for kind, line in gathered.kinds(payers[0]).items()
            if WEIGHTS[kind] >= WEIGHTS["subject"]
        )
        yield from (Shown("alone", payers[0], line) for line in list(told)[:1])


_PASSING = frozenset({"named", "path", "title"})


def numbered(face: Face, gathered: Gathered) -> Iterator[Shown]:
    """Whose name's first letters begin the document's number."""
    for line in face.opening[:20]:
        for found in _PREFIX.finditer(line.text):
            for body in gathered.bodies:
                if body.pays and body.name.upper().startswith(found[1]):
                    yield Shown("number", body, line)


def often(face: Face, gathered: Gathered) -> Iterator[Shown]:
    """Which of the bodies is named most, and often."""
    counts = [
        (body, max(face.text.count(name, 0, FAR) for name in (body.name, *body.printed)))
        for body in gathered.bodies
        if body.role not in ("licensor", "program")
    ]
    most = max((count for _, count in counts), default=0)
    for body, count in counts:
        if count == most >= (_OFTEN if body.listed else _OFTEN_UNLISTED):
            yield Shown("often", body, next(iter(gathered.kinds(body).values())))


def sole(gathered: Gathered) -> Iterator[Shown]:
    """A name that nobody listed and that begins a line at the head or the foot, where no other
    body that pays or treats is named but in passing."""
    more = [
        body
        for body in gathered.bodies
        if body.role not in ("licensor", "program", "other", "institute", "federal")
        and gathered.kinds(body).keys() - {"named", "path", "often"}
    ]
    if len(more) == 1 and more[0].pays and not more[0].listed:
        yield from _begun(gathered, more[0])


def _begun(gathered: Gathered, body: Body) -> Iterator[Shown]:
    for kind, line in gathered.kinds(body).items():
        if kind in ("head", "foot") and line.text.startswith(body.name):
            yield Shown("sole", body, line)
            return
