"""Who writes a letter or notice that no head names: by its signature, and by its "we"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.metadata.identity.face import Face, Line
from corpus.metadata.identity.names import Body
from corpus.metadata.identity.whose.evidence import Gathered, Shown
from corpus.metadata.identity.whose.naming import Naming
from corpus.metadata.identity.whose.unlisted import NAME, NO_NAME, PAYER_LIKE, PROVIDES

_CLOSES = re.compile(
    r"^\W*(?:(?:yours\s+)?(?:very\s+)?(?:sincerely|truly|respectfully|cordially)(?:\s+yours)?"
    r"|(?:with\s+)?(?:best|kind|warm)?\s*regards|(?:with\s+)?(?:thanks|appreciation)|thank\s+you)\b"
    r".{0,60}$",
    re.IGNORECASE,
)
_HEADS = frozenset({"letterhead", "running head", "head", "running"})
_WITHIN = 14  # lines from the foot in which a letter closes
_OFFICE = re.compile(
    r"\b(?:manager|director|coordinator|relations|department|officer|president|team|specialist"
    r"|representative|analyst|nurse|counsel|accounts?|operations|administrator)\b",
    re.IGNORECASE,
)
# "At Tamarack Mutual Health we want you to know", "On behalf of Lake Health, thank you".
_WE = re.compile(
    rf"\b(?:[Aa]t\s+(?P<at>{NAME})[®™]?,?\s+(?:we|our)\b|(?:[Oo]n\s+behalf\s+of)\s+(?P<behalf>{NAME})"
    rf"[®™]?,?\s+(?:we|I|thank)\b"
    rf"|(?:participat\w+\s+in|part\s+of|member\s+of)\s+the\s+(?P<of>{NAME})[®™]?\s+(?:provider\s+)?"
    r"network\b)"
)
_TO_PROVIDERS = re.compile(
    r"\bDear\s+(?:\w+\s+){0,2}(?:providers?|practitioners?|physicians?|facilit(?:y|ies)|partners?)\b"
    r"|\bour\s+(?:members|network|participating|provider)\b|\byour\s+(?:network|provider)\s+"
    r"(?:manager|representative|relations|agreement|contract)|\byour\s+agreement\s+with\s+us\b"
    r"|\b(?:you|we)\b[^.]{0,80}\b(?:in\s+)?our\s+network\b",
    re.IGNORECASE,
)


def signed(naming: Naming, gathered: Gathered) -> Iterator[Shown]:
    """Whose name stands below the close of a letter that no hospital heads."""
    treating = (one for one in gathered.bodies if one.role == "provider")
    if any(gathered.kinds(one).keys() & _HEADS for one in treating):
        return
    lines = naming.face.lines[-_WITHIN:]
    closed = [at for at, line in enumerate(lines) if _CLOSES.match(line.text)]
    for line in lines[closed[-1] + 1 :] if closed else ():
        named = [one.body for one in naming.in_text(line.text) if one.body.role != "other"]
        yield from (Shown("signed", body, line) for body in named or _unlisted(naming.face, line))


def _unlisted(face: Face, line: Line) -> Iterator[Body]:
    """A part of a line that may be a payer's name, and that the letter speaks of."""
    for part in re.split(r"\s*[,|•]\s+(?!(?:Inc|LLC)\b)", line.text):
        name = part.strip()
        if _may_pay(name) and not _OFFICE.search(name) and face.text.count(name) > 1:
            yield Body(name, "payer", listed=False)


def in_first_person(naming: Naming) -> Iterator[Shown]:
    """Whom the letter's "we" is."""
    for line in naming.face.lines:
        for found in _WE.finditer(line.text):
            name = found["at"] or found["behalf"] or found["of"]
            known = next((one.body for one in naming.in_text(name)), None)
            if known is None and _may_pay(name):
                known = Body(name, "payer", listed=False)
            if known is not None:
                yield Shown("introduced", known, line)


def addressing(face: Face, gathered: Gathered) -> Iterator[Shown]:
    """The only body of which a letter or notice to providers says what it pays or asks for."""
    bodies = [one for one in gathered.bodies if one.role not in ("licensor", "program", "other")]
    if len(bodies) != 1 or bodies[0].listed or not bodies[0].pays:
        return
    said = gathered.kinds(bodies[0])
    if "subject" in said and any(_TO_PROVIDERS.search(line.text) for line in face.lines):
        yield Shown("addressing", bodies[0], said["subject"])


def _may_pay(name: str) -> bool:
    return (
        re.fullmatch(NAME, name) is not None
        and " " in name
        and PAYER_LIKE.search(name) is not None
        and not NO_NAME.search(name)
        and not PROVIDES.search(name)
    )
