"""Bodies that a document introduces at its top or foot: "Cedar Grove Care, a Medicaid managed care
organization in Oregon", "Harbor Fund is a third party administrator"; and the two parties of an
agreement, of which the one that is no provider pays."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from corpus.metadata.identity.face import Face, Line
from corpus.metadata.identity.forms import STATES
from corpus.metadata.identity.names import Body, Named
from corpus.metadata.identity.whose.unlisted import NAME, NO_NAME

_WHAT = (
    r"(?:managed[- ]care\s+(?:organi[sz]ation|plan|company)|health\s+(?:benefits?\s+)?plan"
    r"|(?:health\s+)?insur(?:er|ance\s+(?:company|carrier|plan))|HMO|third[- ]party\s+administrator"
    r"|health\s+maintenance\s+organi[sz]ation|(?:health|welfare|benefits?)\s+(?:trust|fund)"
    r"|Medicare\s+Advantage\s+(?:organi[sz]ation|plan)|coordinated\s+care\s+organi[sz]ation)"
)
_INTRODUCED = re.compile(
    rf"(?P<name>{NAME})[®™]?(?:\s+\([A-Z]{{2,8}}\))?(?:,\s+an?\s+|\s+is\s+an?\s+)"
    rf"(?P<kind>(?:[\w&,’'-]+\s+){{0,7}}?{_WHAT})\b(?P<rest>.*)"
)
_PLACE = re.compile(rf"^\s*(?:licensed\s+|serving\s+|doing\s+business\s+)?(?:in|of)\s+({STATES})\b")
_TOP, _FOOT = 6, 3  # lines
_AGREEMENT = re.compile(
    r"\b(?:agreement|contract|amendment|addendum|exhibit|attachment|schedule)\b", re.IGNORECASE
)
_BETWEEN = re.compile(r"\bbetween\s+(?:the\s+)?$", re.IGNORECASE)
_AND = re.compile(
    r"(?:,?\s+(?:Inc|LLC|Corp)\b\.?)?[,\s]*(?:\([^)]{1,60}\))?[,\s]*\band\s+(?:the\s+)?$"
)


class Introduced(NamedTuple):
    """A body, what it is called ("a Medicaid managed care organization"), and the line."""

    body: Body
    what: str
    line: Line


def introduced(face: Face) -> Iterator[Introduced]:
    """Who introduces itself at the top, on every page or at the foot; what stands within is told of
    somebody."""
    foot = face.lines[-_FOOT:] if len(face.lines) > _TOP else ()
    for line in dict.fromkeys((*face.opening[:_TOP], *face.repeated, *foot)):
        found = None if line.cells else _INTRODUCED.match(line.text)
        if found is None or NO_NAME.search(found["name"]):
            continue
        place = _PLACE.match(found["rest"])
        body = Body(found["name"], "payer", listed=False, place=place[1] if place else None)
        yield Introduced(body, found["kind"], line)


def paying_party(line: Line, names: Sequence[Named]) -> Named | None:
    """Who pays by the agreement that a line tells of: "between Harbor Insurance Company and Elm
    Hospital"."""
    if not _AGREEMENT.search(line.text):
        return None
    for one in names:
        if not _BETWEEN.search(line.text[: one.start]):
            continue
        for other in names:
            if other.start > one.end and _AND.fullmatch(line.text[one.end : other.start]):
                pair = {one.body.role: one, other.body.role: other}
                return pair.get("payer") if set(pair) == {"payer", "provider"} else None
    return None
