"""Whether a line that names a body heads the document: it is little more than the name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.metadata.identity.face import Face, Line, parts_of
from corpus.metadata.identity.names import Named
from corpus.text.dates import DATE

VERBS = re.compile(
    r"(?:,?\s+(?:Inc|LLC|Corp)\b\.?)?[\w’']*[®™]?(?:\s*\([^)]{2,40}\))?\s+(?:considers?|covers?|requires?|pays?|reimburses?"
    r"|follows?"
    r"|reserves|accepts?|denies|allows?|believes|does not|will|shall|may|has (?:adopted|determined)"
    r"|developed|uses|serves|reviews|recognizes|provides|needs|is (?:an?|the)|returns|rejects|asks"
    r"|limits|honou?rs|reduces|decides|applies|processes|recovers|publishes|validates|rents"
    r"|gilt|beschließt|hat in seiner)\b"
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
_ISSUE = re.compile(
    r"(?:issue|vol(?:ume|\.)?|no\.?|number|edition|bulletin|newsletter|provider (?:news|bulletin"
    r"|update|alert|notice))\b[\w\s,.#-]{0,30}",
    re.IGNORECASE,
)
_ENDS_NAME = re.compile(r"(?:,?\s+(?:Inc|LLC|Corp)\b\.?)?\s*(?:$|[|•·,]|Page\s+\d|P\.?O\.?\s+Box)")


def heads(text: str, named: Named) -> bool:
    """Whether a line is the name, or begins with it and goes on with the document's type."""
    before, after = text[: named.start].strip(" ®™|©"), text[named.end :]
    return not before and _TYPE_AFTER.match(after) is not None


def head_kind(line: Line, names: Sequence[Named], named: Named, *, first: bool) -> str:
    """A line at the top that is little more than the name, or the names that share it, heads the
    document."""
    rest = (line.text[: named.start] + line.text[named.end :]).strip(" .,|®™()-–—:")
    rest = "" if len(names) > 1 and _are_all(line.text, names) else rest
    alone = not rest.removesuffix("Inc").removesuffix("LLC").strip(" ,")
    if first and not line.cells and (alone or heads(line.text, named)):
        return "letterhead"
    if not line.cells and _is_masthead(line.text, named):
        return "letterhead"
    little = len(rest.split()) <= 3 or heads(line.text, named)
    begins = first and not line.text[: named.start].strip() and _CAPITAL.match(line.text, named.end)
    little = little or bool(begins)
    ends = line.text.endswith(".") and not begins
    sentence = ends or VERBS.match(line.text, named.end)
    return "head" if little and not line.cells and not sentence else "title"


def is_section(face: Face, at: int) -> bool:
    """Whether a line at the top is the heading of a section: a text stands between it and a
    higher heading. What a section is about does not speak."""
    level = face.lines[at].level
    above = face.lines[:at]
    higher = [place for place, one in enumerate(above) if 0 < one.level < level]
    return bool(higher) and any(not one.level for one in above[higher[-1] :])


def is_foot(text: str, named: Named) -> bool:
    """Whether a last line is the name, or the name and an address."""
    before = text[: named.start].strip(" ©|")
    return not before and _ENDS_NAME.match(text, named.end) is not None


def _are_all(text: str, names: Sequence[Named]) -> bool:
    """Whether a line is nothing but names that are joined."""
    for named in reversed(names):
        text = text[: named.start] + text[named.end :]
    return not re.sub(r"\band\b|[&/,|]", " ", text).strip(" .®™()-–—:")


def _is_masthead(text: str, named: Named) -> bool:
    """Whether the name is one part of a line that bars part, and the rest its issue or its type:
    "Lake Health Plan | Issue 12 | May 3, 2026"."""
    parts = [part.strip(" ®™.") for part in parts_of(text)]
    name = text[named.start : named.end]
    others = [part for part in parts if part != name]
    issued = any(_ISSUE.fullmatch(part) for part in others)
    plain = all(_ISSUE.fullmatch(part) or DATE.fullmatch(part) for part in others)
    return len(others) == len(parts) - 1 and issued and plain
