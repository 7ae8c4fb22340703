"""Which lines of business a document is for, and where it holds."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.document import FoundText
from corpus.metadata.identity.face import Face, Line
from corpus.metadata.identity.forms import STATES
from corpus.metadata.identity.labelled import labelled
from corpus.metadata.identity.whose.introduced import introduced

_LABELS = (
    r"lines? of business(?:es)?",
    r"(?:applies|applicable) to|applicable (?:products|plans|lines of business)",
    r"products?(?: lines?)?",
)
_LINES = (
    ("Medicare Advantage", r"medicare advantage|\bMA\b plans|medicare part c|\bMAPD\b"),
    ("Medicaid", r"medicaid|community plan|\bCHIP\b|medi-cal|masshealth"),
    ("commercial", r"commercial|individual exchange|marketplace|group plans|employer"),
    ("Medicare", r"(?<!/)\bmedicare\b(?! advantage| part c)"),
)
_PATTERNS = tuple((line, re.compile(form, re.IGNORECASE)) for line, form in _LINES)
# A sentence or a title that says for whom the document is.
_FOR = re.compile(
    r"\b(?:this|the)\s+(?:\w+\s+){0,2}(?:policy|guideline|document|bulletin)\s+(?:is\s+|only\s+)*"
    r"(?:applicable|applies)\s+(?:only\s+)?(?:to|for)\s+(?P<whom>[^.;]{3,120})",
    re.IGNORECASE,
)
_OWN_NAME = re.compile(
    r"\b(medicare advantage|community plan|commercial(?: and individual exchange)?|medicaid)\s+"
    r"(?:medical|reimbursement|payment|coverage|clinical)\s?polic(?:y|ies)",
    re.IGNORECASE,
)
_STATE_MEDICAID = re.compile(rf"\W*(?:{STATES})\s+medicaid\W*", re.IGNORECASE)
_STATES = (r"states?(?:\s?\(s\))?",)
_STATE = re.compile(STATES)
_FEW_STATES = 4
_PLACE = re.compile(
    rf"\b(?:for\s+({STATES})\s+only|applies\s+to\s+the\s+state\s+of\s+({STATES})"
    rf"|^\W*({STATES})\s+medicaid\W*$)",
    re.IGNORECASE,
)


def lines_of_business(face: Face) -> Iterator[FoundText]:
    """Every line that the document says it is for; a label says it best, or a table's column."""
    column = [(f"{one.value}, ", one.line) for one in labelled(face, _LABELS[:1], every_row=True)]
    told = [("".join(value for value, _ in column), column[0][1])] if column else []
    for whom, line in (*told, *_labelled(face), *_told(face), *_called(face), *_introduced(face)):
        found = list(_named(whom))
        for name in found:
            yield FoundText("line_of_business", name, line.text[:300], line.page, 0.9)
        if found:
            return


def _labelled(face: Face) -> Iterator[tuple[str, Line]]:
    for value, line, rank in labelled(face, _LABELS):
        if rank < 2 or len(value) < 80:
            yield value, line


def _told(face: Face) -> Iterator[tuple[str, Line]]:
    """Sentences that say for whom it is."""
    for line in face.lines:
        said = _FOR.search(line.text)
        if said:
            yield said["whom"], line


def _introduced(face: Face) -> Iterator[tuple[str, Line]]:
    """What whoever speaks is: "a Medicaid managed care organization"."""
    for one in introduced(face):
        yield one.what, one.line


def _called(face: Face) -> Iterator[tuple[str, Line]]:
    """What it calls itself: "Ohio Medicaid" as a heading, "Medicare Advantage Medical Policy"."""
    for line in face.opening[:6]:
        if _STATE_MEDICAID.fullmatch(line.text):
            yield line.text, line
    for line in (*face.opening[:15], *face.repeated):
        own = _OWN_NAME.search(line.text)
        if own and "related" not in line.text.lower():
            yield own[1], line


def _named(text: str) -> Iterator[str]:
    for name, pattern in _PATTERNS:
        if pattern.search(text):
            yield name


def jurisdictions(face: Face) -> Iterator[FoundText]:
    """Where the document says that it holds, by itself and not by whose it is."""
    states = list(
        {
            value: line
            for value, line, _ in labelled(face, _STATES, every_row=True)
            if _STATE.fullmatch(value)
        }.items()
    )
    if 0 < len(states) <= _FEW_STATES:
        line = states[0][1]
        named = ", ".join(value for value, _ in states)
        yield FoundText("jurisdiction", named, line.text[:300], line.page, 0.9)
        return
    for line in (*face.opening[:40], *map(Line, face.running)):
        found = _PLACE.search(line.text)
        if found:
            place = next(filter(None, found.groups())).title()
            yield FoundText("jurisdiction", place, line.text[:300], line.page, 0.9)
            return
